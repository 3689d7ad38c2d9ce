/**
 * The key's field in Settings. Its text is taken out once it is on its way: what stays there would be sent with every
 * Apply. After each Apply the line that says whether there is a key is read anew.
 */
(window.sdWebuiRpg ??= {}).KeyField = class KeyField {
    /** @param {Document | Element} root with the Settings page in it */
    constructor(root) {
        root.addEventListener("click", (event) => {
            // gradio has read the fields when the click has bubbled up to here; emptying waits for what else listens.
            if (event.target.closest?.("#settings_submit")) setTimeout(() => KeyField.#empty(root));
        });
        const result = root.querySelector("#settings_result");
        if (!result) return;
        // Two Applies may give the same text; gradio's class "pending" comes and goes with each.
        new MutationObserver((changes) => {
            if (changes.some(KeyField.#isEnd)) root.querySelector("#rpg_key_state_refresh")?.click();
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
     * @returns {boolean} whether an Apply has ended with it
     */
    static #isEnd(change) {
        return /\bpending\b/.test(change.oldValue ?? "") && !change.target.classList.contains("pending");
    }
};
