"""Fixtures: the small ldm UNet, one thread, no gradients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from ldm.modules.attention import CrossAttention
from torch import nn

from tests.regional.reference import build_unet, hook_count, sdp_forward


@pytest.fixture(autouse=True)
def _one_thread_no_grad() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.no_grad():
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def shared_unet() -> nn.Module:
    return build_unet()


@pytest.fixture(scope="session")
def shared_whole_unet() -> nn.Module:
    return build_unet(whole=True)


@pytest.fixture()
def unet(shared_unet: nn.Module) -> Iterator[nn.Module]:
    """The UNet, and after the test the proof that nothing was left on it."""
    yield shared_unet
    assert_untouched(shared_unet)


@pytest.fixture()
def whole_unet(shared_whole_unet: nn.Module) -> Iterator[nn.Module]:
    """As `unet`, with all of its self-attention."""
    yield shared_whole_unet
    assert_untouched(shared_whole_unet)


def assert_untouched(unet: nn.Module) -> None:
    assert hook_count(unet) == 0
    assert not any("forward" in module.__dict__ for module in unet.modules())


@pytest.fixture()
def fused_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    """Swap in an optimiser the way the WebUI does, at the class: fast enough for large latents."""
    monkeypatch.setattr(CrossAttention, "forward", sdp_forward)
