/**
 * Stored layouts, as small pictures of their regions: the user's presets, and the examples that come along. Settings
 * that come along have no regions, and no picture.
 *
 * A click puts one into the panel. What is stored is on the server (lib_rpg/webui/panel/shelf.py).
 *
 * @typedef {{kind: "example" | "preset" | "settings", name: string, words: boolean, width: number, height: number,
 *     boxes: [number, number, number, number][]}} RpgStored
 * @typedef {{sentence: string, level: RpgLevel}} RpgTold what the server says with each answer
 */
(window.sdWebuiRpg ??= {}).Shelf = class Shelf {
    /** @type {HTMLElement} */
    #list;

    /** @type {HTMLElement} what was done, and why not */
    #said;

    /** @type {HTMLInputElement} */
    #name;

    /** @type {HTMLInputElement} whether words are saved and loaded as well */
    #words;

    /** @type {sdWebuiRpg.Panel} */
    #panel;

    /**
     * @param {HTMLElement} root
     * @param {sdWebuiRpg.Panel} panel
     */
    constructor(root, panel) {
        const { Dom } = sdWebuiRpg;
        this.#panel = panel;
        this.#name = Dom.make("input", { type: "text", placeholder: "Name", maxLength: 100, "aria-label": "Name of the preset" });
        this.#words = Dom.make("input", { type: "checkbox", className: "rpg_tick", checked: true });
        this.#said = Dom.make("p", { className: "rpg_said", "aria-live": "polite" });
        this.#list = Dom.make("div", { className: "rpg_stored_list" });
        root.append(this.#tools(), this.#said, this.#list);
        this.#name.addEventListener("keydown", (event) => {
            if (event.key === "Enter") this.#save(false);
        });
        const observer = new IntersectionObserver(([entry]) => {
            if (!entry.isIntersecting) return;
            observer.disconnect();
            this.#refresh();
        });
        observer.observe(root);
    }

    /** @returns {HTMLElement} */
    #tools() {
        const { Dom } = sdWebuiRpg;
        const file = Dom.make("input", { type: "file", accept: ".json,application/json", hidden: true });
        file.addEventListener("change", async () => {
            if (file.files[0]) await this.#import(await file.files[0].text());
            file.value = "";
        });
        return Dom.make(
            "div",
            { className: "rpg_shelf_tools" },
            this.#name,
            Dom.button("Save", () => this.#save(false)),
            Dom.make("label", { title: "Off: a layout alone is saved, and what is loaded keeps your words" }, this.#words, "With words"),
            Dom.button("Import", () => file.click(), { title: "A preset's file, Regional Prompter's or Forge Couple's" }),
            file,
            Dom.button("Copy for Regional Prompter", () => this.#copy("Regional Prompter")),
            Dom.button("Copy for Forge Couple", () => this.#copy("Forge Couple")),
            Dom.button("Copy for RAG", () => this.#copy("RAG")),
        );
    }

    /**
     * Call the server, and say what it says.
     *
     * @param {string} name
     * @param {object} data
     * @returns {Promise<any>} the answer, null where it failed
     */
    async #call(name, data = {}) {
        try {
            const answer = await this.#panel.server.call(`shelf.${name}`, data);
            this.#say(answer.sentence, answer.level);
            return answer;
        } catch (error) {
            this.#say(error.message, "error");
            return null;
        }
    }

    /**
     * @param {string} sentence
     * @param {RpgLevel} level
     * @param {...Node} buttons behind it
     */
    #say(sentence, level, ...buttons) {
        this.#said.dataset.level = level;
        this.#said.replaceChildren(sentence, ...buttons);
    }

    /** @returns {{state: string, context: string}} */
    #shown() {
        const [state, context] = this.#panel.request();
        return { state, context };
    }

    async #refresh() {
        const answer = await this.#call("list");
        if (answer) this.#list.replaceChildren(...answer.stored.map((item) => this.#card(item)));
    }

    /** @param {boolean} replace a preset of the same name */
    async #save(replace) {
        const name = this.#name.value.trim();
        const answer = await this.#call("save", { name, words: this.#words.checked, replace, ...this.#shown() });
        if (!answer) return undefined;
        if (answer.exists) {
            const button = sdWebuiRpg.Dom.button("Replace it", () => this.#save(true));
            return this.#say(answer.sentence, answer.level, " ", button);
        }
        this.#name.value = "";
        return this.#refreshQuietly();
    }

    /** Draw the list anew; what was said stays. */
    async #refreshQuietly() {
        const said = [...this.#said.childNodes];
        const { level } = this.#said.dataset;
        await this.#refresh();
        this.#said.replaceChildren(...said);
        this.#said.dataset.level = level;
    }

    /** @param {string} text of a file */
    async #import(text) {
        if (await this.#call("add", { text })) await this.#refreshQuietly();
    }

    /** @param {string} tool whose text form to copy */
    async #copy(tool) {
        const answer = await this.#call("text", { tool, ...this.#shown() });
        if (answer) await navigator.clipboard?.writeText(answer.text);
    }

    /** @param {RpgStored} item */
    async #take({ kind, name }) {
        const answer = await this.#call("take", { kind, name, words: this.#words.checked, ...this.#shown() });
        if (!answer) return;
        this.#panel.replace(answer.document);
        if (answer.width) this.#panel.offerSize({ width: answer.width, height: answer.height });
        if (kind === "preset") this.#name.value = name;
    }

    /** @param {RpgStored} item */
    async #export({ name }) {
        const answer = await this.#call("export", { name });
        if (!answer) return;
        const url = URL.createObjectURL(new Blob([answer.text], { type: "application/json" }));
        sdWebuiRpg.Dom.make("a", { href: url, download: answer.file }).click();
        URL.revokeObjectURL(url);
    }

    /**
     * @param {RpgStored} item
     * @param {HTMLElement} card whose name is typed over
     */
    #rename({ name }, card) {
        const input = sdWebuiRpg.Dom.make("input", { type: "text", value: name, maxLength: 100, "aria-label": "New name" });
        const label = card.querySelector(".rpg_stored");
        const end = () => input.replaceWith(label);
        input.addEventListener("keydown", async ({ key }) => {
            if (key === "Escape") end();
            if (key === "Enter" && (await this.#call("rename", { name, new_name: input.value }))) await this.#refreshQuietly();
        });
        label.replaceWith(input);
        input.focus();
        input.select();
    }

    /** @param {RpgStored} item */
    #delete({ name }) {
        const button = sdWebuiRpg.Dom.button("Delete it", async () => {
            if (await this.#call("delete", { name })) await this.#refreshQuietly();
        });
        this.#say(`Delete ${name}?`, "note", " ", button);
        button.focus();
    }

    /**
     * @param {RpgStored} item
     * @returns {HTMLElement}
     */
    #card(item) {
        const { Dom, Drawing } = sdWebuiRpg;
        const take = Dom.button("", () => this.#take(item), { className: "rpg_stored" });
        take.append(...(item.boxes.length ? [Drawing.of(item)] : []), Dom.make("span", {}, item.name));
        const card = Dom.make("div", { className: "rpg_card" }, take);
        if (item.kind !== "preset") return card;
        const button = (sign, title, onClick) => Dom.button(sign, onClick, { title, "aria-label": `${title}: ${item.name}` });
        card.append(
            Dom.make(
                "div",
                { className: "rpg_card_tools" },
                button("✎", "Rename", () => this.#rename(item, card)),
                button("⭳", "Export", () => this.#export(item)),
                button("✕", "Delete", () => this.#delete(item)),
            ),
        );
        return card;
    }
};
