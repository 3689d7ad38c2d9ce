/**
 * The panel of one tab. The hidden textbox' JSON is the truth; the fields and the preview are views of it.
 *
 * Typing writes the JSON at once, so that Generate always sees the newest text. Whatever else changes it (Plan, Clear,
 * a paste) is filled into the fields; Undo and Redo step between the documents before and after each such change.
 *
 * @typedef {{state: string, context: string, level: "ok" | "note" | "error", message: string, cells: RpgCell[],
 *     guesses: string[], warning: string}} RpgView
 */
(window.sdWebuiRpg ??= {}).Panel = class Panel {
    static #CHECK_DELAY_MS = 250;
    /** @type {HTMLElement} */
    #root;

    /** @type {"txt2img" | "img2img"} */
    #tab;

    /** @type {RpgOptions} */
    #options;

    /** @type {HTMLElement} a line in the panel's head, which is seen while the panel is closed */
    #notice;

    /** @type {HTMLElement} a line beside Generate, for what would be drawn otherwise than it seems */
    #warning;

    /** @type {string} the document, as last written or read */
    #text = "";

    /** @type {string[]} documents that Undo steps back to, the latest at the end */
    #past = [];

    /** @type {string[]} documents that Redo steps on to, the next at the end */
    #future = [];

    /** @type {sdWebuiRpg.Preview} */
    #preview;

    /** @type {string} the RpgView that was shown last */
    #shown = "";

    /** Whether the fields are being filled, so that their input events are not the user's. */
    #filling = false;

    #checkTimer = 0;

    /** @type {string} names the newest planning, so that it can be cancelled */
    #run = "";

    /**
     * @param {HTMLElement} root
     * @param {"txt2img" | "img2img"} tab
     */
    constructor(root, tab) {
        this.#root = root;
        this.#tab = tab;
        this.#options = JSON.parse(root.querySelector(".rpg_options").dataset.options);
        this.#notice = gradioApp().querySelector(`.rpg_notice_${tab}`);
        this.#warning = this.#addWarning();
        this.#preview = new sdWebuiRpg.Preview(root.querySelector(".rpg_preview"), (index) => this.#select(index));

        root.addEventListener("input", (event) => this.#typed(event.target));
        root.addEventListener("click", (event) => this.#clicked(event.target));
        for (const name of ["keyup", "pointerup", "focusin", "focusout"]) {
            root.addEventListener(name, () => this.#followCaret());
        }
        gradioApp().addEventListener("input", (event) => {
            if (event.target.closest?.(`#${tab}_prompt, #${tab}_width, #${tab}_height`)) this.#refresh();
        });
        // A paste sets prompt and sizes without an input event: look again whenever the user comes here.
        root.addEventListener("pointerenter", () => this.#refresh());
        new IntersectionObserver(() => this.#refresh()).observe(root);
        root.closest(".input-accordion")?.addEventListener("change", () => this.#refresh());
        this.#showHistory();
    }

    /**
     * What the server's handlers are sent.
     *
     * @returns {[string, string]} the document; the tab's prompt and size as JSON
     */
    request() {
        return [this.#text, this.#context()];
    }

    /** @returns {string} the id of the newest planning */
    get run() {
        return this.#run;
    }

    /**
     * @param {unknown} picture passed on
     * @returns {[string, string, unknown]} as `request`, for the Plan button
     */
    plan(picture) {
        clearTimeout(this.#checkTimer);
        this.#run = `${Date.now()}-${Math.random()}`;
        this.#say("note", "Planning…");
        return [...this.request(), picture];
    }

    /**
     * Show how a planning goes on.
     *
     * @param {string} text JSON of seconds, message and the answer so far; blank when it is over
     */
    showProgress(text) {
        this.#root.classList.toggle("rpg_planning", Boolean(text));
        const { seconds = 0, message = "", answer = "" } = text ? JSON.parse(text) : {};
        const growing = this.#root.querySelector(".rpg_growing");
        growing.textContent = answer;
        growing.scrollTop = growing.scrollHeight;
        if (text) this.#say("note", `Planning… ${Math.round(seconds)} s. ${message}`);
    }

    /**
     * Give the tab the canvas' size that comes with a stored plan.
     *
     * @param {string} text JSON of width and height, or blank
     */
    resize(text) {
        for (const [side, pixels] of Object.entries(text ? JSON.parse(text) : {})) {
            const input = gradioApp().querySelector(`#${this.#tab}_${side} input[type=number]`);
            if (input) Panel.#put(input, pixels);
        }
    }

    /**
     * Take a document that does not come from the fields: the planner's, a paste's, the empty one.
     *
     * @param {string} text
     */
    accept(text) {
        if (text === this.#text) return;
        this.#remember();
        this.#fill(text);
    }

    /**
     * Show what the server says about a document.
     *
     * @param {string} text JSON of an RpgView, or blank
     */
    show(text) {
        const isNews = text !== this.#shown;
        this.#shown = text;
        if (!text) {
            this.#warning.textContent = "";
            return this.#say("ok", "");
        }

        /** @type {RpgView} */
        const { level, message, cells, guesses, warning } = JSON.parse(text);
        this.#say(level, message, guesses);
        this.#warning.textContent = warning;
        if (cells.length || level !== "error") this.#preview.draw(this.#withPrompts(cells));
        this.#preview.isStale = level === "error" && !cells.length;
        this.#followCaret();
        // gradio drops a trigger that comes while the one before is under way; ask again if an answer came at all.
        if (isNews) this.#refresh();
        return undefined;
    }

    /** Draw the canvas in the picture's shape, and have the server look if what it looked at last has changed. */
    #refresh() {
        const { width, height } = JSON.parse(this.#context());
        this.#preview.resize(width, height);
        clearTimeout(this.#checkTimer);
        this.#warning.hidden = !this.#isOn();
        if (!this.#isUpToDate() && (this.#root.offsetParent || this.#isOn())) {
            const check = this.#root.querySelector(".rpg_check");
            this.#checkTimer = setTimeout(() => check.click(), Panel.#CHECK_DELAY_MS);
        }
    }

    /**
     * Where the fields are not a plan yet, the server knows the cells but no prompts: show what is typed.
     *
     * @param {RpgCell[]} cells
     * @returns {RpgCell[]}
     */
    #withPrompts(cells) {
        const { regional_prompt: text } = this.#draft().fields;
        const typed = sdWebuiRpg.Draft.parts(text).map((part) => text.slice(...part));
        return cells.map((cell, i) => (cell.prompt ? cell : { ...cell, prompt: typed[i] ?? "", label: typed[i] || "no prompt" }));
    }

    /** @returns {sdWebuiRpg.Draft} the document, to be read or edited */
    #draft() {
        return new sdWebuiRpg.Draft(this.#text, this.#options);
    }

    /** @returns {HTMLElement} the line beside Generate, added to the page */
    #addWarning() {
        const line = document.createElement("p");
        line.className = "rpg_warning";
        line.setAttribute("role", "status");
        gradioApp().querySelector(`#${this.#tab}_generate_box`)?.after(line);
        return line;
    }

    /** @returns {boolean} whether the panel's checkbox is on */
    #isOn() {
        return Boolean(this.#root.closest(".input-accordion")?.querySelector(".label-wrap input[type=checkbox]")?.checked);
    }

    #isUpToDate() {
        if (!this.#shown) return false;
        const { state, context } = JSON.parse(this.#shown);
        return state === this.#text && context === this.#context();
    }

    /** @returns {string} */
    #context() {
        const value = (selector) => gradioApp().querySelector(`#${this.#tab}_${selector}`)?.value ?? "";
        return JSON.stringify({
            prompt: value("prompt textarea"),
            width: Number(value("width input[type=number]")),
            height: Number(value("height input[type=number]")),
            run: this.#run,
        });
    }

    /** @param {Element} target of an input event */
    #typed(target) {
        if (this.#filling) return;
        const draft = this.#draft();
        const name = Object.keys(this.#options).find((field) => target.closest(`.rpg_${field}`));
        if (!name) return;
        const value = this.#options[name].kind === "number" ? target.valueAsNumber : target.value;
        if (Number.isNaN(value)) return;
        draft.set(name, value);
        this.#write(draft.toString());
        this.#followCaret();
    }

    /** @param {Element} target of a click */
    #clicked(target) {
        if (target.closest(".rpg_undo")) this.#step(this.#past, this.#future);
        if (target.closest(".rpg_redo")) this.#step(this.#future, this.#past);
        if (target.closest(".rpg_clear")) this.accept("");
    }

    /** Keep the document for Undo; what Redo had is kept there, too. */
    #remember() {
        this.#past.push(...this.#future.splice(0).reverse(), this.#text);
        this.#showHistory();
    }

    /**
     * @param {string[]} from
     * @param {string[]} to
     */
    #step(from, to) {
        if (!from.length) return;
        to.push(this.#text);
        this.#fill(from.pop());
        this.#showHistory();
    }

    #showHistory() {
        this.#root.querySelector(".rpg_undo").disabled = !this.#past.length;
        this.#root.querySelector(".rpg_redo").disabled = !this.#future.length;
    }

    /** @param {string} text to be the document, and to be shown in the fields */
    #fill(text) {
        this.#write(text);
        this.#filling = true;
        for (const [name, value] of Object.entries(this.#draft().fields)) {
            const choices = [...this.#root.querySelectorAll(`.rpg_${name} input[type=radio]`)];
            if (choices.length) choices.find((choice) => choice.value === String(value) && !choice.checked)?.click();
            else Panel.#put(this.#input(name), value);
        }
        this.#filling = false;
    }

    /** @param {string} text to be the document */
    #write(text) {
        this.#text = text;
        this.#notice.textContent = this.#draft().unread;
        Panel.#put(this.#input("state"), text);
        this.#refresh();
    }

    /**
     * @param {string} name of a field
     * @returns {HTMLInputElement | HTMLTextAreaElement}
     */
    #input(name) {
        return this.#root.querySelector(`.rpg_${name} :is(textarea, input:not([type=range]))`);
    }

    static #put(input, value) {
        if (input.value === String(value)) return;
        input.value = value;
        updateInput(input);
    }

    /**
     * @param {RpgView["level"]} level
     * @param {string} message
     * @param {string[]} guesses what the planner guessed, a sentence each
     */
    #say(level, message, guesses = []) {
        const line = this.#root.querySelector(".rpg_message");
        line.textContent = message;
        line.dataset.level = level;
        this.#preview.showGuesses(guesses);
    }

    /** Point out the region whose prompt the caret is in. */
    #followCaret() {
        const input = this.#input("regional_prompt");
        const isThere = input.ownerDocument.activeElement === input;
        const parts = sdWebuiRpg.Draft.parts(input.value);
        this.#preview.highlight(isThere ? parts.findIndex(([, end]) => input.selectionStart <= end) : -1);
    }

    /** @param {number} index of the region whose prompt to select */
    #select(index) {
        const input = this.#input("regional_prompt");
        const part = sdWebuiRpg.Draft.parts(input.value)[index];
        input.focus();
        if (part) input.setSelectionRange(...part);
        this.#followCaret();
    }
};
