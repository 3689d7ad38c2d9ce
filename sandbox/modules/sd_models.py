"""Finding and loading a checkpoint: `name.safetensors` with `name.yaml` beside it."""

import contextlib
import hashlib
import io
from pathlib import Path

import safetensors.torch
import torch
import yaml
from modules import script_callbacks, shared
from modules.latent_diffusion import LatentDiffusion
from modules.sd_hijack import model_hijack
from modules.sd_hijack_clip import FrozenCLIPEmbedder

_TARGETS = {
    ("target",): "ldm.models.diffusion.ddpm.LatentDiffusion",
    ("params", "unet_config", "target"): "ldm.modules.diffusionmodules.openaimodel.UNetModel",
    ("params", "first_stage_config", "target"): "ldm.models.autoencoder.AutoencoderKL",
    ("params", "cond_stage_config", "target"): "ldm.modules.encoders.modules.FrozenCLIPEmbedder",
}

checkpoints_list: dict[str, "CheckpointInfo"] = {}
checkpoint_aliases: dict[str, "CheckpointInfo"] = {}


class CheckpointInfo:
    """Names and hashes of a checkpoint file."""

    def __init__(self, filename: str | Path):
        path = Path(filename)
        self.filename = str(path)
        self.name = path.name
        self.name_for_extra = self.model_name = path.stem
        self.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.hash = self.shorthash = self.sha256[:10]
        self.title = f"{self.name} [{self.shorthash}]"
        self.short_title = f"{self.name_for_extra} [{self.shorthash}]"
        self.ids = [self.title, self.short_title, self.name, self.name_for_extra, self.shorthash, self.sha256]

    def register(self) -> None:
        checkpoints_list[self.title] = self
        checkpoint_aliases.update(dict.fromkeys(self.ids, self))


def checkpoint_tiles(use_short=False) -> list[str]:
    """Titles of the known checkpoints."""
    return [x.short_title if use_short else x.title for x in checkpoints_list.values()]


def get_closet_checkpoint_match(search_string: str) -> CheckpointInfo | None:
    """The checkpoint of that name, title or hash (sic: the WebUI spells it so)."""
    return checkpoint_aliases.get(search_string)


def _read_config(path: Path) -> dict:
    config = yaml.safe_load(path.read_text(encoding="utf8"))["model"]
    for keys, wanted in _TARGETS.items():
        target = config
        for key in keys:
            target = target[key]
        if target != wanted:
            raise ValueError(f"{path.name}: the sandbox loads {wanted}, not {target}")
    return config["params"]


def _text_encoder_folder(params: dict, beside: Path) -> Path:
    """The folder that the .yaml names as the text encoder's `version`, by itself or beside the .yaml."""
    version = Path(params["cond_stage_config"]["params"]["version"])
    for folder in (beside / version, beside / version.name, version):
        if (folder / "config.json").is_file():
            return folder
    raise FileNotFoundError(f"no text encoder configuration at {version} beside {beside}")


def _misfits(wanted: dict, given: dict) -> list[str]:
    """Names of weights that are missing, too many, or of another shape.

    The noise schedule's tables, which have no dot in their names, and position_ids do not count.
    """
    names = {x for x in wanted if not x.endswith("position_ids")} | {x for x in given if "." in x}
    return sorted(x for x in names if x not in wanted or x not in given or wanted[x].shape != given[x].shape)


def load_model(filename: str | Path) -> LatentDiffusion:
    """Load a checkpoint into shared.sd_model, in 32-bit floats, and call the scripts."""
    path = Path(filename).absolute()
    info = CheckpointInfo(path)
    params = _read_config(path.with_suffix(".yaml"))
    text_encoder = FrozenCLIPEmbedder(_text_encoder_folder(params, path.parent))
    with contextlib.redirect_stdout(io.StringIO()):  # ldm talks while it builds
        model = LatentDiffusion(params, text_encoder)
    weights = safetensors.torch.load_file(path)
    wrong = _misfits(model.state_dict(), weights)
    if wrong:
        raise ValueError(f"{path.name} does not fit {path.stem}.yaml: {len(wrong)} weights are wrong, first {wrong[0]}")
    model.load_state_dict(weights, strict=False)
    model.float().eval().requires_grad_(False)
    model_hijack.hijack(model)
    model.used_config = str(path.with_suffix(".yaml"))
    model.sd_checkpoint_info = info
    model.sd_model_checkpoint = info.filename
    model.sd_model_hash = info.shorthash
    checkpoints_list.clear()
    checkpoint_aliases.clear()
    info.register()
    shared.sd_model = model
    shared.opts.data["sd_model_checkpoint"] = info.title
    shared.opts.data["sd_checkpoint_hash"] = info.sha256
    with torch.no_grad():
        model.cond_stage_model_empty_prompt = model.get_learned_conditioning([""])
    script_callbacks.model_loaded_callback(model)
    return model


def reload_model_weights(info: CheckpointInfo | None = None) -> LatentDiffusion:
    """Load another checkpoint, or none where it is the one that is loaded."""
    current = shared.sd_model.sd_checkpoint_info
    return shared.sd_model if info in (None, current) else load_model(info.filename)
