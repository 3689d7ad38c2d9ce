/**
 * Writes a raster as a PNG file of 8-bit grey. No DOM here.
 *
 * A browser's canvas writes four channels, some browsers with noise against fingerprinting; and not at once.
 */
(window.sdWebuiRpg ??= {}).GreyPng = class GreyPng {
    static #SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /** What a pixel is written as the difference to: nothing, its left, and its upper neighbour. */
    static #FILTERS = [0, 1, 2];
    static #WINDOW = 32768;
    static #LONGEST = 258;
    static #SHORTEST = 3;

    /** @type {number[]} the bytes of the deflated data */
    #bytes = [0x78, 0x01];

    #bits = 0;
    #count = 0;

    /**
     * @param {sdWebuiRpg.Raster} raster
     * @returns {Uint8Array} the file
     */
    static encode(raster) {
        const written = GreyPng.#FILTERS.map((filter) => new GreyPng().#deflate(GreyPng.#filtered(raster, filter)));
        const data = written.reduce((best, other) => (other.length < best.length ? other : best));
        const header = [...GreyPng.#word(raster.width), ...GreyPng.#word(raster.height), 8, 0, 0, 0, 0];
        const chunks = [GreyPng.#chunk("IHDR", header), GreyPng.#chunk("IDAT", data), GreyPng.#chunk("IEND", [])];
        return Uint8Array.from([GreyPng.#SIGNATURE, ...chunks].flat());
    }

    static #word(number) {
        return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
    }

    static #chunk(name, data) {
        const content = [...name].map((letter) => letter.charCodeAt(0)).concat(data);
        let sum = -1;
        for (const byte of content) {
            sum ^= byte;
            for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
        }
        return [...GreyPng.#word(data.length), ...content, ...GreyPng.#word(~sum)];
    }

    /** @returns {Uint8Array} the filter's number and the pixels of each row */
    static #filtered({ width, height, data }, filter) {
        const rows = new Uint8Array((width + 1) * height);
        for (let y = 0, at = 0; y < height; y++) {
            rows[at++] = filter;
            for (let x = 0; x < width; x++) {
                const i = y * width + x;
                const isInside = filter === 1 ? x > 0 : filter === 2 && y > 0;
                rows[at++] = data[i] - (isInside ? data[filter === 1 ? i - 1 : i - width] : 0);
            }
        }
        return rows;
    }

    /** @returns {number[]} zlib's form of bytes: one block of fixed codes, with the latest match of three bytes */
    #deflate(bytes) {
        const latest = new Map();
        this.#write(0b011, 3);
        for (let at = 0; at < bytes.length; ) {
            const key = at + 2 < bytes.length ? (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2] : -1;
            const start = latest.get(key) ?? -1;
            const length = start >= 0 && at - start <= GreyPng.#WINDOW ? GreyPng.#match(bytes, start, at) : 0;
            if (key >= 0) latest.set(key, at);
            if (length >= GreyPng.#SHORTEST) this.#writeMatch(length, at - start);
            else this.#writeSymbol(bytes[at]);
            at += Math.max(1, length);
        }
        this.#writeSymbol(256);
        this.#write(0, 7);
        let [low, high] = [1, 0];
        for (const byte of bytes) {
            low = (low + byte) % 65521;
            high = (high + low) % 65521;
        }
        return [...this.#bytes, high >> 8, high & 255, low >> 8, low & 255];
    }

    /** @returns {number} how many bytes from two places on are equal */
    static #match(bytes, start, at) {
        const most = Math.min(GreyPng.#LONGEST, bytes.length - at);
        let length = 0;
        while (length < most && bytes[start + length] === bytes[at + length]) length++;
        return length;
    }

    /** Write the lowest bits of a number, the lowest first. */
    #write(number, count) {
        this.#bits |= number << this.#count;
        this.#count += count;
        while (this.#count >= 8) {
            this.#bytes.push(this.#bits & 255);
            this.#bits >>>= 8;
            this.#count -= 8;
        }
    }

    /** Write a code, the highest bit first. */
    #writeCode(code, count) {
        for (let bit = count - 1; bit >= 0; bit--) this.#write((code >> bit) & 1, 1);
    }

    /** Write a byte, the end (256) or the class of a length by deflate's fixed codes. */
    #writeSymbol(symbol) {
        if (symbol < 144) this.#writeCode(0x30 + symbol, 8);
        else if (symbol < 256) this.#writeCode(0x190 + symbol - 144, 9);
        else if (symbol < 280) this.#writeCode(symbol - 256, 7);
        else this.#writeCode(0xc0 + symbol - 280, 8);
    }

    /** Write "so many bytes as so far back": each a class, of which every four or two have a bit more behind them. */
    #writeMatch(length, distance) {
        const over = length - GreyPng.#SHORTEST;
        const extra = over < 8 ? 0 : 29 - Math.clz32(over);
        if (length === GreyPng.#LONGEST) this.#writeSymbol(285);
        else {
            this.#writeSymbol(257 + (over < 8 ? over : 4 * (extra + 1) + ((over >> extra) & 3)));
            this.#write(over & ((1 << extra) - 1), extra);
        }
        const back = distance - 1;
        const more = back < 4 ? 0 : 30 - Math.clz32(back);
        this.#writeCode(back < 4 ? back : 2 * (more + 1) + ((back >> more) & 1), 5);
        this.#write(back & ((1 << more) - 1), more);
    }
};
