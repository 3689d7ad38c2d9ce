/** Makes what the canvas shows of one region: its number, label, share, marks and mask. */
(window.sdWebuiRpg ??= {}).RegionView = class RegionView {
    static #NO_WORDS = "no words";

    /** @type {HTMLElement} what the regions are drawn in */
    #layer;

    /** @type {Map<string, Promise<HTMLCanvasElement>>} the masks that are shown, by hue and file */
    #masks = new Map();

    /** @type {string[]} what is drawn of each region, as JSON */
    #drawn = [];

    /** @type {HTMLElement[]} of each region; others are between them */
    #elements = [];

    /** @param {HTMLElement} layer */
    constructor(layer) {
        this.#layer = layer;
    }

    /**
     * Draw what changed: a region that stays what it was keeps its element, and with it focus and a press under way.
     *
     * @param {RpgRegion[]} regions all of the plan's, in their order
     */
    show(regions) {
        const known = this.#masks;
        this.#masks = new Map();
        const before = this.#drawn;
        this.#drawn = regions.map((region) => JSON.stringify(region));
        this.#elements.splice(regions.length).forEach((element) => element.remove());
        regions.forEach((region, i) => {
            if (region.mask) this.#keepMask(region.mask, i, known);
            if (this.#drawn[i] === before[i]) return;
            const element = this.#region(region, i);
            if (this.#elements[i]) this.#elements[i].replaceWith(element);
            else this.#layer.append(element);
            this.#elements[i] = element;
        });
    }

    /** @returns {HTMLElement[]} a copy */
    get elements() {
        return [...this.#elements];
    }

    /**
     * @param {number} index of a region
     * @returns {HTMLElement | undefined}
     */
    element(index) {
        return this.#elements[index];
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
    #region(region, index) {
        const box = sdWebuiRpg.Edits.box(region);
        const title = region.prompt || RegionView.#NO_WORDS;
        const button = sdWebuiRpg.Dom.make("button", { type: "button", className: "rpg_region", title });
        button.dataset.region = index;
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
        // What is no picture is an error in the status line already.
        const mask = region.mask && this.#masks.get(RegionView.#maskKey(region.mask, index));
        if (mask) mask.then((picture) => button.append(picture), () => {});
        return button;
    }

    /** @returns {HTMLElement} small pictures of what a region has beside its words */
    static #marks(region) {
        const marks = sdWebuiRpg.Marks.of(region);
        if (region.muted) marks.push(["muted", "Left to the base prompt"]);
        return sdWebuiRpg.Dom.make("span", { className: "rpg_marks" }, ...marks.map(sdWebuiRpg.Marks.draw));
    }

    /** Have a mask's picture ready: a move of its region does not read the file again. */
    #keepMask(mask, index, known) {
        const key = RegionView.#maskKey(mask, index);
        this.#masks.set(key, known.get(key) ?? sdWebuiRpg.MaskPicture.tinted(mask, sdWebuiRpg.Colours.hue(index)));
    }

    static #maskKey(mask, index) {
        return `${sdWebuiRpg.Colours.hue(index)} ${mask}`;
    }

    static #text(className, text) {
        return sdWebuiRpg.Dom.make("span", { className }, text);
    }
};
