/**
 * The picture behind the regions: none, the tab's last one, img2img's own, or a file that never leaves the page.
 *
 * @typedef {"none" | "last" | "init" | "file"} RpgBackground
 */
(window.sdWebuiRpg ??= {}).Background = class Background {
    static #NAMES = {
        none: "No picture behind",
        last: "Last picture",
        init: "Picture of img2img",
        file: "Picture from a file",
    };

    /** Where the tab's pictures are; the large one of a gallery goes before the small ones. */
    static #LAST = ['[data-testid="detailed-image"]', ".thumbnail-item img", "img"];
    static #INIT = "#img2img_image img";

    /** @type {HTMLElement} */
    #stage;

    /** @type {"txt2img" | "img2img"} */
    #tab;

    /** @type {HTMLImageElement} */
    #image = sdWebuiRpg.Dom.make("img", { className: "rpg_background", alt: "", hidden: true });

    /** @type {HTMLSelectElement} */
    #select = sdWebuiRpg.Dom.make("select", {
        className: "rpg_choice",
        title: "The picture behind the regions",
        "aria-label": "The picture behind the regions",
    });

    /** @type {HTMLInputElement} */
    #opacity = sdWebuiRpg.Dom.make("input", {
        className: "rpg_opacity",
        type: "range",
        min: "0",
        max: "1",
        step: "0.05",
        value: "0.6",
        title: "How much of the picture is seen",
        hidden: true,
    });

    /** @type {HTMLInputElement} */
    #file = sdWebuiRpg.Dom.make("input", { type: "file", accept: "image/*", hidden: true });

    /** The address of the file's picture, blank for none. */
    #url = "";

    /** @type {(message: string) => void} */
    #say;

    /**
     * @param {HTMLElement} stage
     * @param {HTMLElement} bar where its fields go
     * @param {"txt2img" | "img2img"} tab
     * @param {(message: string) => void} say is told what went wrong
     */
    constructor(stage, bar, tab, say) {
        this.#stage = stage;
        this.#tab = tab;
        this.#say = say;
        const names = Object.entries(Background.#NAMES).filter(([value]) => value !== "init" || tab === "img2img");
        this.#select.append(...names.map(([value, name]) => new Option(name, value)));
        stage.querySelector(".rpg_canvas").prepend(this.#image);
        bar.append(this.#select, this.#opacity, this.#file);
        this.#listen();
    }

    #listen() {
        const stage = this.#stage;
        this.#select.addEventListener("change", () => this.#chosen());
        this.#opacity.addEventListener("input", () => this.#fade());
        this.#file.addEventListener("change", () => this.#take(this.#file.files[0]));
        this.#image.addEventListener("error", () => this.#failed());
        // The newest picture, without a look at the gallery all the time.
        stage.addEventListener("pointerenter", () => this.#draw());
        stage.addEventListener("dragover", (event) => event.preventDefault());
        stage.addEventListener("drop", (event) => this.#given(event, event.dataTransfer));
        stage.addEventListener("paste", (event) => this.#given(event, event.clipboardData));
        this.#fade();
    }

    /** Take a picture that is dropped or pasted, and keep the event from the WebUI, which would take it for itself. */
    #given(event, data) {
        const file = [...(data?.files ?? [])].find(({ type }) => type.startsWith("image/"));
        if (!file) return;
        event.preventDefault();
        event.stopPropagation();
        this.#take(file);
    }

    /** @param {File | undefined} file */
    #take(file) {
        this.#file.value = "";
        if (!file) return;
        URL.revokeObjectURL(this.#url);
        this.#url = URL.createObjectURL(file);
        this.#select.value = "file";
        this.#draw();
    }

    #chosen() {
        const { value } = this.#select;
        if (value === "file") this.#file.click();
        // The dialog may be closed without a file.
        if (value === "file" && !this.#url) this.#select.value = "none";
        this.#draw();
        if (value !== "file" && value !== "none" && this.#image.hidden) this.#say("There is no such picture yet.");
    }

    #draw() {
        const url = this.#wanted();
        if (url && this.#image.getAttribute("src") !== url) this.#image.src = url;
        this.#image.hidden = !url;
        this.#opacity.hidden = !url;
    }

    /** @returns {string} the address of what is chosen, blank for none */
    #wanted() {
        const { value } = this.#select;
        if (value === "file") return this.#url;
        if (value === "init") return Background.#source(Background.#INIT);
        const gallery = `#${this.#tab}_gallery`;
        const found = Background.#LAST.map((selector) => Background.#source(`${gallery} ${selector}`));
        return value === "last" ? found.find(Boolean) ?? "" : "";
    }

    #fade() {
        this.#image.style.opacity = this.#opacity.value;
    }

    #failed() {
        this.#select.value = "none";
        URL.revokeObjectURL(this.#url);
        this.#url = "";
        this.#draw();
        this.#say("The picture behind the regions cannot be read: choose a PNG, JPEG or WebP file.");
    }

    /** @returns {string} the address of the last such picture, blank for none */
    static #source(selector) {
        return [...gradioApp().querySelectorAll(selector)].pop()?.src ?? "";
    }
};
