/** Lets the keyboard open the panel and its folded parts: gradio's titles take no focus. */
(window.sdWebuiRpg ??= {}).Titles = class Titles {
    /** @param {HTMLElement} accordion the panel's own, with all that is folded inside it */
    constructor(accordion) {
        for (const title of accordion.querySelectorAll(".label-wrap")) Titles.#make(title);
    }

    /** @param {HTMLElement} title of a folded part; its sign becomes a button */
    static #make(title) {
        const sign = title.querySelector(".icon") ?? title.lastElementChild;
        const name = title.querySelector("span").textContent.trim();
        const show = () => sign.setAttribute("aria-expanded", String(title.classList.contains("open")));
        sign.tabIndex = 0;
        sign.setAttribute("role", "button");
        sign.setAttribute("aria-label", name);
        sign.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            title.click();
        });
        new MutationObserver(show).observe(title, { attributeFilter: ["class"] });
        show();
    }
};
