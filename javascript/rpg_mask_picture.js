/** What the canvas makes of a region's mask. */
(window.sdWebuiRpg ??= {}).MaskPicture = class MaskPicture {
    /** The longer side of what is looked at, in pixels. */
    static #SHOWN = 512;

    static #LIGHTNESS = 0.5;
    static #SATURATION = 0.7;

    /**
     * @param {string} mask a PNG file in base64
     * @param {boolean} isSideways whether left becomes right, else top becomes bottom
     * @returns {Promise<string>} the mirrored mask; rejected where it cannot be read
     */
    static async flipped(mask, isSideways) {
        const { width, height, data } = await sdWebuiRpg.MaskFile.decode(mask);
        const from = (i) => {
            const [x, y] = [i % width, Math.floor(i / width)];
            return isSideways ? y * width + width - 1 - x : (height - 1 - y) * width + x;
        };
        return sdWebuiRpg.MaskFile.encode(new sdWebuiRpg.Raster(width, height, data.map((_, i) => data[from(i)])));
    }

    /**
     * @param {string} mask a PNG file in base64
     * @param {number} hue in degrees
     * @returns {Promise<HTMLCanvasElement>} the region in that hue, the rest clear; rejected where it cannot be read
     */
    static async tinted(mask, hue) {
        const whole = await sdWebuiRpg.MaskFile.decode(mask);
        const scale = Math.min(1, MaskPicture.#SHOWN / Math.max(whole.width, whole.height));
        const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(side * scale)));
        const { data } = scale < 1 ? whole.stretched(width, height) : whole;
        const canvas = sdWebuiRpg.Dom.make("canvas", { width, height, className: "rpg_mask_picture" });
        const context = canvas.getContext("2d");
        const pixels = context.createImageData(width, height);
        const colour = [0, 8, 4].map((part) => MaskPicture.#channel(part, hue));
        data.forEach((level, i) => pixels.data.set([...colour, level], 4 * i));
        context.putImageData(pixels, 0, 0);
        return canvas;
    }

    /** @returns {number} red (0), green (8) or blue (4) of a hue, 0 to 255 */
    static #channel(part, hue) {
        const k = (part + hue / 30) % 12;
        const spread = MaskPicture.#SATURATION * Math.min(MaskPicture.#LIGHTNESS, 1 - MaskPicture.#LIGHTNESS);
        return 255 * (MaskPicture.#LIGHTNESS - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
    }
};
