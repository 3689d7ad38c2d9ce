/**
 * The panel's document and what its fields show. No DOM here.
 *
 * The document is an API argument without "enabled" (lib_rpg/webui/document.py reads it): "plan", and each field that
 * differs from the plan, as typed, well-formed or not. Blank text is a document that says nothing.
 *
 * Which fields there are, and what they show while nothing is set, comes from lib_rpg/webui/options.py: RpgOptions is
 * what its `for_page` says. "isPlanField": the plan has a field of that name, shown as it is. "regionField": the field
 * of every region that the option's numbers are, "regionDefault" where a region has none. "shapesPlan": it is a part of
 * the plan. "outlivesPlan": it stays where the panel is cleared. "choices": labels and their values.
 *
 * @typedef {{kind: "flag" | "text" | "number" | "numbers" | "choice", default: RpgValue, isPlanField: boolean,
 *            shapesPlan: boolean, outlivesPlan: boolean, regionField?: string,
 *            regionDefault?: number | null, choices?: Object<string, RpgValue>}} RpgOption
 * @typedef {Object<string, RpgOption>} RpgOptions
 * @typedef {string | number | boolean} RpgValue
 * @typedef {Object<string, RpgValue>} RpgFields
 */
(window.sdWebuiRpg ??= {}).Draft = class Draft {
    /** @type {RpgOptions} */
    #options;

    /** @type {object | null} the plan behind the fields */
    #plan;

    /** @type {RpgFields} */
    #fields;

    /** @type {string} */
    #unread;

    /**
     * @param {string} text a document; what is none reads as the empty one
     * @param {RpgOptions} options
     */
    constructor(text, options) {
        this.#options = options;
        const { plan = null, unread = "", ...given } = Draft.#parse(text);
        this.#plan = plan;
        this.#unread = String(unread);
        this.#fields = { ...this.#untouched(), ...given };
    }

    /** @returns {RpgFields} a copy */
    get fields() {
        return { ...this.#fields };
    }

    /** @returns {string} why the regions of a pasted infotext could not be read, blank where nothing of the kind */
    get unread() {
        return this.#unread;
    }

    /**
     * @param {string} name of a field
     * @param {string | number} value as its input has it
     */
    set(name, value) {
        this.#fields[name] = this.#options[name].kind === "flag" && value ? value === "true" : value;
    }

    /** @returns {string} the document */
    toString() {
        // Without regions and ratio nothing of the plan is shown any more.
        const { regional_prompt, split_ratio } = this.#fields;
        const isPlanned = this.#plan !== null && (regional_prompt.trim() || split_ratio.trim());
        const document = { ...(isPlanned && { plan: this.#plan }), ...this.#changed() };
        return Object.keys(document).length ? JSON.stringify(document) : "";
    }

    /**
     * @param {RpgPlan} plan to be behind the fields: an edit of the one that is shown
     * @param {RpgPlan | null} shown
     * @param {boolean} isResolved whether that has all that is typed; else it has the ratio, and words as far as they fit
     * @returns {string} the document
     */
    withPlan(plan, shown, isResolved) {
        const fits = !shown || Draft.parts(this.#fields.regional_prompt).length <= shown.regions.length;
        const layout = ["split_ratio", "rows_first", ...(fits ? ["regional_prompt"] : [])];
        const isIn = (name) => (isResolved ? this.#options[name]?.shapesPlan : layout.includes(name));
        const kept = Object.entries(this.#changed()).filter(([name]) => !isIn(name));
        return JSON.stringify({ plan, ...Object.fromEntries(kept) });
    }

    /** @returns {string} the document without plan and texts: how to plan stays */
    cleared() {
        const { prompt: _, ...changed } = this.#changed();
        const kept = Object.entries(changed).filter(([name]) => !this.#options[name]?.shapesPlan);
        return kept.length ? JSON.stringify(Object.fromEntries(kept)) : "";
    }

    /** @returns {RpgFields} the fields that say something else than the plan */
    #changed() {
        const untouched = this.#untouched();
        return Object.fromEntries(Object.entries(this.#fields).filter(([name, value]) => value !== untouched[name]));
    }

    /** @returns {RpgFields} what the fields show if nobody edits them */
    #untouched() {
        const shown = ([name, option]) => [name, this.#ofPlan(name, option)];
        return Object.fromEntries(Object.entries(this.#options).map(shown));
    }

    /** @returns {RpgValue} what a field shows of the plan, or while there is none */
    #ofPlan(name, option) {
        if (this.#plan === null) return option.default;
        const { regions = [], ...plan } = this.#plan;
        if (name === "regional_prompt") return regions.map((region) => region.prompt).join(" BREAK\n");
        if (name === "negative_prompt") return Draft.#negatives(plan.negative_prompt ?? "", regions);
        if (option.regionField) return this.#numbers(option, plan, regions);
        return option.isPlanField && name in plan ? plan[name] : option.default;
    }

    /** @returns {string} the negative prompts as text: the whole picture's, and the regions' where any has its own */
    static #negatives(whole, regions) {
        const own = regions.map((region) => region.negative_prompt ?? "");
        return own.some(Boolean) ? `${whole} ADDCOMM ${own.join(" BREAK ")}`.trim() : whole;
    }

    /** @returns {string} a number for each region, the plan's where a region has none; blank where no region has one */
    #numbers({ regionField, regionDefault }, plan, regions) {
        const own = regions.map((region) => region[regionField] ?? regionDefault);
        if (own.every((number) => number === regionDefault)) return "";
        const forAll = plan[regionField] ?? this.#options[regionField]?.default ?? regionDefault;
        return own.map((number) => (number === regionDefault ? forAll : number) ?? "").join(", ");
    }

    /** @returns {object} */
    static #parse(text) {
        try {
            const document = JSON.parse(text);
            return document !== null && typeof document === "object" ? document : {};
        } catch {
            return {};
        }
    }

    /**
     * Where each region's words are in a regional prompt.
     *
     * @param {string} text
     * @returns {[number, number][]} start and end of every part between the keywords, blanks around it left out
     */
    static parts(text) {
        const heads = [...text.matchAll(/\b(?:ADDBASE|ADDCOMM)\b/g)];
        const start = heads.reduce((_, m) => m.index + m[0].length, 0);
        const marks = [...text.matchAll(/\b(?:BREAK|ADDROW|ADDCOL)\b/g)].filter((m) => m.index >= start);
        const starts = [start, ...marks.map((m) => m.index + m[0].length)];
        const ends = [...marks.map((m) => m.index), text.length];
        return starts.map((from, i) => {
            const part = text.slice(from, ends[i]);
            return [from + part.length - part.trimStart().length, from + part.trimEnd().length];
        });
    }
};
