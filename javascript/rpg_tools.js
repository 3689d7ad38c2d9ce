/** The toolbar above the canvas, and the layouts to start with below it. */
(window.sdWebuiRpg ??= {}).Tools = class Tools {
    /** @type {[string, string, (actions: sdWebuiRpg.Actions) => void][][]} icon, title and action, in groups */
    static #GROUPS = [
        [
            ["layouts", "Choose a layout", null],
            ["boxes", "Free boxes, which can overlap, instead of a grid of cells", (actions) => actions.changeLayout()],
        ],
        [
            ["add", "Add a region", (actions) => actions.add()],
            ["draw", "Draw a box for a new region", (actions) => actions.draw()],
            ["splitSides", "Split the region in two side by side", (actions) => actions.split(true)],
            ["splitStack", "Split the region in two, one above the other", (actions) => actions.split(false)],
            ["merge", "Merge the region with a neighbour", (actions) => actions.merge()],
            ["duplicate", "Duplicate the region (Ctrl+D)", (actions) => actions.duplicate()],
            ["remove", "Delete the region (Delete)", (actions) => actions.remove()],
        ],
        [
            ["earlier", "One earlier: a box goes behind, a cell changes places", (actions) => actions.reorder(-1)],
            ["later", "One later: a box comes to the front, a cell changes places", (actions) => actions.reorder(1)],
            ["mirrorSides", "Mirror all: left becomes right", (actions) => actions.mirror(true)],
            ["mirrorStack", "Mirror all: top becomes bottom", (actions) => actions.mirror(false)],
        ],
        [
            ["lock", "Lock the region in its place", (actions) => actions.lock()],
            ["mask", "Paint the region's mask", (actions) => actions.mask()],
        ],
    ];

    /** @type {[string, string][]} name and ratio */
    static #LAYOUTS = [
        ["Two columns", "1,1"],
        ["Three columns", "1,1,1"],
        ["Two rows", "1;1"],
        ["One above two", "1;1,1,1"],
        ["Two by two", "1,1,1;1,1,1"],
    ];

    /** @type {HTMLElement} */
    #bar;

    /** @type {HTMLElement} */
    #layouts;

    /** @type {sdWebuiRpg.Actions} */
    #actions;

    /** @type {RpgPlan | null} */
    #plan = null;

    #selected = -1;

    /** Whether the layouts were asked for; they are seen as well while there is no region. */
    #wantsLayouts = false;

    /**
     * @param {HTMLElement} root the toolbar
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        this.#bar = root;
        this.#actions = sdWebuiRpg.Actions.of(panel);
        const words = root.closest(".rpg_panel").querySelector(".rpg_regional_prompt textarea");
        this.#actions.typed = () => words.value;
        root.append(...Tools.#GROUPS.map((tools) => this.#group(tools)));
        this.#layouts = this.#chooser();
        root.after(this.#layouts);
        sdWebuiRpg.Toolbar.make(root);
        this.#actions.watch(() => this.#mark());
        this.show(null, -1);
    }

    /**
     * @param {RpgPlan | null} plan
     * @param {number} selected
     */
    show(plan, selected) {
        this.#plan = plan;
        this.select(selected);
    }

    /** @param {number} selected */
    select(selected) {
        this.#selected = selected;
        this.#mark();
    }

    set isStale(isStale) {
        this.#bar.classList.toggle("rpg_stale", isStale);
    }

    #mark() {
        const isFree = this.#plan !== null && !sdWebuiRpg.Edits.grid(this.#plan);
        const pressed = {
            boxes: isFree,
            draw: this.#actions.tool === "draw",
            merge: this.#actions.tool === "merge",
            lock: this.#actions.isLocked(this.#selected),
        };
        for (const [name, isPressed] of Object.entries(pressed)) {
            this.#bar.querySelector(`[data-tool=${name}]`).setAttribute("aria-pressed", String(isPressed));
        }
        const isOpen = this.#wantsLayouts || this.#plan === null;
        this.#layouts.hidden = !isOpen;
        this.#bar.querySelector("[data-tool=layouts]").setAttribute("aria-expanded", String(isOpen));
    }

    #toggleLayouts() {
        this.#wantsLayouts = !this.#wantsLayouts;
        this.#mark();
    }

    /** @returns {HTMLElement} */
    #group(tools) {
        const buttons = tools.map(([name, title, act]) => {
            const run = () => (act ? act(this.#actions) : this.#toggleLayouts());
            const properties = { className: "rpg_tool", title, "data-tool": name };
            return sdWebuiRpg.Dom.button(sdWebuiRpg.Icons.make(name), run, properties);
        });
        return sdWebuiRpg.Dom.make("div", { className: "rpg_tool_group" }, ...buttons);
    }

    #choose(ratio) {
        this.#wantsLayouts = false;
        this.#actions.layOut(ratio);
        this.#mark();
    }

    /** @returns {HTMLElement} the layouts, as small pictures with their names */
    #chooser() {
        const { Dom, Drawing, Grid } = sdWebuiRpg;
        const buttons = Tools.#LAYOUTS.map(([name, ratio]) => {
            const button = Dom.button(name, () => this.#choose(ratio), { className: "rpg_layout" });
            button.prepend(Drawing.of({ width: 32, height: 32, boxes: Grid.parse(ratio).boxes() }));
            return button;
        });
        const title = "A picture with a colour for each region becomes boxes and masks";
        const colours = Dom.button("From a picture of colours", () => this.#actions.pickColours(), { title });
        return Dom.make("div", { className: "rpg_layouts", role: "group", "aria-label": "Layouts" }, ...buttons, colours);
    }
};
