/**
 * What was drawn: the regions over the gallery's picture, and back into the panel.
 *
 * A picture's plan is in its infotext, which the WebUI keeps as JSON in a hidden textbox beside the gallery.
 */
(window.sdWebuiRpg ??= {}).Results = class Results {
    /** The plan in an infotext: a JSON string. */
    static #PLAN = /(?:^|, )RPG plan: ("(?:[^"\\]|\\.)*")/;

    /** What marks the infotext of Compare's sheet (lib_rpg/webui/compare.py). */
    static #SHEET = /, RPG compare: /;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {string} */
    #tab;

    /** @type {string} the WebUI's JSON of what was drawn last */
    #info = "";

    /** @type {HTMLElement} the regions over the gallery's picture; empty while they are not shown */
    #overlay = sdWebuiRpg.Dom.make("div", { className: "rpg_overlay", "aria-hidden": "true" });

    /** @type {HTMLButtonElement} */
    #toggle;

    /** @type {Element | null} the gallery's picture, watched while regions are shown over it */
    #picture = null;

    /** @type {HTMLSelectElement} how a repainting holds the rest of the picture (lib_rpg/repainting/request.py) */
    #mode = sdWebuiRpg.Dom.make(
        "select",
        { className: "rpg_choice", "aria-label": "How a repainting holds the rest of the picture" },
        sdWebuiRpg.Dom.make("option", { value: "auto" }, "The rest: by the picture's trace"),
        sdWebuiRpg.Dom.make("option", { value: "inpaint" }, "The rest: as inpainting does"),
    );

    #sizes = new ResizeObserver(() => this.#draw());

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel
     * @param {string} tab
     */
    constructor(root, panel, tab) {
        const { Dom } = sdWebuiRpg;
        this.#panel = panel;
        this.#tab = tab;
        this.#toggle = Dom.button("Show regions over the picture", () => this.#setShown(!this.#isShown()), {
            "aria-pressed": "false",
        });
        root.append(
            this.#toggle,
            Dom.button("Take the picture's regions", () => this.#take(), {
                title: "Fills the panel with the regions that the gallery's picture was drawn with",
            }),
        );
        if (tab === "txt2img") {
            root.append(
                Dom.button("Repaint the selected region", () => this.#repaint(this.#panel.selected), {
                    title: "Draws the place of the region that is selected above anew in the gallery's picture, with the words that it has now. The rest of the picture stays",
                }),
                this.#mode,
            );
        }
        onAfterUiUpdate(() => this.#look());
    }

    /**
     * @param {string} infotext
     * @returns {RpgPlan | null} the plan that a picture was drawn with
     */
    static planOf(infotext) {
        const [, text] = Results.#PLAN.exec(infotext) ?? [];
        try {
            return text ? JSON.parse(JSON.parse(text)) : null;
        } catch {
            return null;
        }
    }

    /**
     * @param {Blob} file
     * @returns {Promise<string>} its bytes in base64
     */
    static #base64(file) {
        return new Promise((resolve, reject) => {
            const reader = new FileReader();
            reader.addEventListener("load", () => resolve(reader.result.split(",")[1]));
            reader.addEventListener("error", () => reject(reader.error));
            reader.readAsDataURL(file);
        });
    }

    /** The page has changed: another picture may be there, or be selected. */
    #look() {
        const info = gradioApp().querySelector(`#generation_info_${this.#tab} textarea`)?.value ?? "";
        if (info !== this.#info) {
            this.#info = info;
            this.#sayApplied();
        }
        this.#draw();
    }

    async #sayApplied() {
        if (!Results.planOf(this.#info ? this.#infotext(0) : "")) return;
        try {
            const line = await this.#panel.server.call("results.applied");
            if (line) this.#panel.sayDrawn(line);
        } catch {
            // The picture is there; that nothing more is known of it is no news.
        }
    }

    /**
     * @param {number} index of a picture of the gallery
     * @returns {string}
     */
    #infotext(index) {
        try {
            return JSON.parse(this.#info).infotexts?.[index] ?? "";
        } catch {
            return "";
        }
    }

    /** @returns {string} the infotext of the gallery's picture */
    #text() {
        return this.#infotext(this.#index());
    }

    /** @returns {number} which of the gallery's pictures is shown */
    #index() {
        const picked = [...gradioApp().querySelectorAll(`#${this.#tab}_gallery .thumbnail-item`)];
        return Math.max(picked.findIndex((thumbnail) => thumbnail.classList.contains("selected")), 0);
    }

    /** @returns {RpgPlan | null} the plan whose places are those of the gallery's picture: a sheet of many has none */
    #placed() {
        const text = this.#text();
        const isGrid = this.#index() < (JSON.parse(this.#info || "{}").index_of_first_image ?? 0);
        return isGrid || Results.#SHEET.test(text) ? null : Results.planOf(text);
    }

    #take() {
        const plan = Results.planOf(this.#text());
        if (!plan) return this.#panel.say("note", "The gallery's picture was drawn without regions.");
        return this.#panel.replace(JSON.stringify({ plan }));
    }

    /** @param {number} index of the panel's region whose place in the gallery's picture is drawn anew */
    async #repaint(index) {
        const panel = this.#panel;
        const picture = this.#shown();
        const place = panel.plan?.regions[index];
        if (!picture) return panel.say("note", "There is no picture to repaint: generate one first.");
        if (!place) return panel.say("note", "Select the region to repaint: on the canvas, or in the list of regions.");
        try {
            const data = await Results.#base64(await (await fetch(picture.src)).blob());
            const { picture: name, sentence } = await panel.server.call("repaint.keep", { picture: data });
            panel.say("note", `Repainting region ${index + 1}. ${sentence}`);
            const seed = place.seed ?? Math.floor(Math.random() * 2 ** 32);
            return panel.repaint({ picture: name, region: index, seed, mode: this.#mode.value });
        } catch (error) {
            return panel.say("error", error.message);
        }
    }

    /** @returns {HTMLImageElement | null} the picture that the gallery shows */
    #shown() {
        const gallery = gradioApp().querySelector(`#${this.#tab}_gallery`);
        return gallery?.querySelector(".preview img, [data-testid='detailed-image']") ?? gallery?.querySelector("img") ?? null;
    }

    #isShown() {
        return this.#toggle.getAttribute("aria-pressed") === "true";
    }

    /** @param {boolean} isShown */
    #setShown(isShown) {
        this.#toggle.setAttribute("aria-pressed", String(isShown));
        this.#draw();
    }

    #draw() {
        if (!this.#isShown()) {
            this.#watch(null);
            this.#overlay.remove();
            return;
        }
        const gallery = gradioApp().querySelector(`#${this.#tab}_gallery`);
        const picture = this.#shown();
        this.#watch(picture);
        const plan = picture?.naturalWidth ? this.#placed() : null;
        if (!plan) {
            this.#overlay.remove();
            return;
        }
        const frame = picture.closest(".preview") ?? gallery; // a preview lies over all else in the gallery
        if (this.#overlay.parentElement !== frame) frame.append(this.#overlay);
        this.#place(picture, frame);
        this.#fill(plan);
    }

    /** @param {HTMLImageElement | null} picture drawn over again when it is loaded, or has another size */
    #watch(picture) {
        if (picture === this.#picture) return;
        this.#sizes.disconnect();
        this.#picture = picture;
        if (!picture) return;
        this.#sizes.observe(picture);
        this.#sizes.observe(picture.closest(`#${this.#tab}_gallery`)); // a narrow picture moves, and keeps its size
        picture.addEventListener("load", () => this.#draw());
    }

    /** Lay the overlay over what is seen of the picture, which keeps its aspect within its element. */
    #place(picture, frame) {
        const inner = picture.getBoundingClientRect();
        const outer = frame.getBoundingClientRect();
        const scale = Math.min(inner.width / picture.naturalWidth, inner.height / picture.naturalHeight) || 0;
        const [width, height] = [picture.naturalWidth * scale, picture.naturalHeight * scale];
        Object.assign(this.#overlay.style, {
            left: `${inner.left - outer.left + (inner.width - width) / 2}px`,
            top: `${inner.top - outer.top + (inner.height - height) / 2}px`,
            width: `${width}px`,
            height: `${height}px`,
        });
    }

    /** @param {RpgPlan} plan as an infotext has it: without the boxes of cells */
    #fill(plan) {
        const { Dom, Colours, Edits } = sdWebuiRpg;
        const boxes = Edits.grid(plan)?.boxes() ?? plan.regions.map(Edits.box);
        const key = JSON.stringify([boxes, plan.regions.map(({ name, prompt }) => [name, prompt])]);
        if (this.#overlay.dataset.key === key) return;
        this.#overlay.dataset.key = key;
        this.#overlay.replaceChildren(
            ...plan.regions.map(({ name, prompt }, index) => {
                const region = Dom.make("div", {}, Dom.make("span", {}, `${index + 1} ${name || prompt}`));
                region.style.setProperty("--rpg-hue", `${Colours.hue(index)}deg`);
                ["left", "top", "width", "height"].forEach((side, i) => {
                    region.style[side] = `${boxes[index][i] * 100}%`;
                });
                return region;
            }),
        );
    }
};
