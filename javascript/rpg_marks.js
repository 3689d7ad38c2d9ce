/** Small marks for what a region has beside its words. */
(window.sdWebuiRpg ??= {}).Marks = class Marks {
    static #LORA = /<(?:lora|lyco):/i;

    /**
     * @param {string} text of a prompt
     * @returns {boolean}
     */
    static hasLora(text) {
        return Marks.#LORA.test(text);
    }

    /**
     * @param {RpgRegion} region one that is not finished may lack fields
     * @returns {[string, string][]} an icon's name or a short text, and what it says
     */
    static of(region) {
        const { prompt = "", negative_prompt: negative = "", base_ratio: ratio = null, control = [] } = region;
        const { weight = 1, start = 0, end = 1, mask = "" } = region;
        return [
            ["ratio", ratio !== null, () => `Base ratio ${ratio}`],
            ["negative", Boolean(negative), () => `Negative: ${negative}`],
            ["lora", Marks.hasLora(prompt), () => "Has a LoRA"],
            ["mask", Boolean(mask), () => "Has a mask"],
            ["control", control.length > 0, () => `ControlNet unit ${control.join(", ")}`],
            [`×${weight}`, weight !== 1, () => `Weight ${weight}`],
            [`${start}–${end}`, start !== 0 || end !== 1, () => `Acts from ${start} to ${end} of the steps`],
        ].flatMap(([mark, isThere, title]) => (isThere ? [[mark, title()]] : []));
    }

    /**
     * @param {[string, string]} mark
     * @returns {Element}
     */
    static draw([mark, title]) {
        const { Dom, Icons } = sdWebuiRpg;
        const isText = /\d/.test(mark);
        return isText ? Dom.make("span", { className: "rpg_badge", title }, mark) : Icons.make(mark, title);
    }
};
