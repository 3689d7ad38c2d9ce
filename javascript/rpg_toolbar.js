/** A toolbar for the keyboard: one stop for Tab, arrows go from button to button. */
(window.sdWebuiRpg ??= {}).Toolbar = class Toolbar {
    /** @param {HTMLElement} root with its buttons; what else is in it, such as a slider, keeps its own keys */
    static make(root) {
        const buttons = () => [...root.querySelectorAll("button")];
        const rove = (target) => {
            if (target?.tagName !== "BUTTON") return;
            for (const button of buttons()) button.tabIndex = button === target ? 0 : -1;
        };
        // Tab comes back to the button that was used last.
        root.addEventListener("focusin", ({ target }) => rove(target));
        root.addEventListener("keydown", (event) => {
            const all = buttons();
            const at = all.indexOf(event.target);
            const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
            if (at < 0 || next === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
            event.preventDefault();
            all[(next + all.length) % all.length].focus();
        });
        rove(buttons()[0]);
    }
};
