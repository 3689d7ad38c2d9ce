/** Makes what the canvas shows of one region: its number, label, share, marks and mask. */
(window.sdWebuiRpg ??= {}).RegionView = class RegionView {
    static #NO_WORDS = "no words";

    /** @type {Map<string, Promise<HTMLCanvasElement>>} the masks that are shown, by hue and file */
    #masks = new Map();

    /**
     * @param {RpgPlan} plan
     * @returns {HTMLButtonElement[]} of all its regions, in their order
     */
    all(plan) {
        const known = this.#masks;
        this.#masks = new Map();
        return plan.regions.map((region, index) => this.#region(region, index, known));
    }

    /**
     * @param {HTMLElement} element
     * @param {RpgBox} box where to put it on the canvas
     */
    static place(element, box) {
        ["left", "top", "width", "height"].forEach((side, i) => {
            element.style[side] = `${box[i] * 100}%`;
        });
    }

    /** @returns {HTMLButtonElement} */
    #region(region, index, known) {
        const box = sdWebuiRpg.Edits.box(region);
        const title = region.prompt || RegionView.#NO_WORDS;
        const button = sdWebuiRpg.Dom.make("button", { type: "button", className: "rpg_region", title });
        button.style.setProperty("--rpg-hue", `${sdWebuiRpg.Colours.hue(index)}deg`);
        button.classList.toggle("rpg_muted", Boolean(region.muted) || !region.prompt);
        button.classList.toggle("rpg_masked", Boolean(region.mask));
        RegionView.place(button, box);
        button.append(
            RegionView.#text("rpg_number", String(index + 1)),
            RegionView.#text("rpg_label", region.name || region.prompt || RegionView.#NO_WORDS),
            RegionView.#text("rpg_share", `${Math.round(box[2] * box[3] * 100)} %`),
            RegionView.#marks(region),
        );
        if (region.mask) this.#addMask(button, region.mask, index, known);
        return button;
    }

    /** @returns {HTMLElement} small pictures of what a region has beside its words */
    static #marks(region) {
        const marks = sdWebuiRpg.Marks.of(region);
        if (region.muted) marks.push(["muted", "Left to the base prompt"]);
        return sdWebuiRpg.Dom.make("span", { className: "rpg_marks" }, ...marks.map(sdWebuiRpg.Marks.draw));
    }

    #addMask(button, mask, index, known) {
        const hue = sdWebuiRpg.Colours.hue(index);
        const key = `${hue} ${mask}`;
        const tinted = known.get(key) ?? sdWebuiRpg.MaskPicture.tinted(mask, hue);
        this.#masks.set(key, tinted);
        // What is no picture is an error in the status line already.
        tinted.then((picture) => button.append(picture), () => {});
    }

    static #text(className, text) {
        return sdWebuiRpg.Dom.make("span", { className }, text);
    }
};
