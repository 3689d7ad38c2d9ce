/**
 * A mask while it is painted: over the whole picture, with tools and its own Undo. No DOM here.
 *
 * It has a whole number of pixels for each latent token of the picture, and at most 1024 a side.
 *
 * @typedef {"brush" | "eraser" | "lasso" | "cut" | "fill"} RpgMaskTool lasso adds what it goes around, cut takes it off
 * @typedef {{tool: RpgMaskTool, size: number, softness: number}} RpgBrush size: the brush's width as a share of the
 *     picture's longer side; softness: 0 is a hard edge, 1 is soft up to the brush's middle
 */
(window.sdWebuiRpg ??= {}).MaskPainting = class MaskPainting {
    static #LONGEST_SIDE = 1024;
    static #PIXELS_A_TOKEN = 8;
    static #MAX_STEPS = 50;

    /** @type {RpgBrush} what is painted with; may be changed */
    brush;

    /** @type {number} tokens across the picture */
    #columns;

    /** @type {number} tokens down the picture */
    #rows;

    /** @type {number} pixels of the raster for a token */
    #scale;

    /** @type {sdWebuiRpg.Raster} */
    #raster;

    /** @type {number[]} the place that the region had at first, as its `box` */
    #box;

    /** @type {sdWebuiRpg.Raster} the mask as it was at first */
    #first;

    /** @type {{part: sdWebuiRpg.Raster, x: number, y: number}[]} what was there before each step, the latest last */
    #past = [];

    /** @type {{part: sdWebuiRpg.Raster, x: number, y: number}[]} what was undone, the next at the end */
    #future = [];

    /** @type {{before: sdWebuiRpg.Raster, coverage: sdWebuiRpg.Raster, points: RpgPoint[], isAdding: boolean,
     *     isLasso: boolean, rest: RpgPoint | null, rect: RpgRect | null} | null} the stroke that is under way; rest:
     *     where it is, if that is not far from the last of its points; rect: what it has touched */
    #stroke = null;

    /**
     * @param {RpgSize} size of the picture, in pixels
     * @param {number[]} box of the region
     * @param {sdWebuiRpg.Raster | null} mask over the box, null for all of it
     * @param {RpgBrush} brush
     */
    constructor({ width, height }, box, mask, brush) {
        this.brush = brush;
        const longest = Math.max(width, height) / MaskPainting.#PIXELS_A_TOKEN;
        const shrunk = Math.min(1, MaskPainting.#LONGEST_SIDE / longest);
        const tokens = (side) => Math.max(1, Math.round((side / MaskPainting.#PIXELS_A_TOKEN) * shrunk));
        [this.#columns, this.#rows] = [tokens(width), tokens(height)];
        const most = Math.floor(MaskPainting.#LONGEST_SIDE / Math.max(this.#columns, this.#rows));
        this.#scale = Math.min(MaskPainting.#PIXELS_A_TOKEN, most);
        this.#box = box;
        this.#raster = this.#overBox(mask);
        this.#first = this.#raster.copy();
    }

    /** @returns {sdWebuiRpg.Raster} the mask over the whole picture; to be read only */
    get raster() {
        return this.#raster;
    }

    /** @returns {boolean} whether it is another mask than at first */
    get isChanged() {
        return !this.#raster.equals(this.#first);
    }

    /** @returns {boolean} */
    get canUndo() {
        return this.#past.length > 0;
    }

    /** @returns {boolean} */
    get canRedo() {
        return this.#future.length > 0;
    }

    /** @returns {boolean} whether a stroke is under way */
    get isDrawing() {
        return this.#stroke !== null;
    }

    /** @returns {RpgPoint[]} the line of the lasso that is under way */
    get line() {
        return this.#stroke?.isLasso ? this.#stroke.points : [];
    }

    /** @returns {number} the brush's radius in pixels of the raster */
    get radius() {
        return Math.max(0.5, (this.brush.size * Math.max(this.#raster.width, this.#raster.height)) / 2);
    }

    /** @returns {number} pixels of the raster for a token */
    get scale() {
        return this.#scale;
    }

    /**
     * Begin a stroke.
     *
     * @param {RpgPoint} point in pixels of the raster
     * @param {boolean} isReversed adds where the tool takes away, and the other way round
     * @returns {RpgRect | null} what has changed
     */
    begin(point, isReversed = false) {
        const { tool } = this.brush;
        if (tool === "fill") return this.#fill(point);
        const { width, height } = this.#raster;
        const isAdding = (tool === "brush" || tool === "lasso") !== isReversed;
        const isLasso = tool === "lasso" || tool === "cut";
        const coverage = new sdWebuiRpg.Raster(width, height);
        const before = this.#raster.copy();
        this.#stroke = { before, coverage, points: [point], isAdding, isLasso, rest: null, rect: null };
        return isLasso ? null : this.#draw(point, point);
    }

    /**
     * Go on with the stroke.
     *
     * @param {RpgPoint} point
     * @returns {RpgRect | null} what has changed
     */
    move(point) {
        if (!this.#stroke) return null;
        const from = this.#stroke.points.at(-1);
        const { isLasso } = this.#stroke;
        // Finer steps of a brush cannot be seen; those of a large one take long.
        this.#stroke.rest = null;
        if (Math.hypot(point.x - from.x, point.y - from.y) < (isLasso ? 1 : this.radius / 16)) {
            this.#stroke.rest = point;
            return null;
        }
        this.#stroke.points.push(point);
        return isLasso ? null : this.#draw(from, point);
    }

    /** @returns {RpgRect | null} what has changed by the end of the stroke, which is one step of Undo */
    end() {
        const stroke = this.#stroke;
        if (!stroke) return null;
        if (stroke.rest && stroke.isLasso) stroke.points.push(stroke.rest);
        else if (stroke.rest) this.#draw(stroke.points.at(-1), stroke.rest);
        this.#stroke = null;
        if (!stroke.isLasso) return this.#keep(stroke.before, stroke.rect);
        const rect = this.#raster.polygon(stroke.points, stroke.isAdding ? 255 : 0);
        return this.#keep(stroke.before, rect);
    }

    /** Break the stroke off: the mask is as before it. */
    abort() {
        if (this.#stroke) this.#raster = this.#stroke.before;
        this.#stroke = null;
    }

    /** Swap what is of the region and what is not, in the whole picture. */
    invert() {
        this.#change((raster) => raster.invert());
    }

    /** @param {number} tokens to grow by, below 0 to shrink */
    grow(tokens) {
        this.#change((raster) => raster.grow(tokens * this.#scale));
    }

    /** Soften the edges by about a token. */
    feather() {
        this.#change((raster) => raster.feather(Math.max(1, Math.round(this.#scale / 2))));
    }

    /** Take all away. */
    clear() {
        this.#change((raster) => raster.data.fill(0));
    }

    /** @param {sdWebuiRpg.Raster} mask to be the whole picture's, stretched */
    replace(mask) {
        const { width, height } = this.#raster;
        this.#change((raster) => raster.put(mask.stretched(width, height), { x: 0, y: 0 }));
    }

    /** @returns {boolean} whether there was a step to take back */
    undo() {
        return this.#step(this.#past, this.#future);
    }

    /** @returns {boolean} whether there was a step to do again */
    redo() {
        return this.#step(this.#future, this.#past);
    }

    /**
     * @returns {{box: number[], mask: sdWebuiRpg.Raster | null} | null} the smallest box around what is painted, and
     *     the mask over it with a pixel for each token, null for all of the box; null where nothing is painted
     */
    result() {
        if (this.#raster.equals(this.#overBox(null))) return { box: this.#box, mask: null };
        const tokens = this.#raster.stretched(this.#columns, this.#rows);
        const bounds = tokens.bounds();
        if (!bounds) return null;
        const mask = tokens.crop(bounds);
        const sides = [bounds.x / this.#columns, bounds.y / this.#rows];
        sides.push(bounds.width / this.#columns, bounds.height / this.#rows);
        return { box: sides, mask: mask.isFull ? null : mask };
    }

    /** @returns {sdWebuiRpg.Raster} the whole picture with a mask over the region's first box, white for null */
    #overBox(mask) {
        const [width, height] = [this.#columns * this.#scale, this.#rows * this.#scale];
        const [x, y, w, h] = this.#box;
        const place = { x: x * width, y: y * height, width: w * width, height: h * height };
        const white = () => new sdWebuiRpg.Raster(1, 1, Uint8ClampedArray.of(255));
        return (mask ?? white()).stretched(width, height, place);
    }

    #draw(from, to) {
        const { isAdding, rect } = this.#stroke;
        const brush = { radius: this.radius, softness: this.brush.softness, level: isAdding ? 255 : 0 };
        const touched = this.#raster.stroke(from, to, brush, this.#stroke);
        this.#stroke.rect = MaskPainting.joined(rect, touched);
        return touched;
    }

    /** Fill the area around a point; an area that is filled is emptied. */
    #fill(point) {
        const before = this.#raster.copy();
        const [x, y] = [Math.floor(point.x), Math.floor(point.y)];
        const isFilled = before.data[y * before.width + x] > 127;
        return this.#keep(before, this.#raster.flood(point, isFilled ? 0 : 255));
    }

    #change(edit) {
        const before = this.#raster.copy();
        edit(this.#raster);
        this.#keep(before, this.#raster.whole);
    }

    /** Make a step for Undo of what a part was before. */
    #keep(before, rect) {
        if (!rect || before.equals(this.#raster)) return rect;
        this.#past.push({ part: before.crop(rect), x: rect.x, y: rect.y });
        this.#past = this.#past.slice(-MaskPainting.#MAX_STEPS);
        this.#future = [];
        return rect;
    }

    #step(from, to) {
        const step = this.isDrawing ? undefined : from.pop();
        if (!step) return false;
        const { part, x, y } = step;
        to.push({ part: this.#raster.crop({ x, y, width: part.width, height: part.height }), x, y });
        this.#raster.put(part, step);
        return true;
    }

    /**
     * @param {RpgRect | null} a
     * @param {RpgRect | null} b
     * @returns {RpgRect | null} the smallest rectangle around both
     */
    static joined(a, b) {
        if (!a || !b) return a ?? b;
        const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
        const width = Math.max(a.x + a.width, b.x + b.width) - x;
        return { x, y, width, height: Math.max(a.y + a.height, b.y + b.height) - y };
    }
};
