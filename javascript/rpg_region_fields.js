/** The fields of one region as texts: what each shows of a region, and what a typed text changes. No DOM here. */
(window.sdWebuiRpg ??= {}).RegionFields = class RegionFields {
    static #SHARE = { min: 0, max: 1 };
    static #CFG = { min: 1, max: 30 };
    static #WEIGHT = { min: 0, max: 100, isAbove: true };
    static #LAST_UNIT = 9;

    /** Sides of a box that end this close behind the edge of the picture end on it. */
    static #NEARLY = 2e-4;

    /** What a region has where the plan does not say it. */
    static #DEFAULTS = {
        prompt: "",
        negative_prompt: "",
        name: "",
        base_ratio: null,
        weight: 1,
        start: 0,
        end: 1,
        control: [],
        seed: null,
        binding: {},
        cfg_scale: null,
    };

    /** @type {Object<string, RpgField>} by the name of the region's field; the sides of the box by their own */
    static ALL = {
        prompt: { show: (region) => region.prompt ?? "", read: (text) => sdWebuiRpg.FieldKinds.words(text) },
        negative_prompt: {
            show: (region) => region.negative_prompt ?? "",
            read: (text) => RegionFields.#negative(text),
        },
        name: { show: (region) => region.name ?? "", read: (text) => ({ changes: { name: text.trim() } }) },
        base_ratio: RegionFields.#orNone("base_ratio", RegionFields.#SHARE),
        weight: {
            show: (region) => String(region.weight ?? 1),
            read: (text) => RegionFields.#number("weight", text, RegionFields.#WEIGHT),
        },
        start: {
            show: (region) => String(region.start ?? 0),
            read: (text, region) => RegionFields.#time({ end: 1, ...region }, "start", text),
        },
        end: {
            show: (region) => String(region.end ?? 1),
            read: (text, region) => RegionFields.#time({ start: 0, ...region }, "end", text),
        },
        x: RegionFields.#side("x", 0),
        y: RegionFields.#side("y", 1),
        width: RegionFields.#side("width", 2),
        height: RegionFields.#side("height", 3),
        control: {
            show: (region) => (region.control ?? []).join(", "),
            read: (text) => {
                const { value, problem } = sdWebuiRpg.Numbers.readUnits(text, RegionFields.#LAST_UNIT);
                return problem ? { problem } : { changes: { control: value } };
            },
        },
        seed: sdWebuiRpg.FieldKinds.seed(),
        cfg_scale: RegionFields.#orNone("cfg_scale", RegionFields.#CFG),
        mode: sdWebuiRpg.FieldKinds.mode(),
    };

    /**
     * @param {string} text of a region's words
     * @returns {string[]} the words between the keywords that begin another region; one where there is none
     */
    static parts(text) {
        if (/\b(?:ADDBASE|ADDCOMM|AND)\b/.test(text)) return [text];
        return sdWebuiRpg.Draft.parts(text).map(([from, to]) => text.slice(from, to));
    }

    /**
     * @param {RpgPlan} plan
     * @param {number} index of a region
     * @param {Partial<RpgRegion>} changes
     * @returns {RpgPlan} the same object where the changes change nothing
     */
    static applied(plan, index, changes) {
        const region = plan.regions[index];
        if (sdWebuiRpg.FieldKinds.isSame(changes, region, RegionFields.#DEFAULTS)) return plan;
        const { Edits } = sdWebuiRpg;
        return changes.box ? Edits.withBox(plan, index, changes.box) : Edits.withRegion(plan, index, changes);
    }

    /**
     * @param {string} name of a field
     * @param {string} text
     * @param {RpgRegion} region
     * @returns {boolean} whether the text says what the region has, be it written otherwise: "0,5" for 0.5
     */
    static says(name, text, region) {
        return sdWebuiRpg.FieldKinds.says(RegionFields.ALL[name], text, region, RegionFields.#DEFAULTS);
    }

    static #negative(text) {
        const keyword = sdWebuiRpg.FieldKinds.keyword(text);
        if (!keyword) return { changes: { negative_prompt: text } };
        return { problem: `${keyword} has no place in one region's negative prompt: remove it, or write it in lower case.` };
    }

    /** @returns {RpgField} of a number; blank for that of the whole picture */
    static #orNone(name, range) {
        return {
            show: (region) => String(region[name] ?? ""),
            read: (text) => (text.trim() ? RegionFields.#number(name, text, range) : { changes: { [name]: null } }),
        };
    }

    static #number(name, text, range) {
        const { value, problem } = sdWebuiRpg.Numbers.read(text, range);
        return problem ? { problem } : { changes: { [name]: value } };
    }

    static #time(region, name, text) {
        const { changes, problem } = RegionFields.#number(name, text, RegionFields.#SHARE);
        if (problem) return { problem };
        const { start, end } = { ...region, ...changes };
        if (start < end) return { changes };
        return { problem: `The region would never act from ${start} to ${end}: the end has to be after the start.` };
    }

    /** @returns {RpgField} of one side of the box, in percent of the picture */
    static #side(name, i) {
        return {
            show: (region) => sdWebuiRpg.Numbers.show(sdWebuiRpg.Edits.box(region)[i] * 100),
            read: (text, region) => RegionFields.#place(name, i, text, region),
        };
    }

    static #place(name, i, text, region) {
        const old = sdWebuiRpg.Edits.box(region);
        // What is shown is rounded.
        if (RegionFields.ALL[name].show(region) === text) return { changes: { box: old } };
        const { value, problem } = sdWebuiRpg.Numbers.read(text, { min: 0, max: 100, isAbove: i > 1, percent: 1 });
        if (problem) return { problem };
        const box = old.map((side, at) => (at === i ? value / 100 : side));
        const [from, size] = [i % 2, (i % 2) + 2];
        const over = box[from] + box[size] - 1;
        if (over > 0 && over <= RegionFields.#NEARLY && box[size] > over) box[size] = 1 - box[from];
        if (box[from] + box[size] <= 1 + 1e-9) return { changes: { box } };
        const names = from ? "y and height" : "x and width";
        return { problem: `The region would leave the picture: ${names} are more than 100 % together.` };
    }
};
