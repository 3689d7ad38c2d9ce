/** The size of what is dragged, beside the pointer. */
(window.sdWebuiRpg ??= {}).Readout = class Readout {
    /** From the pointer, in pixels: a finger does not cover it. */
    static #OFFSET = 18;

    /** @type {HTMLElement} */
    #element;

    // Its data is set, which is no change of the page's elements that the WebUI looks at.
    #text = document.createTextNode("");

    /** @param {HTMLElement} root */
    constructor(root) {
        const properties = { className: "rpg_readout", hidden: true, "aria-hidden": "true" };
        this.#element = sdWebuiRpg.Dom.make("div", properties, this.#text);
        root.append(this.#element);
    }

    /**
     * @param {{clientX: number, clientY: number}} pointer
     * @param {RpgBox} box
     * @param {{width: number, height: number}} size of the picture, in pixels
     */
    show({ clientX, clientY }, [, , width, height], size) {
        const percent = (share) => `${Number((share * 100).toFixed(1))} %`;
        const pixels = `${Math.round(width * size.width)} × ${Math.round(height * size.height)}`;
        this.#text.data = `${pixels} px · ${percent(width)} × ${percent(height)}`;
        this.#element.hidden = false;
        const { offsetWidth, offsetHeight } = this.#element;
        const x = Math.min(clientX + Readout.#OFFSET, window.innerWidth - offsetWidth);
        const y = Math.min(clientY + Readout.#OFFSET, window.innerHeight - offsetHeight);
        this.#element.style.transform = `translate(${Math.max(0, x)}px, ${Math.max(0, y)}px)`;
    }

    hide() {
        this.#element.hidden = true;
    }
};
