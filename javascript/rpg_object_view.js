/** Draws the objects of regions on the canvas, each in the page behind its region, where Tab comes to it. */
(window.sdWebuiRpg ??= {}).ObjectView = class ObjectView {
    /** @type {sdWebuiRpg.RegionView} */
    #regions;

    /** @type {{index: number, object: number, element: HTMLElement, drawn: string}[]} in the plan's order */
    #shown = [];

    /** @param {sdWebuiRpg.RegionView} regions */
    constructor(regions) {
        this.#regions = regions;
    }

    /** @returns {RpgTarget[]} what is drawn, from below */
    get targets() {
        return this.#shown.map(({ index, object }) => ({ index, object }));
    }

    /**
     * Draw what changed: an object that stays what it was keeps its element.
     *
     * @param {RpgPlan | null} plan whose regions are drawn
     * @param {number} selected index of a region, -1 for none
     */
    show(plan, selected) {
        const before = this.#shown;
        this.#shown = (plan ? sdWebuiRpg.Objects.shown(plan, selected) : []).map((target) => {
            const number = ObjectView.#number(plan, target);
            const drawn = JSON.stringify([target, number, sdWebuiRpg.Objects.find(plan, target)]);
            const old = before.find((shown) => shown.drawn === drawn);
            return old ?? { ...target, drawn, element: ObjectView.#make(plan, target, number) };
        });
        for (const old of before) if (!this.#shown.includes(old)) old.element.remove();
        let last = null;
        let of = -1;
        for (const { index, element } of this.#shown) {
            if (index !== of) last = this.#regions.element(index);
            of = index;
            if (last.nextSibling !== element) last.after(element);
            last = element;
        }
    }

    /**
     * @param {RpgTarget} target
     * @returns {HTMLElement | undefined}
     */
    element({ index, object }) {
        return this.#shown.find((shown) => shown.index === index && shown.object === object)?.element;
    }

    /**
     * Put the objects where they would be in another plan.
     *
     * @param {RpgPlan} plan
     */
    place(plan) {
        for (const { element, ...target } of this.#shown) {
            sdWebuiRpg.RegionView.place(element, sdWebuiRpg.Objects.box(plan, target));
        }
    }

    /** @returns {number} of an object among those of its region, from 1 */
    static #number(plan, { index, object }) {
        return sdWebuiRpg.Objects.numbers(plan.regions[index]).indexOf(object) + 1;
    }

    /** @returns {HTMLButtonElement} */
    static #make(plan, { index, object }, number) {
        const { Colours, Dom, Objects, RegionView } = sdWebuiRpg;
        const entity = Objects.find(plan, { index, object });
        const says = `Object ${number} of region ${index + 1}: ${entity.phrase}`;
        const properties = { type: "button", className: "rpg_object", title: entity.prompt || entity.phrase };
        const button = Dom.make("button", { ...properties, "aria-label": says });
        button.dataset.region = index;
        button.dataset.object = object;
        button.style.setProperty("--rpg-hue", `${Colours.hue(index)}deg`);
        button.append(Dom.make("span", { className: "rpg_object_label" }, entity.phrase));
        RegionView.place(button, entity.box);
        return button;
    }
};
