/** The colours of regions. */
(window.sdWebuiRpg ??= {}).Colours = class Colours {
    /** The golden angle keeps the hues of neighbouring regions apart, however many there are. */
    static #HUE_STEP = 137.508;

    /**
     * @param {number} index of a region
     * @returns {number} its hue in degrees
     */
    static hue(index) {
        return (index * Colours.#HUE_STEP) % 360;
    }
};
