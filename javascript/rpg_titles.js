/** What gradio leaves out for the keyboard and for screen readers: titles that take the focus, names of inputs. */
(window.sdWebuiRpg ??= {}).Titles = class Titles {
    /** @param {HTMLElement} accordion the panel's own, with all that is folded inside it */
    constructor(accordion) {
        for (const title of accordion.querySelectorAll(".label-wrap")) Titles.#make(title);
        // A slider's number has no label of its own.
        for (const input of accordion.querySelectorAll(".block input[type=number]:not([aria-label], label input)")) {
            input.setAttribute("aria-label", input.closest(".block").querySelector("label span").textContent.trim());
        }
        // The WebUI puts the checkbox in when it has made the title.
        setTimeout(() => {
            const title = accordion.querySelector(".label-wrap");
            title.querySelector("input[type=checkbox]")?.setAttribute("aria-label", Titles.#nameOf(title));
        });
    }

    /** @param {HTMLElement} title of a folded part */
    static #nameOf(title) {
        return title.querySelector("span").textContent.trim();
    }

    /** @param {HTMLElement} title of a folded part; its sign becomes a button */
    static #make(title) {
        const sign = title.querySelector(".icon") ?? title.lastElementChild;
        const show = () => sign.setAttribute("aria-expanded", String(title.classList.contains("open")));
        sign.tabIndex = 0;
        sign.setAttribute("role", "button");
        sign.setAttribute("aria-label", Titles.#nameOf(title));
        sign.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            title.click();
        });
        new MutationObserver(show).observe(title, { attributeFilter: ["class"] });
        show();
    }
};
