/**
 * The mask over the canvas while it is painted: it draws the mask and takes the strokes of pointers and keys.
 *
 * Only what a stroke has changed is drawn again, at most once a frame; without a stroke nothing runs.
 */
(window.sdWebuiRpg ??= {}).MaskOverlay = class MaskOverlay {
    static #OPACITY = 0.7;
    static #SVG = "http://www.w3.org/2000/svg";

    /** @type {HTMLElement} */
    #layer = document.createElement("div");

    /** @type {HTMLCanvasElement} */
    #picture = document.createElement("canvas");

    /** @type {HTMLElement} a circle where the brush would paint */
    #brush = document.createElement("div");

    /** @type {SVGPolylineElement} */
    #line = document.createElementNS(MaskOverlay.#SVG, "polyline");

    /** @type {sdWebuiRpg.MaskPainting} */
    #painting;

    /** @type {number[]} red, green, blue: 0 to 255 */
    #colour;

    /** @type {() => void} */
    #changed;

    /** @type {RpgPoint} where the brush is */
    #cursor;

    /** @type {RpgRect | null} what the next frame draws again */
    #dirty = null;

    #frame = 0;

    /** @type {number | null} the pointer that draws */
    #pointer = null;

    /**
     * @param {HTMLElement} canvas to be over
     * @param {sdWebuiRpg.MaskPainting} painting
     * @param {number} hue of the region, in degrees
     * @param {string} label
     * @param {() => void} changed called after each stroke
     */
    constructor(canvas, painting, hue, label, changed) {
        this.#painting = painting;
        this.#colour = MaskOverlay.#rgb(hue);
        this.#changed = changed;
        this.#build(label);
        this.#listen();
        canvas.append(this.#layer);
        this.redraw();
        const box = painting.raster.bounds() ?? painting.raster.whole;
        this.#moveTo({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    }

    /** @returns {HTMLElement} takes the focus, and events such as drops */
    get element() {
        return this.#layer;
    }

    /** End the stroke that is under way, as if it was let go. */
    finish() {
        this.#pointer = null;
        this.#end();
    }

    /** Take it away. */
    close() {
        cancelAnimationFrame(this.#frame);
        this.#layer.remove();
    }

    /** Break off the stroke that is under way. */
    abort() {
        this.#painting.abort();
        this.#pointer = null;
        this.redraw();
    }

    /** Have all of the mask drawn again, and the brush in its size. */
    redraw() {
        this.#draw(this.#painting.raster.whole);
        this.showBrush();
    }

    /** Draw the brush in its size, for tools that have one. */
    showBrush() {
        const { brush, radius, raster } = this.#painting;
        this.#brush.hidden = brush.tool !== "brush" && brush.tool !== "eraser";
        this.#brush.style.width = `${(200 * radius) / raster.width}%`;
    }

    #build(label) {
        const { width, height } = this.#painting.raster;
        this.#layer.className = "rpg_mask";
        this.#layer.tabIndex = 0;
        this.#layer.setAttribute("role", "application");
        this.#layer.setAttribute("aria-label", label);
        Object.assign(this.#picture, { width, height });
        this.#brush.className = "rpg_mask_cursor";
        const svg = document.createElementNS(MaskOverlay.#SVG, "svg");
        svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        svg.setAttribute("preserveAspectRatio", "none");
        svg.append(this.#line);
        this.#layer.append(this.#picture, svg, this.#brush);
    }

    #listen() {
        const layer = this.#layer;
        layer.addEventListener("pointerdown", (event) => this.#down(event));
        layer.addEventListener("pointermove", (event) => this.#move(event));
        layer.addEventListener("pointerup", (event) => this.#up(event));
        layer.addEventListener("pointercancel", (event) => event.pointerId === this.#pointer && this.abort());
        layer.addEventListener("contextmenu", (event) => event.preventDefault());
        layer.addEventListener("keydown", (event) => this.#pressed(event));
        layer.addEventListener("keyup", (event) => event.key === " " && this.#pointer === null && this.#end());
        layer.addEventListener("blur", () => this.#pointer === null && this.#end());
        // The canvas below has gestures of its own.
        const names = ["pointerdown", "pointermove", "pointerup", "pointercancel", "mousedown", "click", "dblclick"];
        for (const name of names) layer.addEventListener(name, (event) => event.stopPropagation());
    }

    #down(event) {
        event.preventDefault();
        this.#layer.focus({ preventScroll: true });
        if (this.#painting.isDrawing || event.button === 1) return;
        this.#pointer = event.pointerId;
        this.#layer.setPointerCapture(event.pointerId);
        const point = this.#point(event);
        this.#moveTo(point);
        // The right button, and a pen's eraser.
        this.#begin(point, event.altKey || event.button === 2 || event.button === 5);
    }

    #move(event) {
        if (this.#pointer !== null && event.pointerId !== this.#pointer) return;
        this.#moveTo(this.#point(event));
        if (this.#pointer === null) return;
        // It was let go where that could not be seen.
        if (!event.buttons) return this.#up(event);
        const events = event.getCoalescedEvents?.() ?? [];
        for (const part of events.length ? events : [event]) this.#draw(this.#painting.move(this.#point(part)));
    }

    #up(event) {
        if (event.pointerId === this.#pointer) this.finish();
    }

    #begin(point, isReversed) {
        this.#draw(this.#painting.begin(point, isReversed));
        if (!this.#painting.isDrawing) this.#changed();
    }

    #end() {
        if (!this.#painting.isDrawing) return;
        this.#draw(this.#painting.end());
        this.#changed();
    }

    /** Arrows move the brush, Space paints while it is down. */
    #pressed(event) {
        const { key, shiftKey, repeat, ctrlKey, altKey, metaKey } = event;
        const isShortcut = ctrlKey || altKey || metaKey;
        // The canvas below has keys of its own; "Ctrl+Enter" is the WebUI's.
        if (!isShortcut) event.stopPropagation();
        const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
        if (isShortcut || (key !== " " && !x && !y)) return;
        event.preventDefault();
        if (this.#pointer !== null) return;
        if (key === " ") {
            if (!repeat && !this.#painting.isDrawing) this.#begin(this.#cursor, false);
            return;
        }
        const { scale, raster } = this.#painting;
        const step = scale * (shiftKey ? 8 : 1);
        const inside = (value, most) => Math.min(most - 0.5, Math.max(0.5, value));
        const [left, top] = [this.#cursor.x + x * step, this.#cursor.y + y * step];
        this.#moveTo({ x: inside(left, raster.width), y: inside(top, raster.height) });
        this.#draw(this.#painting.move(this.#cursor));
    }

    /** @returns {RpgPoint} where an event is, in pixels of the mask */
    #point({ clientX, clientY }) {
        const { left, top, width, height } = this.#layer.getBoundingClientRect();
        const { raster } = this.#painting;
        return { x: ((clientX - left) / width) * raster.width, y: ((clientY - top) / height) * raster.height };
    }

    #moveTo(point) {
        const { raster } = this.#painting;
        this.#cursor = point;
        this.#brush.style.left = `${(100 * point.x) / raster.width}%`;
        this.#brush.style.top = `${(100 * point.y) / raster.height}%`;
    }

    /** @param {RpgRect | null} rect to be drawn again in the next frame */
    #draw(rect) {
        this.#dirty = sdWebuiRpg.MaskPainting.joined(this.#dirty, rect);
        this.#frame ||= requestAnimationFrame(() => {
            this.#frame = 0;
            this.#paint();
        });
    }

    #paint() {
        const points = this.#painting.line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
        this.#line.setAttribute("points", points.join(" "));
        if (!this.#dirty) return;
        const { x, y, width, height } = this.#dirty;
        this.#dirty = null;
        const { data, width: columns } = this.#painting.raster;
        const pixels = new ImageData(width, height);
        // Whole pixels at once, which machines that run browsers keep as alpha, blue, green, red.
        const words = new Uint32Array(pixels.data.buffer);
        const [red, green, blue] = this.#colour;
        const colour = (blue << 16) | (green << 8) | red;
        for (let row = 0, at = 0; row < height; row++) {
            const start = (y + row) * columns + x;
            for (let i = start; i < start + width; i++) {
                words[at++] = (Math.round(data[i] * MaskOverlay.#OPACITY) << 24) | colour;
            }
        }
        this.#picture.getContext("2d").putImageData(pixels, x, y);
    }

    /** @returns {number[]} the colour of that hue with 70 % saturation and 50 % lightness */
    static #rgb(hue) {
        return [0, 8, 4].map((shift) => {
            const place = (shift + hue / 30) % 12;
            return Math.round(255 * (0.5 - 0.35 * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
        });
    }
};
