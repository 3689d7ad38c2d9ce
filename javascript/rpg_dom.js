/** Makes elements of the page. */
(window.sdWebuiRpg ??= {}).Dom = class Dom {
    /**
     * @param {string} tag
     * @param {object} properties of the element; a role, and attributes with a dash, are set as such
     * @param {...(Node | string)} children text is text, never markup
     * @returns {HTMLElement}
     */
    static make(tag, properties = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(properties)) {
            if (name === "role" || name.includes("-")) element.setAttribute(name, value);
            else element[name] = value;
        }
        element.append(...children);
        return element;
    }

    /**
     * @param {string} text
     * @param {() => void} onClick
     * @param {object} properties
     * @returns {HTMLButtonElement}
     */
    static button(text, onClick, properties = {}) {
        const button = Dom.make("button", { type: "button", className: "rpg_button", ...properties }, text);
        button.addEventListener("click", onClick);
        return button;
    }

    /**
     * @param {string} tag
     * @param {object} attributes
     * @param {...Node} children
     * @returns {SVGElement}
     */
    static svg(tag, attributes, ...children) {
        const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.append(...children);
        return element;
    }
};
