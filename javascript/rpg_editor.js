/**
 * The list of all regions, and below it every field of the one that is selected.
 *
 * Its two textareas are in the page from the start (lib_rpg/webui/panel/sections.py), where tag completion looks once.
 * A text that the plan cannot hold is marked and kept until it can.
 */
(window.sdWebuiRpg ??= {}).Editor = class Editor {
    static #HINT = "Select a region to edit it.";

    /** @type {[string, string, string][]} name, label and title of the short fields */
    static #SHORT = [
        ["base_ratio", "Base ratio", "The base prompt's share in this region, 0 to 1; blank: as in the whole picture"],
        ["weight", "Weight", "The region's share where boxes overlap, above 0 to 100"],
        ["start", "Start", "From which part of the steps the region acts, 0 to 1"],
        ["end", "End", "Up to which part of the steps the region acts, 0 to 1"],
        ["x", "Left %", "The region's left edge, in percent of the picture"],
        ["y", "Top %", "The region's top edge, in percent of the picture"],
        ["width", "Width %", "In percent of the picture"],
        ["height", "Height %", "In percent of the picture"],
        ["control", "ControlNet units", "Numbers of the units, from 0, that act in this region only: 0, 2"],
        ["seed", "Seed", "Of the noise that the region's place begins with; blank: the picture's"],
        ["cfg_scale", "CFG scale", "Of the passes that the region has by itself, 1 to 30; blank: the picture's"],
    ];

    /** What is there in free boxes only. */
    static #FREE = ["weight", "x", "y", "width", "height"];

    static #LORA = { text: "its words", unet: "its place", shared: "the whole picture" };

    /** @type {HTMLElement} */
    #root;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {sdWebuiRpg.RegionList} */
    #list;

    /** @type {sdWebuiRpg.RegionMask} */
    #mask;

    /** @type {HTMLElement} */
    #form;

    /** @type {sdWebuiRpg.FieldSet} */
    #fields;

    /** @type {sdWebuiRpg.ObjectList} */
    #objects;

    /** @type {HTMLElement} */
    #lora;

    #unfinished = new sdWebuiRpg.Unfinished();

    /** @type {RpgPlan | null} the plan that is shown */
    #plan = null;

    #selected = -1;

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        this.#root = root;
        this.#panel = panel;
        this.#form = root.querySelector(".rpg_form");
        this.#list = new sdWebuiRpg.RegionList(root.querySelector(".rpg_lines"), panel);
        this.#build();
        this.#form.addEventListener("input", ({ target }) => this.#typed(target));
        this.#form.addEventListener("focusout", () => this.#fill());
        const panelRoot = root.closest(".rpg_panel");
        const tab = panelRoot.classList.contains("rpg_img2img") ? "img2img" : "txt2img";
        const [words, negative] = ["prompt", "negative_prompt"].map((name) => this.#fields.input(name));
        new sdWebuiRpg.CardTarget(panelRoot, tab, { words, negative });
        this.show(null, -1);
    }

    /**
     * @param {RpgPlan | null} plan
     * @param {number} selected
     */
    show(plan, selected) {
        this.#unfinished.follow(this.#plan, plan);
        this.#plan = plan;
        this.#list.show(plan, selected);
        this.#root.hidden = plan === null;
        plan?.regions.forEach((_, i) => this.#list.mark(i, this.#unfinished.of(i).length > 0));
        this.select(selected);
        // What waited for the text to be read; not within this call, which an edit is in the midst of.
        if (this.#unfinished.of(selected).length) queueMicrotask(() => this.#settle());
    }

    /** @param {number} index */
    select(index) {
        this.#selected = index;
        this.#list.select(index);
        const isOpen = Boolean(this.#plan?.regions[index]);
        this.#form.hidden = !isOpen;
        this.#root.querySelector(".rpg_editor_hint").textContent = isOpen ? "" : Editor.#HINT;
        this.#fill();
    }

    set isStale(isStale) {
        this.#root.classList.toggle("rpg_stale", isStale);
    }

    /** @param {RpgView} view what the server says about the document: the tokens of its regions, null while unknown */
    facts({ plan, tokens }) {
        if (!plan) return;
        this.#list.tokens = new Map(plan.regions.map(({ prompt }, i) => [(prompt ?? "").trim(), tokens?.[i] ?? null]));
    }

    /** Go to the words of the selected region. */
    focusWords() {
        const input = this.#fields.input("prompt");
        input.focus();
        input.setSelectionRange(input.value.length, input.value.length);
    }

    /** @param {number} object of the selected region, whose words to go to */
    focusObject(object) {
        this.#objects.focus(object);
    }

    #build() {
        const { Dom, FieldSet, ObjectList, RegionFields } = sdWebuiRpg;
        const long = [...this.#form.querySelectorAll("[data-field]")];
        const keyboard = (name) => (name === "control" ? "text" : "decimal");
        const make = ([name, label, title]) => FieldSet.make(name, label, title, { inputMode: keyboard(name) });
        const short = Editor.#SHORT.map(make);
        const choices = FieldSet.modes(this.#panel.options, "as the plan");
        short.push(FieldSet.make("mode", "Binding", "How the region's objects are bound", { choices }));
        const name = FieldSet.make("name", "Name", "A short label, for people only", { inputMode: "text" });
        const number = Dom.make("span", { className: "rpg_number" });
        const head = Dom.make("div", { className: "rpg_form_head" }, number, name);
        const mask = Dom.make("div", { className: "rpg_region_mask", role: "group", "aria-label": "Mask" });
        const objects = Dom.make("div", { className: "rpg_objects", role: "group", "aria-label": "Objects" });
        this.#lora = Dom.make("p", { className: "rpg_region_lora" });
        this.#form.prepend(head);
        this.#form.append(this.#lora, Dom.make("div", { className: "rpg_short_fields" }, ...short), mask, objects);
        this.#fields = new FieldSet(RegionFields, this.#root.closest("[id]").id);
        for (const box of [...long, name, ...short]) this.#fields.adopt(box);
        this.#mask = new sdWebuiRpg.RegionMask(mask, this.#panel);
        this.#objects = new ObjectList(objects, this.#panel);
    }

    /** Show the selected region; what is typed in stays as it is typed. */
    #fill() {
        const region = this.#plan?.regions[this.#selected];
        if (!region) return;
        const isFree = this.#plan.layout === "boxes";
        this.#fields.hide((name) => !isFree && Editor.#FREE.includes(name));
        this.#fields.fill(region, (name) => this.#kept(-1, name));
        this.#fields.input("base_ratio").placeholder = String(this.#plan.base_ratio ?? "");
        this.#form.setAttribute("aria-label", `Region ${this.#selected + 1}`);
        this.#form.querySelector(".rpg_number").textContent = String(this.#selected + 1);
        this.#form.style.setProperty("--rpg-hue", `${sdWebuiRpg.Colours.hue(this.#selected)}deg`);
        this.#mask.show(region, this.#selected);
        this.#objects.show(this.#plan, this.#selected, (object, name) => this.#kept(object, name));
        this.#showLora(region);
        this.#showProblems(region);
    }

    /** @returns {string | undefined} a text of the selected region, or of its object, that the plan cannot hold yet */
    #kept(object, name) {
        return this.#unfinished.get({ index: this.#selected, object }, name);
    }

    /** @param {EventTarget} target of an input event */
    #typed(target) {
        const name = target.closest("[data-field]")?.dataset.field;
        const { object = -1 } = target.closest("[data-object]")?.dataset ?? {};
        const typed = { index: this.#selected, object: Number(object) };
        const thing = this.#plan && Editor.#thing(this.#plan, typed);
        if (!name || !thing) return;
        this.#unfinished.keep(typed, name, target.value, Editor.#kinds(typed).ALL[name].show(thing));
        this.#settle(name, typed.object);
        this.#list.mark(this.#selected, this.#unfinished.of(this.#selected).length > 0);
        this.#showProblems(this.#plan.regions[this.#selected]);
    }

    /** @returns {RpgRegion | RpgEntity | undefined} */
    static #thing(plan, target) {
        return target.object < 0 ? plan.regions[target.index] : sdWebuiRpg.Objects.find(plan, target);
    }

    /** @returns {Function} the class with the fields of a region, or of an object */
    static #kinds({ object }) {
        return object < 0 ? sdWebuiRpg.RegionFields : sdWebuiRpg.ObjectFields;
    }

    /** @returns {RpgPlan} with the changes of a region or an object */
    static #applied(plan, { index, object }, changes) {
        const { ObjectFields, RegionFields } = sdWebuiRpg;
        if (object < 0) return RegionFields.applied(plan, index, changes);
        return ObjectFields.applied(plan, { index, object }, changes);
    }

    /**
     * Write what is typed for the selected region and its objects into the plan, as far as it can hold it.
     *
     * @param {string} name of the field that is typed in
     * @param {number} object that it is of, -1 for the region
     */
    #settle(name = "", object = -1) {
        const index = this.#selected;
        let edited = this.#plan;
        const settled = this.#unfinished.of(index).filter((kept) => {
            const { changes } = Editor.#kinds(kept).ALL[kept.name].read(kept.text, Editor.#thing(edited, kept));
            if (changes) edited = Editor.#applied(edited, kept, changes);
            return Boolean(changes);
        });
        if (edited !== this.#plan && !this.#panel.isEditable) return;
        for (const kept of settled) this.#unfinished.drop(kept, kept.name);
        const kind = name && `region ${index + 1} ${object} ${name}`;
        if (edited !== this.#plan) this.#panel.edit(edited, kind, index);
    }

    /** Say what keeps texts from being written. */
    #showProblems(region) {
        const offer = (name, text) => (name === "prompt" ? this.#offerSplit(text) : []);
        this.#fields.showProblems(region, (name) => this.#kept(-1, name), offer);
        this.#objects.showProblems(region, (object, name) => this.#kept(object, name));
    }

    /** @returns {HTMLElement[]} a button where the words are those of several regions */
    #offerSplit(text) {
        const words = sdWebuiRpg.RegionFields.parts(text);
        if (words.length < 2 || this.#plan.regions[this.#selected].mask) return [];
        if (this.#plan.regions.length + words.length - 1 > sdWebuiRpg.Actions.MAX_REGIONS) return [];
        return [sdWebuiRpg.Dom.button(`Split into ${words.length} regions`, () => this.#split(words))];
    }

    /** @param {string[]} words of the selected region, and of those that it is split into */
    #split(words) {
        if (!sdWebuiRpg.Actions.of(this.#panel).canEdit()) return;
        const { Edits } = sdWebuiRpg;
        const { size } = this.#panel;
        const index = this.#selected;
        const [, , width, height] = Edits.box(this.#plan.regions[index]);
        const isWide = width * size.width >= height * size.height;
        const halved = words.slice(1).reduce((plan, _, i) => Edits.split(plan, index + i, isWide), this.#plan);
        const worded = words.reduce((plan, prompt, i) => Edits.withRegion(plan, index + i, { prompt }), halved);
        this.#unfinished.drop({ index, object: -1 }, "prompt");
        this.#panel.edit(worded, "", index);
        this.focusWords();
    }

    /** Say what a LoRA in the region acts on, which is the whole picture's choice, and lead there. */
    #showLora({ prompt = "" }) {
        const mode = sdWebuiRpg.Marks.hasLora(prompt) ? this.#plan.lora ?? "text" : "";
        if (this.#lora.dataset.mode === mode) return;
        this.#lora.dataset.mode = mode;
        this.#lora.hidden = !mode;
        const { button } = sdWebuiRpg.Dom;
        const place = button(Editor.#LORA.unet, () => this.#useItsPlace(), { title: "For all regions of the picture" });
        const title = "Go to the choice, which is the whole picture's";
        const lead = button("Change", () => this.#goToLora(), { title });
        const offer = mode === "text" ? [" A LoRA that is mostly a look needs ", place] : [];
        this.#lora.replaceChildren("A LoRA in here acts on: ", `${Editor.#LORA[mode] ?? ""}.`, ...offer, " ", lead);
    }

    #useItsPlace() {
        if (sdWebuiRpg.Actions.of(this.#panel).canEdit()) this.#panel.edit({ ...this.#plan, lora: "unet" });
    }

    #goToLora() {
        const panelRoot = this.#root.closest(".rpg_panel");
        const title = panelRoot.querySelector("[id$=_rpg_details] .label-wrap");
        if (!title.classList.contains("open")) title.click();
        // gradio opens it in a task of its own.
        setTimeout(() => {
            const choice = panelRoot.querySelector(".rpg_lora input:checked");
            choice.scrollIntoView({ block: "center" });
            choice.focus();
        }, 100);
    }
};
