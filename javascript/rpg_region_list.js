/** All regions, a line each: what they are, and buttons for their order and for which of them are drawn. */
(window.sdWebuiRpg ??= {}).RegionList = class RegionList {
    static #CHUNK = 75;
    static #NO_WORDS = "No words: left to the base prompt";

    /** @type {[string, string | null, string][]} action, text (null: an icon of that name), title */
    static #BUTTONS = [
        ["solo", "Solo", "Draw this region alone; again: draw all"],
        ["mute", "Mute", "Leave this region to the base prompt"],
        ["earlier", null, "One earlier: a box goes behind, a cell changes places"],
        ["later", null, "One later: a box comes to the front, a cell changes places"],
    ];

    /** @type {HTMLElement} */
    #root;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /** @type {RpgPlan | null} */
    #plan = null;

    #selected = -1;

    /** @type {Map<string, number | null>} tokens by prompt */
    #tokens = new Map();

    /** @type {Object<string, HTMLElement>[]} the elements of each line */
    #lines = [];

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        this.#root = root;
        this.#panel = panel;
        root.addEventListener("click", ({ target }) => this.#clicked(target));
        root.addEventListener("keydown", (event) => this.#pressed(event));
        root.addEventListener("focusin", ({ target }) => this.#rove(target));
    }

    /**
     * @param {RpgPlan | null} plan
     * @param {number} selected
     */
    show(plan, selected) {
        this.#plan = plan;
        const regions = plan?.regions ?? [];
        while (this.#lines.length > regions.length) this.#lines.pop().line.remove();
        while (this.#lines.length < regions.length) this.#lines.push(this.#addLine(this.#lines.length));
        const solo = RegionList.#soloOf(regions);
        regions.forEach((region, i) => this.#showLine(this.#lines[i], region, i === solo));
        this.select(selected);
    }

    /** @param {number} index */
    select(index) {
        const hasFocus = this.#root.contains(document.activeElement);
        if (index !== this.#selected) this.#lines[this.#selected]?.line.removeAttribute("aria-selected");
        this.#selected = index;
        this.#lines[index]?.line.setAttribute("aria-selected", "true");
        if (!hasFocus) this.#rove((this.#lines[index] ?? this.#lines[0])?.pick);
    }

    /** @param {Map<string, number | null>} tokens by prompt; what is not there is not known yet */
    set tokens(tokens) {
        this.#tokens = tokens;
        this.#plan?.regions.forEach((region, i) => this.#showTokens(this.#lines[i].tokens, region));
    }

    /**
     * @param {number} index of a region
     * @param {boolean} isUnfinished whether it has texts that the plan cannot hold yet
     */
    mark(index, isUnfinished) {
        this.#lines[index]?.line.classList.toggle("rpg_unfinished", isUnfinished);
    }

    /** @returns {number} the one region that is drawn while all others are muted, -1 for none */
    static #soloOf(regions) {
        const heard = regions.flatMap(({ muted }, i) => (muted ? [] : [i]));
        return heard.length === 1 && regions.length > 1 ? heard[0] : -1;
    }

    /** @returns {Object<string, HTMLElement>} */
    #addLine(index) {
        const { Dom, Colours } = sdWebuiRpg;
        const cell = (className, ...children) => Dom.make("span", { className, role: "gridcell" }, ...children);
        const text = (className, tag = "span") => Dom.make(tag, { className });
        const parts = {
            number: Dom.make("span", { className: "rpg_number" }, String(index + 1)),
            name: text("rpg_line_name", "strong"),
            words: text("rpg_line_words"),
            share: cell("rpg_line_share"),
            tokens: cell("rpg_line_tokens"),
            marks: cell("rpg_badges"),
        };
        parts.share.title = "Share of the picture";
        const inside = [parts.number, parts.name, parts.words];
        parts.pick = Dom.make("button", { type: "button", className: "rpg_pick", tabIndex: -1 }, ...inside);
        for (const [act, label, title] of RegionList.#BUTTONS) parts[act] = RegionList.#button(act, label, title, index);
        const buttons = RegionList.#BUTTONS.map(([act]) => parts[act]);
        const first = cell("rpg_line_first", parts.pick);
        const rest = [parts.marks, parts.tokens, parts.share, cell("rpg_line_buttons", ...buttons)];
        parts.line = Dom.make("div", { className: "rpg_line", role: "row" }, first, ...rest);
        parts.line.style.setProperty("--rpg-hue", `${Colours.hue(index)}deg`);
        this.#root.append(parts.line);
        return parts;
    }

    /** @returns {HTMLButtonElement} with a text, or the icon of that name */
    static #button(act, label, title, index) {
        const { Dom, Icons } = sdWebuiRpg;
        const says = `${label ?? title.split(":")[0]}, region ${index + 1}`;
        const properties = { type: "button", className: "rpg_button", tabIndex: -1, title, "aria-label": says };
        const button = Dom.make("button", properties, label ?? Icons.make(act));
        button.dataset.act = act;
        return button;
    }

    /** Only what has changed: this is done for every key that is typed. */
    #showLine(parts, region, isSolo) {
        const words = (region.prompt ?? "").trim();
        RegionList.#put(parts.name, region.name ?? "");
        RegionList.#put(parts.words, words.slice(0, 120) || RegionList.#NO_WORDS);
        const [, , width, height] = sdWebuiRpg.Edits.box(region);
        RegionList.#put(parts.share, `${Math.round(width * height * 100)} %`);
        this.#showTokens(parts.tokens, region);
        const marks = sdWebuiRpg.Marks.of(region);
        const key = JSON.stringify(marks);
        if (parts.marks.dataset.marks !== key) {
            parts.marks.dataset.marks = key;
            parts.marks.replaceChildren(...marks.map(sdWebuiRpg.Marks.draw));
        }
        parts.line.classList.toggle("rpg_silent", Boolean(region.muted) || !words);
        parts.solo.setAttribute("aria-pressed", String(isSolo));
        parts.mute.setAttribute("aria-pressed", String(Boolean(region.muted)));
    }

    /** @param {HTMLElement} element keeps the last number until the one of other words is known */
    #showTokens(element, region) {
        const count = this.#tokens.get((region.prompt ?? "").trim());
        if (count === undefined) return;
        RegionList.#put(element, count === null ? "" : `${count} ${count === 1 ? "token" : "tokens"}`);
        const isOver = count > RegionList.#CHUNK;
        element.classList.toggle("rpg_over", isOver);
        element.title = isOver ? `More than ${RegionList.#CHUNK}: the model reads these words in parts` : "";
    }

    static #put(element, text) {
        if (element.textContent !== text) element.textContent = text;
    }

    #clicked(target) {
        const index = this.#lines.findIndex(({ line }) => line.contains(target));
        if (index < 0) return;
        const { act } = target.closest("button")?.dataset ?? {};
        if (act === "solo") this.#solo(index);
        else if (act === "mute") this.#mute(index);
        else if (act) this.#move(index, act === "earlier" ? -1 : 1);
        else this.#panel.select(index);
    }

    #mute(index) {
        if (!sdWebuiRpg.Actions.of(this.#panel).canEdit()) return;
        const { plan } = this.#panel;
        this.#panel.edit(sdWebuiRpg.Edits.withRegion(plan, index, { muted: !plan.regions[index].muted }));
    }

    /** Mute all others; again, have all back. */
    #solo(index) {
        if (!sdWebuiRpg.Actions.of(this.#panel).canEdit()) return;
        const { plan } = this.#panel;
        const isOn = RegionList.#soloOf(plan.regions) === index;
        const muted = (before, _, i) => sdWebuiRpg.Edits.withRegion(before, i, { muted: !isOn && i !== index });
        this.#panel.edit(plan.regions.reduce(muted, plan), "", isOn ? this.#panel.selected : index);
    }

    #move(index, step) {
        this.#panel.select(index);
        sdWebuiRpg.Actions.of(this.#panel).reorder(step);
        // The button goes with its region.
        if (this.#panel.selected !== index) this.#lines[this.#panel.selected]?.[step < 0 ? "earlier" : "later"].focus();
    }

    #pressed(event) {
        const row = this.#lines.findIndex(({ line }) => line.contains(event.target));
        if (row < 0) return;
        const columns = ["pick", ...RegionList.#BUTTONS.map(([act]) => act)];
        const column = columns.findIndex((name) => this.#lines[row][name] === event.target);
        const last = this.#lines.length - 1;
        const [toRow, toColumn] =
            {
                ArrowUp: [Math.max(0, row - 1), column],
                ArrowDown: [Math.min(last, row + 1), column],
                ArrowLeft: [row, Math.max(0, column - 1)],
                ArrowRight: [row, Math.min(columns.length - 1, column + 1)],
                Home: [0, column],
                End: [last, column],
            }[event.key] ?? [];
        if (toRow === undefined) return;
        event.preventDefault();
        this.#lines[toRow][columns[toColumn]].focus();
        this.#panel.select(toRow);
    }

    /** Have Tab come back to the button that was used last. */
    #rove(target) {
        if (!target) return;
        for (const button of this.#root.querySelectorAll("button[tabindex='0']")) button.tabIndex = -1;
        target.tabIndex = 0;
    }
};
