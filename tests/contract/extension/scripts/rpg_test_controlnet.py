"""Where ControlNet's extension is installed: have it build networks for the shapes UNet, not for SD1's width."""

import sys

from modules import script_callbacks


def set_shapes_widths(*_):
    guess = sys.modules.get("scripts.controlnet_model_guess")
    if guess is not None:
        guess.controlnet_default_config.update(
            model_channels=64,
            num_res_blocks=1,
            channel_mult=[1, 2, 2],
            transformer_depth=[1, 1, 1],
            num_heads=4,
        )


script_callbacks.on_app_started(set_shapes_widths)
