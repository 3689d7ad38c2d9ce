/**
 * Draws the regions of a plan as numbered, coloured, labelled boxes on a canvas of the picture's shape, and lists what
 * the planner guessed.
 *
 * @typedef {{box: [number, number, number, number], label: string, prompt: string}} RpgCell
 */
(window.sdWebuiRpg ??= {}).Preview = class Preview {
    /** The golden angle keeps the hues of neighbouring regions apart, however many there are. */
    static #HUE_STEP = 137.508;

    /** @type {HTMLElement} */
    #canvas;

    /** @type {HTMLElement} the guesses with the hint behind them */
    #guesses;

    /** @type {(index: number) => void} */
    #onPick;

    /**
     * @param {HTMLElement} root
     * @param {(index: number) => void} onPick called with the index of a region that was clicked
     */
    constructor(root, onPick) {
        this.#canvas = root.querySelector(".rpg_canvas");
        this.#guesses = root.querySelector(".rpg_guesses");
        this.#onPick = onPick;
    }

    /** @param {RpgCell[]} cells */
    draw(cells) {
        this.#canvas.replaceChildren(...cells.map((cell, index) => this.#region(cell, index)));
    }

    /** @param {string[]} guesses a sentence each; without any the hint is not seen either */
    showGuesses(guesses) {
        this.#guesses.hidden = !guesses.length;
        const items = guesses.map((sentence) => Preview.#element("li", sentence));
        this.#guesses.querySelector("ul").replaceChildren(...items);
    }

    /** @param {boolean} stale whether what is drawn is older than what the fields say */
    set isStale(stale) {
        this.#canvas.classList.toggle("rpg_stale", stale);
    }

    /**
     * @param {number} width of the picture, in pixels
     * @param {number} height
     */
    resize(width, height) {
        this.#canvas.style.setProperty("--rpg-aspect", width > 0 && height > 0 ? width / height : 1);
    }

    /** @param {number} index of the region to point out; -1 for none */
    highlight(index) {
        [...this.#canvas.children].forEach((region, i) => region.classList.toggle("rpg_current", i === index));
    }

    /**
     * @param {RpgCell} cell
     * @param {number} index
     * @returns {HTMLButtonElement}
     */
    #region({ box, label, prompt }, index) {
        const region = document.createElement("button");
        region.type = "button";
        region.className = "rpg_region";
        region.title = prompt;
        region.setAttribute("aria-label", `Region ${index + 1}: ${prompt || label}`);
        region.style.setProperty("--rpg-hue", `${(index * Preview.#HUE_STEP) % 360}deg`);
        ["left", "top", "width", "height"].forEach((side, i) => {
            region.style[side] = `${box[i] * 100}%`;
        });
        const number = Preview.#element("span", index + 1, "rpg_number");
        region.append(number, Preview.#element("span", label, "rpg_label"));
        region.addEventListener("click", () => this.#onPick(index));
        return region;
    }

    /** @returns {HTMLElement} */
    static #element(tag, text, className = "") {
        const element = document.createElement(tag);
        element.className = className;
        element.textContent = text;
        return element;
    }
};
