/**
 * The panel of one tab. The hidden textbox' JSON is the truth; the fields and the canvas are views of it.
 *
 * Typing changes the document at once, and Generate always sees the newest text. Whatever else changes it (Plan, Clear,
 * a paste, the canvas) is filled into the fields; Undo and Redo step between the documents before and after each change.
 *
 * @typedef {{box: [number, number, number, number], prompt: string, name?: string, negative_prompt?: string,
 *     base_ratio?: number | null, weight?: number, start?: number, end?: number, mask?: string, control?: number[],
 *     muted?: boolean, entities?: RpgEntity[], seed?: number, binding?: RpgBinding,
 *     cfg_scale?: number}} RpgRegion what a plan's JSON has
 * @typedef {{layout: "grid" | "boxes", split_ratio: string, rows_first?: boolean, binding?: string,
 *     regions: RpgRegion[]}} RpgPlan the plan's JSON (lib_rpg/plan.py); one that is not finished may lack fields, and words of regions
 * @typedef {{state: string, context: string, level: RpgLevel, message: string, plan: RpgPlan | null,
 *     isResolved: boolean, guesses: string[], warning: string, tokens: number[] | null}} RpgView tokens: of each region
 *     of the plan, null while no model is loaded
 */
(window.sdWebuiRpg ??= {}).Panel = class Panel {
    static #CHECK_DELAY_MS = 250;
    /** @type {HTMLElement} */
    #root;

    /** @type {"txt2img" | "img2img"} */
    #tab;

    /** @type {RpgOptions} */
    #options;

    /** @type {sdWebuiRpg.Status} */
    #status;

    /** @type {sdWebuiRpg.StateBox} */
    #state;

    /** @type {HTMLElement} where a size is offered */
    #offer;

    /** @type {sdWebuiRpg.Server} */
    server;

    #history = new sdWebuiRpg.History();

    /** @type {{show(plan: RpgPlan | null, selected: number): void, select(index: number): void, isStale: boolean}[]} */
    #views;

    /** @type {sdWebuiRpg.Canvas} */
    #canvas;

    /** @type {sdWebuiRpg.Editor} */
    #editor;

    /** @type {sdWebuiRpg.Painter} */
    #painter;

    /** @type {string} the RpgView that was shown last, as it came */
    #shown = "";

    /** @type {RpgView | null} the same */
    #view = null;

    /** @type {RpgPlan | null} the plan that is shown */
    #plan = null;

    /** @type {string | null} the document that the shown plan is of */
    #planOf = null;

    /** Whether the shown plan has all that is typed. */
    #isResolved = false;

    #selected = -1;

    /** The number of the selected object of the selected region, -1 for the region itself. */
    #object = -1;

    /** What was said of an edit, which the server's view of that document does not know. */
    #remark = { state: "", level: "ok", message: "" };

    /** Whether the fields are being filled, so that their input events are not the user's. */
    #filling = false;

    #checkTimer = 0;
    #fieldsTimer = 0;

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
        this.#status = new sdWebuiRpg.Status(root, tab);
        this.#state = new sdWebuiRpg.StateBox(this.#input("state"));
        this.#canvas = new sdWebuiRpg.Canvas(root.querySelector(".rpg_preview"), this);
        this.#painter = new sdWebuiRpg.Painter(root, this);
        this.#editor = new sdWebuiRpg.Editor(root.querySelector(".rpg_editor"), this);
        this.#views = [
            this.#canvas,
            new sdWebuiRpg.Tools(root.querySelector(".rpg_tools"), this),
            this.#editor,
            this.#painter,
        ];
        this.#offer = root.querySelector(".rpg_offer");
        this.server = new sdWebuiRpg.Server(root);
        new sdWebuiRpg.Shelf(root.querySelector(".rpg_shelf"), this);
        new sdWebuiRpg.Results(root.querySelector(".rpg_results"), this, tab);
        this.#listen();
        this.#showHistory();
        this.#showSwitch();
    }

    /** @returns {RpgPlan | null} the plan that is shown, null where there is none or the text is too unfinished */
    get plan() {
        return this.#plan;
    }

    /** @returns {number} the index of the selected region, -1 for none */
    get selected() {
        return this.#selected;
    }

    /** @returns {number} the number of the selected object among the selected region's things, -1 for none */
    get object() {
        return this.#object;
    }

    /** @returns {RpgOptions} */
    get options() {
        return this.#options;
    }

    /** @returns {boolean} whether what is shown is what the fields say, so that it can be edited */
    get isEditable() {
        return this.#plan !== null && this.#planOf === this.#state.text;
    }

    /** @returns {{width: number, height: number}} the picture's size in pixels */
    get size() {
        const pixels = (side) => Number(this.#valueOf(`${side} input[type=number]`));
        return { width: pixels("width"), height: pixels("height") };
    }

    /**
     * Take an edit of the plan that is shown: it becomes the document, and all views show it.
     *
     * @param {RpgPlan} plan
     * @param {string} kind of edit; those of one kind that follow each other are one step for Undo. Blank for its own.
     * @param {number} selected the index of the region to select
     * @param {number} object the number of the object in it to select, -1 for none
     */
    edit(plan, kind = "", selected = this.#selected, object = selected === this.#selected ? this.#object : -1) {
        const text = this.#draft().withPlan(plan, this.#plan, this.#isResolved);
        this.#plan = plan;
        this.#planOf = text;
        this.#isResolved = true;
        this.#selected = selected;
        this.#object = object;
        this.#change(text, kind);
        this.#showPlan();
    }

    /**
     * @param {number} index of the region to select, -1 for none
     * @param {number} object the number of the object in it to select, -1 for none
     */
    select(index, object = -1) {
        if (index === this.#selected && object === this.#object) return;
        this.#selected = index;
        this.#object = object;
        for (const view of this.#views) view.select(index);
    }

    /** Go to the words of the selected object or region. */
    focusWords() {
        if (this.#object >= 0) this.#editor.focusObject(this.#object);
        else if (this.#selected >= 0) this.#editor.focusWords();
    }

    /** Have a person choose one picture with a colour for each region. */
    pickColours() {
        this.#painter.pickColours();
    }

    /** Paint the mask of the selected region, until that is done or broken off. */
    paintMask() {
        if (this.#selected >= 0) this.#painter.start();
    }

    /**
     * Say something in the status line; of the document as it is now, it stays behind what the server says of that.
     *
     * @param {RpgLevel} level
     * @param {string} message
     */
    say(level, message) {
        this.#remark = { state: this.#state.text, level, message };
        this.#status.say(level, message);
    }

    /**
     * Say what was drawn. A WebUI that loads its checkpoint for the first picture counts tokens from then on.
     *
     * @param {string} line
     */
    sayDrawn(line) {
        this.say("ok", `Drawn: ${line}`);
        if (this.#view?.plan && !this.#view.tokens) this.#root.querySelector(".rpg_check").click();
    }

    /**
     * Press Generate once for a part of a picture.
     *
     * @param {object} repaint what is drawn anew (lib_rpg/repainting/request.py)
     */
    repaint(repaint) {
        this.#switchOn();
        const text = JSON.stringify({ ...JSON.parse(this.#state.text || "{}"), repaint });
        this.#state.lend(text, () => gradioApp().querySelector(`#${this.#tab}_generate`).click());
    }

    /**
     * What the server's handlers are sent.
     *
     * @returns {[string, string]} the document; the tab's prompt and size as JSON
     */
    request() {
        return [this.#state.text, this.#context()];
    }

    /** @returns {string} the id of the newest planning */
    get run() {
        return this.#run;
    }

    /**
     * @param {unknown} picture passed on
     * @returns {[string, string, unknown, string]} as `request`, and the index of the selected region, for the Plan buttons
     */
    startPlan(picture) {
        clearTimeout(this.#checkTimer);
        this.#run = `${Date.now()}-${Math.random()}`;
        this.#switchOn();
        this.#root.querySelector(".rpg_pasting")?.classList.remove("rpg_hidden");
        this.#status.say("note", "Planning…");
        return [...this.request(), picture, String(this.#selected)];
    }

    /**
     * Show how a planning goes on.
     *
     * @param {string} text JSON of seconds, message, the answer so far and the plan in it; blank when it is over
     */
    showProgress(text) {
        this.#root.classList.toggle("rpg_planning", Boolean(text));
        const { seconds = 0, message = "", answer = "", plan = null } = text ? JSON.parse(text) : {};
        if (plan) this.#canvas.show(plan, -1);
        if (!text) this.#canvas.show(this.#plan, this.#selected);
        const growing = this.#root.querySelector(".rpg_growing");
        growing.textContent = answer;
        growing.scrollTop = growing.scrollHeight;
        if (text) this.#status.say("note", `Planning… ${Math.round(seconds)} s. ${message}`);
    }

    /**
     * Offer the size that a stored layout is meant for, where the tab has another one.
     *
     * @param {RpgSize} wanted
     */
    offerSize(wanted) {
        const { width, height } = this.size;
        this.#offer.replaceChildren();
        if (width === wanted.width && height === wanted.height) return;
        const button = sdWebuiRpg.Dom.button("Use this size", () => {
            this.#remember("", this.size);
            this.#resize(wanted);
            this.#showHistory();
            this.#offer.replaceChildren();
        });
        this.#offer.append(`This layout is made for ${wanted.width} × ${wanted.height}. `, button);
    }

    /**
     * Take a document that gradio has put into the hidden textbox: the planner's, a paste's, the empty one.
     *
     * @param {string} text
     */
    accept(text) {
        if (this.#state.isForeign(text)) this.#change(text);
    }

    /**
     * Take a document of the page's own: a stored one, a picture's, the empty one.
     *
     * @param {string} text
     */
    replace(text) {
        if (text !== this.#state.text) this.#change(text);
        else if (this.#isUpToDate()) this.#showView(this.#view);
    }

    /**
     * Show what the server says about a document.
     *
     * @param {string} text JSON of an RpgView, or blank
     */
    show(text) {
        const isNews = text !== this.#shown;
        this.#shown = text;
        this.#view = text ? JSON.parse(text) : null;
        if (!this.#view) {
            this.#status.warn("");
            return this.#status.say("ok", "");
        }

        // An answer that an edit on the canvas has overtaken; the next one is on its way.
        if (this.isEditable && this.#view.state !== this.#state.text) return this.#refresh();
        this.#showView(this.#view);
        this.#followCaret();
        // gradio drops a trigger that comes while the one before is under way; ask again if an answer came at all.
        if (isNews) this.#refresh();
        return undefined;
    }

    /** @param {RpgSize} size for the tab's picture */
    #resize(size) {
        for (const side of ["width", "height"]) {
            const input = gradioApp().querySelector(`#${this.#tab}_${side} input[type=number]`);
            if (input) Panel.#put(input, size[side]);
        }
    }

    #listen() {
        const root = this.#root;
        root.addEventListener("input", (event) => this.#typed(event.target));
        root.addEventListener("click", (event) => this.#clicked(event.target));
        for (const name of ["keyup", "pointerup", "focusin", "focusout"]) {
            root.addEventListener(name, () => this.#followCaret());
        }
        const generate = `#${this.#tab}_generate`;
        window.addEventListener("pointerdown", ({ target }) => target.closest?.(generate) && this.#finishPainting(), true);
        window.addEventListener("keydown", (event) => this.#pressed(event), true);
        const accordion = root.closest(".input-accordion");
        gradioApp().addEventListener("input", ({ target }) => {
            if (target.closest?.(`#${this.#tab}_prompt, #${this.#tab}_width, #${this.#tab}_height`)) this.#refresh();
            // The WebUI's hidden checkbox, which follows the one in the title however that is switched.
            if (target.closest?.(`#${accordion.id}-checkbox`)) this.#showSwitch();
        });
        // A paste sets prompt and sizes without an input event: look again whenever the user comes here.
        root.addEventListener("pointerenter", () => this.#refresh());
        new IntersectionObserver(() => this.#refresh()).observe(root);
    }

    /** @param {RpgView} view */
    #showView(view) {
        const { state, level, message, plan, isResolved, guesses, warning } = view;
        const isRemarked = level === "ok" && this.#remark.state === state;
        if (isRemarked) this.#status.say(this.#remark.level, `${message} ${this.#remark.message}`, guesses);
        else this.#status.say(level, message, guesses);
        this.#status.warn(warning);
        for (const shown of this.#views) shown.facts?.(view);
        // An error leaves what was drawn last, as a dim picture.
        if (plan || level !== "error") {
            this.#plan = plan;
            this.#planOf = state;
            this.#isResolved = isResolved;
            this.#showPlan();
        }
        this.#markStale(level === "error" && !plan);
    }

    /** What is painted is to be drawn. */
    #finishPainting() {
        this.#painter.finish();
        this.#state.flush();
    }

    /** Ctrl+Enter generates, in the WebUI. */
    #pressed({ key, ctrlKey, metaKey, altKey }) {
        if (key === "Enter" && (ctrlKey || metaKey || altKey)) this.#finishPainting();
    }

    /** Draw the canvas in the picture's shape, and have the server look if what it looked at last has changed. */
    #refresh() {
        const { width, height } = this.size;
        this.#canvas.resize(width, height);
        clearTimeout(this.#checkTimer);
        if (!this.#isUpToDate() && (this.#root.offsetParent || this.#isOn())) {
            const check = this.#root.querySelector(".rpg_check");
            this.#checkTimer = setTimeout(() => check.click(), Panel.#CHECK_DELAY_MS);
        }
        // An edit that was undone before the server saw it: its answer to the document before is still right.
        if (this.#isUpToDate() && this.#planOf !== this.#state.text) this.#showView(this.#view);
    }

    #showPlan() {
        this.#selected = Math.min(this.#selected, (this.#plan?.regions.length ?? 0) - 1);
        const target = { index: this.#selected, object: this.#object };
        if (!sdWebuiRpg.Objects.find(this.#plan, target)) this.#object = -1;
        for (const view of this.#views) view.show(this.#plan, this.#selected);
        this.#markStale(false);
    }

    /** @param {boolean} isStale whether what the views show is older than what the fields say */
    #markStale(isStale) {
        for (const view of this.#views) view.isStale = isStale;
    }

    /** @returns {sdWebuiRpg.Draft} the document, to be read or edited */
    #draft() {
        return new sdWebuiRpg.Draft(this.#state.text, this.#options);
    }

    /** @returns {HTMLInputElement | null} the checkbox in the panel's title */
    #switch() {
        return this.#root.closest(".input-accordion")?.querySelector(".label-wrap input[type=checkbox]") ?? null;
    }

    /** @returns {boolean} whether the panel's checkbox is on */
    #isOn() {
        return Boolean(this.#switch()?.checked);
    }

    #switchOn() {
        if (!this.#isOn()) this.#switch()?.click();
    }

    #showSwitch() {
        const isOn = this.#isOn();
        this.#status.isOn = isOn;
        this.#root.classList.toggle("rpg_off", !isOn);
        this.#refresh();
    }

    #isUpToDate() {
        return this.#view?.state === this.#state.text && this.#view.context === this.#context();
    }

    /** @returns {string} */
    #context() {
        return JSON.stringify({ prompt: this.#valueOf("prompt textarea"), ...this.size, run: this.#run });
    }

    /** @returns {string} what a field of the tab has, blank where there is none */
    #valueOf(selector) {
        return gradioApp().querySelector(`#${this.#tab}_${selector}`)?.value ?? "";
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
        // What was to be copied and pasted was for the planner before.
        if (name === "planner") this.#root.querySelector(".rpg_pasting")?.classList.add("rpg_hidden");
        this.#remember(`field ${name}`);
        this.#write(draft.toString());
        this.#followCaret();
    }

    /** @param {Element} target of a click */
    #clicked(target) {
        const now = { text: this.#state.text, size: this.size };
        if (target.closest(".rpg_undo")) this.#step(this.#history.undo(now));
        if (target.closest(".rpg_redo")) this.#step(this.#history.redo(now));
        if (target.closest(".rpg_clear")) this.replace(this.#draft().cleared());
        if (target.closest(".rpg_send_base")) this.#sendBase();
    }

    /** Make the base prompt the tab's prompt: from there on it follows that. */
    #sendBase() {
        const draft = this.#draft();
        const { base_prompt: text, prompt } = draft.fields;
        if (!text.trim()) return this.say("note", "The base prompt is the tab's prompt already.");
        Panel.#put(gradioApp().querySelector(`#${this.#tab}_prompt textarea`), text);
        draft.set("base_prompt", "");
        // What the regions were planned from is another text than the tab's now.
        if (!prompt.trim() && this.#plan?.prompt) draft.set("prompt", this.#plan.prompt);
        return this.#change(draft.toString());
    }

    /** @param {RpgStep | undefined} step of Undo or Redo */
    #step(step) {
        if (!step) return;
        if (step.size) this.#resize(step.size);
        this.#fill(step.text);
    }

    /**
     * @param {string} text to be the document, and a step for Undo
     * @param {string} kind of edit
     */
    #change(text, kind = "") {
        this.#remember(kind);
        this.#write(text);
        // What is typed on may come back soon.
        if (kind) this.#showFieldsSoon();
        else this.#showFields();
    }

    /**
     * Keep the document for Undo.
     *
     * @param {string} kind of the edit that follows
     * @param {RpgSize | null} size of the picture, where that changes as well
     */
    #remember(kind = "", size = null) {
        this.#history.remember({ text: this.#state.text, size }, kind);
    }

    #showHistory() {
        this.#root.querySelector(".rpg_undo").disabled = !this.#history.canUndo;
        this.#root.querySelector(".rpg_redo").disabled = !this.#history.canRedo;
    }

    /** @param {string} text to be the document, and to be shown in the fields */
    #fill(text) {
        this.#write(text);
        this.#showFields();
    }

    /** Show the document in the fields. */
    #showFields() {
        clearTimeout(this.#fieldsTimer);
        this.#filling = true;
        for (const [name, value] of Object.entries(this.#draft().fields)) {
            const choices = [...this.#root.querySelectorAll(`.rpg_${name} input[type=radio]`)];
            if (choices.length) choices.find((choice) => choice.value === String(value) && !choice.checked)?.click();
            else if (this.#input(name)) Panel.#put(this.#input(name), value);
        }
        this.#filling = false;
    }

    /** Show the document in the fields once edits pause: each change has gradio look at all of the page's blocks. */
    #showFieldsSoon() {
        clearTimeout(this.#fieldsTimer);
        this.#fieldsTimer = setTimeout(() => this.#showFields(), Panel.#CHECK_DELAY_MS);
    }

    /** @param {string} text to be the document */
    #write(text) {
        this.#state.write(text);
        this.#remark = { state: "", level: "ok", message: "" };
        const { unread } = this.#draft();
        if (unread) this.#status.say("error", unread);
        this.#showHistory();
        this.#refresh();
    }

    /**
     * @param {string} name of a field
     * @returns {HTMLInputElement | HTMLTextAreaElement | null}
     */
    #input(name) {
        return this.#root.querySelector(`.rpg_${name} :is(textarea, input:not([type=range]))`);
    }

    static #put(input, value) {
        if (input.value === String(value)) return;
        const { selectionStart, selectionEnd } = input;
        input.value = value;
        // Writing a value moves the caret to its end, from where the user has just put it. Numbers have no caret.
        if (input.matches(":focus") && selectionStart !== null) input.setSelectionRange(selectionStart, selectionEnd);
        updateInput(input);
    }

    /** Select the region whose words the caret is in. */
    #followCaret() {
        const input = this.#input("regional_prompt");
        if (input.ownerDocument.activeElement !== input) return;
        const parts = sdWebuiRpg.Draft.parts(input.value);
        this.select(parts.findIndex(([, end]) => input.selectionStart <= end));
    }
};
