/**
 * What the panel's script asks the server for, by name (lib_rpg/webui/panel/calls.py), over a hidden button.
 *
 * One call at a time: gradio drops a click that comes while the one before is under way.
 *
 * @typedef {{id: number, name: string, data: object, resolve: (result: any) => void, reject: (error: Error) => void}} RpgCall
 */
(window.sdWebuiRpg ??= {}).Server = class Server {
    static #TIMEOUT_MS = 60_000;

    /** @type {HTMLElement} */
    #button;

    /** @type {RpgCall[]} the one under way first */
    #calls = [];

    #lastId = 0;
    #timer = 0;

    /** @type {number | undefined} the newest answer, which stays in the box while the server gives no other */
    #answeredId;

    /** @param {HTMLElement} root the panel */
    constructor(root) {
        this.#button = root.querySelector(".rpg_ask");
    }

    /**
     * @param {string} name
     * @param {object} data as JSON
     * @returns {Promise<any>} the result; rejected with the server's sentence where there is none
     */
    call(name, data = {}) {
        return new Promise((resolve, reject) => {
            this.#lastId += 1;
            this.#calls.push({ id: this.#lastId, name, data, resolve, reject });
            if (this.#calls.length === 1) this.#send();
        });
    }

    /** @returns {string} the call under way, for gradio */
    next() {
        const [{ id, name, data } = {}] = this.#calls;
        return JSON.stringify({ id, name, data });
    }

    /** @param {string} text the server's answer: JSON of id, and result or error */
    answered(text) {
        if (!this.#calls.length) return;
        const { id, result, error } = JSON.parse(text || "{}");
        if (id === this.#answeredId) {
            // gradio says that the call has ended, and the box is as it was: the server failed, or is gone.
            this.#fail();
            return;
        }
        this.#answeredId = id;
        if (id !== this.#calls[0].id) return; // of a call that was given up
        this.#end((call) => (error ? call.reject(new Error(error)) : call.resolve(result)));
    }

    #send() {
        this.#timer = setTimeout(() => this.#fail(), Server.#TIMEOUT_MS);
        this.#button.click();
    }

    #fail() {
        this.#end((call) => call.reject(new Error("The WebUI's server did not answer; try again.")));
    }

    /** @param {(call: RpgCall) => void} tell */
    #end(tell) {
        clearTimeout(this.#timer);
        tell(this.#calls.shift());
        // Not before gradio has seen the end of the one that was answered.
        if (this.#calls.length) setTimeout(() => this.#send());
    }
};
