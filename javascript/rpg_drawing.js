/** Draws a layout as a small picture: its regions in their colours. */
(window.sdWebuiRpg ??= {}).Drawing = class Drawing {
    /**
     * @param {{width: number, height: number, boxes: [number, number, number, number][]}} layout pixels; shares of those
     * @returns {SVGElement}
     */
    static of({ width, height, boxes }) {
        const { Dom, Colours } = sdWebuiRpg;
        const shapes = boxes.map(([x, y, w, h], index) => {
            const place = { x: x * width, y: y * height, width: w * width, height: h * height };
            const shape = Dom.svg("rect", { ...place, "vector-effect": "non-scaling-stroke" });
            shape.style.setProperty("--rpg-hue", `${Colours.hue(index)}deg`);
            return shape;
        });
        return Dom.svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "rpg_drawing", "aria-hidden": "true" }, ...shapes);
    }
};
