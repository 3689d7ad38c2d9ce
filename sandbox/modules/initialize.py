"""Starting the sandbox: extensions, model, and the scripts' widgets where there is no page."""

import networks
from modules import extensions, script_callbacks, scripts, sd_models


def boot(extension_dirs, ckpt) -> None:
    """Load the scripts of the extension folders and the checkpoint file, in the WebUI's order.

    The scripts have no arguments yet: build the page (modules.ui) or call headless_ui().
    """
    extensions.set_folders(extension_dirs)
    scripts.load_scripts()
    networks.register()
    sd_models.load_model(ckpt)


def headless_ui() -> None:
    """Make every script's widgets outside a page, so that scripts have arguments without a server."""
    import gradio as gr

    script_callbacks.before_ui_callback()
    script_callbacks.ui_settings_callback()
    for runner, is_img2img in ((scripts.scripts_txt2img, False), (scripts.scripts_img2img, True)):
        scripts.scripts_current = runner
        runner.initialize_scripts(is_img2img)
        runner.prepare_ui()
        with gr.Blocks():
            runner.setup_ui()
    scripts.scripts_current = None


def default_script_args(runner: scripts.ScriptRunner) -> list:
    """Arguments of all scripts as the page would send them untouched; the menu chooses none."""
    return [0, *(control.value for control in runner.inputs[1:])]
