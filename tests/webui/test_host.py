"""What the host must offer: other UIs and models without cross-attention are refused in words."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from torch import nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.webui.host import host


def test_forge_is_refused():
    with pytest.raises(RpgError, match="on Forge its planner works but regions do not yet"):
        host.unet_of(SimpleNamespace(forge_objects=object()))


@pytest.mark.parametrize("model", [None, SimpleNamespace(diffusion_model=nn.Linear(1, 1))], ids=["no UNet", "a DiT"])
def test_models_without_cross_attention_are_refused_by_name(model):
    info = SimpleNamespace(name_for_extra="some-flux")
    with pytest.raises(RpgError, match="'some-flux' has none"):
        host.unet_of(SimpleNamespace(model=model, sd_checkpoint_info=info))


def test_keys_and_values_are_limited_where_memory_is_short():
    unet = nn.Linear(100, 99)
    assert host.kv_limit(SimpleNamespace(lowvram=False), unet) is None
    assert host.kv_limit(SimpleNamespace(), unet) is None
    assert host.kv_limit(SimpleNamespace(lowvram=True), unet) == int(0.02 * 4 * (100 * 99 + 99))
