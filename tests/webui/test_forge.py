"""The Forge family as a host: a fake of its patcher and of how it names rows, around a genuine ldm UNet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import sandbox  # noqa: F401 - puts the sandbox's modules on the path
from lib_rpg.errors import RpgError
from lib_rpg.regional.rows import Order, RowRegions
from lib_rpg.webui.host import automatic1111, forge
from lib_rpg.webui.host.forge import Forge, NamedRows, preparing
from lib_rpg.webui.launch import run_around
from tests.regional.reference import CONTEXT_WIDTH, Attached, build_unet, row_of

ALPHAS = torch.linspace(0.99, 0.02, 1000)
PICTURES, SIZE = 2, (8, 8)


class Patched(nn.Module):
    """What a patcher holds: ``apply_model`` takes latents and sigmas of k-diffusion and gives denoised estimates."""

    def __init__(self, unet: nn.Module) -> None:
        super().__init__()
        self.diffusion_model = unet
        self.options: list[dict] = []

    def apply_model(
        self, x: Tensor, t: Tensor, c_concat: Any = None, c_crossattn: Any = None, transformer_options: Any = None
    ) -> Tensor:
        assert c_concat is None and transformer_options is not None
        self.options.append(transformer_options)
        sigma = t[:, None, None, None]
        number = ((1 - ALPHAS) / ALPHAS).sqrt().sub(t[:, None]).abs().argmin(1)
        noise = self.diffusion_model(x / (sigma**2 + 1).sqrt(), number, context=c_crossattn)
        return x - noise * sigma


def model_of(unet: nn.Module, **fields: Any) -> Any:
    patcher = SimpleNamespace(model=Patched(unet))
    return SimpleNamespace(forge_objects=SimpleNamespace(unet=patcher), alphas_cumprod=ALPHAS, **fields)


def denoiser_of(model: Any, timesteps: bool) -> Any:
    inner = SimpleNamespace(inner_model=model)
    return SimpleNamespace(inner_model=inner, classic_ddim_eps_estimation=timesteps)


@pytest.fixture(scope="module")
def unet() -> nn.Module:
    return build_unet()


@pytest.fixture
def prepared() -> list[tuple]:
    return []


@pytest.fixture
def host(prepared: list[tuple]) -> Forge:
    return Forge(lambda patcher, x: prepared.append((patcher, tuple(x.shape))))


def texts(*lengths: int) -> Tensor:
    """Encoded sub-prompts of one length, one row for each."""
    return torch.randn(len(lengths), lengths[0], 5, generator=torch.Generator().manual_seed(sum(lengths)))


def call(marks: Sequence[int] | None, context: Tensor | None = None) -> dict[str, Any]:
    return {"context": context, "transformer_options": {} if marks is None else {"cond_or_uncond": marks}}


@pytest.mark.parametrize(
    ("marks", "rows"),
    [([1, 0], [2, 3, 0, 1]), ([0, 1], [0, 1, 2, 3]), ([0], [0, 1]), ([1], [2, 3]), ([0, 0], [0, 1, 0, 1])],
    ids=str,
)
def test_a_call_names_its_rows(marks: list[int], rows: list[int]) -> None:
    assert NamedRows([1, 1], texts(7, 7), texts(7, 7))(call(marks), PICTURES * len(marks)) == rows


def test_a_call_without_names_is_none_of_the_steps() -> None:
    order = NamedRows([1, 1], texts(7, 7), texts(7, 7))
    assert order(call(None), 2) is None
    assert order({}, 2) is None


def test_a_call_with_other_rows_is_refused() -> None:
    with pytest.raises(RpgError, match="3 rows for 2 prompts of 2 pictures"):
        NamedRows([1, 1], texts(7, 7), texts(7, 7))(call([1, 0]), 3)


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("is_dict", [False, True])
def test_sub_prompts_are_known_by_their_texts(repeats: int, is_dict: bool) -> None:
    """The rows of the step are a picture's two sub-prompts, the other's two, then the unconds."""
    known = texts(7, 7, 7, 7)
    first, second, uncond = known[[0, 2]], known[[1, 3]], torch.zeros(2, 7, 5)
    given = [{"crossattn": each, "vector": each[:, 0]} if is_dict else each for each in (known, uncond)]
    order = NamedRows([2, 2], *given)
    context = torch.cat([uncond, second, first]).repeat(1, repeats, 1)
    assert order(call([1, 0, 0], context), 6) == [4, 5, 1, 3, 0, 2]
    assert order(call([0], first.half()), 2) == [0, 2]
    assert order(call([0], second), 2) == [1, 3]
    assert order(call([0], uncond), 2) == [4, 5]


@pytest.mark.parametrize("repeats", [1, 3])
def test_a_further_call_with_the_negative_prompts_is_known_by_their_text(repeats: int) -> None:
    """Forge's self-attention guidance hands them over as if they were the prompts."""
    known, negatives = texts(7, 7), texts(9, 9)
    order = NamedRows([1, 1], known, negatives)
    assert order(call([0], negatives.repeat(1, repeats, 1)), 2) == [2, 3]
    assert order(call([0], known.repeat(1, repeats, 1)), 2) == [0, 1]
    assert order(call([0], texts(5, 5)), 2) == [0, 1]
    assert order(call([1, 0], torch.cat([negatives[:, :7], known])), 4) == [2, 3, 0, 1]
    assert NamedRows([1, 1], known, known)(call([0], known), 2) == [0, 1]
    assert NamedRows([1, 1], known, None)(call([0], negatives), 2) == [0, 1]


