/** Edits of a plan's JSON: each makes a new plan, the given one stays as it is. No DOM here. */
(window.sdWebuiRpg ??= {}).Edits = class Edits {
    /** Fields of a region that are written only where they differ from these. */
    static #SPARSE = { start: 0, end: 1, mask: "", control: [], muted: false, seed: null, binding: {}, cfg_scale: null };

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region
     * @param {Partial<RpgRegion>} changes
     * @returns {RpgPlan} the plan with that region changed
     */
    static withRegion(plan, index, changes) {
        const region = { ...plan.regions[index], ...changes };
        Edits.dropDefaults(region, Edits.#SPARSE);
        if ("prompt" in changes && changes.prompt !== plan.regions[index].prompt) {
            // Other words are other things, but a box that is drawn stays; a name that was made of the words goes with
            // them, one given by hand stays.
            region.entities = (region.entities ?? []).filter(({ box }) => box);
            const { name = "", prompt } = plan.regions[index];
            if (!("name" in changes) && name && prompt.includes(name) && !region.prompt.includes(name)) region.name = "";
        }
        return { ...plan, regions: plan.regions.map((old, i) => (i === index ? region : old)) };
    }

    /**
     * @param {object} fields of a region or an object; loses those that are at their default
     * @param {object} defaults of the fields that are written only where they differ
     */
    static dropDefaults(fields, defaults) {
        for (const [name, value] of Object.entries(defaults)) {
            if (JSON.stringify(fields[name]) === JSON.stringify(value)) delete fields[name];
        }
    }

    /**
     * @param {RpgPlan} plan
     * @returns {RpgPlan} the same picture as free boxes, which can be moved, overlap and have masks; boxes stay as they are
     */
    static toBoxes(plan) {
        if (plan.layout === "boxes") return plan;
        const { rows_first: _, ...rest } = plan;
        return { ...rest, layout: "boxes", split_ratio: "" };
    }

    /**
     * @param {RpgPlan} plan of free boxes
     * @param {number} index of a region
     * @param {RpgBox} box
     * @returns {RpgPlan} with that region there
     */
    static withBox(plan, index, box) {
        const regions = plan.regions.map((region, i) => (i === index ? Edits.#placed(region, box) : region));
        return { ...plan, regions };
    }

    /**
     * @param {RpgPlan} plan
     * @param {sdWebuiRpg.Grid} grid
     * @param {RpgRegion[]} regions one for each cell
     * @returns {RpgPlan} with the regions in the grid's cells
     */
    static withGrid(plan, grid, regions = plan.regions) {
        const { rows_first: _, ...rest } = plan;
        const boxes = grid.boxes();
        const placed = regions.map((region, i) => Edits.#placed(region, boxes[i]));
        const rowsFirst = grid.rowsFirst ? { rows_first: true } : {};
        return { ...rest, layout: "grid", split_ratio: String(grid), ...rowsFirst, regions: placed };
    }

    /**
     * @param {RpgPlan} plan
     * @returns {sdWebuiRpg.Grid | null} its cells; null for free boxes
     */
    static grid({ layout = "grid", split_ratio: ratio = "", rows_first: rowsFirst = false }) {
        return layout === "grid" ? sdWebuiRpg.Grid.parse(ratio, rowsFirst) : null;
    }

    /**
     * @param {RpgRegion} region one that is not finished may have no box
     * @returns {RpgBox}
     */
    static box({ box = [0, 0, 1, 1] }) {
        return box;
    }

    /**
     * A layout to start with, or for the words that are there. Words that find no cell are joined to the last one's.
     *
     * @param {RpgPlan | null} plan without masks
     * @param {string} ratio
     * @param {string[]} words of the regions, where there is no plan
     * @returns {RpgPlan}
     */
    static laidOut(plan, ratio, words = []) {
        const grid = sdWebuiRpg.Grid.parse(ratio);
        const { count } = grid;
        const given = plan?.regions ?? words.map((prompt) => ({ prompt }));
        const regions = Array.from({ length: count }, (_, i) => given[i] ?? { prompt: "" });
        regions[count - 1] = given.slice(count).reduce(Edits.#joined, regions[count - 1]);
        return Edits.withGrid(plan ?? { version: 1 }, grid, regions);
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region, whose words stay with the first half
     * @param {boolean} isSideBySide whether the halves are beside each other, else one above the other
     * @returns {RpgPlan} of free boxes where the ratio cannot say it; the second half is the next region
     */
    static split(plan, index, isSideBySide) {
        const { regions } = plan;
        const split = Edits.grid(plan)?.split(index, isSideBySide);
        const added = Edits.#inserted(regions, index + 1, { prompt: "" });
        if (split) return Edits.withGrid(plan, split, added);
        const [first, second] = sdWebuiRpg.Boxes.halves(Edits.box(regions[index]), isSideBySide);
        const free = Edits.#free(plan, added);
        return Edits.withBox(Edits.withBox(free, index, first), index + 1, second);
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of the region that it is beside; -1 for the last
     * @param {RpgRegion | null} copied the region to copy, null for one without words
     * @returns {{plan: RpgPlan, index: number}} with another region: in a grid beside that one, else in free space or,
     *     as a copy, a little off
     */
    static added(plan, index, copied = null) {
        const { regions } = plan;
        const at = index < 0 ? regions.length - 1 : index;
        const grid = Edits.grid(plan);
        const region = copied ?? { prompt: "" };
        if (grid) {
            const added = Edits.#inserted(regions, at + 1, region);
            return { plan: Edits.withGrid(plan, grid.added(at), added), index: at + 1 };
        }
        const { Boxes } = sdWebuiRpg;
        const off = Boxes.STEPS[0] * 2;
        const box = copied ? Boxes.shifted(Edits.box(copied), off) : Boxes.free(regions.map(Edits.box));
        return { plan: { ...plan, regions: [...regions, Edits.#placed(region, box)] }, index: regions.length };
    }

    /**
     * @param {RpgPlan | null} plan
     * @param {RpgBox} box
     * @returns {RpgPlan} of free boxes, with another region there
     */
    static drawn(plan, box) {
        return Edits.#free(plan ?? { version: 1 }, [...(plan?.regions ?? []), { prompt: "", box }]);
    }

    /**
     * @param {RpgPlan} plan with more regions than this
     * @param {number} index of a region
     * @returns {RpgPlan} without it
     */
    static removed(plan, index) {
        const regions = plan.regions.filter((_, i) => i !== index);
        const grid = Edits.grid(plan);
        return grid ? Edits.withGrid(plan, grid.removed(index), regions) : { ...plan, regions };
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region
     * @returns {number[]} the regions that it can be merged with
     */
    static neighbours(plan, index) {
        const { Boxes } = sdWebuiRpg;
        const test = Edits.grid(plan) ? Boxes.shareAnEdge : Boxes.areNeighbours;
        const boxes = plan.regions.map(Edits.box);
        return boxes.flatMap((box, i) => (i !== index && test(box, boxes[index]) ? [i] : []));
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} a a region
     * @param {number} b one of its neighbours
     * @returns {RpgPlan} the two as one, at the place of the first in order; free boxes where the ratio cannot say it
     */
    static merged(plan, a, b) {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const { regions } = plan;
        // What stands in either keeps its place.
        const box = sdWebuiRpg.Boxes.union(Edits.box(regions[first]), Edits.box(regions[second]));
        const joined = { ...Edits.#joined(regions[first], regions[second]), box };
        const rest = regions.map((region, i) => (i === first ? joined : region)).filter((_, i) => i !== second);
        const grid = Edits.grid(plan)?.merged(first, second);
        return grid ? Edits.withGrid(plan, grid, rest) : Edits.#free(plan, rest);
    }

    /**
     * @param {RpgPlan} plan whose masks are mirrored already
     * @param {boolean} isSideways whether left becomes right, else top becomes bottom
     * @returns {{plan: RpgPlan, order: number[]}} mirrored, and the index that each region had
     */
    static mirrored(plan, isSideways) {
        const flip = (box) => sdWebuiRpg.Boxes.mirrored(box, isSideways);
        const flipped = plan.regions.map((region) => ({
            ...region,
            box: flip(Edits.box(region)),
            ...Edits.#withEntities(region, flip),
        }));
        const grid = Edits.grid(plan);
        if (!grid) return { plan: { ...plan, regions: flipped }, order: flipped.map((_, i) => i) };
        const { grid: mirrored, order } = grid.mirrored(isSideways);
        return { plan: Edits.withGrid(plan, mirrored, order.map((i) => flipped[i])), order };
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region
     * @param {number} other its new index
     * @returns {RpgPlan} with the two changed in order: cells change what is in them, boxes what is above
     */
    static exchanged(plan, index, other) {
        const regions = [...plan.regions];
        [regions[index], regions[other]] = [regions[other], regions[index]];
        const grid = Edits.grid(plan);
        return grid ? Edits.withGrid(plan, grid, regions) : { ...plan, regions };
    }

    /**
     * @param {RpgPlan} plan of free boxes without masks
     * @param {number} tolerance how far edges may be from where they have to be, in fractions of the canvas
     * @returns {{plan: RpgPlan, order: number[]} | null} as a grid, and the index that each region had; null where the
     *     boxes tile the canvas neither in rows of cells nor in columns
     */
    static toGrid(plan, tolerance) {
        const tiled = sdWebuiRpg.Grid.fromBoxes(plan.regions.map(Edits.box), tolerance);
        if (!tiled) return null;
        return { plan: Edits.withGrid(plan, tiled.grid, tiled.order.map((i) => plan.regions[i])), order: tiled.order };
    }

    /** @returns {RpgPlan} these regions as free boxes */
    static #free(plan, regions) {
        return Edits.toBoxes({ ...plan, regions });
    }

    /** @returns {RpgRegion} there; what stands in it goes with it */
    static #placed(region, box) {
        const old = Edits.box(region);
        if (region.box && box.every((side, i) => side === old[i])) return region;
        const scale = [box[2] / old[2], box[3] / old[3]];
        const follow = ([x, y, width, height]) =>
            sdWebuiRpg.Boxes.clamped([
                box[0] + (x - old[0]) * scale[0],
                box[1] + (y - old[1]) * scale[1],
                width * scale[0],
                height * scale[1],
            ]);
        return { ...region, box, ...Edits.#withEntities(region, follow) };
    }

    /** @returns {{entities?: object[]}} the things in a region, those with a place of their own at another */
    static #withEntities({ entities = [] }, move) {
        if (!entities.some(({ box }) => box)) return {};
        return { entities: entities.map((entity) => (entity.box ? { ...entity, box: move(entity.box) } : entity)) };
    }

    /** @returns {RpgRegion} the first with the words and things of the second as well */
    static #joined(first, second) {
        const text = (name) => [first[name], second[name]].filter(Boolean).join(", ");
        const list = (name) => [...new Set([...(first[name] ?? []), ...(second[name] ?? [])])];
        const joined = { ...first, prompt: text("prompt") };
        if (second.negative_prompt) joined.negative_prompt = text("negative_prompt");
        if (second.name) joined.name = first.name ? text("name") : second.name;
        if (second.entities?.length) joined.entities = list("entities");
        if (second.control?.length) joined.control = list("control");
        if (!second.muted) delete joined.muted;
        return joined;
    }

    static #inserted(regions, at, region) {
        return [...regions.slice(0, at), region, ...regions.slice(at)];
    }
};
