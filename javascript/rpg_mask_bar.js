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
        sdWebuiRpg.Toolbar.make(root);
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
        const act = () => button.getAttribute("aria-disabled") !== "true" && press();
        const button = sdWebuiRpg.Dom.button(textContent, act, { className, title });
        return button;
    }

    #slider(name, text, title, min, max) {
        const { Dom } = sdWebuiRpg;
        const input = Dom.make("input", { type: "range", min, max, className: `rpg_mask_${name}` });
        input.addEventListener("input", () => {
            this.#brush[name] = input.valueAsNumber / 100;
        });
        return Dom.make("label", { title }, Dom.make("span", {}, text), input);
    }

    static #group(children) {
        return sdWebuiRpg.Dom.make("div", { className: "rpg_mask_group" }, ...children);
    }
};
