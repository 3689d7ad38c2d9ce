"""Region LoRAs where the WebUI merges them into weights, with a fake of the Lora extension's functions for that."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.webui import loras, patched_loras
from lib_rpg.webui.host import WeightPatching
from lib_rpg.webui.host.forge import Forge
from lib_rpg.webui.patched_loras import PatchAdapter, PatchedLoras, base_uses


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attn2 = nn.Module()
        self.attn2.to_k = nn.Linear(6, 8)
        self.conv = nn.Conv2d(3, 4, 3, stride=2, padding=1)


class Patcher:
    """What is patched in a network, by file as Forge has it, or all together."""

    def __init__(self, net: nn.Module, by_file: bool) -> None:
        self.model = SimpleNamespace(diffusion_model=net)
        self.patches: dict[str, list] = {}
        if by_file:
            self.lora_patches: dict[Any, dict[str, list]] = {}

    def calculate_weight(self, patches: Any, weight: Tensor, name: str) -> Tensor:
        for strength, value, *_ in patches:
            kind, parts = value
            assert kind == "diff", "a plain LoRA needs no merging"
            weight += strength * parts[0]  # in place, as Neo merges
        return weight


class Merging(Patcher):
    """A patcher whose host merges by a function of its own."""

    def __getattribute__(self, name: str) -> Any:
        if name == "calculate_weight":
            raise AttributeError(name)
        return super().__getattribute__(name)


@dataclass
class Adapter:
    """A LoRA as reForge and Neo have it."""

    weights: tuple
    name: str = "lora"


KEY, CONV = "diffusion_model.attn2.to_k.weight", "diffusion_model.conv.weight"
FACTORS = torch.randn(8, 2), torch.randn(2, 6), 3.0, None
CONVOLUTION = torch.randn(4, 2, 1, 1), torch.randn(2, 3, 3, 3), None, None
WIDE = torch.randn(16, 2), torch.randn(2, 12), None, None
DIFFERENCE = (torch.randn(8, 6),)


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture(params=[False, True], ids=["patches", "lora_patches"])
def host(request: pytest.FixtureRequest, net: Net, monkeypatch: pytest.MonkeyPatch) -> Forge:
    """A host of the Forge family, with LoRAs of its own: plain, other (a difference), text (of the encoder alone)."""
    made = Forge(lambda patcher, x: None)
    objects = SimpleNamespace(unet=Patcher(net, request.param), clip="clip")
    model = SimpleNamespace(
        forge_objects=objects,
        forge_objects_original=SimpleNamespace(unet=Patcher(net, request.param), clip="clip"),
        current_lora_hash="[]",
    )
    monkeypatch.setattr(made, "model", lambda: model)
    monkeypatch.setattr(made, "option", lambda name, default: True)
    monkeypatch.setattr(made, "unet_of", lambda sd_model: net)
    for module in (patched_loras, loras):
        monkeypatch.setattr(module, "host", made)
    files = {
        name: SimpleNamespace(filename=f"/loras/{name}.safetensors", shorthash=f"hash of {name}")
        for name in ("plain", "other", "text", "foreign", "wide", "object", "older")
    }

    def read_state(filename: str) -> dict[str, str]:
        names = ["lora_te_text_model_a.lora_up.weight"]
        names += [] if "/text." in filename else ["lora_unet_b.lora_up.weight"]
        return dict.fromkeys(names, filename)

    def load(
        unet: Patcher, clip: str, state: dict[str, str], strength: float, te: float, filename: str
    ) -> tuple[Patcher, str]:
        assert state == read_state(filename)
        new = Patcher(net, request.param)
        values = {
            "plain": {KEY: ("lora", FACTORS), CONV: ("lora", CONVOLUTION)},
            "other": {KEY: ("diff", DIFFERENCE)},
            "wide": {KEY: ("lora", WIDE)},
            "object": {KEY: Adapter((*FACTORS, None, None)), CONV: Adapter((*CONVOLUTION, None, None))},
        }
        patches = {
            key: [(strength, value, 1.0, None, None, False)]
            for key, value in next((v for k, v in values.items() if k in filename), {}).items()
        }
        if request.param:
            new.lora_patches = {(filename, strength): patches}
        else:
            new.patches = patches
        name = filename.split("/")[-1].split(".")[0]
        return new, clip if name in ("other", "foreign") else f"{clip}+{name}*{te}"

    networks = SimpleNamespace(
        available_networks=dict(files),
        available_network_aliases={"nickname": files["plain"]},
        list_available_networks=lambda: None,
        load_lora_state_dict=read_state,
        load_lora_for_models=load,
    )
    monkeypatch.setitem(sys.modules, "networks", networks)
    return made


def patching() -> WeightPatching:
    found = patched_loras.host.weight_patching()
    assert found is not None
    return found


def read(*tags: str, mode: str = "unet") -> tuple[PatchedLoras, PatchAdapter, Any]:
    p: Any = SimpleNamespace(extra_generation_params={})
    made = PatchedLoras(p, [tags], [mode], patching())
    adapter = made.adapter(tags)
    assert adapter is not None
    return made, adapter, p


@pytest.mark.parametrize("name", ["plain", "object"])
def test_a_lora_adds_what_merging_it_would_add(host: Forge, net: Net, name: str) -> None:
    _, adapter, p = read(f"<lora:{name}:0.5>")
    x, image = torch.randn(2, 5, 6), torch.randn(2, 3, 8, 8)
    up, down, alpha, _ = FACTORS
    expected = x @ (0.5 * alpha / 2 * up @ down).T
    assert adapter.touches(net.attn2.to_k) and adapter.touches(net.conv) and not adapter.touches(net)
    torch.testing.assert_close(adapter.delta(net.attn2.to_k, x), expected)
    up, down, *_ = CONVOLUTION
    weight = 0.5 * (up.flatten(1) @ down.flatten(1)).view(4, 3, 3, 3)
    expected = nn.functional.conv2d(image, weight, None, 2, 1)
    torch.testing.assert_close(adapter.delta(net.conv, image), expected, rtol=1e-4, atol=1e-4)
    assert p.extra_generation_params == {"Lora hashes": f"{name}: hash of {name}"}


@pytest.mark.parametrize("by_patcher", [True, False])
def test_other_kinds_are_merged_by_the_host(
    host: Forge, net: Net, by_patcher: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    unet = host.model().forge_objects.unet
    if not by_patcher:
        merge = SimpleNamespace(merge_lora_to_weight=partial(Patcher.calculate_weight, unet))
        for name, module in (("backend", None), ("backend.patcher", None), ("backend.patcher.lora", merge)):
            monkeypatch.setitem(sys.modules, name, module or SimpleNamespace(__path__=[]))
        unet.__class__ = Merging
    before = net.attn2.to_k.weight.clone()
    _, adapter, _ = read("<lora:other:2>", "<lora:nickname:0.5>")
    x = torch.randn(2, 5, 6)
    up, down, alpha, _ = FACTORS
    expected = x @ (2 * DIFFERENCE[0] + 0.5 * alpha / 2 * up @ down).T
    torch.testing.assert_close(adapter.delta(net.attn2.to_k, x), expected, rtol=1e-4, atol=1e-4)
    assert torch.equal(net.attn2.to_k.weight, before)


def test_the_pictures_own_use_is_in_the_weights_already(host: Forge, net: Net) -> None:
    host.model().current_lora_hash = "[['/loras/plain.safetensors', 0.75, 0.25, False]]"
    made, adapter, _ = read("<lora:plain:0.5:1>", "<lora:text:0.125>")
    x = torch.randn(2, 5, 6)
    up, down, alpha, _ = FACTORS
    torch.testing.assert_close(adapter.delta(net.attn2.to_k, x), x @ (0.25 * alpha / 2 * up @ down).T)
    with made.encoding(("<lora:plain:0.5:1>", "<lora:text:0.125>")):
        assert host.model().forge_objects.clip == "clip+plain*0.5+text*0.125"
    assert host.model().forge_objects.clip == "clip"


def test_the_text_encoder_is_the_pictures_again_behind_an_error(host: Forge) -> None:
    made, _, _ = read("<lora:text:1>")
    with pytest.raises(KeyError), made.encoding(("<lora:text:1>",)):
        assert host.model().forge_objects.clip == "clip+text*1.0"
        raise KeyError
    assert host.model().forge_objects.clip == "clip"
    with made.encoding(()):
        assert host.model().forge_objects.clip == "clip"


@pytest.mark.parametrize(
    ("tag", "mode", "comment"),
    [
        ("<lora:nowhere:1>", "unet", "'nowhere' of a region was not found"),
        ("<lora:foreign:1>", "unet", "'foreign' of a region is for another kind of checkpoint"),
        ("<lora:wide:1>", "unet", "'wide' of a region is for another kind of checkpoint"),
        # One for SD 1 fits the text encoder of SDXL, and none of its UNet.
        ("<lora:older:1>", "unet", "'older' of a region is for another kind of checkpoint"),
        ("<lora:plain:1:1:8>", "unet", "without 'dyn=8'"),
        ("<lora:plain:1>", "text", None),
        ("<lora:text:1>", "text", None),
    ],
)
def test_what_a_tag_cannot_do_is_said(host: Forge, tag: str, mode: str, comment: str | None) -> None:
    made, _, _ = read(tag, mode=mode)
    assert len(made.comments) == (comment is not None)
    assert comment is None or comment in made.comments[0]


def test_regions_without_loras_read_nothing(host: Forge) -> None:
    made = PatchedLoras(SimpleNamespace(extra_generation_params={}), [()], ["text"], patching())  # type: ignore[arg-type]
    assert made.adapter(()) is None and not made.comments


def test_what_the_host_notes_of_the_pictures_loras() -> None:
    assert [(use.filename, use.te, use.unet) for use in base_uses("[['/a', 0.5, 1.0], ['/b', 2, 3, True]]")] == [
        ("/a", 1.0, 0.5),
        ("/b", 3.0, 2.0),
    ]
    for told in ("", "[]", "something else", "[1]", "['a']"):
        assert base_uses(told) == []
