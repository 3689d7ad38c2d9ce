/**
 * Paints the mask of a region: from `start` until Done, which edits the plan once, or Cancel, which changes nothing.
 *
 * @typedef {{painting: sdWebuiRpg.MaskPainting, overlay: sdWebuiRpg.MaskOverlay, index: number, region: RpgRegion,
 *     count: number, origin: Element}} RpgMaskSession index: of the region, -1 where it is not there any more; region:
 *     as it was seen last, among how many; origin: had the focus before
 */
(window.sdWebuiRpg ??= {}).Painter = class Painter {
    static #UNFINISHED = "The text is not finished: finish or correct it first.";

    /** How much another shape of a picture is not worth a word. */
    static #SAME_SHAPE = 0.01;

    /** @type {HTMLElement} */
    #root;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {RpgBrush} stays from one mask to the next */
    #brush = { tool: "brush", size: 0.08, softness: 0 };

    /** @type {sdWebuiRpg.MaskBar} */
    #bar;

    /** @type {HTMLInputElement} */
    #picker = sdWebuiRpg.Dom.make("input", { type: "file", accept: "image/*" });

    /** @type {(file: File) => void} what the picked file is for */
    #picked = () => {};

    /** @type {RpgMaskSession | null} the mask that is painted */
    #session = null;

    /** Listens to pastes while a mask is painted. */
    #pasted = (event) => this.#paste(event);

    /**
     * @param {HTMLElement} root the panel
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        this.#root = root;
        this.#panel = panel;
        const bar = root.querySelector(".rpg_mask_tools");
        this.#bar = new sdWebuiRpg.MaskBar(bar, this.#brush, (action) => this.#act(action));
        bar.addEventListener("keydown", (event) => this.#pressed(event));
        for (const name of ["click", "input"]) {
            bar.addEventListener(name, () => this.#session?.overlay.showBrush());
        }
        this.#picker.addEventListener("change", () => {
            const [file] = this.#picker.files;
            if (file) this.#picked(file);
            this.#picker.value = "";
        });
    }

    /** Paint the mask of the selected region; its layout needs free boxes then, which Done makes of a grid. */
    async start() {
        const { plan, selected, isEditable, size } = this.#panel;
        if (this.#session || !plan?.regions[selected]) return;
        if (!isEditable) return this.#panel.say("note", Painter.#UNFINISHED);
        const region = plan.regions[selected];
        const origin = document.activeElement;
        let mask = null;
        let remark = plan.layout === "boxes" ? "" : " Done makes free boxes of the grid, since a mask needs one.";
        try {
            mask = region.mask ? await sdWebuiRpg.MaskFile.decode(region.mask) : null;
        } catch {
            remark += " Its mask could not be read: it starts anew.";
        }
        if (this.#session || this.#panel.selected !== selected) return;
        const painting = new sdWebuiRpg.MaskPainting(size, sdWebuiRpg.Edits.box(region), mask, this.#brush);
        const overlay = this.#open(painting, selected);
        this.#session = { painting, overlay, index: selected, region, count: plan.regions.length, origin };
        overlay.element.focus({ preventScroll: true });
        this.#panel.say("note", `Painting the mask of region ${selected + 1}; press Done to use it.${remark}`);
    }

    /** Have a person choose one picture with a colour for each region. */
    pickColours() {
        this.#pick((file) => this.#readColours(file));
    }

    /** Keep what is painted, as Done does it. */
    finish() {
        if (this.#session) this.#finish();
    }

    /**
     * Follow the region that is painted; the mask stays over whatever is shown.
     *
     * @param {RpgPlan | null} plan
     */
    show(plan) {
        if (!this.#session) return;
        const { region, index, count } = this.#session;
        const regions = plan?.regions ?? [];
        const isIt = (other) => other?.prompt === region.prompt && (other.name ?? "") === (region.name ?? "");
        const hasStayed = index >= 0 && (isIt(regions[index]) || regions.length === count);
        const at = regions.includes(region) ? regions.indexOf(region) : hasStayed ? index : regions.findIndex(isIt);
        this.#session.index = at;
        if (at >= 0) Object.assign(this.#session, { region: regions[at], count: regions.length });
    }

    /** Part of a view. */
    select() {}

    /** Part of a view. */
    set isStale(_isStale) {}

    /** @returns {sdWebuiRpg.MaskOverlay} over the canvas, with all that listens while a mask is painted */
    #open(painting, index) {
        const label = `Mask of region ${index + 1}: arrows move the brush, Space paints`;
        const canvas = this.#root.querySelector(".rpg_canvas");
        const changed = () => this.#bar.show(painting);
        const overlay = new sdWebuiRpg.MaskOverlay(canvas, painting, sdWebuiRpg.Colours.hue(index), label, changed);
        this.#root.classList.add("rpg_painting");
        this.#bar.show(painting);
        overlay.element.addEventListener("keydown", (event) => this.#pressed(event));
        overlay.element.addEventListener("wheel", (event) => this.#turned(event), { passive: false });
        overlay.element.addEventListener("dragover", Painter.#claim);
        overlay.element.addEventListener("drop", (event) => this.#dropped(event));
        window.addEventListener("paste", this.#pasted, true);
        return overlay;
    }

    #close() {
        const { overlay, origin } = this.#session;
        const hadFocus = this.#root.contains(document.activeElement) || document.activeElement === document.body;
        this.#session = null;
        overlay.close();
        this.#root.classList.remove("rpg_painting");
        this.#bar.show(null);
        window.removeEventListener("paste", this.#pasted, true);
        if (hadFocus && origin.isConnected) origin.focus({ preventScroll: true });
    }

    /** @param {RpgMaskAction} action */
    #act(action) {
        const { painting, overlay, index } = this.#session;
        switch (action) {
            case "done":
                return this.#finish();
            case "cancel":
                return this.#cancel();
            case "upload":
                return this.#pick((file) => this.#readMask(file));
            case "colours":
                return this.pickColours();
            case "download":
                return sdWebuiRpg.MaskFile.download(painting.raster, `mask-${Math.max(0, index) + 1}.png`);
            case "grow":
                painting.grow(1);
                break;
            case "shrink":
                painting.grow(-1);
                break;
            default:
                painting[action]();
        }
        overlay.redraw();
        return this.#bar.show(painting);
    }

    /** Make the mask the region's, unless there is none to make. */
    #finish() {
        const { painting, overlay, index } = this.#session;
        const { plan, isEditable } = this.#panel;
        overlay.finish();
        if (!painting.isChanged) return this.#cancel();
        if (!isEditable) return this.#panel.say("note", Painter.#UNFINISHED);
        if (index < 0) {
            return this.#panel.say("error", "Its region is not there any more: undo what took it, or press Cancel.");
        }
        const result = painting.result();
        if (!result) return this.#panel.say("error", "Nothing is painted: paint where the region is, or press Cancel.");
        this.#close();
        const { box, mask } = result;
        const free = sdWebuiRpg.Edits.toBoxes(plan);
        const changes = { box, mask: mask ? sdWebuiRpg.MaskFile.encode(mask) : "" };
        this.#panel.edit(sdWebuiRpg.Edits.withRegion(free, index, changes), "", index);
        const remark = free === plan ? "" : " The grid is free boxes of the same places now.";
        return this.#panel.say("ok", `Region ${index + 1} has its ${mask ? "mask" : "box"}.${remark}`);
    }

    #cancel() {
        this.#close();
        this.#panel.say("note", "The region's mask is as it was.");
    }

    #pressed(event) {
        if (!this.#session) return;
        const { key, shiftKey, ctrlKey, metaKey } = event;
        const isCommand = ctrlKey || metaKey;
        const letter = key.toLowerCase();
        if (key === "Escape") this.#escape();
        else if (key === "[" || key === "]") this.#resize(key === "[" ? 1 / 1.2 : 1.2);
        else if (isCommand && letter === "z") this.#act(shiftKey ? "redo" : "undo");
        else if (isCommand && letter === "y") this.#act("redo");
        else return;
        // Escape is "interrupt" to the WebUI.
        event.preventDefault();
        event.stopPropagation();
    }

    #escape() {
        const { painting, overlay } = this.#session;
        if (painting.isDrawing) overlay.abort();
        else this.#cancel();
    }

    #resize(factor) {
        this.#bar.resize(factor);
        this.#session.overlay.showBrush();
    }

    /** The wheel changes the brush; with Ctrl it is the canvas' zoom. */
    #turned(event) {
        if (event.ctrlKey || event.metaKey || !event.deltaY) return;
        event.preventDefault();
        event.stopPropagation();
        this.#resize(event.deltaY > 0 ? 1 / 1.1 : 1.1);
    }

    #pick(picked) {
        this.#picked = picked;
        this.#picker.click();
    }

    /** Keep an event from the browser, which would open a dropped file, and from the WebUI. */
    static #claim(event) {
        event.preventDefault();
        event.stopPropagation();
    }

    #dropped(event) {
        Painter.#claim(event);
        const [file] = event.dataTransfer.files;
        if (file) this.#readMask(file);
        else this.#panel.say("error", "What was dropped is no file: drop a picture's file.");
    }

    #paste(event) {
        const [file] = event.clipboardData.files;
        const isHere = event.target === document.body || this.#root.contains(event.target);
        if (!file || !isHere || !this.#root.offsetParent) return;
        Painter.#claim(event);
        this.#readMask(file);
    }

    /** Take a picture as the mask that is painted. */
    async #readMask(file) {
        const session = this.#session;
        const name = Painter.#nameOf(file);
        await this.#saying(async () => {
            const { MaskFile } = sdWebuiRpg;
            const { pixels, notes } = await MaskFile.read(file, name);
            if (!session || session !== this.#session) return;
            const raster = MaskFile.brightness(pixels);
            const isEmpty = !raster.bounds();
            if (isEmpty) throw new Error(`${name} is all black or transparent: paint white where the region is.`);
            session.painting.replace(raster);
            session.overlay.redraw();
            this.#bar.show(session.painting);
            this.#panel.say("note", [`The mask is from ${name}.`, ...this.#shapeOf(pixels), ...notes].join(" "));
        });
    }

    /** Take a picture with a colour for each region. */
    async #readColours(file) {
        const name = Painter.#nameOf(file);
        await this.#saying(async () => {
            const { pixels, notes } = await sdWebuiRpg.MaskFile.read(file, name, false);
            const places = sdWebuiRpg.ColourMask.read(pixels, name, this.#panel.size);
            const { plan, isEditable } = this.#panel;
            if (plan && !isEditable) return this.#panel.say("note", Painter.#UNFINISHED);
            const edited = this.#withPlaces(plan ?? this.#planOfWords(), places);
            if (this.#session) this.#close();
            this.#panel.edit(edited, "", Math.max(0, this.#panel.selected));
            const more = edited.regions.length - places.length;
            const kept = more ? [`${more} more had no colour and kept their places.`] : [];
            const said = `${places.length} regions have their places from ${name}.`;
            return this.#panel.say("note", [said, ...kept, ...this.#shapeOf(pixels), ...notes].join(" "));
        });
    }

    /** @returns {RpgPlan} the plan as free boxes, its regions in order at these places, and new ones at the others */
    #withPlaces(plan, places) {
        const { Edits, MaskFile } = sdWebuiRpg;
        const free = Edits.toBoxes(plan);
        const added = places.slice(free.regions.length).map(({ box }) => ({ prompt: "", box }));
        const whole = { ...free, regions: [...free.regions, ...added] };
        return places.reduce((made, { box, mask }, index) => {
            const placed = Edits.withBox(made, index, box);
            return Edits.withRegion(placed, index, { mask: mask ? MaskFile.encode(mask) : "" });
        }, whole);
    }

    /** @returns {RpgPlan} one of what is typed without a ratio: words between BREAKs */
    #planOfWords() {
        const text = this.#root.querySelector(".rpg_regional_prompt textarea").value;
        if (/\b(?:ADDBASE|ADDCOMM|ADDROW|ADDCOL)\b/.test(text)) throw new Error(Painter.#UNFINISHED);
        const parts = text.trim() ? sdWebuiRpg.Draft.parts(text) : [];
        const regions = parts.map((part) => ({ prompt: text.slice(...part), box: [0, 0, 1, 1] }));
        return { version: 1, layout: "boxes", split_ratio: "", regions };
    }

    /** @returns {string[]} a sentence where a picture has another shape than what is drawn */
    #shapeOf({ width, height }) {
        const size = this.#panel.size;
        const ratio = (width * size.height) / (height * size.width);
        const isSame = Math.abs(Math.log(ratio)) <= Painter.#SAME_SHAPE;
        return isSame ? [] : ["It was stretched, since its shape is another one than the picture's."];
    }

    /** Say what goes wrong, which changes nothing. */
    async #saying(read) {
        try {
            await read();
        } catch (error) {
            this.#panel.say("error", error.message);
        }
    }

    /** @returns {string} a file's name in sentences; what is pasted has a name that nobody gave */
    static #nameOf({ name }) {
        return !name || name === "image.png" ? "The picture" : `“${name}”`;
    }
};
