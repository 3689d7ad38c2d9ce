/**
 * Masks as files: PNG in base64, as a plan has them, and pictures of any kind that a person gives.
 *
 * @typedef {{width: number, height: number, data: Uint8ClampedArray}} RpgPixels RGBA, row by row
 * @typedef {{pixels: RpgPixels, notes: string[]}} RpgPicture notes: a sentence for each thing that was done to it
 */
(window.sdWebuiRpg ??= {}).MaskFile = class MaskFile {
    /** Sides longer than this are scaled down: more than a plan's mask can use. */
    static #LONGEST_SIDE = 1024;

    /** 64 megapixels take 256 MB to decode. */
    static #MAX_PIXELS = 2 ** 26;

    /** As MAX_MASK of lib_rpg/plan.py. */
    static #MAX_CHARACTERS = 500_000;

    /**
     * @param {sdWebuiRpg.Raster} raster
     * @returns {string} a PNG file in base64; of a smaller picture where a plan could not hold it
     */
    static encode(raster) {
        const bytes = sdWebuiRpg.GreyPng.encode(raster);
        const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
        if (text.length <= MaskFile.#MAX_CHARACTERS) return text;
        return MaskFile.encode(raster.stretched(Math.ceil(raster.width / 2), Math.ceil(raster.height / 2)));
    }

    /**
     * @param {string} text a PNG file in base64, or as a data URL
     * @returns {Promise<sdWebuiRpg.Raster>}
     * @throws {Error} one sentence, where it cannot be read
     */
    static async decode(text) {
        const bytes = Uint8Array.from(atob(text.split(",").at(-1)), (letter) => letter.charCodeAt(0));
        const { pixels } = await MaskFile.read(new Blob([bytes]), "This region's mask");
        return MaskFile.brightness(pixels);
    }

    /**
     * Read a picture that a person gives.
     *
     * @param {Blob} file
     * @param {string} name of it in sentences
     * @param {boolean} isSmooth whether colours may be mixed where it is scaled down
     * @returns {Promise<RpgPicture>}
     * @throws {Error} one sentence, where it is no picture or too large
     */
    static async read(file, name, isSmooth = true) {
        const refuse = (sentence) => {
            throw new Error(`${name} ${sentence}`);
        };
        if (!file.size) refuse("is empty (0 bytes): choose a picture.");
        const header = sdWebuiRpg.PictureHeader.read(new Uint8Array(await file.arrayBuffer()));
        if (header.kind === "SVG") refuse("is a drawing (SVG) or a page: save it as PNG.");
        MaskFile.#checkSize(header, refuse);
        const bitmap = await createImageBitmap(file).catch(() =>
            refuse("is no picture that this browser can read: save it as PNG."),
        );
        const pixels = MaskFile.#pixels(bitmap, isSmooth, refuse);
        const notes = [];
        if (header.isAnimated) notes.push("It is animated: its first frame was taken.");
        if (Math.max(bitmap.width, bitmap.height) > MaskFile.#LONGEST_SIDE) {
            notes.push(`It was scaled down from ${bitmap.width} × ${bitmap.height}.`);
        }
        bitmap.close();
        return { pixels, notes };
    }

    static #checkSize({ width, height }, refuse) {
        if (width * height <= MaskFile.#MAX_PIXELS) return;
        refuse(`is too large (${width} × ${height}): scale it down to at most 64 megapixels.`);
    }

    static #pixels(bitmap, isSmooth, refuse) {
        MaskFile.#checkSize(bitmap, refuse);
        const scale = Math.min(1, MaskFile.#LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
        const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const context = canvas.getContext("2d", { willReadFrequently: true });
        context.imageSmoothingEnabled = isSmooth;
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, 0, 0, width, height);
        return context.getImageData(0, 0, width, height);
    }

    /**
     * @param {RpgPixels} pixels
     * @returns {sdWebuiRpg.Raster} brightness (luma) times opacity, as lib_rpg/layout/mask.py reads a mask
     */
    static brightness({ width, height, data }) {
        const raster = new sdWebuiRpg.Raster(width, height);
        for (let i = 0, at = 0; i < raster.data.length; i++, at += 4) {
            const luma = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
            raster.data[i] = (luma * data[at + 3]) / 255;
        }
        return raster;
    }

    /**
     * Have the browser save a mask as a PNG file.
     *
     * @param {sdWebuiRpg.Raster} raster
     * @param {string} name of the file
     */
    static download(raster, name) {
        const href = URL.createObjectURL(new Blob([sdWebuiRpg.GreyPng.encode(raster)], { type: "image/png" }));
        Object.assign(document.createElement("a"), { href, download: name }).click();
        // Once the download has begun.
        setTimeout(() => URL.revokeObjectURL(href), 60_000);
    }
};
