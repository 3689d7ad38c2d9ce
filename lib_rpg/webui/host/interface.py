"""The interface to the WebUI that the extension runs in, for all that differs among WebUIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from torch import Tensor, nn

from lib_rpg.regional.rows import Order
from lib_rpg.regional.spaces import Space
from lib_rpg.webui.host.processing import AlwaysOnScript, Processing


class Step(NamedTuple):
    """The batch of one evaluation of the denoiser: its rows are those of each picture's sub-prompts (AND), then the
    unconds.

    rows: how many there are, with those of the negative prompt. sigma: the noise level. order: which of the rows a UNet
    call has, on a host that says so; None where calls take them in order.
    """

    rows: int
    sigma: float
    order: Order | None = None


class WeightPatching(Protocol):
    """How a host's patchers merge LoRAs into the weights of the UNet."""

    def weight_patches(self, patcher: Any) -> dict[str, list[Any]]:
        """What a patcher merges, by the name of the weight."""
        ...

    def merged_weight(self, patches: Sequence[Any], layer: nn.Module, name: str) -> Tensor:
        """What patches change in the weight of a layer, by the weight's name."""
        ...


class Host(Protocol):
    """A WebUI, by what differs from one to another: checkpoint and UNet, prompts, state of the run, options, scripts.

    The denoiser is reached in the same way on all of them: ``on_cfg_denoiser`` names the rows of a step, and
    ``p.sampler.launch_sampling`` is what regions are attached around (`lib_rpg.webui.sampling`). Methods raise nothing
    but what they name.
    """

    # The checkpoint and its UNet

    def model(self) -> Any:
        """The loaded checkpoint. A refiner puts another in its place in the midst of a generation."""

    def unet_of(self, sd_model: Any) -> nn.Module:
        """The UNet of a loaded checkpoint. Raises RpgError, naming the obstacle, where regions cannot work."""
        ...

    def is_unet_of(self, sd_model: Any, unet: nn.Module | None) -> bool:
        """Whether the checkpoint draws with that UNet. Raises AttributeError where it has none."""
        ...

    def denoiser_of(self, sd_model: Any) -> nn.Module:
        """The module that calls the UNet at every step, there for any kind of checkpoint: its hooks can end a run."""
        ...

    def native_side(self, sd_model: Any) -> int:
        """Pixels of a side of the square pictures that the checkpoint was trained on."""
        ...

    def latent_step(self, unet: Any) -> int:
        """The UNet halves latents so often that sides which are multiples of this stay whole."""
        ...

    def space_of(self, denoiser: Any) -> Space:
        """What the sampler's latents and the denoiser's outputs stand for."""
        ...

    def step_of(self, params: Any) -> Step:
        """What is evaluated, by the parameters of the cfg_denoiser callback."""
        ...

    def predict(self, denoiser: Any, x: Tensor, level: Tensor, conds: Sequence[Any], image_cond: Tensor) -> Tensor:
        """The checkpoint's output for rows that are no picture's, in the sampler's `space_of`, without guidance.

        x: (N, C, h, w) in that space. level: (N,). conds: encoded texts of one length, one for each row. image_cond:
        what goes to the model beside the text, (N, …). The UNet's call has no names of rows.
        """
        ...

    def guidance_scale(self, denoiser: Any, given: float) -> float:
        """The CFG scale that an evaluation has, by the one that the sampler gives."""
        ...

    def guidance_factor(self, denoiser: Any) -> float:
        """What an evaluation multiplies any CFG scale with: CFG++ has scales in 0…1 by those in 0…12.5."""
        ...

    def image_guidance(self, sd_model: Any, denoiser: Any) -> float | None:
        """The guidance of an InstructPix2Pix checkpoint by the picture that it changes, where it has a part of its own,
        else None."""
        ...

    def ready(self, pictures: int, size: tuple[int, int]) -> None:
        """Have the UNet where it runs, for so many pictures of latents of that height and width.

        Called after texts were encoded, for which a host that shares its memory may have taken the UNet away.
        """

    def kv_limit(self, sd_model: Any, unet: nn.Module) -> int | None:
        """Bytes that regions' keys and values may take: a part of the UNet's where memory is short, else None."""

    def gradient_obstacle(self, sd_model: Any) -> str:
        """Why there are no gradients through the checkpoint's UNet, or an empty text where there are."""
        ...

    def needs_composed_path(self) -> str:
        """Why every layer must take the composed path, or an empty text where none has to."""
        ...

    def weight_patching(self) -> WeightPatching | None:
        """Of a host that merges LoRAs into weights by patchers; None where the layers keep them."""

    # Size and prompts

    def is_hires_pass(self, p: Processing) -> bool:
        """Whether ``p`` is in the hires pass."""
        ...

    def size(self, p: Processing) -> tuple[int, int]:
        """Width and height in pixels of the pass that ``p`` is in."""
        ...

    def encode(
        self, p: Processing, texts: Sequence[str], tags: tuple[str, ...], cache: list[Any], negative: bool
    ) -> Sequence[Sequence[Any]]:
        """Encode texts as the main prompt of the pass that ``p`` is in: for each a schedule of (end_at_step, cond).

        ``tags`` are the extra networks for these texts, in addition to the picture's. ``cache`` is a list of
        two in the form of ``p.get_conds_with_caching``: it keeps the last result, by prompts, steps, checkpoint, extra
        networks and every option that shapes a cond.
        """
        ...

    def encoding_params(self, sd_model: Any) -> Mapping[str, Any]:
        """What the newest encoding adds to the infotext, such as embeddings and the kind of emphasis."""
        ...

    def encoding_comments(self, sd_model: Any) -> list[str]:
        """The comments on the prompts of this generation, in the list that the WebUI itself appends to."""
        ...

    def token_count(self, text: str) -> int | None:
        """The tokens of a prompt, of its longest step where it has a schedule; None while no model is loaded.

        Loads none. A text that was counted with the loaded text encoder before is not counted again.
        """

    def token_ids(self, text: str) -> list[tuple[int, int]]:
        """The tokens of a text without schedules, as the loaded text encoder reads it: their places in the encoded
        text, from 0, and their numbers in its vocabulary. What begins, ends and fills chunks is left out, and an
        embedding's tokens all have the number 0."""
        ...

    def scheduled_texts(self, p: Processing, prompt: str) -> list[tuple[int, str]]:
        """What a prompt says in each part of the pass that ``p`` is in: the last step, and the text without schedules.

        Of prompts joined by ``AND``, the first.
        """
        ...

    def styled(self, prompt: str, styles: Sequence[str]) -> str:
        """The prompt with the styles of these names laid over it."""
        ...

    def unstyled(self, prompt: str, params: Mapping[str, Any]) -> str:
        """The prompt without the styles that the WebUI has taken out of the prompts of an infotext, parsed."""
        ...

    def phrase_embeddings(self, sd_model: Any, texts: Sequence[str]) -> Tensor:
        """The pooled outputs of the checkpoint's CLIP, before their projection: float32 (N, width) on the CPU, for
        texts without schedules. Raises RpgError where the checkpoint has no text encoder of SD 1.x."""
        ...

    # Files

    def models_folder(self) -> Path:
        """The folder of the user's models, which has one for each kind of them."""
        ...

    # Pictures

    def infotext_of(self, picture: Any) -> Mapping[str, Any]:
        """The parameters in the infotext of a Pillow picture that was read from a file; empty where it has none."""
        ...

    def encode_picture(self, picture: Any, size: tuple[int, int]) -> Tensor:
        """The clean latents (1, C, H, W) of a Pillow picture, scaled to that width and height in pixels;
        the same each time, and no random numbers of the generation are used up."""
        ...

    def tiles(self, picture: tuple[int, int], tile: tuple[int, int], overlap: int) -> list[tuple[int, int, int, int]]:
        """The tiles that the host's scripts cut a picture into, row by row: left, top, width and height in pixels.

        All sizes in pixels, width first. A picture that is smaller than a tile has one that begins before it.
        """
        ...

    def upscaled_size(self, picture: tuple[int, int], upscaler: int | str, factor: float) -> tuple[int, int]:
        """Width and height of a picture behind an upscaler, given by its number in the host's list or by its name."""
        ...

    # The state of the run

    def is_cancelled(self) -> bool:
        """Whether the user has interrupted the generation, or skips its current batch."""
        ...

    def interrupt(self) -> None:
        """End the generation as the user's Interrupt does."""

    def show_latents(self, denoiser: Any, latents: Tensor) -> None:
        """Make these the estimate of the step, (B, C, H, W): what a live preview shows and an interrupt leaves."""
        ...

    def show_progress(self, sentence: str | None) -> None:
        """Show a sentence under the progress bar, or None to take it away."""

    def begin_extra_runs(self, number: int) -> None:
        """So many sampling runs come before the one that has begun, for the progress bar."""

    def end_extra_run(self) -> None:
        """One of them is over."""

    def noise_kept(self, p: Processing) -> AbstractContextManager[None]:
        """A block behind which the noise that a sampler of ``p`` asks for goes on as if none had been asked for."""
        ...

    # Options

    def option(self, name: str, default: Any) -> Any:
        """An option of Settings by its stored name, with the generation's overrides; the default where it is none."""

    # Other extensions

    def always_on(self, p: Processing) -> Sequence[AlwaysOnScript]:
        """The scripts of this tab that run in every generation, each with its own part of ``p.script_args``."""
        ...
