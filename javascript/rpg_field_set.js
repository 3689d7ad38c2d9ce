/** The inputs of a region or of an object: each with a label, and a place for what is wrong with its text. */
(window.sdWebuiRpg ??= {}).FieldSet = class FieldSet {
    static #WAITS = "The ratio or the words of all regions are being read, or cannot be: this waits for them.";

    /** @type {{ALL: Object<string, RpgField>, says(name: string, text: string, thing: object): boolean}} */
    #kinds;

    /** @type {string} begins the ids of the problems */
    #id;

    /** @type {Map<string, {box: HTMLElement, input: HTMLInputElement, problem: HTMLElement}>} */
    #fields = new Map();

    /**
     * @param {{ALL: Object<string, RpgField>, says: Function}} kinds `RegionFields` or `ObjectFields`
     * @param {string} id a prefix that no other set has
     */
    constructor(kinds, id) {
        this.#kinds = kinds;
        this.#id = id;
    }

    /**
     * @param {string} name
     * @param {string} label
     * @param {string} title
     * @param {{inputMode?: string, choices?: [string, string][]}} options choices: texts and values of a list
     * @returns {HTMLElement} a label with a small field, to be adopted
     */
    static make(name, label, title, { inputMode = "decimal", choices = null } = {}) {
        const { Dom } = sdWebuiRpg;
        const input = choices
            ? Dom.make("select", { title }, ...choices.map(([text, value]) => Dom.make("option", { value }, text)))
            : Dom.make("input", { type: "text", title, autocomplete: "off", inputMode });
        const labelled = Dom.make("label", {}, Dom.make("span", {}, label), input);
        const field = Dom.make("div", { className: "rpg_short" }, labelled);
        field.dataset.field = name;
        return field;
    }

    /**
     * @param {RpgOptions} options
     * @param {string} blank says what no choice means
     * @returns {[string, string][]} the ways of binding, as texts and values
     */
    static modes(options, blank) {
        return [[blank, ""], ...Object.entries(options.binding.choices)];
    }

    /** @param {HTMLElement} box a label with a field, which gets a place for a sentence */
    adopt(box) {
        const input = box.querySelector("textarea, input, select");
        const id = `${this.#id}_${box.dataset.field}_problem`;
        const problem = sdWebuiRpg.Dom.make("p", { className: "rpg_problem", id, role: "status" });
        input.setAttribute("aria-describedby", id);
        box.append(problem);
        this.#fields.set(box.dataset.field, { box, input, problem });
    }

    /** @returns {HTMLInputElement} */
    input(name) {
        return this.#fields.get(name).input;
    }

    /** @param {(name: string) => boolean} isHidden by the name of the field */
    hide(isHidden) {
        for (const [name, { box }] of this.#fields) box.hidden = isHidden(name);
    }

    /**
     * Show a region or an object; what is typed in stays as it is typed.
     *
     * @param {object} thing
     * @param {(name: string) => string | undefined} kept a text that the plan cannot hold yet
     */
    fill(thing, kept) {
        for (const [name, { input }] of this.#fields) {
            const text = kept(name);
            const isTypedIn = input === document.activeElement;
            if (text === undefined && isTypedIn && this.#kinds.says(name, input.value, thing)) continue;
            const shown = text ?? this.#kinds.ALL[name].show(thing);
            if (input.value !== shown) input.value = shown;
        }
    }

    /**
     * Say what keeps texts from being written.
     *
     * @param {object} thing
     * @param {(name: string) => string | undefined} kept as for `fill`
     * @param {(name: string, text: string) => Node[]} offer what goes behind a problem
     */
    showProblems(thing, kept, offer = () => []) {
        for (const [name, { box, input, problem }] of this.#fields) {
            const text = kept(name);
            const reading = text === undefined ? {} : this.#kinds.ALL[name].read(text, thing);
            const sentence = reading.problem ?? (reading.changes ? FieldSet.#WAITS : "");
            // A button that is being pressed stays the same one.
            const key = sentence && `${sentence} ${text}`;
            if ((problem.dataset.key ?? "") === key) continue;
            problem.dataset.key = key;
            box.classList.toggle("rpg_wrong", Boolean(sentence));
            if (sentence) input.setAttribute("aria-invalid", "true");
            else input.removeAttribute("aria-invalid");
            problem.replaceChildren(sentence, ...(reading.problem ? offer(name, text) : []));
        }
    }
};
