// The page's own script: the helpers that extensions expect, the submit buttons and the progress bar.

/** The element that holds the page; has querySelector and getElementById. */
function gradioApp() {
    const app = document.querySelector("gradio-app");
    if (!app) return document;
    if (!app.getElementById) app.getElementById = (id) => document.getElementById(id);
    return app.shadowRoot || app;
}

// ---- callbacks that extensions register ----

const pageCallbacks = {uiUpdate: [], afterUiUpdate: [], uiLoaded: [], tabChange: [], optionsChanged: [], optionsAvailable: []};

/** Each change of the page; the callback gets the MutationRecords. */
function onUiUpdate(callback) {
    pageCallbacks.uiUpdate.push(callback);
}

/** Soon after the page has changed, once for many changes. */
function onAfterUiUpdate(callback) {
    pageCallbacks.afterUiUpdate.push(callback);
}

/** Once, when the page is built. */
function onUiLoaded(callback) {
    pageCallbacks.uiLoaded.push(callback);
}

/** Another top-level tab is shown. */
function onUiTabChange(callback) {
    pageCallbacks.tabChange.push(callback);
}

/** Settings have changed. */
function onOptionsChanged(callback) {
    pageCallbacks.optionsChanged.push(callback);
}

/** `opts` is filled; called at once if it is already. */
function onOptionsAvailable(callback) {
    if (Object.keys(opts).length) callback();
    else pageCallbacks.optionsAvailable.push(callback);
}

function executeCallbacks(queue, argument) {
    for (const callback of queue) {
        try {
            callback(argument);
        } catch (error) {
            console.error("error running callback", callback, error);
        }
    }
}

function get_uiCurrentTab() {
    return gradioApp().querySelector("#tabs > .tab-nav > button.selected");
}

function get_uiCurrentTabContent() {
    return gradioApp().querySelector("#tabs > .tabitem[id^=tab_]:not([style*='display: none'])");
}

document.addEventListener("DOMContentLoaded", () => {
    let loaded = false;
    let currentTab = null;
    let afterUpdate = null;
    const observer = new MutationObserver((records) => {
        if (!loaded && gradioApp().querySelector("#txt2img_prompt")) {
            loaded = true;
            executeCallbacks(pageCallbacks.uiLoaded);
        }
        executeCallbacks(pageCallbacks.uiUpdate, records);
        clearTimeout(afterUpdate);
        afterUpdate = setTimeout(() => executeCallbacks(pageCallbacks.afterUiUpdate), 200);
        const tab = get_uiCurrentTab();
        if (tab && tab !== currentTab) {
            currentTab = tab;
            executeCallbacks(pageCallbacks.tabChange);
        }
    });
    observer.observe(gradioApp(), {childList: true, subtree: true});
});

// ---- small helpers ----

/** Notify gradio that a script has changed an input's value. */
function updateInput(target) {
    target.dispatchEvent(new Event("input", {bubbles: true}));
}

/** The number of the tab shown in the tabs of this id. */
function get_tab_index(tabId) {
    const buttons = gradioApp().getElementById(tabId).querySelector("div").querySelectorAll("button");
    return Math.max(0, Array.from(buttons).findIndex((button) => button.classList.contains("selected")));
}

function switchToTab(name) {
    const button = Array.from(gradioApp().querySelectorAll("#tabs > .tab-nav > button"))
        .find((candidate) => candidate.textContent.trim() === name);
    if (button) button.click();
    return [];
}

function switch_to_txt2img() {
    return switchToTab("txt2img");
}

function switch_to_img2img() {
    return switchToTab("img2img");
}

function uiElementIsVisible(element) {
    return element === document || Boolean(element.offsetParent);
}

/** The number of the selected picture in the gallery of the tab shown, -1 for none. */
function selected_gallery_index() {
    const thumbnails = Array.from(get_uiCurrentTabContent().querySelectorAll("[id$=_gallery] .thumbnail-item.thumbnail-small"));
    return thumbnails.findIndex((thumbnail) => thumbnail.classList.contains("selected"));
}

/** The selected one of a gallery's pictures, else the first, else null. */
function selected_gallery_image(gallery) {
    if (!gallery || !gallery.length) return null;
    return gallery[Math.max(0, selected_gallery_index())];
}

// ---- settings ----

var opts = {};

function readOptions(text) {
    const first = Object.keys(opts).length === 0;
    opts = JSON.parse(text);
    if (first) executeCallbacks(pageCallbacks.optionsAvailable);
    executeCallbacks(pageCallbacks.optionsChanged);
}

onAfterUiUpdate(() => {
    if (Object.keys(opts).length) return;
    const textarea = gradioApp().querySelector("#settings_json textarea");
    if (!textarea || !textarea.value) return;
    readOptions(textarea.value);
    const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    Object.defineProperty(textarea, "value", {
        get() {
            return value.get.call(textarea);
        },
        set(text) {
            const changed = text !== value.get.call(textarea);
            value.set.call(textarea, text);
            if (changed) readOptions(text);
        },
    });
});

