/**
 * The panel's one status line, right under its title, and the line beside Generate.
 *
 * It says whether RPG is off, what is planned, that this is stale or wrong, and what was drawn.
 *
 * @typedef {"off" | "ok" | "note" | "stale" | "error"} RpgLevel
 */
(window.sdWebuiRpg ??= {}).Status = class Status {
    static #OFF = "Off: Generate draws without regions.";

    /** @type {HTMLElement} */
    #line;

    /** @type {HTMLElement} a line beside Generate, for what would be drawn otherwise than it seems */
    #warning;

    /** @type {HTMLElement} what the planner guessed, with a hint behind it */
    #guesses;

    #isOn = true;
    #message = "";

    /** @type {RpgLevel} */
    #level = "ok";

    /**
     * @param {HTMLElement} root the panel
     * @param {string} tab
     */
    constructor(root, tab) {
        this.#line = gradioApp().querySelector(`.rpg_status_${tab}`);
        this.#guesses = root.querySelector(".rpg_guesses");
        this.#warning = sdWebuiRpg.Dom.make("p", { className: "rpg_warning", role: "status" });
        gradioApp().querySelector(`#${tab}_generate_box`)?.after(this.#warning);
        // The WebUI puts it into the title when it has made that.
        setTimeout(() => this.#place());
        // The line is in the title, which opens and closes the panel: its words may be selected.
        this.#line.addEventListener("click", (event) => event.stopPropagation());
    }

    /** @param {boolean} isOn whether the panel's box is checked */
    set isOn(isOn) {
        this.#isOn = isOn;
        this.#warning.hidden = !isOn;
        this.#draw();
    }

    /**
     * @param {RpgLevel} level
     * @param {string} message
     * @param {string[]} guesses a sentence each; without any the hint is not seen either
     */
    say(level, message, guesses = []) {
        this.#level = level;
        this.#message = message;
        this.#draw();
        this.#guesses.hidden = !guesses.length;
        this.#guesses.querySelector("ul").replaceChildren(
            ...guesses.map((sentence) => sdWebuiRpg.Dom.make("li", {}, sentence)),
        );
    }

    /** @param {string} sentence beside Generate, blank for none */
    warn(sentence) {
        this.#warning.textContent = sentence;
    }

    /** Have the line be under the title, not beside it. */
    #place() {
        this.#line.closest(".label-wrap")?.classList.add("rpg_title");
        this.#line.closest(".input-accordion-extra")?.classList.add("rpg_status_row");
    }

    #draw() {
        const isOff = !this.#isOn && this.#level !== "error";
        this.#line.dataset.level = isOff ? "off" : this.#level;
        this.#line.textContent = isOff ? Status.#OFF : this.#message;
    }
};
