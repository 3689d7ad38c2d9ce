/**
 * A split ratio as rows of cells: read, edited and written, with the numbers as they were typed. No DOM here.
 *
 * The grammar is that of lib_rpg/layout/ratio.py. "rowsFirst" transposes: rows are columns from left to right then,
 * heights are widths. Each edit makes a new grid.
 *
 * @typedef {[number, number, number, number]} RpgBox x, y, width and height in fractions of the canvas
 * @typedef {{height: string, widths: string[], text?: string}} RpgRow "widths" of a row of one cell are empty; "text"
 *     is the row as it was typed, as long as nothing of it is edited
 * @typedef {{row: number, cell: number, isUpright: boolean, at: number, from: number, to: number}} RpgBoundary between
 *     two rows (cell -1), or between a cell and the next of its row; "at" across it, "from" and "to" along it
 */
(window.sdWebuiRpg ??= {}).Grid = class Grid {
    static #NUMBER = /^(?:(\d+)\s*\/\s*(\d+)|(\d+(?:\.\d*)?|\.\d+)\s*(%?))$/;

    /** A boundary that is snapped is written exactly where its row's numbers have at most this sum. */
    static #MAX_EXACT_SUM = 400;

    /** A boundary that is dragged freely is written in steps about as fine as this part of the canvas. */
    static #STEPS = 100;

    /** Sums of typed numbers that are larger than this are not kept. */
    static #MAX_SUM = 1000;

    /** The smallest share that a cell is dragged to. */
    static #MIN_SHARE = 1 / 64;

    /** @type {RpgRow[]} */
    #rows;

    /** @type {boolean} */
    rowsFirst;

    /**
     * @param {RpgRow[]} rows
     * @param {boolean} rowsFirst
     */
    constructor(rows, rowsFirst = false) {
        this.#rows = rows;
        this.rowsFirst = rowsFirst;
    }

    /**
     * @param {string} text a split ratio
     * @param {boolean} rowsFirst
     * @returns {Grid | null} null for a malformed text
     */
    static parse(text, rowsFirst = false) {
        const parts = text.split(";");
        const rows = parts.map((part) => {
            const numbers = part.split(",").map((number) => number.trim());
            if (parts.length > 1) return { height: numbers[0], widths: numbers.slice(1), text: part };
            return { height: "1", widths: numbers.length > 1 ? numbers : [], text: part, only: numbers[0] };
        });
        const isRead = rows.every(({ height, widths, only = "1" }) =>
            [height, only, ...widths].every((number) => Grid.#fraction(number)),
        );
        return isRead ? new Grid(rows, rowsFirst) : null;
    }

    /**
     * @param {RpgBox[]} boxes
     * @param {number} tolerance how far an edge may be from where it has to be, in fractions of the canvas
     * @returns {{grid: Grid, order: number[]} | null} the grid that they tile as rows or columns of cells, and each
     *     cell's index among the boxes; null where they do not
     */
    static fromBoxes(boxes, tolerance) {
        return Grid.#tiled(boxes, tolerance, false) ?? Grid.#tiled(boxes, tolerance, true);
    }

    /** @returns {number} of cells */
    get count() {
        return this.#rows.reduce((sum, row) => sum + Grid.#cells(row), 0);
    }

    /** @returns {string} the ratio */
    toString() {
        const isLone = this.#rows.length === 1;
        const write = ({ height, widths }) => (isLone ? widths.join(",") || "1" : [height, ...widths].join(","));
        return this.#rows.map((row) => row.text ?? write(row)).join(";");
    }

    /** @returns {RpgBox[]} of the cells, row by row */
    boxes() {
        const heights = this.#heightEdges();
        return this.#rows.flatMap((row, i) => {
            const widths = Grid.#edges(Grid.#widths(row));
            const [y, height] = [heights.starts[i], heights.sizes[i]];
            return widths.sizes.map((width, j) => this.#box(widths.starts[j], y, width, height));
        });
    }

    /** @returns {RpgBoundary[]} what can be dragged */
    boundaries() {
        const heights = this.#heightEdges();
        const between = heights.starts.slice(1).map((at, row) => ({ row, cell: -1, at, from: 0, to: 1 }));
        const within = this.#rows.flatMap((row, i) => {
            const to = heights.starts[i + 1] ?? 1;
            const starts = Grid.#edges(Grid.#widths(row)).starts.slice(1);
            return starts.map((at, cell) => ({ row: i, cell, at, from: heights.starts[i], to }));
        });
        return [...between, ...within].map((line) => ({ ...line, isUpright: line.cell >= 0 !== this.rowsFirst }));
    }

    /**
     * @param {RpgBoundary} boundary
     * @returns {number[]} the cells whose size it changes
     */
    cellsAt({ row, cell }) {
        const first = this.#firstCell(row);
        if (cell >= 0) return [first + cell, first + cell + 1];
        const count = Grid.#cells(this.#rows[row]) + Grid.#cells(this.#rows[row + 1]);
        return Array.from({ length: count }, (_, i) => first + i);
    }

    /**
     * @param {number} index of a cell
     * @param {boolean} isUpright whether to look for a boundary that stands upright
     * @returns {RpgBoundary | null} the one behind the cell, or before it where it is the last; null for none
     */
    boundaryOf(index, isUpright) {
        const [row, cell] = this.#place(index);
        const along = isUpright !== this.rowsFirst;
        const wanted = along ? [cell, cell - 1] : [row, row - 1];
        const lines = this.boundaries().filter((line) => (along ? line.row === row && line.cell >= 0 : line.cell < 0));
        const found = wanted.map((i) => lines.find((line) => (along ? line.cell : line.row) === i));
        return found[0] ?? found[1] ?? null;
    }

    /**
     * @param {RpgBoundary} boundary
     * @param {number} at where to, in fractions of the canvas; kept between its neighbours
     * @param {boolean} isExact whether it has to be just there; else the numbers are kept short
     * @returns {Grid}
     */
    moved({ row, cell }, at, isExact) {
        if (cell < 0) {
            const heights = this.#rows.map(({ height }) => height);
            return this.#withHeights(Grid.#shifted(heights, row, at, isExact));
        }
        return this.#withRow(row, Grid.#shifted(this.#rows[row].widths, cell, at, isExact));
    }

    /**
     * @param {number} index of a cell
     * @param {boolean} isSideBySide whether its halves are beside each other, else one above the other
     * @returns {Grid | null} the second half is the next cell; null where no ratio says that
     */
    split(index, isSideBySide) {
        const [row, cell] = this.#place(index);
        const { height, widths } = this.#rows[row];
        if (isSideBySide !== this.rowsFirst) {
            return this.#withRow(row, Grid.#halved(Grid.#widths(this.#rows[row]), cell));
        }
        // "1,1" is as well two columns of one cell each.
        if (this.#rows.length === 1 && widths.length) return this.#transposed().split(index, isSideBySide);
        if (widths.length > 1) return null;
        const halved = [...this.#rows];
        halved.splice(row, 1, { height, widths: [] }, { height, widths: [] });
        const heights = this.#rows.map((each) => each.height);
        return new Grid(halved, this.rowsFirst).#withHeights(Grid.#halved(heights, row));
    }

    /**
     * @param {number} index of a cell
     * @returns {Grid} with another cell of that width behind it
     */
    added(index) {
        const [row, cell] = this.#place(index);
        const widths = Grid.#widths(this.#rows[row]);
        return this.#withRow(row, [...widths.slice(0, cell + 1), ...widths.slice(cell)]);
    }

    /**
     * @param {number} index of a cell, which is not the only one
     * @returns {Grid} without it: its space goes to its row, or to the other rows
     */
    removed(index) {
        const [row, cell] = this.#place(index);
        const { widths } = this.#rows[row];
        if (widths.length > 1) return this.#withRow(row, widths.filter((_, i) => i !== cell));
        return this.#withRows(this.#rows.filter((_, i) => i !== row));
    }

    /**
     * @param {number} a cell
     * @param {number} b a cell that shares a whole edge with it
     * @returns {Grid | null} the two as one, at the place of the first; null where no ratio says that
     */
    merged(a, b) {
        const [[row, cell], [otherRow, otherCell]] = [this.#place(Math.min(a, b)), this.#place(Math.max(a, b))];
        const { widths } = this.#rows[row];
        if (row === otherRow) return otherCell === cell + 1 ? this.#withRow(row, Grid.#joined(widths, cell)) : null;
        const areRows = Grid.#cells(this.#rows[row]) === 1 && Grid.#cells(this.#rows[otherRow]) === 1;
        if (!areRows || otherRow !== row + 1) return null;
        const heights = Grid.#joined(this.#rows.map(({ height }) => height), row);
        return this.#withRows(this.#rows.filter((_, i) => i !== otherRow)).#withHeights(heights);
    }

    /**
     * @param {boolean} isSideways whether left becomes right, else top becomes bottom
     * @returns {{grid: Grid, order: number[]}} mirrored, and the index that each cell had
     */
    mirrored(isSideways) {
        const indices = (row, i) => Array.from({ length: Grid.#cells(row) }, (_, j) => this.#firstCell(i) + j);
        const cells = this.#rows.map((row, i) => [row, indices(row, i)]);
        const isWithin = isSideways !== this.rowsFirst;
        const turned = isWithin
            ? cells.map(([{ height, widths }, order]) => [{ height, widths: [...widths].reverse() }, order.reverse()])
            : cells.reverse();
        return { grid: this.#withRows(turned.map(([row]) => row)), order: turned.flatMap(([, order]) => order) };
    }

    #heightEdges() {
        return Grid.#edges(this.#rows.map(({ height }) => height));
    }

    /** @returns {RpgBox} */
    #box(along, across, width, height) {
        return this.rowsFirst ? [across, along, height, width] : [along, across, width, height];
    }

    /** @returns {[number, number]} the row and the cell in it */
    #place(index) {
        const row = this.#rows.findIndex((each, i) => index < this.#firstCell(i) + Grid.#cells(each));
        return [row, index - this.#firstCell(row)];
    }

    /** @returns {number} the index of a row's first cell */
    #firstCell(row) {
        return this.#rows.slice(0, row).reduce((sum, each) => sum + Grid.#cells(each), 0);
    }

    /** @returns {Grid} with other cells in one row */
    #withRow(row, widths) {
        const { height } = this.#rows[row];
        const edited = { height, widths: widths.length > 1 ? widths : [] };
        return this.#withRows(this.#rows.map((each, i) => (i === row ? edited : each)));
    }

    /** @returns {Grid} with other heights; rows whose number stays are written as they were typed */
    #withHeights(heights) {
        const rows = this.#rows.map((row, i) =>
            heights[i] === row.height ? row : { height: heights[i], widths: row.widths },
        );
        return this.#withRows(rows);
    }

    /** @returns {Grid} */
    #withRows(rows) {
        // The text of a lone row has no height in it, that of one among others does.
        const isOtherForm = (rows.length === 1) !== (this.#rows.length === 1);
        const plain = rows.map(({ height, widths }) => ({ height, widths }));
        return new Grid(isOtherForm ? plain : rows, this.rowsFirst);
    }

    /** @returns {Grid} the same cells, where the only row is written as columns or the other way round */
    #transposed() {
        const rows = this.#rows[0].widths.map((height) => ({ height, widths: [] }));
        return new Grid(rows, !this.rowsFirst);
    }

    static #cells({ widths }) {
        return Math.max(1, widths.length);
    }

    static #widths({ widths }) {
        return widths.length ? widths : ["1"];
    }

    /** @returns {{grid: Grid, order: number[]} | null} */
    static #tiled(boxes, tolerance, rowsFirst) {
        const [x, y, width, height] = rowsFirst ? [1, 0, 3, 2] : [0, 1, 2, 3];
        const isNear = (a, b) => Math.abs(a - b) <= tolerance;
        const rows = [];
        const byPlace = boxes.map((box, index) => ({ box, index })).sort((a, b) => a.box[y] - b.box[y]);
        for (const cell of byPlace) {
            const row = rows.find(([{ box }]) => isNear(box[y], cell.box[y]) && isNear(box[height], cell.box[height]));
            if (row) row.push(cell);
            else rows.push([cell]);
        }
        for (const row of rows) row.sort((a, b) => a.box[x] - b.box[x]);
        const isWhole = (line, start, size) => {
            const ends = line.map(({ box }) => box[start] + box[size]);
            return [0, ...ends].every((end, i) => isNear(end, i < line.length ? line[i].box[start] : 1));
        };
        const heads = rows.map(([cell]) => cell);
        if (!isWhole(heads, y, height) || !rows.every((row) => isWhole(row, x, width))) return null;
        const ends = (line, start) => [...line.slice(1).map(({ box }) => box[start]), 1];
        const numbers = (line, start) => Grid.#written(ends(line, start), tolerance / 5);
        const heights = numbers(heads, y);
        const made = rows.map((row, i) => ({ height: heights[i], widths: row.length > 1 ? numbers(row, x) : [] }));
        return { grid: new Grid(made, rowsFirst), order: rows.flat().map(({ index }) => index) };
    }

    /** @returns {{starts: number[], sizes: number[]}} in fractions; as exact as Python's for sums below 2 ** 53 */
    static #edges(numbers) {
        const weights = Grid.#weights(numbers);
        const sum = weights.reduce((a, b) => a + b, 0);
        let start = 0;
        const starts = weights.map((weight) => (start += weight) - weight).map((before) => before / sum);
        return { starts, sizes: weights.map((weight) => weight / sum) };
    }

    /** @returns {string[]} the numbers with the boundary behind number `i` somewhere else */
    static #shifted(numbers, i, at, isExact) {
        const { starts } = Grid.#edges(numbers);
        const [from, to] = [starts[i], starts[i + 2] ?? 1];
        const min = Math.min(Grid.#MIN_SHARE, (to - from) / 4);
        const edge = Math.min(Math.max(at, from + min), to - min);
        const ends = [...starts.slice(1), 1].map((end, j) => (j === i ? edge : end));
        const weights = Grid.#weights(numbers);
        const sum = weights.reduce((a, b) => a + b, 0);
        if (isExact || sum > Grid.#MAX_SUM) return Grid.#written(ends, isExact ? 1e-9 : 0);
        const scale = Math.ceil(Grid.#STEPS / sum);
        const pair = (weights[i] + weights[i + 1]) * scale;
        const first = Math.min(Math.max(Math.round((edge - from) * sum * scale), 1), pair - 1);
        return Grid.#reduced(weights.map((weight, j) => [first, pair - first][j - i] ?? weight * scale));
    }

    /**
     * @param {number[]} ends of the cells in a line, in fractions; the last is 1
     * @param {number} tolerance
     * @returns {string[]} the smallest numbers whose boundaries are that near to them, else in percent
     */
    static #written(ends, tolerance) {
        const isNear = (sum) => ends.every((end) => Math.abs(Math.round(end * sum) / sum - end) <= tolerance);
        const differ = (sum) => ends.every((end, i) => Math.round(end * sum) > Math.round((ends[i - 1] ?? 0) * sum));
        let sum = ends.length;
        while (sum <= Grid.#MAX_EXACT_SUM && !(isNear(sum) && differ(sum))) sum += 1;
        if (sum > Grid.#MAX_EXACT_SUM) for (sum = Grid.#STEPS; !differ(sum) && sum < 1e9; ) sum *= 10;
        const rounded = ends.map((end) => Math.round(end * sum));
        return Grid.#reduced(rounded.map((end, i) => Math.max(1, end - (rounded[i - 1] ?? 0))));
    }

    /** @returns {string[]} number `i` as two halves */
    static #halved(numbers, i) {
        const weights = Grid.#weights(numbers);
        const scale = weights[i] % 2 ? 2 : 1;
        const half = (weights[i] * scale) / 2;
        return Grid.#reduced(weights.flatMap((weight, j) => (j === i ? [half, half] : [weight * scale])));
    }

    /** @returns {string[]} number `i` and the next as one */
    static #joined(numbers, i) {
        const weights = Grid.#weights(numbers);
        weights.splice(i, 2, weights[i] + weights[i + 1]);
        return Grid.#reduced(weights);
    }

    /** @returns {string[]} whole numbers in the smallest terms */
    static #reduced(weights) {
        const divisor = weights.map(BigInt).reduce(Grid.#gcd);
        return weights.map((weight) => String(BigInt(weight) / divisor));
    }

    /** @returns {number[]} the smallest whole numbers in the proportions of the numbers as typed */
    static #weights(numbers) {
        const fractions = numbers.map((number) => Grid.#fraction(number));
        const scale = fractions.reduce((lcm, [, under]) => (lcm / Grid.#gcd(lcm, under)) * under, 1n);
        const scaled = fractions.map(([over, under]) => (over * scale) / under);
        const divisor = scaled.reduce(Grid.#gcd);
        return scaled.map((weight) => Number(weight / divisor));
    }

    /** @returns {[bigint, bigint] | null} numerator and denominator; null for what is no number above 0 */
    static #fraction(number) {
        const [, over, under, decimal, percent] = Grid.#NUMBER.exec(number) ?? [];
        if (decimal === undefined && over === undefined) return null;
        const [whole, decimals = ""] = (decimal ?? over).split(".");
        const scale = 10n ** BigInt(decimals.length) * (percent ? 100n : 1n);
        const fraction = [BigInt(whole + decimals), BigInt(under ?? 1) * scale];
        return fraction[0] > 0n && fraction[1] > 0n ? fraction : null;
    }

    static #gcd(a, b) {
        while (b) [a, b] = [b, a % b];
        return a;
    }
};
