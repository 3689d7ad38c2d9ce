"""The host: other UIs and models without cross-attention are refused in words, and its answers are the WebUI's own."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest
from torch import nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.webui.host import Host, Processing, host


@pytest.mark.parametrize("model", [None, SimpleNamespace(diffusion_model=nn.Linear(1, 1))], ids=["no UNet", "a DiT"])
def test_models_without_cross_attention_are_refused_by_name(model):
    info = SimpleNamespace(name_for_extra="some-flux")
    with pytest.raises(RpgError, match="'some-flux' has none"):
        host.unet_of(SimpleNamespace(model=model, sd_checkpoint_info=info))


def test_the_unet_and_what_calls_it_are_known_by_the_checkpoint() -> None:
    unet = nn.Linear(1, 1)
    model = SimpleNamespace(model=SimpleNamespace(diffusion_model=unet))
    assert host.is_unet_of(model, unet)
    assert not host.is_unet_of(model, nn.Linear(1, 1))
    assert not host.is_unet_of(model, None)
    assert host.denoiser_of(model) is model.model


def test_keys_and_values_are_limited_where_memory_is_short():
    unet = nn.Linear(100, 99)
    assert host.kv_limit(SimpleNamespace(lowvram=False), unet) is None
    assert host.kv_limit(SimpleNamespace(), unet) is None
    assert host.kv_limit(SimpleNamespace(lowvram=True), unet) == int(0.02 * 4 * (100 * 99 + 99))


def job(hires_pass: bool, sampler: str | None = "Euler") -> SimpleNamespace:
    """A ``p`` in one of its passes, which notes what it is asked to encode."""
    p = SimpleNamespace(width=64, height=72, hr_upscale_to_x=96, hr_upscale_to_y=104, is_hr_pass=hires_pass)
    p.steps, p.firstpass_steps, p.hr_second_pass_steps = 7, 8, 0
    p.sampler_name, p.hr_sampler_name = "Heun", sampler
    p.extra_network_data, p.hr_extra_network_data = {"lora": [1]}, {"lora": [2]}
    p.asked = []
    p.get_conds_with_caching = lambda *args: p.asked.append(args) or "schedules"
    return p


def test_texts_are_encoded_as_the_prompt_of_the_pass() -> None:
    from modules import prompt_parser

    cache = [None, None]
    first, second = job(hires_pass=False), job(hires_pass=True)
    assert host.encode(first, ["a", "b"], (), cache, False) == "schedules"
    host.encode(second, ["c"], ("<lora:x:1>",), cache, True)
    [(function, prompts, steps, caches, networks, hires_steps)] = first.asked
    assert function is prompt_parser.get_learned_conditioning
    assert (list(prompts), prompts.is_negative_prompt, prompts.width, prompts.height) == (["a", "b"], False, 64, 72)
    assert (steps, networks, hires_steps) == (8, {"lora": [1]}, None)
    assert caches[0] is cache
    [(_, prompts, steps, _, networks, hires_steps)] = second.asked
    assert (list(prompts), prompts.is_negative_prompt, prompts.width, prompts.height) == (["c"], True, 96, 104)
    assert (steps, networks, hires_steps) == (8, {"lora": [2], "rpg": ("<lora:x:1>",)}, 7)
    assert second.hr_extra_network_data == {"lora": [2]}, "the picture's own networks were changed"


def test_the_hires_pass_counts_the_calls_of_its_own_sampler() -> None:
    p = job(hires_pass=True, sampler=None)  # then it is the first pass's, which calls the denoiser twice in a step
    p.hr_second_pass_steps = 5
    host.encode(p, ["a"], (), [None, None], False)
    assert p.asked[0][-1] == 10


def test_a_pass_has_its_own_size() -> None:
    assert host.size(job(hires_pass=False)) == (64, 72)
    assert host.size(job(hires_pass=True)) == (96, 104)
    assert host.size(SimpleNamespace(width=8, height=16)) == (8, 16)


def test_what_encoding_leaves_is_the_webuis_own() -> None:
    from modules.sd_hijack import model_hijack

    assert host.encoding_params(None) is model_hijack.extra_generation_params
    assert host.encoding_comments(None) is model_hijack.comments


def test_an_option_that_is_not_there_has_its_default(monkeypatch) -> None:
    from modules import shared

    assert host.option("rpg_no_such_option", 3) == 3
    monkeypatch.setattr(shared.opts, "samples_format", "jpg", raising=False)
    assert host.option("samples_format", "png") == "jpg"


@pytest.mark.parametrize("field", ["interrupted", "skipped"])
def test_an_interrupted_or_skipped_generation_is_cancelled(monkeypatch, field) -> None:
    from modules import shared

    monkeypatch.setattr(shared.state, "interrupted", False)
    monkeypatch.setattr(shared.state, "skipped", False)
    assert not host.is_cancelled()
    monkeypatch.setattr(shared.state, field, True)
    assert host.is_cancelled()


def test_there_is_a_host_for_every_question() -> None:
    asked = {name for name in vars(Host) if not name.startswith("_")}
    assert asked <= set(dir(host)), "the interface asks what the host does not answer"
    assert asked == {name for name in vars(type(host)) if not name.startswith("_")}


WEBUI = Path(__file__).parents[2] / "lib_rpg" / "webui"


def attributes_of_p() -> set[str]:
    """The attributes that our code reads or sets of a variable ``p``, by name or through ``getattr``."""
    found = set()
    for path in WEBUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("p", "self.p"):
                found.add(node.attr)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr"):
                of, name = node.args[:2]
                if ast.unparse(of) in ("p", "self.p") and isinstance(name, ast.Constant):
                    found.add(name.value)
    return found


def test_processing_names_all_that_we_know_of_p() -> None:
    named = {*Processing.__annotations__, *(name for name, value in vars(Processing).items() if callable(value))}
    used = attributes_of_p()
    assert len(used) > 30
    assert used <= named, "add these to lib_rpg/webui/host/processing.py"
    # Through a variable: the caches of encoded prompts, in controlnet.forget_marks.
    unused = named - used - {"cached_c", "cached_uc", "cached_hr_c", "cached_hr_uc"}
    assert not {name for name in unused if not name.startswith("_")}
