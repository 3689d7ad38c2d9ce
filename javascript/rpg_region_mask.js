/** The mask of the region that is edited: a small picture of it, and buttons to paint, upload and remove it. */
(window.sdWebuiRpg ??= {}).RegionMask = class RegionMask {
    /** Asked for where a mask is made of a picture alone; nothing is painted with it. */
    static #BRUSH = { tool: "brush", size: 0.08, softness: 0 };

    /** @type {HTMLElement} */
    #picture;

    /** @type {HTMLButtonElement} */
    #remove;

    /** @type {HTMLInputElement} */
    #file;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** What is shown: hue and mask. */
    #shown = "";

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        const { Dom } = sdWebuiRpg;
        this.#panel = panel;
        const says = { role: "img", "aria-label": "Mask of the region" };
        this.#picture = Dom.make("span", { className: "rpg_thumbnail", ...says });
        this.#file = Dom.make("input", { type: "file", accept: "image/*", hidden: true });
        this.#file.addEventListener("change", () => this.#take(this.#file.files[0]));
        const title = "The whole box is the region's then";
        this.#remove = Dom.button("Remove", () => this.#edit({ mask: "" }), { title });
        root.append(
            Dom.make("span", {}, "Mask"),
            this.#picture,
            Dom.button("Paint", () => panel.paintMask(), { title: "Paint the mask on the picture above" }),
            Dom.button("Upload", () => this.#file.click(), { title: "A picture that is white where the region is" }),
            this.#remove,
            this.#file,
        );
    }

    /**
     * @param {RpgRegion} region
     * @param {number} index
     */
    show({ mask = "" }, index) {
        this.#remove.hidden = !mask;
        const hue = sdWebuiRpg.Colours.hue(index);
        const key = mask && `${hue} ${mask}`;
        if (key === this.#shown) return;
        this.#shown = key;
        this.#picture.hidden = !mask;
        this.#picture.replaceChildren();
        if (mask) this.#draw(mask, hue, key);
    }

    async #draw(mask, hue, key) {
        // What is no picture is an error in the status line already.
        const picture = await sdWebuiRpg.MaskPicture.tinted(mask, hue).catch(() => "?");
        if (key === this.#shown) this.#picture.replaceChildren(picture);
    }

    /** @returns {boolean} whether that could be done; what is in the way is said */
    #edit(changes) {
        if (!sdWebuiRpg.Actions.of(this.#panel).canEdit()) return false;
        const { Edits } = sdWebuiRpg;
        const { plan, selected } = this.#panel;
        this.#panel.edit(Edits.withRegion(Edits.toBoxes(plan), selected, changes));
        return true;
    }

    /** @param {File | undefined} file a picture to be the mask, laid over the whole picture */
    async #take(file) {
        this.#file.value = "";
        const { selected, size } = this.#panel;
        if (!file) return;
        try {
            const { pixels, notes } = await sdWebuiRpg.MaskFile.read(file, `“${file.name}”`);
            const region = this.#panel.plan?.regions[selected];
            if (!region || this.#panel.selected !== selected) {
                throw new Error(`“${file.name}” was not used, since another region was selected: upload it there again.`);
            }
            const place = sdWebuiRpg.Edits.box(region);
            const painting = new sdWebuiRpg.MaskPainting(size, place, null, RegionMask.#BRUSH);
            painting.replace(sdWebuiRpg.MaskFile.brightness(pixels));
            const result = painting.result();
            if (!result) {
                throw new Error(`“${file.name}” is all black or transparent: it has to be white where the region is.`);
            }
            const { box, mask } = result;
            if (!this.#edit({ box, mask: mask ? sdWebuiRpg.MaskFile.encode(mask) : "" })) return;
            this.#panel.say("note", [`The mask is from “${file.name}”.`, ...notes].join(" "));
        } catch (error) {
            this.#panel.say("error", error.message);
        }
    }
};
