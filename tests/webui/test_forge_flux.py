"""A Flux checkpoint on Forge: the host's answers for it, and what of a plan is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan
from lib_rpg.regional.spaces import FlowSpace
from lib_rpg.webui import other_checkpoints
from lib_rpg.webui.host.forge import Forge, NamedRows
from tests.regional.flux_network import CHANNELS, POOLED, TEXT, Flux
from tests.regional.reference import build_unet

SIZE, LENGTH = (8, 12), 7


class Patched(nn.Module):
    """What Forge's patcher holds for Flux: latents and levels of a flow to denoised estimates."""

    def __init__(self, flux: nn.Module) -> None:
        super().__init__()
        self.diffusion_model = flux
        self.predictor = SimpleNamespace(prediction_type="const")
        self.given: dict[str, Any] = {}

    def apply_model(self, x: Tensor, t: Tensor, c_crossattn: Any = None, y: Any = None, **given: Any) -> Tensor:
        self.given = given
        return x - t[:, None, None, None] * self.diffusion_model(x, t, context=c_crossattn, y=y)


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(3)
    patched = Patched(Flux().eval())
    return SimpleNamespace(forge_objects=SimpleNamespace(unet=SimpleNamespace(model=patched)))


@pytest.fixture
def prepared() -> list[tuple]:
    return []


@pytest.fixture
def host(prepared: list[tuple], model: Any, monkeypatch: pytest.MonkeyPatch) -> Forge:
    made = Forge(lambda _, x: prepared.append(tuple(x.shape)))
    monkeypatch.setattr(made, "model", lambda: model)
    return made


def denoiser_of(model: Any) -> Any:
    return SimpleNamespace(inner_model=SimpleNamespace(inner_model=model))


def conds_of(count: int) -> list[dict[str, Tensor]]:
    """Encoded texts as Forge's Flux gives them."""
    return [
        {"crossattn": torch.randn(LENGTH, TEXT), "vector": torch.randn(POOLED), "guidance": torch.tensor(3.5)}
        for _ in range(count)
    ]


def test_what_is_known_of_the_checkpoint(host: Forge, model: Any, prepared: list[tuple]) -> None:
    flux = host.unet_of(model)
    assert flux is model.forge_objects.unet.model.diffusion_model
    assert host.native_side(model) == 1024
    assert host.latent_step(flux) == 2
    assert host.latent_step(build_unet()) == 4
    assert isinstance(host.space_of(denoiser_of(model)), FlowSpace)
    host.ready(2, SIZE)
    assert prepared == [(2, 16, *SIZE)]


def test_blocks_that_are_not_fluxs_are_refused(host: Forge) -> None:
    """Such as Chroma's, which have no modulation of their own."""
    other = Flux()
    del other.double_blocks[1].txt_mod
    model = SimpleNamespace(forge_objects=SimpleNamespace(unet=SimpleNamespace(model=Patched(other))))
    with pytest.raises(RpgError, match="cannot act on this Flux: its blocks lack what they act on"):
        host.unet_of(model)


@torch.no_grad()
def test_a_pass_of_its_own_has_levels_and_guidance(host: Forge, model: Any) -> None:
    conds, x, level = conds_of(2), torch.randn(2, CHANNELS, *SIZE), torch.tensor([1.0, 0.4])
    made = host.predict(denoiser_of(model), x, level, conds, torch.zeros(2, 5, 1, 1))
    texts = torch.stack([cond["crossattn"] for cond in conds]), torch.stack([cond["vector"] for cond in conds])
    flux = host.unet_of(model)
    torch.testing.assert_close(made, x - level[:, None, None, None] * flux(x, level, *texts))
    given = model.forge_objects.unet.model.given
    assert given["guidance"].tolist() == [3.5, 3.5]
    assert given["c_concat"] is None and given["transformer_options"] == {}


@pytest.mark.parametrize("is_hires", [False, True])
def test_texts_have_the_scale_that_stands_for_guidance(host: Forge, is_hires: bool) -> None:
    p: Any = SimpleNamespace(width=64, height=64, is_hr_pass=is_hires, distilled_cfg_scale=3.0, hr_distilled_cfg=2.0)
    p.hr_upscale_to_x = p.hr_upscale_to_y = 128
    prompts = host._prompts(p, ["a cat"], False)
    assert prompts.distilled_cfg_scale == (2.0 if is_hires else 3.0)
    assert (prompts.width, list(prompts)) == (128 if is_hires else 64, ["a cat"])
    del p.distilled_cfg_scale, p.hr_distilled_cfg
    assert host._prompts(p, ["a cat"], False).distilled_cfg_scale is None  # on reForge


def test_a_call_at_cfg_1_has_the_prompts_rows_alone() -> None:
    order = NamedRows([1, 1], {"crossattn": torch.randn(2, LENGTH, TEXT)}, None)
    assert order({"context": None, "transformer_options": {"cond_or_uncond": [0]}}, 2) == [0, 1]


def planned(**fields: Any) -> Plan:
    regions = [{"prompt": "a cat", "entities": [{"phrase": "cat"}]}, {"prompt": fields.pop("region", "a dog")}]
    document = {"version": 1, "base_prompt": "pets", "layout": "grid", "split_ratio": "1,1", "regions": regions}
    return Plan.from_dict({**document, **fields})


def load(model: Any, monkeypatch: pytest.MonkeyPatch, network: nn.Module) -> None:
    """Have a checkpoint with that network loaded, on a host with the Lora extension."""
    monkeypatch.setattr(other_checkpoints, "host", SimpleNamespace(model=lambda: model, unet_of=lambda _: network))
    monkeypatch.setattr("lib_rpg.webui.conditioning.is_available", lambda: True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"guidance": "bias"}, "guidance: a Flux checkpoint has no cross-attention to guide; set guidance to 'off'"),
        ({"guidance": "lmd"}, "set guidance to 'off'"),
        ({"gligen": 0.3}, "gligen: .*set gligen to 0"),
        ({"compose": "two-phase"}, "compose: .*set compose to 'attention' or 'multidiffusion'"),
        ({"compose": "lock-step"}, "compose: "),
        ({"region": "a dog <lora:x:1>"}, "lora: .*set lora to 'shared'"),
    ],
    ids=str,
)
def test_what_needs_cross_attention_is_refused(
    model: Any, monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], said: str
) -> None:
    load(model, monkeypatch, model.forge_objects.unet.model.diffusion_model)
    with pytest.raises(RpgError, match=said):
        other_checkpoints.check([planned(), planned(**fields)])


def test_what_flux_can_do_is_not_refused(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """And on another checkpoint nothing is, here."""
    load(model, monkeypatch, model.forge_objects.unet.model.diffusion_model)
    shared = planned(region="a dog <lora:x:1>", lora="shared")
    bound = planned(binding="auto", bound_steps=0.3, compose="multidiffusion")
    other_checkpoints.check([planned(), shared, bound])
    load(model, monkeypatch, build_unet())
    other_checkpoints.check([planned(guidance="lmd", gligen=0.3)])
