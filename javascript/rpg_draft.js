/**
 * The panel's document and what its fields show. No DOM here.
 *
 * The document is an API argument without "enabled" (lib_rpg/webui/args.py reads it): "plan", and each field that
 * differs from the plan, as typed, well-formed or not. Blank text is a document that says nothing.
 *
 * @typedef {{prompt: string, planner: string, method: string, examples: string, recaption: boolean | "",
 *            language: string, split_ratio: string, regional_prompt: string, base_prompt: string, base_ratio: number,
 *            base_ratios: string, feather: number, rows_first: boolean, lora: string, hires: string,
 *            negative_prompt: string}} RpgFields
 */
(window.sdWebuiRpg ??= {}).Draft = class Draft {
    /** @type {RpgFields} */
    static #EMPTY = {
        prompt: "",
        planner: "",
        method: "",
        examples: "",
        recaption: "",
        language: "",
        split_ratio: "",
        regional_prompt: "",
        base_prompt: "",
        base_ratio: 0.3,
        base_ratios: "",
        feather: 0,
        rows_first: false,
        lora: "text",
        hires: "both",
        negative_prompt: "",
    };

    /** Fields of a choice whose values are true and false. */
    static #FLAGS = ["recaption", "rows_first"];

    /** @type {object | null} the plan behind the fields */
    #plan;

    /** @type {RpgFields} */
    #fields;

    /** @type {string} */
    #unread;

    /** @param {string} text a document; what is none reads as the empty one */
    constructor(text) {
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
        this.#fields[name] = Draft.#FLAGS.includes(name) && value ? value === "true" : value;
    }

    /** @returns {string} the document */
    toString() {
        const untouched = this.#untouched();
        const changed = Object.entries(this.#fields).filter(([name, value]) => value !== untouched[name]);
        // Without regions and ratio nothing of the plan is shown any more.
        const { regional_prompt, split_ratio } = this.#fields;
        const isPlanned = this.#plan !== null && (regional_prompt.trim() || split_ratio.trim());
        const document = { ...(isPlanned && { plan: this.#plan }), ...Object.fromEntries(changed) };
        return Object.keys(document).length ? JSON.stringify(document) : "";
    }

    /** @returns {RpgFields} what the fields show if nobody edits them */
    #untouched() {
        if (this.#plan === null) return Draft.#EMPTY;
        const { regions = [], ...plan } = this.#plan;
        const given = Object.keys(Draft.#EMPTY).filter((name) => name !== "prompt" && name in plan);
        return {
            ...Draft.#EMPTY,
            ...Object.fromEntries(given.map((name) => [name, plan[name]])),
            regional_prompt: regions.map((region) => region.prompt).join(" BREAK\n"),
            negative_prompt: Draft.#negatives(plan.negative_prompt ?? "", regions),
            base_ratios: Draft.#ratios(plan.base_ratio ?? Draft.#EMPTY.base_ratio, regions),
        };
    }

    /** @returns {string} the negative prompts as text: the whole picture's, and the regions' where any has its own */
    static #negatives(whole, regions) {
        const own = regions.map((region) => region.negative_prompt ?? "");
        return own.some(Boolean) ? `${whole} ADDCOMM ${own.join(" BREAK ")}`.trim() : whole;
    }

    /** @returns {string} the regions' base ratios as text, blank where none has its own */
    static #ratios(whole, regions) {
        const own = regions.map((region) => region.base_ratio ?? null);
        return own.some((ratio) => ratio !== null) ? own.map((ratio) => ratio ?? whole).join(", ") : "";
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
     * Where each region's words stand in a regional prompt.
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
