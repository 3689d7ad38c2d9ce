/** Typed texts of regions' fields that the plan cannot hold yet. They stay until it can, or says otherwise. */
(window.sdWebuiRpg ??= {}).Unfinished = class Unfinished {
    /** @type {{index: number, name: string, text: string, shown: string}[]} shown: what the plan has instead */
    #texts = [];

    /**
     * @param {number} index of a region
     * @param {string} name of a field
     * @returns {string | undefined}
     */
    get(index, name) {
        return this.#texts.find((kept) => kept.index === index && kept.name === name)?.text;
    }

    /**
     * @param {number} index of a region
     * @param {string} name of a field
     * @param {string} text
     * @param {string} shown what the field shows of the plan
     */
    keep(index, name, text, shown) {
        this.drop(index, name);
        this.#texts.push({ index, name, text, shown });
    }

    /**
     * @param {number} index of a region
     * @param {string} name of a field
     */
    drop(index, name) {
        this.#texts = this.#texts.filter((kept) => kept.index !== index || kept.name !== name);
    }

    /**
     * @param {number} index of a region
     * @returns {[string, string][]} names and texts
     */
    of(index) {
        return this.#texts.filter((kept) => kept.index === index).map(({ name, text }) => [name, text]);
    }

    /**
     * Stay with the regions where the plan has changed.
     *
     * @param {RpgPlan | null} before
     * @param {RpgPlan | null} after
     */
    follow(before, after) {
        if (before === after || !this.#texts.length) return;
        this.#texts = this.#texts.flatMap((kept) => {
            const index = before && after ? Unfinished.#find(before.regions, kept.index, after.regions) : -1;
            const region = after?.regions[index];
            // An edit elsewhere has the last word.
            const isStill = region && sdWebuiRpg.RegionFields.ALL[kept.name].show(region) === kept.shown;
            return isStill ? [{ ...kept, index }] : [];
        });
    }

    /** @returns {number} where a region is now, -1 for nowhere */
    static #find(before, index, after) {
        const says = (region) => JSON.stringify([region?.prompt ?? "", region?.name ?? ""]);
        const isIt = (region) => says(region) === says(before[index]);
        if (isIt(after[index])) return index;
        const found = after.findIndex(isIt);
        return found < 0 && before.length === after.length ? index : found;
    }
};
