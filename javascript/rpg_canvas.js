/**
 * The canvas: the regions of a plan as cells or boxes in the picture's shape, and the objects in them, which can be
 * selected, moved and resized.
 *
 * A gesture draws what its edit would be; the edit itself is handed to the panel once, when the gesture ends.
 */
(window.sdWebuiRpg ??= {}).Canvas = class Canvas {
    /** From how far edges snap, in pixels. */
    static #REACH = 7;

    static #HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

    /** @type {Object<string, [number, number]>} */
    static #ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

    /** @type {HTMLElement} */
    #root;

    /** @type {HTMLElement} */
    #canvas;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {sdWebuiRpg.Actions} */
    #actions;

    /** @type {sdWebuiRpg.Zoom} */
    #zoom;

    /** @type {sdWebuiRpg.Readout} */
    #readout;

    /** The layers, from below. */
    #regions = Canvas.#layer("rpg_regions");
    #boundaries = Canvas.#layer("rpg_boundaries");
    #handles = Canvas.#layer("rpg_handles");
    #ghost = Canvas.#layer("rpg_ghost");

    #views = new sdWebuiRpg.RegionView(this.#regions);
    #objects = new sdWebuiRpg.ObjectView(this.#views);

    /** @type {RpgPlan | null} the plan that is shown */
    #plan = null;

    /** @type {RpgTarget} what is selected; the index is -1 for nothing */
    #target = { index: -1, object: -1 };

    /** @type {sdWebuiRpg.Gesture | null} the one that is under way */
    #gesture = null;

    /** @type {RpgTarget | undefined} what the first click of a double click was on */
    #clicked;

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel told what is selected and edited
     */
    constructor(root, panel) {
        this.#root = root;
        this.#panel = panel;
        this.#canvas = root.querySelector(".rpg_canvas");
        this.#actions = sdWebuiRpg.Actions.of(panel);
        this.#canvas.append(this.#regions, this.#boundaries, this.#handles, this.#ghost);
        this.#ghost.hidden = true;
        this.#handles.append(...Canvas.#HANDLES.map((handle) => Canvas.#handle(handle)));
        this.#addPictureTools();
        this.#readout = new sdWebuiRpg.Readout(root.querySelector(".rpg_stage"));
        this.#listen();
        this.show(null, -1);
    }

    /**
     * @param {RpgPlan | null} plan
     * @param {number} selected the index of a region, -1 for none
     */
    show(plan, selected) {
        // The server's look at what is being dragged is no news.
        const isSame = this.#gesture && JSON.stringify(plan) === JSON.stringify(this.#plan);
        if (!isSame) this.#gesture?.cancel();
        this.#plan = plan;
        if (isSame) return;
        this.#actions.follow(plan);
        const hadFocus = this.#regions.contains(document.activeElement);
        this.#views.show(plan?.regions ?? []);
        const grid = plan && sdWebuiRpg.Edits.grid(plan);
        this.#canvas.classList.toggle("rpg_free", Boolean(plan) && !grid);
        this.#boundaries.replaceChildren(...(grid?.boundaries() ?? []).map((line) => Canvas.#boundary(line)));
        this.select(selected);
        if (hadFocus) this.#elementOf(this.#target)?.focus({ preventScroll: true });
    }

    /** @param {number} selected the index of the region to point out, -1 for none */
    select(selected) {
        this.#target = { index: selected, object: selected === this.#panel.selected ? this.#panel.object : -1 };
        this.#objects.show(this.#plan, selected);
        this.#mark();
    }

    /** @param {boolean} isStale whether what is drawn is older than what the fields say */
    set isStale(isStale) {
        this.#canvas.classList.toggle("rpg_stale", isStale);
    }

    /**
     * @param {number} width of the picture, in pixels
     * @param {number} height
     */
    resize(width, height) {
        this.#zoom.resize(width, height);
    }

    #addPictureTools() {
        const stage = this.#root.querySelector(".rpg_stage");
        const bar = sdWebuiRpg.Dom.make("div", { className: "rpg_picture_tools" });
        stage.after(bar);
        const tab = this.#root.closest(".rpg_img2img") ? "img2img" : "txt2img";
        new sdWebuiRpg.Background(stage, bar, tab, (message) => this.#panel.say("note", message));
        this.#zoom = new sdWebuiRpg.Zoom(stage, bar);
    }

    #listen() {
        const canvas = this.#canvas;
        canvas.addEventListener("pointerdown", (event) => this.#pressed(event));
        // The press gives focus to the region that is meant, which need not be the one on top.
        canvas.addEventListener("mousedown", (event) => this.#isOwn(event.target) && event.preventDefault());
        canvas.addEventListener("click", (event) => this.#clickedBy(event));
        canvas.addEventListener("dblclick", ({ target }) => this.#isOwn(target) && this.#openWords(this.#clicked));
        canvas.addEventListener("keydown", (event) => this.#keyed(event));
        canvas.addEventListener("focusin", ({ target }) => this.#focused(target));
        this.#root.addEventListener("keydown", (event) => this.#putDown(event));
        this.#actions.watch(() => this.#mark());
    }

    /** @returns {boolean} whether an event is the canvas' own: the painter has a layer in it as well */
    #isOwn(target) {
        const layers = [this.#regions, this.#boundaries, this.#handles, this.#ghost];
        return target === this.#canvas || layers.some((layer) => layer.contains(target));
    }

    /** Escape ends a tool; to the WebUI it is "interrupt". */
    #putDown(event) {
        if (event.key !== "Escape" || !this.#actions.tool) return;
        event.stopPropagation();
        this.#actions.tool = "";
    }

    /** Show what is selected and locked, and which tool is taken up. */
    #mark() {
        const isMerging = this.#actions.tool === "merge";
        const neighbours = isMerging ? this.#actions.neighbours() : [];
        this.#views.elements.forEach((region, i) => {
            region.classList.toggle("rpg_current", i === this.#target.index);
            region.classList.toggle("rpg_locked", this.#actions.isLocked(i));
            region.classList.toggle("rpg_neighbour", neighbours.includes(i));
        });
        for (const target of this.#objects.targets) {
            this.#objects.element(target).classList.toggle("rpg_current", this.#isSelected(target));
        }
        this.#canvas.dataset.tool = this.#actions.tool;
        this.#placeHandles(this.#plan);
    }

    /** @param {RpgPlan | null} plan */
    #placeHandles(plan) {
        const { index, object } = this.#target;
        const isThere = Boolean(plan?.regions[index]) && !this.#actions.isLocked(index);
        const isMovable = isThere && (object >= 0 || !sdWebuiRpg.Edits.grid(plan));
        this.#handles.hidden = !isMovable || this.#actions.tool !== "";
        if (isMovable) sdWebuiRpg.RegionView.place(this.#handles, sdWebuiRpg.Objects.box(plan, this.#target));
    }

    /** @param {PointerEvent} event */
    #pressed(event) {
        if (!this.#isOwn(event.target) || event.button !== 0 || !event.isPrimary || this.#gesture) return;
        const at = this.#zoom.at(event);
        if (this.#actions.tool === "draw") this.#startDrawing(event, at);
        else if (event.target.closest(".rpg_handle")) this.#startResizing(event, at);
        else if (event.target.closest(".rpg_boundary")) this.#startShifting(event);
        else this.#pressedRegion(event, at);
    }

    /**
     * A press on regions and objects: the selected one is dragged, else the one on top; of a selected region its object
     * there. Where several are, clicks go through them.
     */
    #pressedRegion(event, at) {
        const hits = this.#targetsAt(at);
        if (this.#actions.tool === "merge") {
            const neighbours = this.#actions.neighbours();
            const regions = hits.filter(({ object }) => object < 0).map(({ index }) => index);
            if (regions.length) this.#actions.mergeWith(regions.find((hit) => neighbours.includes(hit)) ?? regions[0]);
            return;
        }
        const before = hits.find((hit) => this.#isSelected(hit));
        const chosen = before ?? hits[0];
        this.#choose(chosen);
        if (event.detail < 2) this.#clicked = chosen;
        if (!chosen) return;
        const isInside = ({ index, object }) => index === chosen.index && object >= 0;
        const dragged = chosen.object < 0 ? hits.find(isInside) ?? chosen : chosen;
        const next = hits[(hits.indexOf(chosen) + 1) % hits.length];
        this.#startMoving(event, at, dragged, () => before && this.#choose(next));
    }

    #startMoving(event, start, target, click) {
        const isFree = target.object >= 0 || (this.#plan && !sdWebuiRpg.Edits.grid(this.#plan));
        const box = isFree && sdWebuiRpg.Objects.box(this.#plan, target);
        const move = (at, lines) => {
            if (!this.#isSelected(target)) this.#choose(target);
            const moved = sdWebuiRpg.Boxes.moved(box, at[0] - start[0], at[1] - start[1], lines);
            return sdWebuiRpg.Objects.withBox(this.#plan, target, moved);
        };
        this.#drag(event, isFree ? [target] : [], isFree ? move : () => null, click);
    }

    #startResizing(event, start) {
        const target = this.#target;
        const box = sdWebuiRpg.Objects.box(this.#plan, target);
        const { handle } = event.target.closest(".rpg_handle").dataset;
        this.#drag(event, [target], (at, lines, { shiftKey }) => {
            const distance = [at[0] - start[0], at[1] - start[1]];
            const resized = sdWebuiRpg.Boxes.resized(box, handle, ...distance, { lines, keepsShape: shiftKey });
            return sdWebuiRpg.Objects.withBox(this.#plan, target, resized);
        });
    }

    #startShifting(event) {
        const grid = sdWebuiRpg.Edits.grid(this.#plan);
        const all = grid.boundaries();
        const line = all[[...this.#boundaries.children].indexOf(event.target.closest(".rpg_boundary"))];
        const side = line.isUpright ? 0 : 1;
        const parallel = all.filter((other) => other.isUpright === line.isUpright && other !== line);
        const others = parallel.map((other) => other.at);
        const cells = grid.cellsAt(line).map(Canvas.#region);
        this.#drag(event, cells, (at, lines) => {
            const attracting = lines && [...lines[side ? "y" : "x"], ...others];
            const to = lines ? sdWebuiRpg.Boxes.snapped(at[side], attracting, lines.reach[side]) : at[side];
            return sdWebuiRpg.Edits.withGrid(this.#plan, grid.moved(line, to, to !== at[side]));
        });
    }

    #startDrawing(event, start) {
        let box = null;
        this.#gesture = new sdWebuiRpg.Gesture(this.#canvas, event, {
            move: (moved) => {
                const at = this.#zoom.at(moved);
                box = sdWebuiRpg.Boxes.between(start, at, moved.altKey ? null : this.#lines([]));
                this.#ghost.hidden = false;
                sdWebuiRpg.RegionView.place(this.#ghost, box);
                this.#readout.show(moved, box, this.#panel.size);
            },
            end: () => {
                this.#endGesture();
                if (!box) return;
                this.#actions.tool = "";
                this.#actions.drawBox(box);
            },
            cancel: () => this.#endGesture(),
        });
    }

    /**
     * Drag what changes the plan.
     *
     * @param {PointerEvent} event the press
     * @param {RpgTarget[]} targets what changes; the first one's size is shown
     * @param {(at: [number, number], lines: RpgLines | null, event: PointerEvent) => RpgPlan | null} edit
     * @param {() => void} click what a press without a move is
     */
    #drag(event, targets, edit, click = () => {}) {
        let edited = null;
        const isHeld = targets.some(({ index }) => this.#actions.isLocked(index));
        const canEdit = targets.length > 0 && !isHeld && this.#panel.plan === this.#plan;
        let isAllowed = null;
        this.#gesture = new sdWebuiRpg.Gesture(this.#canvas, event, {
            move: (moved) => {
                isAllowed ??= this.#isAllowed(canEdit, isHeld);
                const lines = moved.altKey ? null : this.#lines(targets);
                edited = isAllowed ? edit(this.#zoom.at(moved), lines, moved) : null;
                if (edited) this.#preview(edited, targets, moved);
            },
            end: (hasMoved) => {
                this.#endGesture();
                if (edited) this.#panel.edit(edited, "", this.#target.index);
                else if (!hasMoved) click();
            },
            cancel: () => {
                this.#endGesture();
                this.#preview(this.#plan, targets);
            },
        });
    }

    /** @returns {boolean} whether a drag may change the plan; says why not */
    #isAllowed(canEdit, isHeld) {
        if (isHeld) this.#panel.say("note", "A region there is locked: unlock it to move it.");
        return canEdit && this.#actions.canEdit();
    }

    #endGesture() {
        this.#gesture = null;
        this.#ghost.hidden = true;
        this.#readout.hide();
        this.#canvas.classList.remove("rpg_dragging");
    }

    /** Draw where regions and objects would be, and nothing else. */
    #preview(plan, targets, event = null) {
        const { Edits, Objects, RegionView } = sdWebuiRpg;
        for (const { index } of targets) RegionView.place(this.#views.element(index), Edits.box(plan.regions[index]));
        this.#objects.place(plan);
        const lines = Edits.grid(plan)?.boundaries() ?? [];
        lines.forEach((line, i) => Canvas.#placeBoundary(this.#boundaries.children[i], line));
        this.#placeHandles(plan);
        this.#canvas.classList.toggle("rpg_dragging", event !== null);
        if (event) this.#readout.show(event, Objects.box(plan, targets[0]), this.#panel.size);
    }

    /** A click that no press came before: Space, or a screen reader's. */
    #clickedBy(event) {
        const target = Canvas.#targetOf(event.target);
        if (event.detail !== 0 || !target) return;
        if (this.#actions.tool === "merge") this.#actions.mergeWith(target.index);
        else this.#choose(target);
    }

    /** @param {KeyboardEvent} event */
    #keyed(event) {
        const act = this.#isOwn(event.target) && this.#shortcut(event);
        if (!act) return;
        event.preventDefault();
        event.stopPropagation();
        act();
    }

    /** @returns {(() => void) | undefined} what a key does */
    #shortcut(event) {
        const { key, shiftKey } = event;
        const { object } = this.#target;
        const isControl = event.ctrlKey || event.metaKey;
        if (key in Canvas.#ARROWS) return () => this.#arrow(Canvas.#ARROWS[key], isControl, Number(shiftKey));
        const held = isControl ? `Ctrl+${shiftKey ? "Shift+" : ""}` : "";
        const name = held + (key.length === 1 ? key.toLowerCase() : key);
        return {
            "Ctrl+z": () => this.#press(".rpg_undo"),
            "Ctrl+Shift+z": () => this.#press(".rpg_redo"),
            "Ctrl+y": () => this.#press(".rpg_redo"),
            "Ctrl+d": () => (object < 0 ? this.#actions.duplicate() : this.#actions.addObject(object)),
            Delete: () => (object < 0 ? this.#actions.remove() : this.#actions.removeObject(object)),
            Enter: this.#actions.tool ? undefined : () => this.#openWords(Canvas.#targetOf(event.target)),
        }[name];
    }

    /**
     * @param {[number, number]} direction
     * @param {boolean} isResizing
     * @param {0 | 1} size of the step
     */
    #arrow(direction, isResizing, size) {
        const { index, object } = this.#target;
        const grid = object < 0 && this.#plan ? sdWebuiRpg.Edits.grid(this.#plan) : null;
        if (index < 0) return;
        const distance = direction.map((side) => side * sdWebuiRpg.Boxes.STEPS[size]);
        if (grid && !isResizing) this.#goTo(direction);
        else if (this.#canNudge(index)) this.#nudge(grid, distance, isResizing);
    }

    #canNudge(index) {
        if (this.#panel.plan !== this.#plan || !this.#actions.canEdit()) return false;
        if (this.#actions.isLocked(index)) this.#panel.say("note", "This region is locked: unlock it to move it.");
        return !this.#actions.isLocked(index);
    }

    /** @param {sdWebuiRpg.Grid | null} grid whose boundary is moved; null to move a box */
    #nudge(grid, distance, isResizing) {
        const { Boxes, Edits, Objects } = sdWebuiRpg;
        const { index, object } = this.#target;
        const kind = `${isResizing ? "size" : "nudge"} ${index} ${object}`;
        if (!grid) {
            const box = Objects.box(this.#plan, this.#target);
            const placed = isResizing ? Boxes.resized(box, "se", ...distance) : Boxes.moved(box, ...distance);
            this.#panel.edit(Objects.withBox(this.#plan, this.#target, placed), kind, index);
            return;
        }
        const line = grid.boundaryOf(index, distance[0] !== 0);
        if (!line) return;
        if (grid.cellsAt(line).some((cell) => this.#actions.isLocked(cell))) {
            this.#panel.say("note", "A region there is locked: unlock it to move it.");
            return;
        }
        const moved = grid.moved(line, line.at + distance[0] + distance[1], true);
        this.#panel.edit(Edits.withGrid(this.#plan, moved), kind, index);
    }

    /** Select the cell beside the selected one. */
    #goTo([dx, dy]) {
        const [x, y, width, height] = sdWebuiRpg.Edits.box(this.#plan.regions[this.#target.index]);
        const middle = [x + width / 2 + dx * (width / 2 + 1e-6), y + height / 2 + dy * (height / 2 + 1e-6)];
        const next = this.#targetsAt(middle).find(({ object }) => object < 0);
        if (next) this.#choose(next);
    }

    /** Select a region or an object, or nothing, and have the keys go to it. */
    #choose(target = { index: -1, object: -1 }) {
        this.#panel.select(target.index, target.object);
        this.#elementOf(target)?.focus({ preventScroll: true });
    }

    #focused(element) {
        const target = Canvas.#targetOf(element);
        if (target && this.#actions.tool !== "merge") this.#panel.select(target.index, target.object);
    }

    #openWords(target) {
        if (!target) return;
        this.#choose(target);
        this.#panel.focusWords();
    }

    #press(selector) {
        this.#root.closest(".rpg_panel").querySelector(selector).click();
    }

    #isSelected({ index, object }) {
        return index === this.#target.index && object === this.#target.object;
    }

    /** @returns {HTMLElement | undefined} */
    #elementOf(target) {
        return target.object < 0 ? this.#views.element(target.index) : this.#objects.element(target);
    }

    /** @returns {RpgTarget | undefined} what an element of the page is of */
    static #targetOf(element) {
        const { region, object = -1 } = element.closest(".rpg_region, .rpg_object")?.dataset ?? {};
        return region === undefined ? undefined : { index: Number(region), object: Number(object) };
    }

    /** @returns {RpgTarget} the region with that index */
    static #region(index) {
        return { index, object: -1 };
    }

    /** @returns {RpgTarget[]} what is drawn, from below: objects lie over all regions */
    #targets() {
        return [...(this.#plan?.regions ?? []).map((_, i) => Canvas.#region(i)), ...this.#objects.targets];
    }

    /** @returns {RpgTarget[]} the regions and objects at a place, from above */
    #targetsAt([x, y]) {
        const isIn = ([left, top, width, height]) => x >= left && x <= left + width && y >= top && y <= top + height;
        return this.#targets().filter((target) => isIn(sdWebuiRpg.Objects.box(this.#plan, target))).reverse();
    }

    /** @returns {RpgLines} where edges snap to, of what is not dragged: of regions, and for an object of others, too */
    #lines(dragged) {
        const isObject = dragged.some(({ object }) => object >= 0);
        const isStill = ({ index, object }) => !dragged.some((each) => each.index === index && each.object === object);
        const others = this.#targets().filter((target) => isStill(target) && (isObject || target.object < 0));
        const boxes = others.map((target) => sdWebuiRpg.Objects.box(this.#plan, target));
        const { clientWidth, clientHeight } = this.#canvas;
        return sdWebuiRpg.Boxes.lines(boxes, [Canvas.#REACH / clientWidth, Canvas.#REACH / clientHeight]);
    }

    static #layer(className) {
        return sdWebuiRpg.Dom.make("div", { className });
    }

    static #handle(name) {
        return sdWebuiRpg.Dom.make("div", { className: "rpg_handle", "data-handle": name });
    }

    /** @param {RpgBoundary} line */
    static #boundary(line) {
        const boundary = Canvas.#layer(`rpg_boundary ${line.isUpright ? "rpg_upright" : "rpg_level"}`);
        Canvas.#placeBoundary(boundary, line);
        return boundary;
    }

    static #placeBoundary(boundary, { isUpright, at, from, to }) {
        sdWebuiRpg.RegionView.place(boundary, isUpright ? [at, from, 0, to - from] : [from, at, to - from, 0]);
    }
};
