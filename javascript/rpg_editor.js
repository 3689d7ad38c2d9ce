/**
 * The list of all regions, and below it every field of the one that is selected.
 *
 * Its two textareas are in the page from the start (lib_rpg/webui/panel/sections.py), where tag completion looks once.
 * A text that the plan cannot hold is marked and kept until it can.
 */
(window.sdWebuiRpg ??= {}).Editor = class Editor {
    static #WAITS = "The ratio or the words of all regions are being read, or cannot be: this waits for them.";
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

    /** @type {Map<string, {box: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement, problem: HTMLElement}>} */
    #fields = new Map();

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
        const [words, negative] = ["prompt", "negative_prompt"].map((name) => this.#fields.get(name).input);
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
        const { input } = this.#fields.get("prompt");
        input.focus();
        input.setSelectionRange(input.value.length, input.value.length);
    }

    #build() {
        const { Dom } = sdWebuiRpg;
        for (const box of this.#form.querySelectorAll("[data-field]")) this.#adopt(box);
        const short = Editor.#SHORT.map(([name, label, title]) => Editor.#shortField(name, label, title));
        const name = Editor.#shortField("name", "Name", "A short label, for people only");
        const number = Dom.make("span", { className: "rpg_number" });
        const head = Dom.make("div", { className: "rpg_form_head" }, number, name);
        const mask = Dom.make("div", { className: "rpg_region_mask", role: "group", "aria-label": "Mask" });
        this.#lora = Dom.make("p", { className: "rpg_region_lora" });
        this.#form.prepend(head);
        this.#form.append(this.#lora, Dom.make("div", { className: "rpg_short_fields" }, ...short), mask);
        for (const box of [name, ...short]) this.#adopt(box);
        this.#mask = new sdWebuiRpg.RegionMask(mask, this.#panel);
    }

    /** @returns {HTMLElement} */
    static #shortField(name, label, title) {
        const { Dom } = sdWebuiRpg;
        const input = Dom.make("input", { type: "text", title, autocomplete: "off" });
        if (name !== "name") input.inputMode = name === "control" ? "text" : "decimal";
        const labelled = Dom.make("label", {}, Dom.make("span", {}, label), input);
        const field = Dom.make("div", { className: "rpg_short" }, labelled);
        field.dataset.field = name;
        return field;
    }

    /** @param {HTMLElement} box a label with a field, which gets a place for a sentence */
    #adopt(box) {
        const input = box.querySelector("textarea, input");
        const id = `${this.#root.closest("[id]").id}_${box.dataset.field}_problem`;
        const problem = sdWebuiRpg.Dom.make("p", { className: "rpg_problem", id, role: "status" });
        input.setAttribute("aria-describedby", id);
        box.append(problem);
        this.#fields.set(box.dataset.field, { box, input, problem });
    }

    /** Show the selected region; what is typed in stays as it is typed. */
    #fill() {
        const region = this.#plan?.regions[this.#selected];
        if (!region) return;
        const isFree = this.#plan.layout === "boxes";
        for (const [name, { box, input }] of this.#fields) {
            box.hidden = !isFree && Editor.#FREE.includes(name);
            const kept = this.#unfinished.get(this.#selected, name);
            const isTypedIn = input === document.activeElement;
            if (kept === undefined && isTypedIn && sdWebuiRpg.RegionFields.says(name, input.value, region)) continue;
            const text = kept ?? sdWebuiRpg.RegionFields.ALL[name].show(region);
            if (input.value !== text) input.value = text;
        }
        this.#fields.get("base_ratio").input.placeholder = String(this.#plan.base_ratio ?? "");
        this.#form.setAttribute("aria-label", `Region ${this.#selected + 1}`);
        this.#form.querySelector(".rpg_number").textContent = String(this.#selected + 1);
        this.#form.style.setProperty("--rpg-hue", `${sdWebuiRpg.Colours.hue(this.#selected)}deg`);
        this.#mask.show(region, this.#selected);
        this.#showLora(region);
        this.#showProblems(region);
    }

    /** @param {EventTarget} target of an input event */
    #typed(target) {
        const name = target.closest("[data-field]")?.dataset.field;
        const region = this.#plan?.regions[this.#selected];
        if (!name || !region) return;
        this.#unfinished.keep(this.#selected, name, target.value, sdWebuiRpg.RegionFields.ALL[name].show(region));
        this.#settle(name);
        this.#list.mark(this.#selected, this.#unfinished.of(this.#selected).length > 0);
        this.#showProblems(this.#plan.regions[this.#selected]);
    }

    /**
     * Write what is typed for the selected region into the plan, as far as it can hold it.
     *
     * @param {string} name of the field that is typed in
     */
    #settle(name = "") {
        const { RegionFields } = sdWebuiRpg;
        const index = this.#selected;
        let edited = this.#plan;
        const settled = this.#unfinished.of(index).filter(([field, text]) => {
            const { changes } = RegionFields.ALL[field].read(text, edited.regions[index]);
            if (changes) edited = RegionFields.applied(edited, index, changes);
            return Boolean(changes);
        });
        if (edited !== this.#plan && !this.#panel.isEditable) return;
        for (const [field] of settled) this.#unfinished.drop(index, field);
        if (edited !== this.#plan) this.#panel.edit(edited, name && `region ${index + 1} ${name}`, index);
    }

    /** Say what keeps texts from being written. */
    #showProblems(region) {
        for (const [name, { box, input, problem }] of this.#fields) {
            const text = this.#unfinished.get(this.#selected, name);
            const reading = text === undefined ? {} : sdWebuiRpg.RegionFields.ALL[name].read(text, region);
            const sentence = reading.problem ?? (reading.changes ? Editor.#WAITS : "");
            // A button that is being pressed stays the same one.
            const key = sentence && `${sentence} ${text}`;
            if (problem.dataset.key === key) continue;
            problem.dataset.key = key;
            box.classList.toggle("rpg_wrong", Boolean(sentence));
            if (sentence) input.setAttribute("aria-invalid", "true");
            else input.removeAttribute("aria-invalid");
            problem.replaceChildren(sentence, ...(name === "prompt" && reading.problem ? this.#offerSplit(text) : []));
        }
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
        this.#unfinished.drop(index, "prompt");
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
