"""For the Forge family, which knows a checkpoint by the shapes of its layers: families as narrow as the suite's."""

import importlib

TABLES = (
    "huggingface_guess.model_list",  # Forge
    "modules_forge.packages.huggingface_guess.model_list",  # Neo
    "ldm_patched.modules.supported_models",  # reForge and Classic
)
FAMILIES = {
    "SD15": ({"model_channels": 64}, {"num_heads": 4}),
    "SDXL": ({"model_channels": 64, "transformer_depth": [0, 1, 2]}, {}),
    "SDXLRefiner": ({"model_channels": 64, "transformer_depth": [0, 1, 2]}, {}),
}
"""By the family that it is of: what is told by the shapes of the UNet's layers, and what is not."""


def add_families():
    for name in TABLES:
        try:
            table = importlib.import_module(name)
        except ImportError:
            continue
        for known, (seen, unseen) in FAMILIES.items():
            known = getattr(table, known)
            own = {
                "unet_config": {**known.unet_config, **seen},
                "unet_extra_config": {**known.unet_extra_config, **unseen},
            }
            table.models.append(type(f"RpgTest{known.__name__}", (known,), own))


add_families()