def rows_and_context() -> tuple[list[RowRegions | None], Tensor]:
    """Two pictures, each with a region on its left half, and their unconds, of which one has a region too."""
    generator = torch.Generator().manual_seed(3)

    def left(height: int, width: int) -> Tensor:
        weights = torch.zeros(1, height, width)
        weights[..., : width // 2] = 0.8
        return weights

    regions = [row_of([torch.randn(5, CONTEXT_WIDTH, generator=generator)], left) for _ in range(3)]
    return [*regions[:2], None, regions[2]], torch.randn(4, 7, CONTEXT_WIDTH, generator=generator)


@torch.no_grad()
def drawn(unet: nn.Module, calls: Sequence[Sequence[int]], order: Order | None) -> tuple[dict[int, Tensor], int]:
    """What each row becomes in calls of these rows; and how many rows no call had."""
    rows, context = rows_and_context()
    x = torch.randn(4, 4, *SIZE, generator=torch.Generator().manual_seed(4))
    engine = Attached(unet)
    engine.rows.set_rows(rows, SIZE, order)
    made = {}
    try:
        for numbers in calls:
            marks = [int(number > 1) for number in numbers[::PICTURES]]
            chosen = list(numbers)
            options = {"transformer_options": {"cond_or_uncond": marks}} if order else {}
            output = unet(x[chosen], torch.full((len(chosen),), 500), context=context[chosen], **options)
            made |= dict(zip(numbers, output, strict=True))
        assert engine.applied_calls
        return made, engine.rows.left
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("calls", "left"),
    [([[2, 3, 0, 1]], 0), ([[0, 1, 2, 3]], 0), ([[2, 3], [0, 1]], 0), ([[0, 1]], 2), ([[2, 3, 0, 1], [0, 1]], 0)],
    ids=str,
)
def test_named_rows_have_their_own_regions(unet: nn.Module, calls: list[list[int]], left: int) -> None:
    """Behind or before the unconds, in one call or in two, without them, or once more as PAG has it."""
    expected, _ = drawn(unet, [[0, 1, 2, 3]], None)
    made, missing = drawn(unet, calls, NamedRows([1, 1], texts(7, 7), texts(7, 7)))
    assert missing == left
    for number, output in made.items():
        torch.testing.assert_close(output, expected[number], rtol=0, atol=2e-5)


