"""The loaded checkpoint's networks, wherever the WebUI keeps them."""

from modules import shared
from torch import nn


def unet():
    """The UNet: in the checkpoint, or in its patcher."""
    objects = getattr(shared.sd_model, "forge_objects", None)
    return objects.unet.model.diffusion_model if objects else shared.sd_model.model.diffusion_model


def network():
    """All that can be hooked."""
    return shared.sd_model if isinstance(shared.sd_model, nn.Module) else unet()
