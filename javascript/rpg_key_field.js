/**
 * The key's field in Settings. Its text is taken out once it is on its way: what stays there would be sent with every
 * Apply. After each Apply the line that says whether there is a key is read anew.
 */
(window.sdWebuiRpg ??= {}).KeyField = class KeyField {
    /** @param {Document | Element} root with the Settings page in it */
    constructor(root) {
        const result = root.querySelector("#settings_result");
        if (!result) return;
        // gradio's class "pending" comes once the fields are on their way: gradio 4 reads them a frame after the click.
        // Two Applies may give the same text, but the class comes and goes with each.
        new MutationObserver((changes) => {
            for (const change of changes) {
                const [was, is] = KeyField.#wasAndIsPending(change);
                if (!was && is) KeyField.#empty(root);
                if (was && !is) root.querySelector("#rpg_key_state_refresh")?.click();
            }
        }).observe(result, { subtree: true, attributeFilter: ["class"], attributeOldValue: true });
    }

    /**
     * @param {Document | Element} root
     * @returns {boolean} whether the field holds a text that is not applied yet
     */
    static isTyped(root) {
        return Boolean(KeyField.#input(root)?.value.trim());
    }

    /**
     * @param {Document | Element} root
     * @returns {HTMLInputElement | null}
     */
    static #input(root) {
        return root.querySelector("#setting_rpg_key input");
    }

    /** @param {Document | Element} root */
    static #empty(root) {
        const input = KeyField.#input(root);
        if (!input?.value) return;
        input.value = "";
        updateInput(input);
    }

    /**
     * @param {MutationRecord} change of a class
     * @returns {boolean[]} whether an Apply was under way before it, and whether one is now
     */
    static #wasAndIsPending(change) {
        return [/\bpending\b/.test(change.oldValue ?? ""), change.target.classList.contains("pending")];
    }
};
