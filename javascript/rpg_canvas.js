/**
 * The canvas: the regions of a plan as cells or boxes in the picture's shape, which can be selected, moved and resized.
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

    /** @type {RpgPlan | null} the plan that is shown */
    #plan = null;

    #selected = -1;

    /** @type {sdWebuiRpg.Gesture | null} the one that is under way */
    #gesture = null;

    /** The region that the first click of a double click was on. */
    #clicked = -1;

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
        if (hadFocus) this.#regions.children[selected]?.focus({ preventScroll: true });
    }

    /** @param {number} selected the index of the region to point out, -1 for none */
    select(selected) {
        this.#selected = selected;
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
        [...this.#regions.children].forEach((region, i) => {
            region.classList.toggle("rpg_current", i === this.#selected);
            region.classList.toggle("rpg_locked", this.#actions.isLocked(i));
            region.classList.toggle("rpg_neighbour", neighbours.includes(i));
        });
        this.#canvas.dataset.tool = this.#actions.tool;
        this.#placeHandles(this.#plan?.regions[this.#selected]);
    }

    /** @param {RpgRegion | undefined} region */
    #placeHandles(region) {
        const isMovable = region && !sdWebuiRpg.Edits.grid(this.#plan) && !this.#actions.isLocked(this.#selected);
        this.#handles.hidden = !isMovable || this.#actions.tool !== "";
        if (isMovable) sdWebuiRpg.RegionView.place(this.#handles, sdWebuiRpg.Edits.box(region));
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
     * A press on regions: the selected one is dragged, else the one on top. Where several are, clicks go through them.
     */
    #pressedRegion(event, at) {
        const hits = this.#regionsAt(at);
        const before = this.#selected;
        const index = hits.includes(before) ? before : hits[0] ?? -1;
        if (this.#actions.tool === "merge") {
            const neighbours = this.#actions.neighbours();
            if (hits.length) this.#actions.mergeWith(hits.find((hit) => neighbours.includes(hit)) ?? hits[0]);
            return;
        }
        this.#choose(index);
        if (event.detail < 2) this.#clicked = index;
        const next = hits[(hits.indexOf(index) + 1) % hits.length];
        const click = () => index === before && this.#choose(next);
        if (index >= 0) this.#startMoving(event, at, index, click);
    }

    #startMoving(event, start, index, click) {
        const isFree = this.#plan && !sdWebuiRpg.Edits.grid(this.#plan);
        const box = isFree && sdWebuiRpg.Edits.box(this.#plan.regions[index]);
        const move = (at, lines) => {
            const moved = sdWebuiRpg.Boxes.moved(box, at[0] - start[0], at[1] - start[1], lines);
            return sdWebuiRpg.Edits.withBox(this.#plan, index, moved);
        };
        this.#drag(event, isFree ? [index] : [], isFree ? move : () => null, click);
    }

    #startResizing(event, start) {
        const index = this.#selected;
        const box = sdWebuiRpg.Edits.box(this.#plan.regions[index]);
        const { handle } = event.target.closest(".rpg_handle").dataset;
        this.#drag(event, [index], (at, lines, { shiftKey }) => {
            const distance = [at[0] - start[0], at[1] - start[1]];
            const resized = sdWebuiRpg.Boxes.resized(box, handle, ...distance, { lines, keepsShape: shiftKey });
            return sdWebuiRpg.Edits.withBox(this.#plan, index, resized);
        });
    }

    #startShifting(event) {
        const grid = sdWebuiRpg.Edits.grid(this.#plan);
        const all = grid.boundaries();
        const line = all[[...this.#boundaries.children].indexOf(event.target.closest(".rpg_boundary"))];
        const side = line.isUpright ? 0 : 1;
        const parallel = all.filter((other) => other.isUpright === line.isUpright && other !== line);
        const others = parallel.map((other) => other.at);
        this.#drag(event, grid.cellsAt(line), (at, lines) => {
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
     * @param {number[]} indices of the regions that change; the first one's size is shown
     * @param {(at: [number, number], lines: RpgLines | null, event: PointerEvent) => RpgPlan | null} edit
     * @param {() => void} click what a press without a move is
     */
    #drag(event, indices, edit, click = () => {}) {
        let edited = null;
        const isHeld = indices.some((index) => this.#actions.isLocked(index));
        const canEdit = indices.length > 0 && !isHeld && this.#panel.plan === this.#plan;
        let isAllowed = null;
        this.#gesture = new sdWebuiRpg.Gesture(this.#canvas, event, {
            move: (moved) => {
                isAllowed ??= this.#isAllowed(canEdit, isHeld);
                const lines = moved.altKey ? null : this.#lines(indices);
                edited = isAllowed ? edit(this.#zoom.at(moved), lines, moved) : null;
                if (edited) this.#preview(edited, indices, moved);
            },
            end: (hasMoved) => {
                this.#endGesture();
                if (edited) this.#panel.edit(edited, "", this.#selected);
                else if (!hasMoved) click();
            },
            cancel: () => {
                this.#endGesture();
                this.#preview(this.#plan, indices);
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

    /** Draw where regions would be, and nothing else. */
    #preview(plan, indices, event = null) {
        const boxes = plan.regions.map((region) => sdWebuiRpg.Edits.box(region));
        for (const index of indices) sdWebuiRpg.RegionView.place(this.#regions.children[index], boxes[index]);
        const grid = sdWebuiRpg.Edits.grid(plan);
        grid?.boundaries().forEach((line, i) => Canvas.#placeBoundary(this.#boundaries.children[i], line));
        if (!grid && boxes[this.#selected]) sdWebuiRpg.RegionView.place(this.#handles, boxes[this.#selected]);
        this.#canvas.classList.toggle("rpg_dragging", event !== null);
        if (event) this.#readout.show(event, boxes[indices[0]], this.#panel.size);
    }

    /** A click that no press came before: Space, or a screen reader's. */
    #clickedBy(event) {
        const index = this.#indexOf(event.target);
        if (event.detail !== 0 || index < 0) return;
        if (this.#actions.tool === "merge") this.#actions.mergeWith(index);
        else this.#choose(index);
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
        const isControl = event.ctrlKey || event.metaKey;
        if (key in Canvas.#ARROWS) return () => this.#arrow(Canvas.#ARROWS[key], isControl, Number(shiftKey));
        const held = isControl ? `Ctrl+${shiftKey ? "Shift+" : ""}` : "";
        const name = held + (key.length === 1 ? key.toLowerCase() : key);
        return {
            "Ctrl+z": () => this.#press(".rpg_undo"),
            "Ctrl+Shift+z": () => this.#press(".rpg_redo"),
            "Ctrl+y": () => this.#press(".rpg_redo"),
            "Ctrl+d": () => this.#actions.duplicate(),
            Delete: () => this.#actions.remove(),
            Enter: this.#actions.tool ? undefined : () => this.#openWords(this.#indexOf(event.target)),
        }[name];
    }

    /**
     * @param {[number, number]} direction
     * @param {boolean} isResizing
     * @param {0 | 1} size of the step
     */
    #arrow(direction, isResizing, size) {
        const index = this.#selected;
        const grid = this.#plan && sdWebuiRpg.Edits.grid(this.#plan);
        if (index < 0) return;
        const distance = direction.map((side) => side * sdWebuiRpg.Boxes.STEPS[size]);
        if (grid && !isResizing) this.#goTo(direction);
        else if (this.#canNudge(index)) this.#nudge(grid, index, distance, isResizing);
    }

    #canNudge(index) {
        if (this.#panel.plan !== this.#plan || !this.#actions.canEdit()) return false;
        if (this.#actions.isLocked(index)) this.#panel.say("note", "This region is locked: unlock it to move it.");
        return !this.#actions.isLocked(index);
    }

    #nudge(grid, index, distance, isResizing) {
        const { Boxes, Edits } = sdWebuiRpg;
        const kind = `${isResizing ? "size" : "nudge"} ${index}`;
        if (!grid) {
            const box = Edits.box(this.#plan.regions[index]);
            const placed = isResizing ? Boxes.resized(box, "se", ...distance) : Boxes.moved(box, ...distance);
            this.#panel.edit(Edits.withBox(this.#plan, index, placed), kind, index);
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
        const [x, y, width, height] = sdWebuiRpg.Edits.box(this.#plan.regions[this.#selected]);
        const middle = [x + width / 2 + dx * (width / 2 + 1e-6), y + height / 2 + dy * (height / 2 + 1e-6)];
        const [next] = this.#regionsAt(middle);
        if (next !== undefined) this.#choose(next);
    }

    /** Select a region, and have the keys go to it. */
    #choose(index) {
        this.#panel.select(index);
        this.#regions.children[index]?.focus({ preventScroll: true });
    }

    #focused(target) {
        const index = this.#indexOf(target);
        if (index >= 0 && this.#actions.tool !== "merge") this.#panel.select(index);
    }

    #openWords(index) {
        if (index < 0) return;
        this.#choose(index);
        this.#panel.focusWords();
    }

    #press(selector) {
        this.#root.closest(".rpg_panel").querySelector(selector).click();
    }

    #indexOf(target) {
        return [...this.#regions.children].indexOf(target.closest(".rpg_region"));
    }

    /** @returns {number[]} the regions at a place, from above */
    #regionsAt([x, y]) {
        const isIn = ([left, top, width, height]) => x >= left && x <= left + width && y >= top && y <= top + height;
        const boxes = (this.#plan?.regions ?? []).map(sdWebuiRpg.Edits.box);
        return boxes.flatMap((box, i) => (isIn(box) ? [i] : [])).reverse();
    }

    /** @returns {RpgLines} where edges snap to, of the regions but for those that are dragged */
    #lines(indices) {
        const others = (this.#plan?.regions ?? []).filter((_, i) => !indices.includes(i)).map(sdWebuiRpg.Edits.box);
        const { clientWidth, clientHeight } = this.#canvas;
        return sdWebuiRpg.Boxes.lines(others, [Canvas.#REACH / clientWidth, Canvas.#REACH / clientHeight]);
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
