"""For the Forge family, which knows a checkpoint by the shapes of its layers: families as narrow as the suite's."""

import importlib

TABLES = (
    "huggingface_guess.model_list",  # Forge
    "modules_forge.packages.huggingface_guess.model_list",  # Neo
    "ldm_patched.modules.supported_models",  # reForge and Classic
)
FAMILIES = {
    "SD15": ({"model_channels": 64}, {"num_heads": 4}),
    "SD20": ({"model_channels": 64}, {}),
    "SDXL": ({"model_channels": 64, "transformer_depth": [0, 1, 2]}, {}),
    "SDXLRefiner": ({"model_channels": 64, "transformer_depth": [0, 1, 2]}, {}),
}
"""By the family that it is of: what is told by the shapes of the UNet's layers, and what is not."""
FLUX = {
    "hidden_size": 64,
    "num_heads": 2,
    "axes_dim": [8, 12, 12],
    "depth": 2,
    "depth_single_blocks": 2,
    "context_in_dim": 64,
}
"""As in `tests.contract.checkpoints.flux`: Forge takes all of it for granted."""
FLUX_MARK = "rpg_test_flux"

AUTOENCODER = {"ch": 64, "ch_mult": [1, 1, 1, 1], "num_res_blocks": -1}
"""Of the shapes model, for reForge and Classic, whose code says it; Forge and Neo read it in a file."""


def add_families():
    for name in TABLES:
        try:
            table = importlib.import_module(name)
        except ImportError:
            continue
        for known, (seen, unseen) in FAMILIES.items():
            if hasattr(table, known):  # Neo has no SD20
                table.models.append(narrowed(getattr(table, known), seen, unseen))
        if name != TABLES[-1]:
            table.models.insert(0, narrowed(table.Flux, {}, FLUX, mark=FLUX_MARK))


def narrowed(known, seen, unseen, mark=None):
    """A family that a narrow checkpoint is told by. What it makes is of the known family: Neo wants the very class."""

    def make(cls, *arguments):
        made = object.__new__(known)
        made.unet_extra_config = {**known.unet_extra_config, **unseen}
        made.__init__(*arguments)
        return made

    told = {"unet_config": {**known.unet_config, **seen}, **({"required_keys": {mark: {}}} if mark else {})}
    return type(f"RpgTest{known.__name__}", (known,), {**told, "__new__": make})


def narrow_autoencoders():
    try:
        from ldm_patched.modules import sd
    except ImportError:  # Forge, Neo
        return
    own = sd.AutoencoderKL
    sd.AutoencoderKL = lambda ddconfig, **rest: own(ddconfig={**ddconfig, **AUTOENCODER}, **rest)


add_families()
narrow_autoencoders()
