/**
 * A mask as numbers: grey levels from 0 (not of the region) to 255 (of the region), row by row. No DOM here.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} RpgRect in pixels
 * @typedef {{x: number, y: number}} RpgPoint in pixels; a pixel's middle is at .5
 */
(window.sdWebuiRpg ??= {}).Raster = class Raster {
    /** Levels that differ by no more than this are one area for `flood`. */
    static #ALIKE = 32;

    /** @type {number} */
    width;

    /** @type {number} */
    height;

    /** @type {Uint8ClampedArray} */
    data;

    /**
     * @param {number} width in pixels
     * @param {number} height
     * @param {Uint8ClampedArray} data width × height levels; black where left out
     */
    constructor(width, height, data = new Uint8ClampedArray(width * height)) {
        this.width = width;
        this.height = height;
        this.data = data;
    }

    /** @returns {RpgRect} all of it */
    get whole() {
        return { x: 0, y: 0, width: this.width, height: this.height };
    }

    /** @returns {boolean} whether every pixel is white */
    get isFull() {
        return this.data.every((level) => level === 255);
    }

    /** @returns {Raster} */
    copy() {
        return new Raster(this.width, this.height, this.data.slice());
    }

    /** @returns {boolean} whether the other one is of the same size and levels */
    equals({ width, height, data }) {
        return width === this.width && height === this.height && data.every((level, i) => level === this.data[i]);
    }

    /** @returns {RpgRect | null} the smallest rectangle around all that is not black */
    bounds() {
        let [left, top, right, bottom] = [this.width, this.height, 0, 0];
        for (let y = 0, i = 0; y < this.height; y++) {
            for (let x = 0; x < this.width; x++, i++) {
                if (!this.data[i]) continue;
                if (x < left) left = x;
                if (x >= right) right = x + 1;
                if (y < top) top = y;
                bottom = y + 1;
            }
        }
        return bottom ? { x: left, y: top, width: right - left, height: bottom - top } : null;
    }

    /**
     * @param {RpgRect} rect inside
     * @returns {Raster} a copy of that part
     */
    crop({ x, y, width, height }) {
        const part = new Raster(width, height);
        for (let row = 0; row < height; row++) {
            const start = (y + row) * this.width + x;
            part.data.set(this.data.subarray(start, start + width), row * width);
        }
        return part;
    }

    /**
     * Put another one at a place, over what is there.
     *
     * @param {Raster} part
     * @param {RpgPoint} place of its left upper corner; all of it is inside
     */
    put(part, { x, y }) {
        for (let row = 0; row < part.height; row++) {
            const start = row * part.width;
            this.data.set(part.data.subarray(start, start + part.width), (y + row) * this.width + x);
        }
    }

    /**
     * Another one made of this one stretched over a part of it. Each pixel is the mean of what it covers.
     *
     * @param {number} width of the new one
     * @param {number} height
     * @param {RpgRect} place in it, in fractions of pixels; outside of it is black
     * @returns {Raster}
     */
    stretched(width, height, place = { x: 0, y: 0, width, height }) {
        const columns = Raster.#shares(this.width, width, place.x, place.width);
        const rows = Raster.#shares(this.height, height, place.y, place.height);
        const across = new Float64Array(width * this.height);
        columns.forEach((shares, x) => {
            for (const [from, share] of shares) {
                for (let y = 0; y < this.height; y++) {
                    across[y * width + x] += share * this.data[y * this.width + from];
                }
            }
        });
        const sums = new Float64Array(width * height);
        rows.forEach((shares, y) => {
            for (const [from, share] of shares) {
                for (let x = 0; x < width; x++) sums[y * width + x] += share * across[from * width + x];
            }
        });
        return new Raster(width, height, new Uint8ClampedArray(sums));
    }

    /**
     * @returns {[number, number][][]} for each of `count` pixels, which of the `own` ones that are stretched from
     *     `start` over `length` lie on it, and on how much of it
     */
    static #shares(own, count, start, length) {
        const step = length / own;
        return Array.from({ length: count }, (_, pixel) => {
            const shares = [];
            const first = Math.max(0, Math.floor((pixel - start) / step));
            for (let i = first; i < own && start + i * step < pixel + 1; i++) {
                const share = Math.min(pixel + 1, start + (i + 1) * step) - Math.max(pixel, start + i * step);
                if (share > 1e-9) shares.push([i, share]);
            }
            return shares;
        });
    }

    /**
     * Draw a part of a stroke: a brush that goes along a line. A stroke's parts do not add up where they overlap.
     *
     * @param {RpgPoint} from
     * @param {RpgPoint} to
     * @param {{radius: number, softness: number, level: number}} brush radius in pixels; softness: 0 is a hard edge,
     *     1 is soft up to the middle; level: what is drawn
     * @param {{before: Raster, coverage: Raster}} stroke before: as this one was before it; coverage: how much of each
     *     pixel the stroke has covered so far, 255 for all of it; grows
     * @returns {RpgRect | null} what was touched, null for nothing
     */
    stroke(from, to, { radius, softness, level }, { before, coverage }) {
        const reach = radius + 0.5;
        const rect = this.#around([from, to], reach);
        if (!rect) return null;
        // At least a pixel wide, so that a hard edge is not a stair.
        const ramp = Math.max(1, radius * softness);
        const [dx, dy] = [to.x - from.x, to.y - from.y];
        const length2 = dx * dx + dy * dy || 1;
        for (let y = rect.y; y < rect.y + rect.height; y++) {
            const [left, right] = this.#columns(from, to, y + 0.5, reach);
            const py = y + 0.5 - from.y;
            for (let x = left, i = y * this.width + left; x < right; x++, i++) {
                if (coverage.data[i] === 255) continue;
                const px = x + 0.5 - from.x;
                const along = Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
                const across = px - along * dx;
                const down = py - along * dy;
                const share = Math.min(1, (reach - Math.sqrt(across * across + down * down)) / ramp);
                if (share <= 0) continue;
                // A soft edge starts and ends without a kink.
                const covered = Math.round(255 * share * share * (3 - 2 * share));
                if (covered <= coverage.data[i]) continue;
                coverage.data[i] = covered;
                this.data[i] = before.data[i] + ((level - before.data[i]) * covered) / 255;
            }
        }
        return rect;
    }

    /** @returns {[number, number]} the columns that a brush along a line can reach in a row, from and up to */
    #columns(from, to, y, reach) {
        const dy = to.y - from.y;
        const at = (level) => (dy ? Math.min(1, Math.max(0, (level - from.y) / dy)) : 0);
        const shares = dy ? [at(y - reach), at(y + reach)] : [0, 1];
        const ends = shares.map((share) => from.x + share * (to.x - from.x));
        const left = Math.floor(Math.min(...ends) - reach);
        const right = Math.ceil(Math.max(...ends) + reach);
        return [Math.max(0, left), Math.min(this.width, right)];
    }

    /** @returns {RpgRect | null} the pixels within a reach of points, as far as they are inside */
    #around(points, reach) {
        const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
        const x = Math.max(0, Math.floor(Math.min(...xs) - reach));
        const y = Math.max(0, Math.floor(Math.min(...ys) - reach));
        const width = Math.min(this.width, Math.ceil(Math.max(...xs) + reach)) - x;
        const height = Math.min(this.height, Math.ceil(Math.max(...ys) + reach)) - y;
        return width > 0 && height > 0 ? { x, y, width, height } : null;
    }

    /**
     * Set all pixels whose middles a closed line goes around, also where it crosses itself.
     *
     * @param {RpgPoint[]} points
     * @param {number} level
     * @returns {RpgRect | null} what was touched, null for nothing
     */
    polygon(points, level) {
        const rect = points.length > 2 ? this.#around(points, 0) : null;
        if (!rect) return null;
        for (let y = rect.y; y < rect.y + rect.height; y++) {
            let turns = 0;
            const crossings = Raster.#crossings(points, y + 0.5);
            crossings.forEach(([x, turn], i) => {
                turns += turn;
                if (!turns) return;
                const row = y * this.width;
                const end = Math.min(this.width, Math.ceil(crossings[i + 1][0] - 0.5));
                this.data.fill(level, row + Math.max(0, Math.ceil(x - 0.5)), row + Math.max(0, end));
            });
        }
        return rect;
    }

    /** @returns {[number, number][]} where a closed line crosses a row, from the left, and 1 for downwards or -1 */
    static #crossings(points, y) {
        const crossings = [];
        points.forEach((to, i) => {
            const from = points.at(i - 1);
            if (from.y <= y === to.y <= y) return;
            crossings.push([from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x), from.y < to.y ? 1 : -1]);
        });
        return crossings.sort(([a], [b]) => a - b);
    }

    /**
     * Set the area of about one level around a pixel.
     *
     * @param {RpgPoint} start
     * @param {number} level
     * @returns {RpgRect | null} what was touched, null where the start is outside
     */
    flood({ x, y }, level) {
        const start = [Math.floor(x), Math.floor(y)];
        if (start[0] < 0 || start[1] < 0 || start[0] >= this.width || start[1] >= this.height) return null;
        const own = this.data[start[1] * this.width + start[0]];
        const found = new Raster(this.width, this.height);
        const isNew = (i) => !found.data[i] && Math.abs(this.data[i] - own) <= Raster.#ALIKE;
        const waiting = [start[1] * this.width + start[0]];
        while (waiting.length) {
            const i = waiting.pop();
            if (!isNew(i)) continue;
            const row = i - (i % this.width);
            let [left, right] = [i, i + 1];
            while (left > row && isNew(left - 1)) left--;
            while (right < row + this.width && isNew(right)) right++;
            found.data.fill(1, left, right);
            for (const next of [-this.width, this.width]) {
                for (let j = left + next; j < right + next; j++) {
                    const isInside = j >= 0 && j < this.data.length;
                    // One for each run of pixels is enough.
                    if (isInside && isNew(j) && (j === left + next || !isNew(j - 1))) waiting.push(j);
                }
            }
        }
        found.data.forEach((isFound, i) => {
            if (isFound) this.data[i] = level;
        });
        return found.bounds();
    }

    /** Swap white and black. */
    invert() {
        this.data.forEach((level, i) => {
            this.data[i] = 255 - level;
        });
    }

    /**
     * Have the white grow, by about a disc (an octagon).
     *
     * @param {number} steps in pixels; below 0 it shrinks, but not from the picture's edge
     */
    grow(steps) {
        // White shrinks as black grows.
        if (steps < 0) this.invert();
        for (let step = 0; step < Math.abs(steps); step++) {
            const old = this.data.slice();
            this.#spread(old, 1);
            // Every other step goes over the corners as well: what is above has spread already.
            this.#spread(step % 2 ? this.data.slice() : old, this.width);
        }
        if (steps < 0) this.invert();
    }

    /** Take the whitest of a pixel's level and the old ones `next` before and behind, in its row or its column. */
    #spread(old, next) {
        const { data, width } = this;
        for (let row = 0; row < data.length; row += width) {
            const first = next === 1 ? row : 0;
            const end = next === 1 ? row + width : data.length;
            for (let i = row; i < row + width; i++) {
                if (i - next >= first && old[i - next] > data[i]) data[i] = old[i - next];
                if (i + next < end && old[i + next] > data[i]) data[i] = old[i + next];
            }
        }
    }

    /**
     * Soften the edges: three means over squares, which is nearly a Gaussian blur. The picture's edge stays as it is.
     *
     * @param {number} radius in pixels: a square's side is 2 × radius + 1
     */
    feather(radius) {
        for (let pass = 0; pass < 3; pass++) {
            for (let y = 0; y < this.height; y++) this.#mean(y * this.width, 1, this.width, radius);
            for (let x = 0; x < this.width; x++) this.#mean(x, this.width, this.height, radius);
        }
    }

    /** The mean of each pixel's neighbours along a line of `count` pixels; beyond an end is the end's level. */
    #mean(start, next, count, radius) {
        const old = new Uint8ClampedArray(count + 2 * radius + 1);
        for (let i = 0; i < old.length; i++) {
            old[i] = this.data[start + Math.min(count - 1, Math.max(0, i - radius)) * next];
        }
        const side = 2 * radius + 1;
        let sum = 0;
        for (let i = 0; i < side; i++) sum += old[i];
        for (let i = 0; i < count; i++) {
            this.data[start + i * next] = sum / side;
            sum += old[i + side] - old[i];
        }
    }
};
