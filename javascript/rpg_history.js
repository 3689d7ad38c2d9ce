/**
 * The documents that Undo and Redo step between. No DOM here.
 *
 * @typedef {{width: number, height: number}} RpgSize in pixels
 * @typedef {{text: string, size: RpgSize | null}} RpgStep a document, and the picture's size where that changes with it
 */
(window.sdWebuiRpg ??= {}).History = class History {
    /** Edits of one kind that follow each other faster than this are one step. */
    static #PAUSE_MS = 1500;
    static #MAX_STEPS = 200;

    /** Characters of all documents together: a painted mask has tens of thousands. */
    static #MAX_CHARACTERS = 40_000_000;

    /** @type {RpgStep[]} the latest at the end */
    #past = [];

    /** @type {RpgStep[]} the next at the end */
    #future = [];

    /** @type {string} what kind the newest edit is of */
    #kind = "";

    #editedAt = 0;

    /** @returns {boolean} */
    get canUndo() {
        return this.#past.length > 0;
    }

    /** @returns {boolean} */
    get canRedo() {
        return this.#future.length > 0;
    }

    /**
     * Keep a document that is about to change; what Redo had is kept for Undo, too.
     *
     * @param {RpgStep} step
     * @param {string} kind of edit, such as the name of the field that is typed in; blank for a step of its own
     * @param {number} now in milliseconds
     */
    remember(step, kind = "", now = Date.now()) {
        const goesOn = kind && kind === this.#kind && now - this.#editedAt < History.#PAUSE_MS;
        this.#kind = kind;
        this.#editedAt = now;
        if (goesOn) return;
        this.#past.push(...this.#future.splice(0).reverse());
        if (step.size || this.#past.at(-1)?.text !== step.text) this.#past.push(step);
        this.#shorten();
    }

    /**
     * @param {RpgStep} now the document, and the picture's size
     * @returns {RpgStep | undefined} the one before it
     */
    undo(now) {
        return this.#step(this.#past, this.#future, now);
    }

    /**
     * @param {RpgStep} now the document, and the picture's size
     * @returns {RpgStep | undefined} the one that was undone last
     */
    redo(now) {
        return this.#step(this.#future, this.#past, now);
    }

    #step(from, to, now) {
        this.#kind = "";
        const step = from.pop();
        if (step) to.push({ text: now.text, size: step.size && now.size });
        return step;
    }

    #shorten() {
        let characters = this.#past.reduce((sum, { text }) => sum + text.length, 0);
        const isTooMuch = () => characters > History.#MAX_CHARACTERS && this.#past.length > 1;
        while (this.#past.length > History.#MAX_STEPS || isTooMuch()) characters -= this.#past.shift().text.length;
    }
};
