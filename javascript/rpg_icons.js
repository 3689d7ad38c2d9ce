/** Small line drawings of 16 × 16 units, in the colour of the text around them. */
(window.sdWebuiRpg ??= {}).Icons = class Icons {
    static #PATHS = {
        add: "M8 3v10M3 8h10",
        draw: "M2.5 2.5h7v7h-7zM12 9v6M9 12h6",
        splitSides: "M2.5 3.5h11v9h-11zM8 3.5v9",
        splitStack: "M2.5 3.5h11v9h-11zM2.5 8h11",
        merge: "M2.5 3.5h11v9h-11zM4 8h3M12 8H9M6 6.5 7.5 8 6 9.5M10 6.5 8.5 8 10 9.5",
        duplicate: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
        remove: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.7 9h5.6l.7-9",
        mirrorSides: "M8 2v12M6 5v6H2zM10 5v6h4z",
        mirrorStack: "M2 8h12M5 6h6V2zM5 10h6v4z",
        earlier: "M8 13V3M4 7l4-4 4 4",
        later: "M8 3v10M4 9l4 4 4-4",
        lock: "M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2",
        boxes: "M2.5 2.5h6v6h-6zM6.5 6.5h7v7h-7z",
        layouts: "M2.5 2.5h11v11h-11zM8 8v5.5M2.5 8h11",
        mask: "M13.5 2.5 7.5 8.5M7.5 8.5c-2.5 0-2 3-5 4.5 3.5 1 6.5-.5 6.5-3z",
        ratio: "M12.5 3.5l-9 9M4.5 3a1.5 1.5 0 1 0 .01 0zM11.5 10a1.5 1.5 0 1 0 .01 0z",
        negative: "M3 8h10",
        lora: "M5 3v10h6",
        control: "M4 3v10M12 3v10M4 8h8",
        muted: "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M4 4l8 8",
    };

    /**
     * @param {string} name
     * @param {string} label what it says by itself; blank where a text beside it says it
     * @returns {SVGElement}
     */
    static make(name, label = "") {
        const says = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
        const { svg } = sdWebuiRpg.Dom;
        const path = svg("path", { d: Icons.#PATHS[name] });
        const icon = svg("svg", { viewBox: "0 0 16 16", class: "rpg_icon", ...says }, path);
        if (label) icon.append(svg("title", {}, label));
        return icon;
    }
};
