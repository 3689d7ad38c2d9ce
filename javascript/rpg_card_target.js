/**
 * Has a click on a card of an extra network (a LoRA) write its tag into the region whose words were typed in last.
 *
 * The WebUI writes a LoRA's tag into the tab's prompt, wherever the caret was. It keeps the prompt that had the focus
 * last in `activePromptTextarea`: where that is one of the panel's own, this object answers the click, else the WebUI.
 */
(window.sdWebuiRpg ??= {}).CardTarget = class CardTarget {
    /** @type {HTMLElement} the panel with its title */
    #panel;

    /** @type {HTMLTextAreaElement} */
    #words;

    /** @type {HTMLTextAreaElement} */
    #negative;

    /** @type {HTMLTextAreaElement} the words of all regions, those of the selected one among them */
    #regional;

    /**
     * @param {HTMLElement} panelRoot
     * @param {"txt2img" | "img2img"} tab
     * @param {{words: HTMLTextAreaElement, negative: HTMLTextAreaElement}} fields of the region that is edited
     */
    constructor(panelRoot, tab, { words, negative }) {
        const { cardClicked } = window;
        // A const in Classic, let in Neo: no property of the window.
        if (!cardClicked || typeof activePromptTextarea === "undefined") return;
        this.#panel = panelRoot.closest(".input-accordion") ?? panelRoot;
        this.#words = words;
        this.#negative = negative;
        this.#regional = panelRoot.querySelector(".rpg_regional_prompt textarea");
        panelRoot.addEventListener("focusin", ({ target }) => {
            if (this.#isOwn(target)) activePromptTextarea[tab] = target;
        });
        window.cardClicked = (clicked, text, ...rest) => {
            const target = clicked === tab && activePromptTextarea[tab];
            if (!this.#isOwn(target)) return cardClicked(clicked, text, ...rest);
            // What was closed since gets no tag.
            if (!this.#isOpen(target)) {
                activePromptTextarea[tab] = gradioApp().querySelector(`#${tab}_prompt textarea`);
                return cardClicked(clicked, text, ...rest);
            }
            // Before 1.8 no text for the negative prompt came along.
            const [negativeText, isForEither] = rest.length > 1 ? rest : ["", ...rest];
            return this.#write(text, negativeText, isForEither && target === negative);
        };
    }

    #isOwn(target) {
        return Boolean(target) && [this.#words, this.#negative, this.#regional].includes(target);
    }

    /** @returns {boolean} whether a field would be seen in its tab: the cards have a tab of their own in its place */
    #isOpen(field) {
        const isHidden = (element) => getComputedStyle(element).display === "none";
        for (let element = field; element !== this.#panel; element = element.parentElement) {
            if (isHidden(element)) return false;
        }
        return true;
    }

    /** @param {boolean} isNegative whether the text itself is meant for the negative prompt: an embedding */
    #write(text, negativeText, isNegative) {
        const words = this.#isOpen(this.#words) ? this.#words : this.#regional;
        updatePromptArea(text, isNegative && !negativeText ? this.#negative : words);
        if (negativeText && this.#isOpen(this.#negative)) updatePromptArea(negativeText, this.#negative, true);
    }
};
