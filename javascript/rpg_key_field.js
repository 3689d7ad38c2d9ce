/** Empties the key's field in Settings once its text is on its way: what stays there would be sent with every Apply. */
(window.sdWebuiRpg ??= {}).KeyField = class KeyField {
    /** @param {Document | Element} root with the Settings page in it */
    constructor(root) {
        root.addEventListener("click", (event) => {
            // gradio has read the fields when the click has bubbled up to here; emptying waits for what else listens.
            if (event.target.closest?.("#settings_submit")) setTimeout(() => KeyField.#empty(root));
        });
    }

    /** @param {Document | Element} root */
    static #empty(root) {
        const input = root.querySelector("#setting_rpg_key input");
        if (!input?.value) return;
        input.value = "";
        updateInput(input);
    }
};
