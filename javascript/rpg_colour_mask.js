/**
 * One picture with a flat colour for each region, read to places and masks. No DOM here.
 *
 * White, black and what is transparent belong to no region. Regional Prompter's colours come in its order, any others
 * in reading order.
 *
 * @typedef {{box: [number, number, number, number], mask: sdWebuiRpg.Raster | null}} RpgPlace mask: over the box, null
 *     for all of it
 */
(window.sdWebuiRpg ??= {}).ColourMask = class ColourMask {
    static #MAX_REGIONS = 64;

    /** Colours, before near ones are one, that are looked at: a photo has a hundred thousand. */
    static #MAX_COLOURS = 4096;

    /** Neighbours that differ by no more in any channel are inside of an area, no edge. */
    static #FLAT = 8;

    /** Colours that differ by no more in any channel are one, as JPEG changes them. */
    static #ALIKE = 16;

    /** Colours that differ by no more in any channel look the same. */
    static #NEARLY = 2;

    /** What differs from white or black by no more in any channel is background. */
    static #PALE = 24;

    /** Areas smaller than this share of the picture are specks. */
    static #SPECK = 0.0005;

    /** What an area may lack of its box to be a rectangle, as a share. */
    static #RAGGED = 0.01;

    /** Regional Prompter's colours have this much in their strongest and weakest channel. */
    static #STRONG = 128;
    static #WEAK = 64;

    /** Steps to the pixels around one. */
    static #AROUND = [[-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [1, -1], [-1, 1], [1, 1]];

    /** Regional Prompter's colours, by its regions' indices. */
    static #REGIONAL = Array.from({ length: 2 * ColourMask.#MAX_REGIONS }, (_, index) => ColourMask.#ofRegion(index));

    static #BACKGROUND = 255;
    static #UNKNOWN = 254;

    /** @type {RpgPixels} */
    #pixels;

    /** @type {Uint8Array} for each pixel the index of its colour, or one of the two above */
    #labels;

    /** @type {Uint32Array} for each pixel its colour: 24 bits, red, green, blue */
    #colours;

    /** @param {RpgPixels} pixels */
    constructor(pixels) {
        this.#pixels = pixels;
        const { data } = pixels;
        this.#colours = new Uint32Array(data.length / 4);
        for (let i = 0, at = 0; at < data.length; i++, at += 4) {
            this.#colours[i] = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
        }
        this.#labels = new Uint8Array(pixels.width * pixels.height).fill(ColourMask.#UNKNOWN);
    }

    /**
     * @param {RpgPixels} pixels
     * @param {string} name of the picture in sentences
     * @param {RpgSize} size of the picture that is drawn, in pixels
     * @returns {RpgPlace[]} a place for each colour, in order
     * @throws {Error} one sentence, where there is nothing, or too much, to read
     */
    static read(pixels, name, size) {
        return new ColourMask(pixels).#read(name, size);
    }

    #read(name, size) {
        const colours = this.#areas(name);
        this.#label(colours);
        const places = colours.map((_, i) => this.#place(i, size));
        const numbers = colours.map(ColourMask.#regionalPrompters);
        if (numbers.includes(-1)) return ColourMask.#inReadingOrder(places);
        return [...places.keys()].sort((a, b) => numbers[a] - numbers[b]).map((i) => places[i]);
    }

    #isBackground(i) {
        const colour = this.#colours[i];
        const isNear = (other) => ColourMask.#distance(colour, other) <= ColourMask.#PALE;
        return this.#pixels.data[4 * i + 3] < 128 || isNear(0xffffff) || isNear(0);
    }

    /** @returns {boolean} whether a pixel's eight neighbours differ from it by no more in any channel */
    #isInside(i, tolerance = ColourMask.#FLAT) {
        const { width, height } = this.#pixels;
        const own = this.#colours[i];
        const x = i % width;
        const y = (i - x) / width;
        for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
            for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
                const other = this.#colours[row * width + column];
                if (other !== own && ColourMask.#distance(own, other) > tolerance) return false;
            }
        }
        return true;
    }

    /** @returns {number[]} the colours of areas, the largest first */
    #areas(name) {
        const counts = new Map();
        let inside = 0;
        let outside = 0;
        for (let i = 0; i < this.#labels.length; i++) {
            if (this.#isBackground(i)) this.#labels[i] = ColourMask.#BACKGROUND;
            else if (this.#isInside(i)) {
                inside++;
                const colour = this.#colours[i];
                if (!counts.has(colour)) counts.set(colour, { colour, count: 0, flat: 0 });
                counts.get(colour).count++;
                counts.get(colour).flat += Number(this.#isInside(i, ColourMask.#NEARLY));
            } else outside++;
        }
        if (!inside && !outside) {
            throw new Error(`${name} has no colours but black and white: paint each region in a colour of its own.`);
        }
        const frequent = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, ColourMask.#MAX_COLOURS);
        const merged = ColourMask.#merged(frequent);
        const least = Math.max(1, this.#labels.length * ColourMask.#SPECK);
        const areas = merged.filter(({ count, flat }) => count >= least && flat >= count / 2);
        const flat = areas.reduce((sum, { count }) => sum + count, 0);
        const colours = areas.map(({ colour }) => colour);
        if (colours.length > ColourMask.#MAX_REGIONS) {
            const most = ColourMask.#MAX_REGIONS;
            throw new Error(`${name} has ${colours.length} colours: use at most ${most}, one a region.`);
        }
        if (!colours.length || flat < (inside + outside) / 3) {
            throw new Error(`${name} is not made of flat colours, such as a photo: paint each region in one colour.`);
        }
        return colours;
    }

    /**
     * Take near colours together; Regional Prompter's own may be nearer, and are exact.
     *
     * @param {{colour: number, count: number, flat: number}[]} all colours, how many pixels have one, and how many of
     *     these look like all around them; the most frequent first
     * @returns {{colour: number, count: number, flat: number}[]} flat: those that look like the colour itself, too:
     *     in a soft edge or a photo they are few
     */
    static #merged(all) {
        const total = all.reduce((sum, { count }) => sum + count, 0);
        const exact = all.filter(({ colour }) => ColourMask.#REGIONAL.includes(colour));
        if (exact.reduce((sum, { count }) => sum + count, 0) > 0.99 * total) return exact;
        const merged = [];
        for (const one of all) {
            const near = merged.find(({ colour }) => ColourMask.#distance(one.colour, colour) <= ColourMask.#ALIKE);
            if (!near) merged.push(one);
            else {
                near.count += one.count;
                if (ColourMask.#distance(one.colour, near.colour) <= ColourMask.#NEARLY) near.flat += one.flat;
            }
        }
        return merged;
    }

    /** Label all: first what is inside of areas, then what is of their colours beside it, at last what is between. */
    #label(colours) {
        const own = ColourMask.#nearest(colours);
        const unknown = [...this.#labels.keys()].filter((i) => this.#labels[i] === ColourMask.#UNKNOWN);
        for (const i of unknown.filter((place) => this.#isInside(place))) this.#labels[i] = own(this.#colours[i]);
        this.#spread((label, i) => label === own(this.#colours[i]));
        // Smoothed edges, and specks.
        this.#spread(() => true);
    }

    /** @returns {(colour: number) => number} the index of the colour that is about a given one */
    static #nearest(colours) {
        const known = new Map();
        return (colour) => {
            if (!known.has(colour)) {
                const distances = colours.map((other) => ColourMask.#distance(colour, other));
                const nearest = Math.min(...distances);
                known.set(colour, nearest <= ColourMask.#ALIKE ? distances.indexOf(nearest) : ColourMask.#UNKNOWN);
            }
            return known.get(colour);
        };
    }

    /**
     * Give what has no label that of a neighbour, ring by ring.
     *
     * @param {(label: number, i: number) => boolean} fits whether a pixel may have a label
     */
    #spread(fits) {
        let ring = [...this.#labels.keys()].filter((i) => this.#labels[i] === ColourMask.#UNKNOWN);
        while (ring.length) {
            const given = [];
            for (const i of ring) {
                const labels = this.#neighbours(i).map((j) => this.#labels[j]);
                const label = labels.find((near) => near !== ColourMask.#UNKNOWN && fits(near, i));
                if (label !== undefined) given.push([i, label]);
            }
            if (!given.length) return;
            for (const [i, label] of given) this.#labels[i] = label;
            ring = ring.filter((i) => this.#labels[i] === ColourMask.#UNKNOWN);
        }
    }

    /** @returns {number[]} the pixels around one: beside it, then over its corners */
    #neighbours(i) {
        const { width, height } = this.#pixels;
        const [x, y] = [i % width, Math.floor(i / width)];
        return ColourMask.#AROUND.filter(([dx, dy]) => {
            return x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        }).map(([dx, dy]) => i + dy * width + dx);
    }

    /** @returns {RpgPlace} of one colour */
    #place(label, size) {
        const { width, height } = this.#pixels;
        const raster = new sdWebuiRpg.Raster(width, height);
        let area = 0;
        this.#labels.forEach((own, i) => {
            if (own !== label) return;
            raster.data[i] = 255;
            area++;
        });
        const bounds = raster.bounds();
        const box = [bounds.x / width, bounds.y / height, bounds.width / width, bounds.height / height];
        if (area >= (1 - ColourMask.#RAGGED) * bounds.width * bounds.height) return { box, mask: null };
        // A pixel for each latent token of the picture is as fine as it matters.
        const columns = Math.min(bounds.width, Math.ceil((box[2] * size.width) / 8));
        const rows = Math.min(bounds.height, Math.ceil((box[3] * size.height) / 8));
        return { box, mask: raster.crop(bounds).stretched(columns, rows) };
    }

    /** Rows of places from top to bottom, each from left to right. */
    static #inReadingOrder(places) {
        const middle = ({ box }, side) => box[side] + box[side + 2] / 2;
        const rows = [];
        for (const place of [...places].sort((a, b) => middle(a, 1) - middle(b, 1))) {
            const first = rows.at(-1)?.[0];
            const isBeside = first && middle(place, 1) - middle(first, 1) < Math.min(place.box[3], first.box[3]) / 2;
            if (isBeside) rows.at(-1).push(place);
            else rows.push([place]);
        }
        return rows.flatMap((row) => row.sort((a, b) => middle(a, 0) - middle(b, 0)));
    }

    /** @returns {number} by how much two colours differ in the channel where they do most */
    static #distance(a, b) {
        const red = Math.abs((a >> 16) - (b >> 16));
        const green = Math.abs(((a >> 8) & 255) - ((b >> 8) & 255));
        return Math.max(red, green, Math.abs((a & 255) - (b & 255)));
    }

    /**
     * Regional Prompter gives regions hues of half saturation and value: 0, 1/2, the quarters between, the eighths …
     *
     * @returns {number} the hue of its region with that index, as a share of the circle
     */
    static #hueOf(index) {
        if (!index) return 0;
        const half = 2 ** Math.floor(Math.log2(index));
        return (2 * (index - half) + 1) / (2 * half);
    }

    /** @returns {number} the colour of Regional Prompter's region with that index */
    static #ofRegion(index) {
        const hue = 6 * ColourMask.#hueOf(index);
        const level = (shift) => {
            const distance = Math.abs(((hue + shift) % 6) - 3);
            const share = Math.min(1, Math.max(0, distance - 1));
            return Math.floor(ColourMask.#WEAK + (ColourMask.#STRONG - ColourMask.#WEAK) * share);
        };
        return (level(0) << 16) | (level(4) << 8) | level(2);
    }

    /** @returns {number} the index of Regional Prompter's region with that colour, -1 where it has none */
    static #regionalPrompters(colour) {
        const distances = ColourMask.#REGIONAL.map((own) => ColourMask.#distance(colour, own));
        // As JPEG changes colours, the first region of those near is the likely one.
        return distances.includes(0) ? distances.indexOf(0) : distances.findIndex((distance) => distance <= 4);
    }
};
