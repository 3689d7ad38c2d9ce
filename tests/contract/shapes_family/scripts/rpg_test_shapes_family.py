"""For the Forge family, which knows a checkpoint by the shapes of its layers: SD 1.5 as narrow as the shapes model."""

import importlib

TABLES = (
    "huggingface_guess.model_list",  # Forge
    "modules_forge.packages.huggingface_guess.model_list",  # Neo
    "ldm_patched.modules.supported_models",  # reForge and Classic
)
WIDTH, HEADS = 64, 4  # of the shapes model's UNet


def add_family():
    for name in TABLES:
        try:
            table = importlib.import_module(name)
        except ImportError:
            continue
        known = table.SD15
        own = {
            "unet_config": {**known.unet_config, "model_channels": WIDTH},
            "unet_extra_config": {**known.unet_extra_config, "num_heads": HEADS},
        }
        table.models.append(type("RpgTestShapes", (known,), own))


add_family()
