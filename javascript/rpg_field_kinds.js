/**
 * Fields that regions and their objects have alike, as texts. No DOM here.
 *
 * @typedef {{changes: object} | {problem: string}} RpgReading problem: one sentence for a person
 * @typedef {{show(thing: object): string, read(text: string, thing: object): RpgReading}} RpgField what it shows of a
 *     region or an object, and what a typed text changes there
 */
(window.sdWebuiRpg ??= {}).FieldKinds = class FieldKinds {
    static #KEYWORD = /\b(?:BREAK|ADDBASE|ADDCOMM|ADDROW|ADDCOL)\b/;

    /** Seeds that a number of JavaScript holds exactly. */
    static #SEED = { min: 0, max: Number.MAX_SAFE_INTEGER };

    /** @returns {RpgField} of a seed; blank for none */
    static seed() {
        return {
            show: ({ seed }) => String(seed ?? ""),
            read: (text) => {
                if (!text.trim()) return { changes: { seed: null } };
                return FieldKinds.#change("seed", sdWebuiRpg.Numbers.readWhole(text, FieldKinds.#SEED));
            },
        };
    }

    /**
     * @param {string} name of a whole number
     * @param {{min: number, max: number}} range
     * @param {number} fallback where there is none
     * @returns {RpgField}
     */
    static whole(name, range, fallback) {
        return {
            show: (thing) => String(thing[name] ?? fallback),
            read: (text) => FieldKinds.#change(name, sdWebuiRpg.Numbers.readWhole(text, range)),
        };
    }

    /** @returns {RpgField} of the way of binding; blank for that around it */
    static mode() {
        return {
            show: ({ binding }) => binding?.mode ?? "",
            read: (text, thing) => FieldKinds.#bound(thing, "mode", text || null),
        };
    }

    /**
     * @param {string} name of a number of the binding
     * @param {{min: number, max: number}} range
     * @returns {RpgField} blank for that around it
     */
    static bound(name, range) {
        return {
            show: ({ binding }) => String(binding?.[name] ?? ""),
            read: (text, thing) => {
                if (!text.trim()) return FieldKinds.#bound(thing, name, null);
                const { value, problem } = sdWebuiRpg.Numbers.read(text, range);
                return problem ? { problem } : FieldKinds.#bound(thing, name, value);
            },
        };
    }

    /**
     * @param {string} text words of one region or object
     * @returns {RpgReading}
     */
    static words(text) {
        if (/\bAND\b/.test(text)) {
            return { problem: "AND composes prompts, which one region cannot: write “and” or a comma." };
        }
        const keyword = FieldKinds.keyword(text);
        if (!keyword) return { changes: { prompt: text } };
        if (sdWebuiRpg.RegionFields.parts(text).length > 1) {
            return { problem: `${keyword} begins another region: split this one, or write it in lower case.` };
        }
        return { problem: `${keyword} has no place in one region: remove it, or write it in lower case.` };
    }

    /**
     * @param {string} text
     * @returns {string | undefined} the first keyword in it that parts prompts
     */
    static keyword(text) {
        return FieldKinds.#KEYWORD.exec(text)?.[0];
    }

    /**
     * @param {object} changes
     * @param {object} thing a region or an object
     * @param {object} defaults what it has where the plan does not say it
     * @returns {boolean} whether the changes change nothing
     */
    static isSame(changes, thing, defaults) {
        const has = (name) => JSON.stringify(thing[name] ?? defaults[name]);
        return Object.entries(changes).every(([name, value]) => JSON.stringify(value ?? defaults[name]) === has(name));
    }

    /**
     * @param {RpgField} field
     * @param {string} text
     * @param {object} thing a region or an object
     * @param {object} defaults as for `isSame`
     * @returns {boolean} whether the text says what the thing has, be it written otherwise: "0,5" for 0.5
     */
    static says(field, text, thing, defaults) {
        const { changes } = field.read(text, thing);
        return field.show(thing) === text || (changes !== undefined && FieldKinds.isSame(changes, thing, defaults));
    }

    static #change(name, { value, problem }) {
        return problem ? { problem } : { changes: { [name]: value } };
    }

    /** @returns {RpgReading} the binding with that field of it; null for that around it */
    static #bound({ binding = {} }, name, value) {
        const { [name]: _, ...rest } = binding;
        return { changes: { binding: value === null ? rest : { ...rest, [name]: value } } };
    }
};