// ---- InputAccordion: a checkbox in an accordion's header, which opens and closes it ----

function setupInputAccordion(accordion) {
    const header = accordion.querySelector(".label-wrap");
    const gradioCheckbox = gradioApp().querySelector(`#${accordion.id}-checkbox input`);
    const extra = gradioApp().getElementById(`${accordion.id}-extra`);
    const title = header.querySelector("span");
    // Opening and closing switches the value as well, until the user has used the checkbox itself.
    let linked = true;
    const isOpen = () => header.classList.contains("open");

    const checkbox = document.createElement("input");
    checkbox.type = "checkbox";
    checkbox.id = `${accordion.id}-visible-checkbox`;
    checkbox.className = `${gradioCheckbox.className} input-accordion-checkbox`;
    checkbox.checked = isOpen();
    title.prepend(checkbox);
    if (extra) header.insertBefore(extra, header.lastElementChild);

    accordion.visibleCheckbox = checkbox;
    accordion.onVisibleCheckboxChange = () => {
        if (linked && isOpen() !== checkbox.checked) header.click();
        gradioCheckbox.checked = checkbox.checked;
        updateInput(gradioCheckbox);
    };
    checkbox.addEventListener("click", (event) => {
        linked = false;
        event.stopPropagation();
    });
    checkbox.addEventListener("input", accordion.onVisibleCheckboxChange);

    new MutationObserver(() => {
        accordion.classList.toggle("input-accordion-open", isOpen());
        if (linked) {
            checkbox.checked = isOpen();
            accordion.onVisibleCheckboxChange();
        }
    }).observe(header, {attributes: true, attributeFilter: ["class"]});
}

/** Called by gradio when the server changes an InputAccordion's value. */
function inputAccordionChecked(id, checked) {
    const accordion = gradioApp().getElementById(id);
    accordion.visibleCheckbox.checked = checked;
    accordion.onVisibleCheckboxChange();
}

onUiLoaded(() => gradioApp().querySelectorAll(".input-accordion").forEach(setupInputAccordion));

// ---- tooltips ----

onUiLoaded(() => {
    for (const {id, props} of gradio_config.components) {
        const element = props.webui_tooltip && gradioApp().getElementById(props.elem_id || `component-${id}`);
        if (element) element.title = props.webui_tooltip;
    }
});

// ---- generating ----

function randomId() {
    return `task(${Math.random().toString(36).slice(2)})`;
}

function showSubmitButtons(tab, show) {
    for (const name of ["interrupt", "skip"]) {
        gradioApp().getElementById(`${tab}_${name}`).style.display = show ? "none" : "block";
    }
}

/** Poll the server about a task; show how far it is above `container`, and call `atEnd` when it is over. */
function requestProgress(task, container, gallery, atEnd, onProgress) {
    const bar = document.createElement("div");
    const inner = document.createElement("div");
    bar.className = "progressDiv";
    inner.className = "progress";
    bar.appendChild(inner);
    container.parentNode.insertBefore(bar, container);

    const start = Date.now();
    let wasActive = false;
    const end = () => {
        bar.remove();
        atEnd();
    };
    const poll = async() => {
        let res = null;
        try {
            const response = await fetch("./internal/progress", {
                method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({id_task: task, live_preview: false}),
            });
            res = await response.json();
        } catch {
            end();
            return;
        }
        const lost = Date.now() - start > 40000 && !res.queued && !res.active;
        if (res.completed || (wasActive && !res.active) || lost) {
            end();
            return;
        }
        wasActive = wasActive || res.active;
        const percent = `${Math.round((res.progress || 0) * 100)}%`;
        inner.style.width = percent;
        inner.textContent = res.textinfo || (res.active ? `${percent} ETA: ${Math.round(res.eta || 0)}s` : "");
        if (onProgress) onProgress(res);
        setTimeout(poll, 500);
    };
    poll();
}

function startTask(tab, values) {
    const task = randomId();
    showSubmitButtons(tab, false);
    requestProgress(task, gradioApp().getElementById(`${tab}_gallery_container`), null, () => showSubmitButtons(tab, true));
    return [task, ...Array.from(values).slice(1)];
}

function submit(...values) {
    return startTask("txt2img", values);
}

function submit_img2img(...values) {
    return startTask("img2img", values);
}

document.addEventListener("keydown", (event) => {
    const tab = get_uiCurrentTabContent();
    const press = (name) => {
        const button = tab && tab.querySelector(`button[id$=_${name}]`);
        if (!button || !uiElementIsVisible(button)) return;
        button.click();
        event.preventDefault();
    };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) press("generate");
    else if (event.key === "Enter" && event.altKey) press("skip");
    else if (event.key === "Escape") press("interrupt");
});
