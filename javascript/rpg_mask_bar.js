/**
 * The toolbar for painting a mask.
 *
 * @typedef {"undo" | "redo" | "clear" | "invert" | "grow" | "shrink" | "feather" | "upload" | "colours" | "download" |
 *     "done" | "cancel"} RpgMaskAction
 */
(window.sdWebuiRpg ??= {}).MaskBar = class MaskBar {
    /** @type {[RpgMaskTool, string, string][]} name, text and what it does */
    static #TOOLS = [
        ["brush", "Brush", "Paint the region; Alt or the right button erases"],
        ["eraser", "Eraser", "Take away from the region"],
        ["lasso", "Lasso +", "Draw around what belongs to the region; Alt or the right button takes it away"],
        ["cut", "Lasso −", "Draw around what does not belong to the region"],
        ["fill", "Fill", "Fill the area that is clicked; an area that is filled is emptied"],
    ];

    /** @type {["size" | "softness", string, string, number, number][]} name, text, what it is, least and most */
    static #SLIDERS = [
        ["size", "Size", "The brush's width, in percent of the picture's longer side; also [, ] and the wheel", 1, 50],
        ["softness", "Softness", "How far into the brush its edge is soft, in percent", 0, 100],
    ];

    /** @type {[RpgMaskAction, string, string][][]} name, text and what it does, in groups */
    static #ACTIONS = [
        [
            ["undo", "Undo", "Take back the last stroke (Ctrl+Z)"],
            ["redo", "Redo", "Do it again (Ctrl+Y)"],
        ],
        [
            ["clear", "Clear", "Take all of the mask away"],
            ["invert", "Invert", "Swap what is of the region and what is not, in the whole picture"],
            ["grow", "Grow", "Let the mask grow by 8 pixels of the picture on each side"],
            ["shrink", "Shrink", "Let the mask shrink by 8 pixels of the picture on each side"],
            ["feather", "Feather", "Soften the mask's edges"],
        ],
        [
            ["upload", "Upload", "Use a picture that is white where the region is; it may be dropped or pasted, too"],
            ["colours", "Upload for all", "Read all regions from one picture that has a flat colour for each"],
            ["download", "Download", "Save this region's mask as a PNG file"],
        ],
        [
            ["done", "Done", "Use this mask"],
            ["cancel", "Cancel", "Leave the mask as it was (Escape)"],
        ],
    ];

    /** @type {HTMLElement} */
    #root;

    /** @type {RpgBrush} */
    #brush;

    /**
     * @param {HTMLElement} root the toolbar, empty and hidden
     * @param {RpgBrush} brush is changed by it
     * @param {(action: RpgMaskAction) => void} act
     */
    constructor(root, brush, act) {
        this.#root = root;
        this.#brush = brush;
        const tools = MaskBar.#TOOLS.map(([name, text, title]) =>
            MaskBar.#button(`rpg_mask_${name}`, text, title, () => this.#choose(name)),
        );
        const groups = MaskBar.#ACTIONS.map((actions) =>
            actions.map(([name, text, title]) => MaskBar.#button(`rpg_mask_${name}`, text, title, () => act(name))),
        );
        const sliders = MaskBar.#SLIDERS.map((slider) => this.#slider(...slider));
        root.append(...[tools, sliders, ...groups].map(MaskBar.#group));
        root.addEventListener("keydown", (event) => this.#pressed(event));
        root.addEventListener("focusin", ({ target }) => this.#rove(target));
        this.#rove(tools[0]);
        this.show(null);
    }

    /** @param {sdWebuiRpg.MaskPainting | null} painting whose state is shown, null hides the toolbar */
    show(painting) {
        this.#root.hidden = !painting;
        for (const [name] of MaskBar.#TOOLS) {
            this.#find(name).setAttribute("aria-pressed", String(name === this.#brush.tool));
        }
        for (const [name] of MaskBar.#SLIDERS) this.#find(name).value = String(Math.round(100 * this.#brush[name]));
        // No "disabled", which would lose the focus of who presses Undo until there is no more.
        this.#find("undo").setAttribute("aria-disabled", String(!painting?.canUndo));
        this.#find("redo").setAttribute("aria-disabled", String(!painting?.canRedo));
    }

    /** @param {RpgMaskTool} tool to paint with */
    #choose(tool) {
        this.#brush.tool = tool;
        for (const [name] of MaskBar.#TOOLS) this.#find(name).setAttribute("aria-pressed", String(name === tool));
    }

    /** @param {number} factor that the brush's width changes by */
    resize(factor) {
        const [, , , least, most] = MaskBar.#SLIDERS[0];
        this.#brush.size = Math.min(most / 100, Math.max(least / 100, this.#brush.size * factor));
        this.#find("size").value = String(Math.round(100 * this.#brush.size));
    }

    #find(name) {
        return this.#root.querySelector(`.rpg_mask_${name}`);
    }

    static #button(className, textContent, title, press) {
        const button = document.createElement("button");
        Object.assign(button, { type: "button", className, textContent, title });
        button.addEventListener("click", () => {
            if (button.getAttribute("aria-disabled") !== "true") press();
        });
        return button;
    }

    #slider(name, text, title, min, max) {
        const label = Object.assign(document.createElement("label"), { title });
        const input = Object.assign(document.createElement("input"), { type: "range", min, max });
        input.className = `rpg_mask_${name}`;
        input.addEventListener("input", () => {
            this.#brush[name] = input.valueAsNumber / 100;
        });
        label.append(Object.assign(document.createElement("span"), { textContent: text }), input);
        return label;
    }

    static #group(children) {
        const group = Object.assign(document.createElement("div"), { className: "rpg_mask_group" });
        group.append(...children);
        return group;
    }

    /** Arrows go from button to button; the sliders need theirs for themselves, and are stops of their own for Tab. */
    #pressed(event) {
        const buttons = [...this.#root.querySelectorAll("button")];
        const at = buttons.indexOf(event.target);
        const last = buttons.length - 1;
        const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
        if (at < 0 || next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        buttons[(next + buttons.length) % buttons.length].focus();
    }

    /** Have Tab lead to the button that had the focus last. */
    #rove(target) {
        if (target.tagName !== "BUTTON") return;
        for (const button of this.#root.querySelectorAll("button")) button.tabIndex = button === target ? 0 : -1;
    }
};