def test_a_step_is_read_from_the_callback(host: Forge) -> None:
    parts = [[SimpleNamespace()] * 2] * PICTURES
    sampler = SimpleNamespace(sampler_extra_args={"cond": SimpleNamespace(batch=parts)})
    x = torch.zeros(PICTURES, 4, *SIZE)
    params = SimpleNamespace(
        x=x,
        sigma=torch.tensor([2.5, 2.5]),
        text_cond=texts(7, 7, 7, 7),
        text_uncond=texts(7, 7),
        denoiser=SimpleNamespace(sampler=sampler),
    )
    step = host.step_of(params)
    assert (step.rows, step.sigma) == (6, 2.5)
    assert step.order is not None and step.order(call([1]), 2) == [4, 5]


@torch.no_grad()
@pytest.mark.parametrize("timesteps", [False, True], ids=["sigmas", "timesteps"])
def test_a_pass_of_its_own(host: Forge, unet: nn.Module, monkeypatch: pytest.MonkeyPatch, timesteps: bool) -> None:
    """The output is in the sampler's own terms, whatever the backend's are."""
    model = model_of(unet)
    monkeypatch.setattr(host, "model", lambda: model)
    generator = torch.Generator().manual_seed(5)
    x, context = torch.randn(2, 4, *SIZE, generator=generator), torch.randn(2, 7, CONTEXT_WIDTH, generator=generator)
    number = torch.tensor([700, 150])
    alpha = ALPHAS[number]
    level = number if timesteps else ((1 - alpha) / alpha).sqrt()
    made = host.predict(denoiser_of(model, timesteps), x, level, list(context), torch.zeros(2, 5, 1, 1))
    scaled = x if timesteps else x * alpha.sqrt()[:, None, None, None]
    noise = unet(scaled, number, context=context)
    expected = noise if timesteps else x - noise * level[:, None, None, None]
    torch.testing.assert_close(made, expected, rtol=1e-4, atol=1e-4)
    assert model.forge_objects.unet.model.options == [{}]  # what extensions have put on the picture's does not act


@pytest.mark.parametrize(("fields", "scale"), [({}, 7.0), ({"hr_cfg": 1.0}, 1.0)])
def test_the_hires_pass_has_a_scale_of_its_own(host: Forge, fields: dict[str, float], scale: float) -> None:
    p = SimpleNamespace(is_hr_pass=True, **fields)
    assert host.guidance_scale(SimpleNamespace(p=p), 7.0) == scale
    p.is_hr_pass = False
    assert host.guidance_scale(SimpleNamespace(p=p), 7.0) == 7.0


def test_the_unet_is_the_patchers(host: Forge, unet: nn.Module) -> None:
    model = model_of(unet)
    assert host.unet_of(model) is unet
    assert host.is_unet_of(model, unet) and not host.is_unet_of(model, None)
    assert host.denoiser_of(model) is unet
    info = SimpleNamespace(name_for_extra="some-flux")
    with pytest.raises(RpgError, match="'some-flux' has none"):
        host.unet_of(model_of(nn.Linear(1, 1), sd_checkpoint_info=info))


