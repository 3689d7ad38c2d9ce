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

AUTOENCODER = {"ch": 64, "ch_mult": [1, 1, 1, 1], "num_res_blocks": -1}
"""Of the shapes model, for reForge and Classic, whose code says it; Forge and Neo read it in a file."""


def add_families():
    for name in TABLES:
        try:
            table = importlib.import_module(name)
        except ImportError:
            continue
        for known, (seen, unseen) in FAMILIES.items():
            table.models.append(narrowed(getattr(table, known), seen, unseen))


def narrowed(known, seen, unseen):
    """A family that a narrow checkpoint is told by. What it makes is of the known family: Neo wants the very class."""

    def make(cls, *arguments):
        made = object.__new__(known)
        made.unet_extra_config = {**known.unet_extra_config, **unseen}
        made.__init__(*arguments)
        return made

    return type(f"RpgTest{known.__name__}", (known,), {"unet_config": {**known.unet_config, **seen}, "__new__": make})


def narrow_autoencoders():
    try:
        from ldm_patched.modules import sd
    except ImportError:  # Forge, Neo
        return
    own = sd.AutoencoderKL
    sd.AutoencoderKL = lambda ddconfig, **rest: own(ddconfig={**ddconfig, **AUTOENCODER}, **rest)


add_families()
narrow_autoencoders()
