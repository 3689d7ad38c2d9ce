/** How large the canvas is drawn: to fit, or a multiple of the picture's pixels that is scrolled. */
(window.sdWebuiRpg ??= {}).Zoom = class Zoom {
    static #MIN = 0.1;
    static #MAX = 8;
    static #WHEEL = 1.0015;

    /** @type {HTMLElement} */
    #stage;

    /** @type {HTMLElement} */
    #canvas;

    /** @type {HTMLButtonElement[]} */
    #buttons;

    /** @type {number | null} null to fit */
    #zoom = null;

    /** Of the picture, in pixels. */
    #width = 0;

    /**
     * @param {HTMLElement} stage what scrolls
     * @param {HTMLElement} bar where its buttons go
     */
    constructor(stage, bar) {
        this.#stage = stage;
        this.#canvas = stage.querySelector(".rpg_canvas");
        const button = (text, title, zoom) =>
            sdWebuiRpg.Dom.button(text, () => this.#set(zoom), { className: "rpg_zoom", title });
        this.#buttons = [
            button("Fit", "The whole picture (Ctrl and the wheel zoom, too)", null),
            button("100 %", "The picture's own size", 1),
        ];
        bar.append(...this.#buttons);
        stage.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
        this.#draw();
    }

    /**
     * @param {number} width of the picture, in pixels
     * @param {number} height
     */
    resize(width, height) {
        this.#canvas.style.setProperty("--rpg-aspect", width > 0 && height > 0 ? width / height : 1);
        this.#width = width;
        this.#draw();
    }

    /**
     * @param {MouseEvent} event
     * @returns {[number, number]} where the pointer is, in fractions of the canvas
     */
    at({ clientX, clientY }) {
        const { left, top, width, height } = this.#canvas.getBoundingClientRect();
        const { clientLeft, clientTop } = this.#canvas;
        const inner = [width - 2 * clientLeft, height - 2 * clientTop];
        return [(clientX - left - clientLeft) / inner[0], (clientY - top - clientTop) / inner[1]];
    }

    /** @param {WheelEvent} event */
    #wheeled(event) {
        if (!event.ctrlKey || !this.#width) return;
        event.preventDefault();
        const [x, y] = this.at(event);
        const zoom = (this.#canvas.offsetWidth / this.#width) * Zoom.#WHEEL ** -event.deltaY;
        this.#set(Math.min(Math.max(zoom, Zoom.#MIN), Zoom.#MAX));
        // What is under the pointer stays there.
        const [newX, newY] = this.at(event);
        this.#stage.scrollLeft += (x - newX) * this.#canvas.clientWidth;
        this.#stage.scrollTop += (y - newY) * this.#canvas.clientHeight;
    }

    /** @param {number | null} zoom */
    #set(zoom) {
        this.#zoom = zoom;
        this.#draw();
    }

    #draw() {
        const isZoomed = this.#zoom !== null && this.#width > 0;
        this.#stage.classList.toggle("rpg_zoomed", isZoomed);
        if (isZoomed) this.#canvas.style.setProperty("--rpg-width", `${this.#width * this.#zoom}px`);
        else this.#canvas.style.removeProperty("--rpg-width");
        this.#buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(this.#zoom === [null, 1][i])));
    }
};