def test_the_unet_is_loaded_again_behind_texts(
    host: Forge, unet: nn.Module, prepared: list[tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(unet)
    monkeypatch.setattr(host, "model", lambda: model)
    host.ready(PICTURES, SIZE)
    assert prepared == [(model.forge_objects.unet, (PICTURES, 4, *SIZE))]


def test_what_the_backend_has_not_is_said(host: Forge, unet: nn.Module) -> None:
    model = model_of(unet, text_processing_engine=object())
    assert "inference mode" in host.gradient_obstacle(model)
    assert host.needs_composed_path() == ""
    with pytest.raises(RpgError, match="no text encoder of SD 1"):
        host.phrase_embeddings(model, ["a cat"])


@pytest.mark.parametrize("fails", [False, True])
def test_phrases_are_embedded_by_the_checkpoints_own_reader(
    host: Forge, unet: nn.Module, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """The first chunk of each phrase, with the user's embeddings; the reader is as it was, behind an error too."""
    loaded: list[object] = []

    class Engine:
        return_pooled = False
        embeddings = SimpleNamespace(fixes=None)

        def tokenize_line(self, text: str) -> tuple[list[SimpleNamespace], int]:
            chunks = [SimpleNamespace(tokens=[len(text), number], fixes=[text]) for number in (1, 2)]
            return chunks, 2

        def encode_with_transformers(self, tokens: Tensor) -> SimpleNamespace:
            assert self.return_pooled and self.embeddings.fixes == [["a cat"], ["dog"]]
            assert loaded, "the text encoder was not put where it runs"
            if fails:
                raise RuntimeError("out of memory")
            return SimpleNamespace(pooled=tokens.double())

    memory = SimpleNamespace(load_model_gpu=loaded.append)
    monkeypatch.setitem(sys.modules, "backend", SimpleNamespace(memory_management=memory))
    monkeypatch.setitem(sys.modules, "backend.memory_management", memory)
    engine = Engine()
    model = model_of(unet, text_processing_engine=engine, is_sd1=True)
    model.forge_objects.clip = SimpleNamespace(patcher="patcher")
    if fails:
        with pytest.raises(RuntimeError):
            host.phrase_embeddings(model, ["a cat", "dog"])
    else:
        made = host.phrase_embeddings(model, ["a cat", "dog"])
        assert made.dtype == torch.float32 and made.tolist() == [[5, 1], [3, 1]]
    assert loaded == ["patcher"]
    assert (engine.return_pooled, engine.embeddings.fixes) == (False, None)


class ReadsFactor(nn.Module):
    def forward(self) -> float:
        return self.cond_scale_miltiplier


@pytest.mark.parametrize(("denoiser", "factor"), [(ReadsFactor, 0.08), (nn.Identity, 1.0)])
def test_a_factor_of_cfg_plus_plus_counts_where_the_denoiser_reads_it(
    host: Forge, denoiser: type[nn.Module], factor: float
) -> None:
    made = denoiser()
    assert host.guidance_factor(made) == 1.0
    made.cond_scale_miltiplier = 0.08
    assert host.guidance_factor(made) == factor


@pytest.mark.parametrize(
    ("fields", "kind", "side"),
    [
        ({}, "epsilon", 512),
        ({"is_sd2": True}, "v_prediction", 768),
        ({"is_sd2": True}, "epsilon", 512),
        ({"is_sdxl": True}, "epsilon", 1024),
    ],
)
def test_the_side_is_known_by_the_kind_of_checkpoint(host: Forge, fields: dict, kind: str, side: int) -> None:
    model = model_of(nn.Linear(1, 1), **fields)
    model.forge_objects.unet.model.predictor = SimpleNamespace(prediction_type=kind)
    assert host.native_side(model) == side


class Encoder:
    """A reader of texts: a token for each word, in one chunk that ends with what fills it."""

    def process_texts(self, texts: Sequence[str]) -> tuple[list, int]:
        words = texts[0].split()
        tokens = [0, *range(1, len(words) + 1), *[99] * (76 - len(words))]
        return [[SimpleNamespace(tokens=tokens)]], len(words)


@pytest.mark.parametrize("kind", ["forge", "the others", "none loaded"])
def test_tokens_are_counted_by_what_is_loaded(host: Forge, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder()
    fields: dict[str, Any] = {
        "forge": {"text_processing_engine": encoder, "get_prompt_lengths_on_ui": lambda text: (len(text.split()), 75)},
        "the others": {"cond_stage_model": encoder},
        "none loaded": {"cond_stage_model": None, "get_prompt_lengths_on_ui": lambda text: (1, 75)},
    }[kind]
    model = model_of(nn.Linear(1, 1), **fields)
    monkeypatch.setattr(forge.sd_models, "model_data", SimpleNamespace(sd_model=model), raising=False)
    monkeypatch.setattr(host, "model", lambda: model)
    monkeypatch.setattr(
        automatic1111.hijack(), "get_prompt_lengths", lambda text, by: (by.process_texts([text])[1], 75)
    )
    assert host.token_count("a red cat") == (None if kind == "none loaded" else 3)
    assert host.token_count("a [red:very red:0.5] cat") == (None if kind == "none loaded" else 4)
    if kind != "none loaded":
        assert host.token_ids("a red cat") == [(1, 1), (2, 2), (3, 3)]


def test_infotext_and_comments_are_the_checkpoints(host: Forge, unet: nn.Module) -> None:
    model = model_of(unet, extra_generation_params={"TI": "a"}, comments=["b"])
    assert host.encoding_params(model) == {"TI": "a"}
    assert host.encoding_comments(model) is model.comments
    assert host.encoding_params(model_of(unet)) is forge.Automatic1111().encoding_params(None)


def test_neo_has_no_hijack_and_makes_no_comments(host: Forge, unet: nn.Module, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "modules.sd_hijack", None)
    model = model_of(unet, extra_generation_params={"TI": "a"}, text_processing_engine=object())
    assert host.encoding_params(model) == {"TI": "a"}
    assert host.encoding_comments(model) == []


def test_neo_has_no_old_schedules_to_ask_for(host: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    schedules = automatic1111.prompt_parser.get_learned_conditioning_prompt_schedules
    monkeypatch.setattr(
        automatic1111.prompt_parser,
        "get_learned_conditioning_prompt_schedules",
        lambda prompts, steps, hires_steps=None: schedules(prompts, steps, hires_steps),
    )
    p: Any = SimpleNamespace(firstpass_steps=10, is_hr_pass=False)
    assert host.scheduled_texts(p, "a [cat:dog:0.5]") == [(5, "a cat"), (10, "a dog")]


@pytest.mark.parametrize("name", forge._MANAGING)
def test_keys_and_values_are_limited_where_memory_is_kept_free(
    host: Forge, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer, states = nn.Linear(100, 99), Enum("VRAMState", ["NORMAL_VRAM", "LOW_VRAM", "NO_VRAM"])
    assert host.kv_limit(None, layer) is None
    managing: Any = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, managing)
    for state in states:
        managing.vram_state = state
        limit = None if state is states.NORMAL_VRAM else int(0.02 * 4 * (100 * 99 + 99))
        assert host.kv_limit(None, layer) == limit, state


@pytest.mark.parametrize("name", forge._PREPARING)
def test_the_host_is_known_by_what_it_can_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert preparing() is None
    path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True)
    path.write_text("def sampling_prepare(unet, x):\n    return 'prepared'\n")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        found = preparing()
        assert found is not None and found(None, torch.zeros(1)) == "prepared"  # type: ignore[func-returns-value]
    finally:
        for module in [each for each in sys.modules if each.split(".")[0] == name.split(".")[0]]:
            del sys.modules[module]


def test_a_pass_that_is_announced_twice_has_regions_once() -> None:
    entered = []

    class Sampler:
        def launch_sampling(self, steps: int, func: Any) -> Any:
            return func()

    class Run:
        def __enter__(self) -> Any:
            entered.append(self)
            return SimpleNamespace(sample=lambda func: func())

        def __exit__(self, *_: object) -> None: ...

    p: Any = SimpleNamespace(sampler=Sampler())
    for _ in range(2):
        run_around(p, Run, lambda error: error)
    assert p.sampler.launch_sampling(1, lambda: "latents") == "latents"
    assert len(entered) == 1
    assert "launch_sampling" not in p.sampler.__dict__
