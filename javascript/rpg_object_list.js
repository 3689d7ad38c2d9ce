/** The objects of the region that is edited: a line each with its fields, and buttons to add, remove and order them. */
(window.sdWebuiRpg ??= {}).ObjectList = class ObjectList {
    static #NONE = "No box in this region is drawn by itself yet.";

    /** @type {[string, string, string, string][]} name, label, title and keyboard of what is always seen */
    static #FIELDS = [
        ["phrase", "Object", "What it is, in a few words: for people only", "text"],
        ["count", "Count", "How many of it stand in its box", "numeric"],
        ["prompt", "Object prompt", "The words that it is drawn with by itself; blank: the region's", "text"],
    ];

    /** @type {[string, string, string, string][]} name, label, title, and the option of the plan that it replaces */
    static #MORE = [
        ["steps", "Bound steps", "A share of the steps, 0 to 1; blank: as in the whole picture", "bound_steps"],
        ["sigma", "Bound until sigma", "0 counts steps; blank: as in the whole picture", "bound_sigma"],
        ["strength", "Binding strength", "0 to 1; blank: as in the whole picture", "bound_strength"],
        ["feather", "Binding feather", "0 to 0.5 of the shorter side; blank: as in the whole picture", "bound_feather"],
    ];

    /** @type {[string, string][]} action, which is an icon's name as well, and title */
    static #BUTTONS = [
        ["earlier", "One earlier: the object goes behind"],
        ["later", "One later: the object comes to the front"],
        ["remove", "Delete the object"],
    ];

    /** @type {HTMLElement} */
    #root;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {HTMLElement} */
    #lines;

    /** @type {HTMLElement} */
    #hint;

    /** @type {HTMLButtonElement} */
    #add;

    /** @type {{line: HTMLElement, fields: sdWebuiRpg.FieldSet}[]} */
    #shown = [];

    /** @type {number[]} of the objects in the lines */
    #numbers = [];

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        const { Dom } = sdWebuiRpg;
        this.#root = root;
        this.#panel = panel;
        this.#lines = Dom.make("div", { className: "rpg_object_lines" });
        this.#hint = Dom.make("span", {}, ObjectList.#NONE);
        const title = "Put a box in the middle of the region, to be drawn by itself first where binding is on";
        this.#add = Dom.button("Add an object", () => this.#added(), { title });
        const foot = Dom.make("div", { className: "rpg_object_foot" }, this.#add, this.#hint);
        root.append(Dom.make("strong", {}, "Objects"), this.#lines, foot);
        root.addEventListener("click", ({ target }) => this.#clicked(target));
        root.addEventListener("focusin", ({ target }) => this.#focused(target));
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of the region
     * @param {(object: number, name: string) => string | undefined} kept a text that the plan cannot hold yet
     */
    show(plan, index, kept) {
        const region = plan.regions[index];
        this.#numbers = sdWebuiRpg.Objects.numbers(region);
        while (this.#shown.length > this.#numbers.length) this.#shown.pop().line.remove();
        while (this.#shown.length < this.#numbers.length) this.#shown.push(this.#addLine(this.#shown.length));
        this.#hint.hidden = this.#numbers.length > 0;
        this.#numbers.forEach((object, i) => {
            const { line, fields } = this.#shown[i];
            const entity = region.entities[object];
            line.dataset.object = object;
            line.setAttribute("aria-label", `Object ${i + 1}: ${entity.phrase}`);
            line.classList.toggle("rpg_current", object === this.#panel.object);
            fields.fill(entity, (name) => kept(object, name));
            fields.input("prompt").placeholder = region.prompt ?? "";
            fields.input("seed").placeholder = String(region.seed ?? "");
            for (const [name, , , option] of ObjectList.#MORE) {
                const around = region.binding?.[name] ?? plan[option] ?? this.#panel.options[option].default;
                fields.input(name).placeholder = String(around);
            }
        });
    }

    /**
     * @param {RpgRegion} region
     * @param {(object: number, name: string) => string | undefined} kept as for `show`
     */
    showProblems(region, kept) {
        this.#numbers.forEach((object, i) => {
            this.#shown[i].fields.showProblems(region.entities[object], (name) => kept(object, name));
        });
    }

    /** @param {number} object whose words to go to */
    focus(object) {
        const line = this.#shown[this.#numbers.indexOf(object)];
        line?.fields.input("prompt").focus();
    }

    /** @returns {{line: HTMLElement, fields: sdWebuiRpg.FieldSet}} */
    #addLine(i) {
        const { Dom, FieldSet, Icons, ObjectFields } = sdWebuiRpg;
        const make = (name, label, title, inputMode) => FieldSet.make(name, label, title, { inputMode });
        const seen = ObjectList.#FIELDS.map((field) => make(...field));
        const choices = FieldSet.modes(this.#panel.options, "as the region");
        const more = [
            FieldSet.make("mode", "Binding", "How the object is bound", { choices }),
            ...ObjectList.#MORE.map(([name, label, title]) => make(name, label, title)),
            make("seed", "Seed", "Of the noise that the object begins with; blank: the region's", "numeric"),
        ];
        const buttons = ObjectList.#BUTTONS.map(([act, title]) => {
            const says = `${title.split(":")[0]}, object ${i + 1}`;
            const properties = { type: "button", className: "rpg_button", title, "aria-label": says };
            const button = Dom.make("button", properties, Icons.make(act));
            button.dataset.act = act;
            return button;
        });
        const head = Dom.make(
            "div",
            { className: "rpg_object_head" },
            ...seen,
            Dom.make("span", { className: "rpg_line_buttons" }, ...buttons),
        );
        const folded = Dom.make(
            "details",
            { className: "rpg_more" },
            Dom.make("summary", {}, "More"),
            Dom.make("div", { className: "rpg_short_fields" }, ...more),
        );
        const line = Dom.make("div", { className: "rpg_object_line", role: "group" }, head, folded);
        const fields = new FieldSet(ObjectFields, `${this.#root.closest("[id]").id}_object_${i}`);
        for (const box of [...seen, ...more]) fields.adopt(box);
        this.#lines.append(line);
        return { line, fields };
    }

    #added() {
        sdWebuiRpg.Actions.of(this.#panel).addObject();
        const line = this.#shown[this.#numbers.indexOf(this.#panel.object)];
        line?.fields.input("phrase").focus();
    }

    /** A field that is gone to selects its object. */
    #focused(target) {
        const line = target.closest(".rpg_object_line");
        if (line) this.#panel.select(this.#panel.selected, Number(line.dataset.object));
    }

    #clicked(target) {
        const { act } = target.closest("[data-act]")?.dataset ?? {};
        if (!act) return;
        const i = this.#shown.findIndex(({ line }) => line.contains(target));
        const actions = sdWebuiRpg.Actions.of(this.#panel);
        if (act === "remove") this.#remove(actions, i);
        else this.#move(actions, i, act);
    }

    #remove(actions, i) {
        actions.removeObject(this.#numbers[i]);
        const next = this.#shown[Math.min(i, this.#shown.length - 1)]?.line.querySelector("[data-act=remove]");
        (next ?? this.#add).focus();
    }

    #move(actions, i, act) {
        actions.reorderObject(this.#numbers[i], act === "earlier" ? -1 : 1);
        // The button goes with its object.
        const now = this.#numbers.indexOf(this.#panel.object);
        if (now !== i) this.#shown[now]?.line.querySelector(`[data-act=${act}]`).focus();
    }
};
