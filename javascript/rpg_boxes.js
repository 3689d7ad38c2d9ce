/**
 * The geometry of free boxes: moved, resized, snapped, kept on the canvas. No DOM here.
 *
 * A box is [x, y, width, height] in fractions of the canvas, a side is 0 (x) or 1 (y).
 *
 * @typedef {{x: number[], y: number[], reach: [number, number]}} RpgLines where edges snap to, and from how far
 */
(window.sdWebuiRpg ??= {}).Boxes = class Boxes {
    /** The smallest width and height. */
    static MIN = 1 / 64;

    /** What a box is moved by with the arrow keys, and with Shift. */
    static STEPS = [1 / 64, 1 / 8];

    static #PRECISION = 1e6;
    static #LINES = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => i / 8).concat([1 / 3, 2 / 3]);

    /** Touching is being apart by no more than this. */
    static #TOUCHING = 0.02;

    /**
     * @param {RpgBox[]} others whose edges attract
     * @param {[number, number]} reach in fractions of the canvas
     * @returns {RpgLines} their edges, eighths, halves and thirds
     */
    static lines(others, reach) {
        const edges = (side) => [...Boxes.#LINES, ...others.flatMap((box) => [box[side], box[side] + box[side + 2]])];
        return { x: edges(0), y: edges(1), reach };
    }

    /**
     * @param {number} position
     * @param {number[]} lines
     * @param {number} reach
     * @returns {number} the line next to it, or the position where none is in reach
     */
    static snapped(position, lines, reach) {
        const distance = (line) => Math.abs(line - position);
        const nearest = lines.reduce((best, line) => (distance(line) < distance(best) ? line : best), Infinity);
        return distance(nearest) <= reach ? nearest : position;
    }

    /**
     * @param {RpgBox} box
     * @returns {RpgBox} on the canvas, of at least the smallest size
     */
    static clamped(box) {
        const sized = [0, 1].map((side) => {
            const size = Math.min(Math.max(box[side + 2], Boxes.MIN), 1);
            return [Math.min(Math.max(box[side], 0), 1 - size), size];
        });
        return Boxes.#rounded([sized[0][0], sized[1][0], sized[0][1], sized[1][1]]);
    }

    /**
     * @param {RpgBox} box
     * @param {number} dx
     * @param {number} dy
     * @param {RpgLines | null} lines null for no snapping
     * @returns {RpgBox} of the same size, on the canvas
     */
    static moved(box, dx, dy, lines = null) {
        const starts = [dx, dy].map((distance, side) => {
            const [start, size] = [box[side] + distance, box[side + 2]];
            const shifts = [start, start + size].map((edge) => Boxes.#attracted(edge, lines, side) - edge);
            // The edge that is nearer to a line, of those that have one in reach.
            const shift = shifts.filter(Boolean).sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
            return start + shift;
        });
        return Boxes.clamped([...starts, box[2], box[3]]);
    }

    /**
     * @param {RpgBox} box
     * @param {string} handle which edges follow: "n", "s", "e", "w" or two of them such as "nw"
     * @param {number} dx
     * @param {number} dy
     * @param {{lines?: RpgLines | null, keepsShape?: boolean}} options "keepsShape" is for corners
     * @returns {RpgBox} with the other edges where they were
     */
    static resized(box, handle, dx, dy, { lines = null, keepsShape = false } = {}) {
        const names = ["we", "ns"];
        const spans = [dx, dy].map((distance, side) => {
            const span = [box[side], box[side] + box[side + 2]];
            const moving = [...names[side]].findIndex((name) => handle.includes(name));
            if (moving < 0) return span;
            const at = Boxes.#attracted(span[moving] + distance, lines, side);
            if (moving) span[1] = Math.max(Math.min(at, 1), span[0] + Boxes.MIN);
            else span[0] = Math.min(Math.max(at, 0), span[1] - Boxes.MIN);
            return span;
        });
        const edges = spans.map(([from, to]) => to - from);
        const sized = Boxes.#rounded([spans[0][0], spans[1][0], ...edges]);
        return keepsShape && handle.length === 2 ? Boxes.#inShape(box, sized, handle) : sized;
    }

    /**
     * @param {[number, number]} from a corner
     * @param {[number, number]} to the other
     * @param {RpgLines | null} lines null for no snapping
     * @returns {RpgBox} between them, on the canvas
     */
    static between(from, to, lines = null) {
        const spans = [0, 1].map((side) => {
            const ends = [from[side], to[side]].map((end) => Math.min(Math.max(end, 0), 1));
            const snapped = ends.map((end) => Boxes.#attracted(end, lines, side));
            return [Math.min(...snapped), Math.abs(snapped[1] - snapped[0])];
        });
        return Boxes.clamped([spans[0][0], spans[1][0], spans[0][1], spans[1][1]]);
    }

    /**
     * @param {RpgBox} box
     * @param {boolean} isSideways whether left becomes right, else top becomes bottom
     * @returns {RpgBox}
     */
    static mirrored([x, y, width, height], isSideways) {
        return Boxes.clamped(isSideways ? [1 - x - width, y, width, height] : [x, 1 - y - height, width, height]);
    }

    /**
     * @param {RpgBox} box
     * @param {boolean} isSideBySide whether its halves are beside each other, else one above the other
     * @returns {[RpgBox, RpgBox]}
     */
    static halves([x, y, width, height], isSideBySide) {
        const [w, h] = isSideBySide ? [width / 2, height] : [width, height / 2];
        return [Boxes.#rounded([x, y, w, h]), Boxes.#rounded([x + width - w, y + height - h, w, h])];
    }

    /** @returns {RpgBox} off by that much, to the other side where there is no room */
    static shifted([x, y, width, height], off) {
        const move = (start, size) => (start + size + off <= 1 ? start + off : Math.max(0, start - off));
        return Boxes.clamped([move(x, width), move(y, height), width, height]);
    }

    /** @returns {boolean} whether all sides are the same but for rounding */
    static areEqual(a, b) {
        return a.every((side, i) => Math.abs(side - b[i]) < 1e-6);
    }

    /** @returns {RpgBox} the smallest that holds both */
    static union(a, b) {
        const [x, y] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
        const [right, bottom] = [0, 1].map((side) => Math.max(a[side] + a[side + 2], b[side] + b[side + 2]));
        return Boxes.#rounded([x, y, right - x, bottom - y]);
    }

    /** @returns {boolean} whether they overlap or touch in more than a corner */
    static areNeighbours(a, b) {
        const gaps = Boxes.#gaps(a, b);
        return Math.max(...gaps) <= Boxes.#TOUCHING && Math.min(...gaps) < -Boxes.#TOUCHING;
    }

    /** @returns {boolean} whether they are beside each other or one above the other, with one whole edge in common */
    static shareAnEdge(a, b) {
        const isSame = (i) => Math.abs(a[i] - b[i]) < 1e-6;
        return Boxes.#gaps(a, b).some((gap, side) => Math.abs(gap) < 1e-6 && isSame(1 - side) && isSame(3 - side));
    }

    /**
     * @param {RpgBox[]} others
     * @returns {RpgBox} the largest place in eighths, at most half of the canvas wide and high, that no other is in;
     *     the canvas' middle where all is taken
     */
    static free(others) {
        const isFree = (box) => others.every((other) => Math.max(...Boxes.#gaps(box, other)) > -1e-6);
        const sides = [4, 3, 2, 1];
        const sizes = sides.flatMap((width) => sides.map((height) => [width, height]));
        sizes.sort((a, b) => b[0] * b[1] - a[0] * a[1]);
        for (const [width, height] of sizes) {
            for (let y = 0; y + height <= 8; y += 1) {
                for (let x = 0; x + width <= 8; x += 1) {
                    const box = [x, y, width, height].map((eighths) => eighths / 8);
                    if (isFree(box)) return box;
                }
            }
        }
        return [3 / 8, 3 / 8, 1 / 4, 1 / 4];
    }

    /** @returns {number} an edge, or the line that it snaps to */
    static #attracted(edge, lines, side) {
        return lines ? Boxes.snapped(edge, [lines.x, lines.y][side], lines.reach[side]) : edge;
    }

    /** @returns {[number, number]} how far they are apart along each side, below 0 where they overlap */
    static #gaps(a, b) {
        const end = (box, side) => box[side] + box[side + 2];
        return [0, 1].map((side) => Math.max(a[side], b[side]) - Math.min(end(a, side), end(b, side)));
    }

    /** @returns {RpgBox} `sized` in the shape of `box`, with the corner across from the handle where it is */
    static #inShape(box, sized, handle) {
        const [right, bottom] = [box[0] + box[2], box[1] + box[3]];
        const room = [handle.includes("w") ? right : 1 - box[0], handle.includes("n") ? bottom : 1 - box[1]];
        const least = Math.max(Boxes.MIN / box[2], Boxes.MIN / box[3]);
        const most = Math.min(room[0] / box[2], room[1] / box[3]);
        const scale = Math.min(Math.max(sized[2] / box[2], sized[3] / box[3], least), most);
        const [width, height] = [box[2] * scale, box[3] * scale];
        const x = handle.includes("w") ? right - width : box[0];
        const y = handle.includes("n") ? bottom - height : box[1];
        return Boxes.#rounded([x, y, width, height]);
    }

    /** @returns {RpgBox} without the noise of sums, so that start and size never exceed the canvas */
    static #rounded(box) {
        const [x, y, width, height] = box.map((side) => Math.round(side * Boxes.#PRECISION) / Boxes.#PRECISION);
        return [x, y, Math.min(width, 1 - x), Math.min(height, 1 - y)];
    }
};
