/**
 * What a picture file says of itself, read from its first bytes before anything decodes it. No DOM here.
 *
 * @typedef {{kind: string, width: number, height: number, isAnimated: boolean}} RpgHeader sides in pixels, 0 where the
 *     file does not say them; kind is blank for one that is not known here
 */
(window.sdWebuiRpg ??= {}).PictureHeader = class PictureHeader {
    /** Markers of JPEG that begin a frame: SOF0 to SOF15 without DHT, JPG and DAC. */
    static #FRAMES = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

    /** @type {DataView} */
    #view;

    /** @param {Uint8Array} bytes the file */
    constructor(bytes) {
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    /**
     * @param {Uint8Array} bytes the file
     * @returns {RpgHeader}
     */
    static read(bytes) {
        const header = new PictureHeader(bytes);
        const known = { kind: "", width: 0, height: 0, isAnimated: false };
        try {
            return { ...known, ...header.#read() };
        } catch (error) {
            // It ends before it says more.
            if (error instanceof RangeError) return known;
            throw error;
        }
    }

    #read() {
        const view = this.#view;
        if (this.#says(0, "\x89PNG\r\n\x1a\n")) return this.#png();
        if (view.getUint16(0) === 0xffd8) return this.#jpeg();
        if (this.#says(0, "GIF8")) return this.#gif();
        if (this.#says(0, "RIFF") && this.#says(8, "WEBP")) return this.#webp();
        if (this.#says(0, "BM")) return this.#bmp();
        if (this.#says(4, "ftyp")) return this.#isoFile();
        return this.#isMarkup() ? { kind: "SVG" } : {};
    }

    #says(offset, text) {
        return this.#text(offset, text.length) === text;
    }

    /** @returns {string} as far as the file goes, a character for each byte */
    #text(offset, length) {
        const { buffer, byteOffset, byteLength } = this.#view;
        const start = Math.min(offset, byteLength);
        const bytes = new Uint8Array(buffer, byteOffset + start, Math.min(length, byteLength - start));
        return String.fromCharCode(...bytes);
    }

    #png() {
        const size = { width: this.#view.getUint32(16), height: this.#view.getUint32(20) };
        let isAnimated = false;
        // APNG says so by a chunk before the first of the picture's data.
        for (let at = 8; at + 8 <= this.#view.byteLength && !this.#says(at + 4, "IDAT"); ) {
            isAnimated ||= this.#says(at + 4, "acTL") && this.#view.getUint32(at + 8) > 1;
            at += 12 + this.#view.getUint32(at);
        }
        return { kind: "PNG", ...size, isAnimated };
    }

    #jpeg() {
        const view = this.#view;
        for (let at = 2; ; ) {
            while (view.getUint8(at) !== 0xff || view.getUint8(at + 1) === 0xff) at++;
            const marker = view.getUint8(at + 1);
            if (PictureHeader.#FRAMES.includes(marker)) {
                return { kind: "JPEG", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
            }
            // Markers from 0xd0 to 0xd9, and 0x01, have no length.
            at += marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9) ? 2 : 2 + view.getUint16(at + 2);
        }
    }

    #gif() {
        const view = this.#view;
        const table = (flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
        const past = (start) => {
            let at = start;
            while (view.getUint8(at)) at += 1 + view.getUint8(at);
            return at + 1;
        };
        const header = { kind: "GIF", width: view.getUint16(6, true), height: view.getUint16(8, true) };
        let frames = 0;
        try {
            for (let at = 13 + table(view.getUint8(10)); frames < 2 && view.getUint8(at) !== 0x3b; ) {
                const isFrame = view.getUint8(at) === 0x2c;
                frames += Number(isFrame);
                at = past(isFrame ? at + 11 + table(view.getUint8(at + 9)) : at + 2);
            }
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
        }
        return { ...header, isAnimated: frames > 1 };
    }

    #webp() {
        const view = this.#view;
        const kind = "WebP";
        if (this.#says(12, "VP8X")) {
            const side = (at) => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
            return { kind, width: side(24), height: side(27), isAnimated: Boolean(view.getUint8(20) & 2) };
        }
        if (this.#says(12, "VP8L")) {
            const bits = view.getUint32(21, true);
            return { kind, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
        }
        return { kind, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    }

    #bmp() {
        const view = this.#view;
        if (view.getUint32(14, true) === 12) {
            return { kind: "BMP", width: view.getUint16(18, true), height: view.getUint16(20, true) };
        }
        return { kind: "BMP", width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
    }

    /** AVIF and HEIC: the largest of the sizes that the parts of the file are said to have. */
    #isoFile() {
        const head = this.#text(0, 4096);
        const header = { kind: "AVIF", width: 0, height: 0, isAnimated: head.slice(8, 12) === "avis" };
        for (let at = head.indexOf("ispe"); at >= 0; at = head.indexOf("ispe", at + 4)) {
            header.width = Math.max(header.width, this.#view.getUint32(at + 8));
            header.height = Math.max(header.height, this.#view.getUint32(at + 12));
        }
        return header;
    }

    /** @returns {boolean} whether it is text in angle brackets, as "<svg …" or "<?xml …" is */
    #isMarkup() {
        const text = this.#text(0, 1024).replace(/\0/g, "");
        return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)*\s*</.test(text);
    }
};
