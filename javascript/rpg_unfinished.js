/**
 * Typed texts of the fields of regions and objects that the plan cannot hold yet. They stay until it can, or says
 * otherwise.
 *
 * @typedef {{index: number, object: number, name: string, text: string, shown: string}} RpgUnfinished "index" and
 *     "object": an RpgTarget; "name": of its field; "shown": what the plan has instead
 */
(window.sdWebuiRpg ??= {}).Unfinished = class Unfinished {
    /** @type {RpgUnfinished[]} */
    #texts = [];

    /**
     * @param {RpgTarget} target
     * @param {string} name of a field
     * @returns {string | undefined}
     */
    get(target, name) {
        return this.#texts.find((kept) => Unfinished.#isOf(kept, target, name))?.text;
    }

    /**
     * @param {RpgTarget} target
     * @param {string} name of a field
     * @param {string} text
     * @param {string} shown what the field shows of the plan
     */
    keep(target, name, text, shown) {
        this.drop(target, name);
        this.#texts.push({ ...target, name, text, shown });
    }

    /**
     * @param {RpgTarget} target
     * @param {string} name of a field
     */
    drop(target, name) {
        this.#texts = this.#texts.filter((kept) => !Unfinished.#isOf(kept, target, name));
    }

    /**
     * @param {number} index of a region
     * @returns {RpgUnfinished[]} its texts, and those of its objects
     */
    of(index) {
        return this.#texts.filter((kept) => kept.index === index);
    }

    /**
     * Stay with the regions and objects where the plan has changed.
     *
     * @param {RpgPlan | null} before
     * @param {RpgPlan | null} after
     */
    follow(before, after) {
        if (before === after || !this.#texts.length) return;
        this.#texts = this.#texts.flatMap((kept) => {
            const index = before && after ? Unfinished.#findRegion(before.regions, kept.index, after.regions) : -1;
            const region = after?.regions[index];
            const object = kept.object < 0 || !region ? -1 : Unfinished.#findObject(before, kept, region);
            const [thing, kinds] = Unfinished.#thing(region, kept.object, object);
            // An edit elsewhere has the last word.
            const isStill = thing && kinds.ALL[kept.name].show(thing) === kept.shown;
            return isStill ? [{ ...kept, index, object }] : [];
        });
    }

    static #isOf(kept, { index, object }, name) {
        return kept.index === index && kept.object === object && kept.name === name;
    }

    /** @returns {[object | undefined, object]} the region, or the object in it, and the class with its fields */
    static #thing(region, was, object) {
        const { ObjectFields, RegionFields } = sdWebuiRpg;
        return was < 0 ? [region, RegionFields] : [region?.entities?.[object], ObjectFields];
    }

    static #findRegion(before, index, after) {
        return Unfinished.#find(before, index, after, (region) => [region?.prompt ?? "", region?.name ?? ""]);
    }

    static #findObject(before, kept, { entities = [] }) {
        const old = before.regions[kept.index].entities;
        return Unfinished.#find(old, kept.object, entities, (entity) => [entity?.phrase, entity?.box]);
    }

    /** @returns {number} where a thing of a list is now, -1 for nowhere */
    static #find(before, index, after, identity) {
        const says = (thing) => JSON.stringify(identity(thing));
        const isIt = (thing) => says(thing) === says(before[index]);
        if (isIt(after[index])) return index;
        const found = after.findIndex(isIt);
        return found < 0 && before.length === after.length ? index : found;
    }
};
