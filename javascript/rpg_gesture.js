/**
 * One drag with mouse, touch or pen: from a press until it is let go or broken off.
 *
 * Moves are passed on once for each frame of the screen.
 *
 * @typedef {{move(event: PointerEvent): void, end(hasMoved: boolean): void, cancel(): void}} RpgDrag "end" comes after
 *     the last "move"; without any the press was a click
 */
(window.sdWebuiRpg ??= {}).Gesture = class Gesture {
    /** What is shorter is a click, in pixels. */
    static #THRESHOLD = 3;

    /** @type {RpgDrag} */
    #drag;

    /** @type {PointerEvent} */
    #start;

    /** @type {PointerEvent | null} not passed on yet */
    #latest = null;

    #hasMoved = false;
    #frame = 0;
    #listeners = new AbortController();

    /**
     * @param {HTMLElement} element that gets the pointer's events meanwhile
     * @param {PointerEvent} event the press
     * @param {RpgDrag} drag
     */
    constructor(element, event, drag) {
        this.#drag = drag;
        this.#start = event;
        element.setPointerCapture(event.pointerId);
        const { signal } = this.#listeners;
        const on = (target, name, listener) => target.addEventListener(name, listener, { signal, capture: true });
        on(element, "pointermove", (moved) => this.#isMine(moved) && this.#moved(moved));
        on(element, "pointerup", (released) => this.#isMine(released) && this.#ended(released));
        on(element, "pointercancel", (lost) => this.#isMine(lost) && this.cancel());
        // The window's own: an element's may be the drag's doing.
        on(window, "blur", ({ target }) => target === window && this.cancel());
        on(window, "keydown", (pressed) => {
            if (pressed.key !== "Escape") return;
            pressed.stopPropagation();
            this.cancel();
        });
    }

    /** Break off. */
    cancel() {
        this.#stop();
        this.#drag.cancel();
    }

    #isMine({ pointerId }) {
        return pointerId === this.#start.pointerId;
    }

    #moved(event) {
        const distance = Math.hypot(event.clientX - this.#start.clientX, event.clientY - this.#start.clientY);
        this.#hasMoved ||= distance > Gesture.#THRESHOLD;
        if (!this.#hasMoved) return;
        this.#latest = event;
        this.#frame ||= requestAnimationFrame(() => this.#pass());
    }

    #ended(event) {
        this.#moved(event);
        this.#pass();
        this.#stop();
        this.#drag.end(this.#hasMoved);
    }

    #pass() {
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        if (this.#latest) this.#drag.move(this.#latest);
        this.#latest = null;
    }

    #stop() {
        cancelAnimationFrame(this.#frame);
        this.#listeners.abort();
    }
};
