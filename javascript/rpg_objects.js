/**
 * The objects of regions: the things in them that have a box of their own, which hard binding draws by themselves. No
 * DOM here; each edit makes a new plan.
 *
 * @typedef {{mode?: string, steps?: number, sigma?: number, strength?: number, feather?: number}} RpgBinding
 * @typedef {{phrase: string, count?: number, box?: RpgBox, prompt?: string, seed?: number,
 *     binding?: RpgBinding}} RpgEntity a thing in a region
 * @typedef {{index: number, object: number}} RpgTarget a region by its index and an object by its number among the
 *     region's entities; -1 for the region itself
 */
(window.sdWebuiRpg ??= {}).Objects = class Objects {
    /** Things that a region may have. */
    static MAX = 64;

    /** Fields of an entity that are written only where they differ from these. */
    static #SPARSE = { prompt: "", seed: null, binding: {} };

    /** Sides of a new object's box, as shares of its region's. */
    static #SIZE = 0.5;

    /**
     * @param {RpgRegion} region
     * @returns {number[]} the numbers of its objects; where they overlap, a later one lies over an earlier one
     */
    static numbers({ entities = [] }) {
        return entities.flatMap(({ box }, number) => (box ? [number] : []));
    }

    /**
     * @param {RpgPlan | null} plan
     * @param {RpgTarget} target
     * @returns {RpgEntity | undefined} the object, where there is one
     */
    static find(plan, { index, object }) {
        const entity = plan?.regions[index]?.entities?.[object];
        return entity?.box ? entity : undefined;
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} selected index of a region, -1 for none
     * @returns {RpgTarget[]} the objects to draw, from below: those that are to be bound, and the selected region's
     */
    static shown(plan, selected) {
        return plan.regions.flatMap((region, index) => {
            const isShown = (number) => index === selected || Objects.#mode(plan, region, number) !== "off";
            return Objects.numbers(region).filter(isShown).map((object) => ({ index, object }));
        });
    }

    /**
     * @param {RpgPlan} plan
     * @param {RpgTarget} target
     * @returns {RpgBox} of the region or the object
     */
    static box(plan, target) {
        return Objects.find(plan, target)?.box ?? sdWebuiRpg.Edits.box(plan.regions[target.index]);
    }

    /**
     * @param {RpgPlan} plan
     * @param {RpgTarget} target an object, or a region of free boxes
     * @param {RpgBox} box
     * @returns {RpgPlan} with it there
     */
    static withBox(plan, { index, object }, box) {
        if (object < 0) return sdWebuiRpg.Edits.withBox(plan, index, box);
        return Objects.changed(plan, { index, object }, { box });
    }

    /**
     * @param {RpgPlan} plan
     * @param {RpgTarget} target an object
     * @param {Partial<RpgEntity>} changes
     * @returns {RpgPlan} with that object changed
     */
    static changed(plan, { index, object }, changes) {
        const entities = [...plan.regions[index].entities];
        entities[object] = { ...entities[object], ...changes };
        sdWebuiRpg.Edits.dropDefaults(entities[object], Objects.#SPARSE);
        return Objects.#withEntities(plan, index, entities);
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region
     * @param {number} copied the number of an object to copy a little off, -1 for none
     * @returns {{plan: RpgPlan, object: number}} with another object: the region's first thing without a box gets one
     *     in the region's middle, else there is a new thing
     */
    static added(plan, index, copied = -1) {
        const region = plan.regions[index];
        const { entities = [] } = region;
        const original = entities[copied];
        if (original) {
            const copy = { ...original, box: Objects.#unused(original.box, entities) };
            return { plan: Objects.#withEntities(plan, index, [...entities, copy]), object: entities.length };
        }
        const unplaced = entities.findIndex(({ box }) => !box);
        const object = unplaced < 0 ? entities.length : unplaced;
        const entity = entities[object] ?? { phrase: region.name || "object", count: 1 };
        const placed = [...entities];
        placed[object] = { ...entity, box: Objects.#unused(Objects.#middle(region), entities) };
        return { plan: Objects.#withEntities(plan, index, placed), object };
    }

    /**
     * @param {RpgPlan} plan
     * @param {RpgTarget} target an object
     * @returns {RpgPlan} without it
     */
    static removed(plan, { index, object }) {
        return Objects.#withEntities(plan, index, plan.regions[index].entities.filter((_, i) => i !== object));
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region
     * @param {number} a an object's number
     * @param {number} b another's
     * @returns {RpgPlan} with the two changed in order
     */
    static exchanged(plan, index, a, b) {
        const entities = [...plan.regions[index].entities];
        [entities[a], entities[b]] = [entities[b], entities[a]];
        return Objects.#withEntities(plan, index, entities);
    }

    /** @returns {string} how an object is bound: the innermost of what is set */
    static #mode(plan, region, number) {
        return region.entities[number].binding?.mode ?? region.binding?.mode ?? plan.binding ?? "off";
    }

    static #withEntities(plan, index, entities) {
        return { ...plan, regions: plan.regions.map((region, i) => (i === index ? { ...region, entities } : region)) };
    }

    static #middle(region) {
        const [x, y, width, height] = sdWebuiRpg.Edits.box(region);
        const [w, h] = [width * Objects.#SIZE, height * Objects.#SIZE];
        return sdWebuiRpg.Boxes.clamped([x + (width - w) / 2, y + (height - h) / 2, w, h]);
    }

    /** @returns {RpgBox} the box, a little off where an object is just there */
    static #unused(box, entities) {
        const { Boxes } = sdWebuiRpg;
        const isUsed = (place) => entities.some((entity) => entity.box && Boxes.areEqual(entity.box, place));
        let place = box;
        for (let tries = 0; tries < Objects.MAX && isUsed(place); tries += 1) {
            place = Boxes.shifted(place, Boxes.STEPS[0] * 2);
        }
        return place;
    }
};
