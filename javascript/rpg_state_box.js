/**
 * The hidden textbox that Generate sends: written when typing pauses, and at the latest before anything is pressed.
 *
 * Each write has gradio look at all of the page's blocks, which takes too long for each key.
 */
(window.sdWebuiRpg ??= {}).StateBox = class StateBox {
    static #PAUSE_MS = 300;

    /** @type {HTMLTextAreaElement} */
    #input;

    #timer = 0;

    /** @type {string} what the textbox was given last */
    #written = "";

    /** @type {string} the document */
    text = "";

    /** @param {HTMLTextAreaElement} input */
    constructor(input) {
        this.#input = input;
        // Before any handler of the page: what is pressed may be Generate.
        window.addEventListener("pointerdown", () => this.flush(), true);
        window.addEventListener("keydown", (event) => this.#pressed(event), true);
        window.addEventListener("click", (event) => this.#clicked(event), true);
        window.addEventListener("pagehide", () => this.flush(), true);
    }

    /** @param {string} text to be the document */
    write(text) {
        this.text = text;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.flush(), StateBox.#PAUSE_MS);
    }

    /** Have gradio know the document. */
    flush() {
        // What gradio has just put into the textbox stays until it is taken.
        if (!this.#timer) return;
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#put(this.text);
    }

    /**
     * Have gradio know another document for one press of Generate; the own one comes back at once.
     *
     * @param {string} text
     * @param {() => void} press
     */
    lend(text, press) {
        this.flush();
        this.#put(text);
        // gradio takes the textbox's value over, and a click reads it, each in a turn of its own.
        setTimeout(() => {
            press();
            setTimeout(() => this.#put(this.text), StateBox.#PAUSE_MS);
        });
    }

    /** @param {string} text */
    #put(text) {
        this.#written = text;
        if (this.#input.value === text) return;
        this.#input.value = text;
        updateInput(this.#input);
    }

    /**
     * @param {string} text that gradio says the textbox has
     * @returns {boolean} whether it is none of this object's own, but a server's answer or a paste
     */
    isForeign(text) {
        return text !== this.text && text !== this.#written;
    }

    /** A script's click, which no pointer or key comes before; a choice is not to be drawn anew in the midst of one. */
    #clicked({ isTrusted, target }) {
        if (!isTrusted && target.tagName !== "INPUT") this.flush();
    }

    #pressed({ key, ctrlKey, metaKey, altKey, target }) {
        const isShortcut = ctrlKey || metaKey || altKey;
        const isText = ["TEXTAREA", "INPUT"].includes(target.tagName);
        if ((key === "Enter" && (isShortcut || !isText)) || (key === " " && !isText)) this.flush();
    }
};
