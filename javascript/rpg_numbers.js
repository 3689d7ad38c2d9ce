/** Reads numbers as people type them. No DOM here. */
(window.sdWebuiRpg ??= {}).Numbers = class Numbers {
    static #NUMBER = /^([+-]?)(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/;

    /** "0.", "-", "1e": the beginning of a number. */
    static #BEGUN = /^[+-]?\d*\.?$/;

    /**
     * @param {string} text with a point or a comma for decimals: "0.5", "0,5", full-width digits, "50 %"
     * @param {{min: number, max: number, isAbove?: boolean, percent?: number}} range isAbove: more than `min`, not
     *     `min` itself; percent: what one percent is, 0.01 where nothing else is said
     * @returns {{value: number} | {problem: string}} problem: one sentence that says what to type
     */
    static read(text, { min, max, isAbove = false, percent = 0.01 }) {
        const range = `${isAbove ? `above ${min}, up to` : `from ${min} to`} ${max}`;
        const typed = text.normalize("NFKC").trim().replace(",", ".");
        const [, sign, digits, mark] = Numbers.#NUMBER.exec(typed) ?? [];
        if (digits === undefined) {
            if (!typed) return { problem: `Type a number ${range}.` };
            const what = Numbers.#BEGUN.test(typed) ? "not finished" : "no number";
            return { problem: `“${text.trim()}” is ${what}: type one ${range}.` };
        }
        const value = Number(sign + digits) * (mark ? percent : 1);
        const isInside = (isAbove ? value > min : value >= min) && value <= max;
        return isInside ? { value } : { problem: `“${text.trim()}” is out of range: type a number ${range}.` };
    }

    /**
     * @param {string} text as `read` takes it
     * @param {{min: number, max: number}} range
     * @returns {{value: number} | {problem: string}} a whole number
     */
    static readWhole(text, range) {
        const { value, problem } = Numbers.read(text, range);
        if (problem) return { problem };
        if (Number.isSafeInteger(value)) return { value };
        return { problem: `“${text.trim()}” is no whole number: type one from ${range.min} to ${range.max}.` };
    }

    /**
     * @param {string} text numbers of ControlNet units: "0, 2", blank for none
     * @param {number} last the highest number
     * @returns {{value: number[]} | {problem: string}}
     */
    static readUnits(text, last) {
        const parts = text.normalize("NFKC").split(/[\s,;]+/).filter(Boolean);
        const wrong = parts.find((part) => !/^\d+$/.test(part) || Number(part) > last);
        if (wrong !== undefined) {
            return { problem: `“${wrong}” is no unit: type numbers from 0 to ${last}, such as “0, 2”.` };
        }
        const value = parts.map(Number);
        const twice = value.find((unit, i) => value.indexOf(unit) < i);
        return twice === undefined ? { value } : { problem: `Unit ${twice} is there twice: type each once.` };
    }

    /**
     * @param {number} value
     * @returns {string} with at most two decimals
     */
    static show(value) {
        return String(Number(value.toFixed(2)));
    }
};
