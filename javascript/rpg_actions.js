/**
 * What the toolbar and the keys of the canvas do to the selected region or the whole layout.
 *
 * What the page alone knows is here too: which regions are locked, and which tool is taken up ("draw": a drag on the
 * canvas draws a box; "merge": a click names the neighbour). Canvas and toolbar of one panel share one object.
 *
 * @typedef {"" | "draw" | "merge"} RpgTool
 */
(window.sdWebuiRpg ??= {}).Actions = class Actions {
    static MAX_REGIONS = 64;

    /** How far edges of boxes may be from where a grid has them, in fractions of the canvas. */
    static #NEARLY = 0.02;

    static #MASKED = "Cells of a grid have no masks: clear the masks of these boxes first.";
    static #BASE = /\b(?:ADDBASE|ADDCOMM)\b/;
    static #FREED = "No ratio says this: the regions are free boxes now, at the same places.";

    /** Marks a region through an edit; JSON leaves it out. */
    static #LOCK = Symbol("locked");

    /** @type {WeakMap<sdWebuiRpg.Panel, Actions>} */
    static #made = new WeakMap();

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {Set<number>} indices of regions */
    #locked = new Set();

    /** Of the regions that the locks are of. */
    #count = 0;

    /** @type {RpgTool} */
    #tool = "";

    /** @type {(() => void)[]} */
    #watchers = [];

    /** @type {() => string} the regional prompt as it is typed */
    typed = () => "";

    /** @param {sdWebuiRpg.Panel} panel */
    constructor(panel) {
        this.#panel = panel;
    }

    /**
     * @param {sdWebuiRpg.Panel} panel
     * @returns {Actions} the panel's
     */
    static of(panel) {
        if (!Actions.#made.has(panel)) Actions.#made.set(panel, new Actions(panel));
        return Actions.#made.get(panel);
    }

    /** @returns {RpgTool} */
    get tool() {
        return this.#tool;
    }

    /** @param {RpgTool} tool to take up, blank to put it down */
    set tool(tool) {
        this.#tool = tool;
        this.#tell();
    }

    /** @param {() => void} watcher is called where a lock or the tool has changed */
    watch(watcher) {
        this.#watchers.push(watcher);
    }

    /** @returns {boolean} whether gestures leave that region where it is */
    isLocked(index) {
        return this.#locked.has(index);
    }

    /** @param {RpgPlan | null} plan that is shown now; locks are not carried over to another one */
    follow(plan) {
        const count = plan?.regions.length ?? 0;
        if (count !== this.#count) this.#locked.clear();
        this.#count = count;
    }

    /** @returns {boolean} whether the plan can be edited; says why not */
    canEdit() {
        if (this.#panel.isEditable) return true;
        const reason = this.#panel.plan
            ? "The text was just changed or cannot be read: wait a moment, or mend it, to edit on the canvas."
            : "There is no region yet: choose a layout, or draw a box.";
        this.#panel.say("note", reason);
        return false;
    }

    add() {
        if (!this.#panel.plan) return this.layOut(Array(this.#words().length || 1).fill("1").join(","));
        if (this.#hasRoom()) this.#insert(null);
        return undefined;
    }

    duplicate() {
        if (this.#hasSelected() && this.#hasRoom()) this.#insert(this.#panel.plan.regions[this.#panel.selected]);
    }

    draw() {
        this.tool = this.#tool === "draw" ? "" : "draw";
        if (this.#tool) this.#panel.say("note", "Drag on the picture to draw a box; Escape breaks off.");
    }

    /** @param {RpgBox} box of a region to add */
    drawBox(box) {
        const { plan } = this.#panel;
        if (plan && !this.#hasRoom()) return;
        if (!plan && this.#words().length) {
            this.#panel.say("note", "Choose a layout for the words that are typed, then draw more boxes.");
            return;
        }
        const remark = plan ? this.#freedFrom(plan) : "";
        this.#edit((before) => sdWebuiRpg.Edits.drawn(before, box), { index: plan?.regions.length ?? 0, remark });
    }

    /** @param {boolean} isSideBySide */
    split(isSideBySide) {
        if (!this.#hasSelected() || !this.#hasRoom()) return;
        const { selected, plan } = this.#panel;
        if (plan.regions[selected].mask) {
            this.#panel.say("note", "This region has a mask: clear it before splitting the region.");
            return;
        }
        const split = (before) => sdWebuiRpg.Edits.split(before, selected, isSideBySide);
        this.#edit(split, { remark: this.#freedFrom(plan) });
    }

    merge() {
        if (this.#tool === "merge") this.tool = "";
        else if (this.#hasSelected()) this.#offerNeighbours();
    }

    /** @returns {number[]} the regions that the selected one can be merged with */
    neighbours() {
        const { plan, selected } = this.#panel;
        return plan && selected >= 0 ? sdWebuiRpg.Edits.neighbours(plan, selected) : [];
    }

    /** @param {number} other region to merge the selected one with */
    mergeWith(other) {
        const { plan, selected } = this.#panel;
        if (!this.#hasSelected()) return;
        if (!this.neighbours().includes(other)) {
            this.#panel.say("note", "That region is no neighbour of the selected one: click one that is marked.");
            return;
        }
        this.tool = "";
        if ([selected, other].some((i) => plan.regions[i].mask)) {
            this.#panel.say("note", "One of the two has a mask: clear it before merging them.");
            return;
        }
        this.#edit((before) => sdWebuiRpg.Edits.merged(before, selected, other), {
            index: Math.min(selected, other),
            remark: this.#freedFrom(plan),
        });
    }

    remove() {
        if (!this.#hasSelected()) return;
        const { plan, selected } = this.#panel;
        if (plan.regions.length === 1) {
            this.#panel.say("note", "The last region stays; press Clear to start anew.");
            return;
        }
        this.#edit((before) => sdWebuiRpg.Edits.removed(before, selected), {
            index: Math.min(selected, plan.regions.length - 2),
        });
    }

    /** @param {boolean} isSideways whether left becomes right, else top becomes bottom */
    async mirror(isSideways) {
        if (!this.canEdit()) return;
        const { plan, selected } = this.#panel;
        const flip = ({ mask }) => (mask ? sdWebuiRpg.MaskPicture.flipped(mask, isSideways) : "");
        const masks = await Promise.all(plan.regions.map(flip)).catch(() => null);
        if (!masks) {
            this.#panel.say("note", "A mask cannot be read, so that nothing was mirrored.");
            return;
        }
        if (this.#panel.plan !== plan) return;
        const { order } = sdWebuiRpg.Edits.mirrored(plan, isSideways);
        const mirrored = (before) => {
            const regions = before.regions.map((region, i) => (masks[i] ? { ...region, mask: masks[i] } : region));
            return sdWebuiRpg.Edits.mirrored({ ...before, regions }, isSideways).plan;
        };
        this.#edit(mirrored, { index: order.indexOf(selected) });
    }

    /** @param {-1 | 1} step to the one before in order, or to the next */
    reorder(step) {
        if (!this.#hasSelected()) return;
        const { plan, selected } = this.#panel;
        const other = selected + step;
        if (!plan.regions[other]) {
            this.#panel.say("note", `This region is the ${step < 0 ? "first" : "last"} already.`);
            return;
        }
        this.#edit((before) => sdWebuiRpg.Edits.exchanged(before, selected, other), { index: other });
    }

    /**
     * Have the selected region have another object.
     *
     * @param {number} copied the number of an object to copy, -1 for none
     */
    addObject(copied = -1) {
        const { Objects } = sdWebuiRpg;
        if (!this.#hasSelected()) return;
        const { plan, selected } = this.#panel;
        const { plan: added, object } = Objects.added(plan, selected, copied);
        if (object < Objects.MAX) this.#panel.edit(added, "", selected, object);
        else this.#panel.say("note", `There are ${Objects.MAX} things in this region, which is the most that it has.`);
    }

    /** @param {number} object of the selected region */
    removeObject(object) {
        if (!this.canEdit()) return;
        const { plan, selected } = this.#panel;
        this.#panel.edit(sdWebuiRpg.Objects.removed(plan, { index: selected, object }), "", selected, -1);
    }

    /**
     * @param {number} object of the selected region
     * @param {-1 | 1} step to the one before in order, or to the next
     */
    reorderObject(object, step) {
        if (!this.canEdit()) return;
        const { plan, selected } = this.#panel;
        const { Objects } = sdWebuiRpg;
        const numbers = Objects.numbers(plan.regions[selected]);
        const other = numbers[numbers.indexOf(object) + step];
        if (other === undefined) {
            this.#panel.say("note", `This object is the ${step < 0 ? "first" : "last"} already.`);
            return;
        }
        this.#panel.edit(Objects.exchanged(plan, selected, object, other), "", selected, other);
    }

    lock() {
        if (!this.#hasSelected()) return;
        const { selected } = this.#panel;
        if (!this.#locked.delete(selected)) this.#locked.add(selected);
        this.#tell();
    }

    /** From a grid to free boxes, or back. */
    changeLayout() {
        if (!this.canEdit()) return;
        const { plan, selected } = this.#panel;
        if (sdWebuiRpg.Edits.grid(plan)) return this.#edit((before) => sdWebuiRpg.Edits.toBoxes(before), {});
        if (this.#hasMasks()) return undefined;
        const tiled = sdWebuiRpg.Edits.toGrid(plan, Actions.#NEARLY);
        if (!tiled) {
            const advice = "move them edge to edge first, or choose a layout";
            return this.#panel.say("note", `The boxes do not fill the picture in rows or columns of cells; ${advice}.`);
        }
        const index = tiled.order.indexOf(selected);
        return this.#edit((before) => sdWebuiRpg.Edits.toGrid(before, Actions.#NEARLY).plan, { index });
    }

    /** Have a person choose one picture with a colour for each region. */
    pickColours() {
        this.#panel.pickColours();
    }

    /** @param {string} ratio of a layout for the regions that there are, or to start with */
    layOut(ratio) {
        const { plan, selected } = this.#panel;
        if (plan && (!this.canEdit() || this.#hasMasks())) return;
        if (!plan && Actions.#BASE.test(this.typed())) {
            this.#panel.say("note", "A base prompt is in the regional prompt: move it to its own field first.");
            return;
        }
        const { count } = sdWebuiRpg.Grid.parse(ratio);
        const rest = (plan?.regions.length ?? this.#words().length) - count;
        const joined = `The words of ${rest + 1} regions are in the last one now; Undo brings them back.`;
        const remark = rest > 0 ? joined : "";
        const words = this.#words();
        const index = Math.max(0, Math.min(selected, count - 1));
        this.#edit((before) => sdWebuiRpg.Edits.laidOut(before, ratio, words), { index, remark });
    }

    mask() {
        if (this.#hasSelected()) this.#panel.paintMask();
    }

    /**
     * @param {(plan: RpgPlan | null) => RpgPlan} edit
     * @param {{index?: number, remark?: string | ((plan: RpgPlan) => string)}} then the region to select, what to say
     */
    #edit(edit, { index = this.#panel.selected, remark = "" }) {
        const { plan } = this.#panel;
        const mark = (region, i) => (this.#locked.has(i) ? { ...region, [Actions.#LOCK]: true } : region);
        const edited = edit(plan && { ...plan, regions: plan.regions.map(mark) });
        this.#locked = new Set(edited.regions.flatMap((region, i) => (region[Actions.#LOCK] ? [i] : [])));
        this.#count = edited.regions.length;
        const regions = edited.regions.map(({ [Actions.#LOCK]: _, ...region }) => region);
        this.#panel.edit({ ...edited, regions }, "", index);
        const said = typeof remark === "function" ? remark(edited) : remark;
        if (said) this.#panel.say("note", said);
    }

    /** @returns {string[]} of the regions as they are typed, without a plan yet */
    #words() {
        const text = this.typed();
        return text.trim() ? sdWebuiRpg.Draft.parts(text).map((part) => text.slice(...part)) : [];
    }

    #insert(copied) {
        const { plan, selected } = this.#panel;
        const { index } = sdWebuiRpg.Edits.added(plan, selected, copied);
        this.#edit((before) => sdWebuiRpg.Edits.added(before, selected, copied).plan, { index });
    }

    #offerNeighbours() {
        const neighbours = this.neighbours();
        if (neighbours.length === 1) return this.mergeWith(neighbours[0]);
        if (neighbours.length) {
            this.tool = "merge";
            return this.#panel.say("note", "Click the neighbour to merge it with; Escape breaks off.");
        }
        const touch = sdWebuiRpg.Edits.grid(this.#panel.plan) ? "shares a whole edge with" : "touches";
        return this.#panel.say("note", `No region ${touch} this one.`);
    }

    /** @returns {(plan: RpgPlan) => string} what to say where a grid became boxes */
    #freedFrom(plan) {
        return (edited) => (edited.layout !== (plan.layout ?? "grid") ? Actions.#FREED : "");
    }

    #hasSelected() {
        if (!this.canEdit()) return false;
        if (this.#panel.selected >= 0) return true;
        this.#panel.say("note", "Select a region first: click it on the picture.");
        return false;
    }

    #hasRoom() {
        if (!this.canEdit()) return false;
        if (this.#panel.plan.regions.length < Actions.MAX_REGIONS) return true;
        this.#panel.say("note", `There are ${Actions.MAX_REGIONS} regions, which is the most that a plan has.`);
        return false;
    }

    #hasMasks() {
        const hasMasks = this.#panel.plan.regions.some(({ mask }) => mask);
        if (hasMasks) this.#panel.say("note", Actions.#MASKED);
        return hasMasks;
    }

    #tell() {
        for (const watcher of this.#watchers) watcher();
    }
};
