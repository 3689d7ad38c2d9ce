"""The part of the WebUI's ``p``, the object of one generation, that this extension reads and sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class AlwaysOnScript(Protocol):
    """A script of a tab that runs in every generation; its arguments are ``p.script_args[args_from:args_to]``."""

    args_from: int
    args_to: int

    def title(self) -> str:
        """The name that the script shows in the page."""


class Processing(Protocol):
    """One generation: what is asked for, and how far it got.

    Other extensions copy it, draw it again, or make one of their own with fewer attributes. Those that such a ``p``, or
    one of another tab, may lack are read with ``getattr`` and a default, and are marked "may be missing".
    """

    prompt: str | list[str]
    """As typed, without styles, or a list with one prompt for each picture."""
    negative_prompt: str | list[str]
    styles: list[str]
    """Names of the styles that are laid over the prompt."""
    width: int
    """Pixels of the first pass."""
    height: int
    """Pixels of the first pass."""
    steps: int
    sampler_name: str
    firstpass_steps: int
    """Denoiser calls of the first pass, as prompt schedules count them; set when the WebUI encodes its prompts."""
    batch_size: int
    """Pictures of a batch."""
    iteration: int
    """Number of the current batch, from 0."""

    sd_model_name: str
    """The checkpoint's name; there when the options of the generation are in force."""
    sd_model_hash: str
    scheduler: str | None
    """May be missing, where the sampler's name says it."""
    refiner_checkpoint: str | None
    """May be missing, as the next."""
    refiner_switch_at: float
    denoising_strength: float
    """Of img2img and the hires pass. May be missing."""
    batch_index: int
    """Number of the picture that is finished, from 0 in its batch. May be missing before."""
    all_seeds: list[int]
    """One for each picture of all batches."""
    all_subseeds: list[int]
    all_prompts: list[str]
    """One for each picture of all batches, with styles."""
    all_negative_prompts: list[str]
    prompts: list[str]
    """Those of the current batch, which the WebUI encodes; changed in place. May be missing before the first batch."""
    negative_prompts: list[str]
    seeds: list[int]
    """Those of the current batch's pictures. May be missing before the first batch."""
    extra_network_data: dict[str, list[Any]]
    """The parsed tags of the current batch, by kind of network."""
    extra_generation_params: dict[str, Any]
    """What goes into the infotext: a value for all pictures, or a list with one for each picture of the batch."""
    override_settings: dict[str, Any]
    """Options for this generation alone, not in force yet in ``before_process``. May be missing."""

    init_images: list[Any]
    """Of img2img: the pictures to begin with, one for all or one for each of the batch. May be missing."""
    inpaint_full_res: bool
    """Of img2img: whether only the masked part is sampled. May be missing."""
    image_mask: Any
    """Of img2img: the mask, or None. May be missing."""
    paste_to: tuple[int, int, int, int] | None
    """Of img2img: the part of the picture that is sampled, left, top, width and height; as of the last mask. May be
    missing."""

    override_settings_restore_afterwards: bool
    """Whether options are as before when the generation is over. May be missing."""
    comments: dict[str, Any]
    """The lines that are shown under the pictures. May be missing."""

    outpath_grids: str
    """The folder of grids. May be missing."""
    do_not_save_grid: bool
    """Whether grids are for the caller alone. May be missing."""

    script_args: list[Any] | tuple[Any, ...]
    """The arguments of all scripts; replaced and never changed, since copies of ``p`` share it."""
    scripts: Any
    """The tab's script runner, or None. May be missing."""
    sampler: Any
    """The sampler of the current pass. May be missing before the first one."""
    rng: Any
    """The noise of the current batch's pictures, of one generator each. May be missing before the first pass."""
    is_api: bool
    """Whether the caller is a program. May be missing."""
    cached_c: list[Any]
    """The encoded prompts of the last generation, a list of two, which the class and all of its objects share. The
    other three are of the same form; those of the hires pass may be missing."""
    cached_uc: list[Any]
    cached_hr_c: list[Any]
    cached_hr_uc: list[Any]
    lora_hashes: dict[str, str]
    """The Lora extension's: short hashes by name. May be missing."""
    _ad_inner: bool
    """ADetailer's: whether this is its own run on a detail of a picture. May be missing."""
    rpg_picture: tuple[int, int] | None
    """Ours: the size of the picture that img2img began with. May be missing."""
    rpg_parts: int
    """Ours: how many pictures to begin with the script of the tab has handed over. May be missing."""
    rpg_detail: Any
    """Ours, in ADetailer's own generations: the `lib_rpg.plan.Plan` of the whole picture, or None. May be missing."""
    rpg_plot: Any
    """Ours, in X/Y/Z plots: the `lib_rpg.webui.xyz.plot.Plot`, which all of its cells share. May be missing."""
    rpg_cell: Any
    """Ours: the plot's `lib_rpg.webui.xyz.plot.Cell`. May be missing."""
    rpg_traces: Any
    """Ours, in a picture that is drawn again to be repainted: the list for its trace. May be missing."""
    rpg_job: Any
    """Ours: the `lib_rpg.webui.job.Job`, or None where regions are off. May be missing before ``before_process``."""

    # Steps of a generation that raise to the caller, in the order of their turn; replaced to refuse the generation.
    setup_prompts: Callable[..., Any]
    init: Callable[..., Any]
    parse_extra_network_prompts: Callable[..., Any]
    setup_conds: Callable[..., Any]
    sample: Callable[..., Any]

    # Of txt2img with hires fix alone: all of these may be missing.
    txt2img_upscale: bool
    """Whether only the hires pass is drawn, of `firstpass_image`."""
    firstpass_image: Any
    enable_hr: bool
    is_hr_pass: bool
    """Whether the current pass is the hires pass."""
    hr_upscale_to_x: int
    """Pixels of the hires pass."""
    hr_upscale_to_y: int
    """Pixels of the hires pass."""
    hr_resize_x: int
    """Pixels that were asked for, 0 for `hr_scale`."""
    hr_resize_y: int
    hr_scale: float
    hr_upscaler: str | None
    hr_second_pass_steps: int
    """Steps of the hires pass, 0 for those of the first."""
    hr_cfg: float
    """The CFG scale of the hires pass, in the Forge family. May be missing, as the next two."""
    distilled_cfg_scale: float
    """What a Flux checkpoint in Forge has in place of CFG."""
    hr_distilled_cfg: float
    """That of the hires pass."""
    hr_sampler_name: str | None
    hr_checkpoint_name: str | None
    all_hr_prompts: list[str]
    all_hr_negative_prompts: list[str]
    hr_prompts: list[str]
    """Those of the current batch, changed in place."""
    hr_negative_prompts: list[str]
    hr_extra_network_data: dict[str, list[Any]]

    def comment(self, text: str) -> None:
        """Show a line under the pictures; the same line is shown once."""

    def get_conds_with_caching(
        self,
        function: Callable[..., Any],
        required_prompts: Any,
        steps: int,
        caches: list[list[Any]],
        extra_network_data: dict[str, Any],
        hires_steps: int | None = None,
    ) -> Any:
        """Encode prompts with ``function``, or take them from a cache where all that shapes them is as it was."""

    def get_token_merging_ratio(self, for_hr: bool = False) -> float:
        """The share of tokens that token merging joins, from 0 to 1. May be missing."""
        ...
