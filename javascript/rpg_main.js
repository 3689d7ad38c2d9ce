/** The panels by tab; lib_rpg/webui/panel/events.py calls them. */
(window.sdWebuiRpg ??= {}).panels = {};

onUiLoaded(() => {
    for (const tab of ["txt2img", "img2img"]) {
        const root = gradioApp().querySelector(`.rpg_panel.rpg_${tab}`);
        if (!root) continue;
        sdWebuiRpg.panels[tab] = new sdWebuiRpg.Panel(root, tab);
        new sdWebuiRpg.Titles(root.closest(".input-accordion"));
    }
    new sdWebuiRpg.KeyField(gradioApp());
});
