"""What an extension's script derives from, and what its methods are given."""

import re
from dataclasses import dataclass
from typing import Any

AlwaysVisible = object()


@dataclass
class PostSampleArgs:
    """`samples`: the latents as sampled, (batch, 4, h, w); may be replaced."""

    samples: Any


@dataclass
class PostprocessImageArgs:
    """`image`: the PIL picture; may be replaced."""

    image: Any


@dataclass
class PostProcessMaskOverlayArgs:
    """Picture `index` of the batch, its mask and the picture laid over it."""

    index: int
    mask_for_overlay: Any
    overlay_image: Any


@dataclass
class PostprocessBatchListArgs:
    """`images`: the batch as a list of (3, H, W) tensors, 0 to 1; may be replaced."""

    images: list


@dataclass
class MaskBlendArgs:
    """Latents before and after blending by an inpainting mask."""

    current_latent: Any
    nmask: Any
    init_latent: Any
    mask: Any
    blended_latent: Any
    denoiser: Any = None
    sigma: Any = None

    @property
    def is_final_blend(self) -> bool:
        return self.denoiser is None


@dataclass
class OnComponent:
    """A gradio component that was made."""

    component: Any


class Script:
    """What an extension's script derives from; every method but title() may be left as it is."""

    name = None
    section = None
    filename = None
    args_from = None
    args_to = None
    alwayson = False
    is_txt2img = False
    is_img2img = False
    tabname = None
    group = None
    create_group = True
    infotext_fields = None
    paste_field_names = None
    api_info = None
    on_before_component_elem_id = None
    on_after_component_elem_id = None
    setup_for_ui_only = False
    controls = None

    def title(self):
        """The script's name in menus and in the API."""
        raise NotImplementedError

    def ui(self, is_img2img):
        """Make the widgets; return those whose values the other methods are to get as *args."""

    def show(self, is_img2img):
        """AlwaysVisible, True (choosable in the menu) or False."""
        return True

    def run(self, p, *args):
        """Called in place of process_images where the script was chosen in the menu; returns Processed."""

    def setup(self, p, *args):
        """p has its scripts and their arguments."""

    def before_process(self, p, *args):
        """First of all."""

    def process(self, p, *args):
        """Prompts and seeds of all batches are known."""

    def before_process_batch(self, p, *args, **kwargs):
        """A batch begins; network tags are still in p.prompts. kwargs: batch_number, prompts, seeds, subseeds."""

    def after_extra_networks_activate(self, p, *args, **kwargs):
        """Networks of the batch are on. kwargs as above and extra_network_data."""

    def process_batch(self, p, *args, **kwargs):
        """Prompts are about to be encoded. kwargs as in before_process_batch."""

    def process_before_every_sampling(self, p, *args, **kwargs):
        """Sampling begins, in each pass. kwargs: x, noise, c, uc."""

    def before_hr(self, p, *args):
        """The hires pass begins."""

    def on_mask_blend(self, p, mba: MaskBlendArgs, *args):
        """Inpainting blends two latents."""

    def post_sample(self, p, ps: PostSampleArgs, *args):
        """The batch is sampled and not decoded yet."""

    def postprocess_batch(self, p, *args, **kwargs):
        """The batch is decoded. kwargs: batch_number and images, (batch, 3, H, W) from 0 to 1."""

    def postprocess_batch_list(self, p, pp: PostprocessBatchListArgs, *args, **kwargs):
        """As postprocess_batch, with a list that may be changed."""

    def postprocess_image(self, p, pp: PostprocessImageArgs, *args):
        """One picture is ready."""

    def postprocess_maskoverlay(self, p, ppmo: PostProcessMaskOverlayArgs, *args):
        """One picture is about to be laid over the original."""

    def postprocess_image_after_composite(self, p, pp: PostprocessImageArgs, *args):
        """One picture was laid over the original."""

    def postprocess(self, p, processed, *args):
        """All is done."""

    def before_component(self, component, **kwargs):
        """A component of the page is about to be made."""

    def after_component(self, component, **kwargs):
        """A component of the page was made."""

    def on_before_component(self, callback, *, elem_id):
        """Call callback(OnComponent) before the component with that id is made."""
        self.on_before_component_elem_id = [*(self.on_before_component_elem_id or []), (elem_id, callback)]

    def on_after_component(self, callback, *, elem_id):
        """Call callback(OnComponent) after the component with that id was made."""
        self.on_after_component_elem_id = [*(self.on_after_component_elem_id or []), (elem_id, callback)]

    def elem_id(self, item_id):
        """An HTML id made of tab, script and item."""
        tab = f"{'img2img' if self.is_img2img else 'txt2img'}_" if self.show(True) == self.show(False) else ""
        title = re.sub(r"[^a-z_0-9]", "", re.sub(r"\s", "_", self.title().lower()))
        return f"script_{tab}{title}_{item_id}"
