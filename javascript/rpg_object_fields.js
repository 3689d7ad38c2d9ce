/** The fields of one object as texts, as `RegionFields` has those of a region. No DOM here. */
(window.sdWebuiRpg ??= {}).ObjectFields = class ObjectFields {
    static #SHARE = { min: 0, max: 1 };

    /** What an object has where the plan does not say it. */
    static #DEFAULTS = { count: 1, prompt: "", seed: null, binding: {} };

    /** @type {Object<string, RpgField>} by the name of the entity's field, or of its binding's */
    static ALL = {
        phrase: { show: ({ phrase }) => phrase ?? "", read: (text) => ObjectFields.#phrase(text) },
        count: sdWebuiRpg.FieldKinds.whole("count", { min: 1, max: 999 }, 1),
        prompt: {
            show: ({ prompt }) => prompt ?? "",
            read: (text) => ObjectFields.#words(text),
        },
        mode: sdWebuiRpg.FieldKinds.mode(),
        steps: sdWebuiRpg.FieldKinds.bound("steps", ObjectFields.#SHARE),
        sigma: sdWebuiRpg.FieldKinds.bound("sigma", { min: 0, max: 1000 }),
        strength: sdWebuiRpg.FieldKinds.bound("strength", ObjectFields.#SHARE),
        feather: sdWebuiRpg.FieldKinds.bound("feather", { min: 0, max: 0.5 }),
        seed: sdWebuiRpg.FieldKinds.seed(),
    };

    /**
     * @param {RpgPlan} plan
     * @param {RpgTarget} target an object
     * @param {Partial<RpgEntity>} changes
     * @returns {RpgPlan} the same plan where the changes change nothing
     */
    static applied(plan, target, changes) {
        const { FieldKinds, Objects } = sdWebuiRpg;
        const isSame = FieldKinds.isSame(changes, Objects.find(plan, target), ObjectFields.#DEFAULTS);
        return isSame ? plan : Objects.changed(plan, target, changes);
    }

    /**
     * @param {string} name of a field
     * @param {string} text
     * @param {RpgEntity} entity
     * @returns {boolean} whether the text says what the object has, be it written otherwise: "0,5" for 0.5
     */
    static says(name, text, entity) {
        return sdWebuiRpg.FieldKinds.says(ObjectFields.ALL[name], text, entity, ObjectFields.#DEFAULTS);
    }

    static #phrase(text) {
        const phrase = text.trim();
        return phrase ? { changes: { phrase } } : { problem: "Type what the object is, such as “a cat”." };
    }

    /** Blank words are those of the region. */
    static #words(text) {
        const keyword = sdWebuiRpg.FieldKinds.keyword(text);
        if (!keyword) return sdWebuiRpg.FieldKinds.words(text.trim() && text);
        return { problem: `${keyword} has no place in an object's prompt: remove it, or write it in lower case.` };
    }
};
