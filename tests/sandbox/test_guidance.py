"""The rows that CFGDenoiser hands to the model, in every setting that changes them."""

from types import SimpleNamespace

import pytest
import torch

import sandbox  # noqa: F401 - puts the sandbox's modules on the path


def cond(value: float, chunks: int = 1) -> torch.Tensor:
    return torch.full((77 * chunks, 64), value)


@pytest.fixture
def guided(host):
    """guided(conds, unconds, scale=…) -> (result, model calls); conds: [[(cond, weight), …] per image].

    The model gives for each row the value of its text's first token, so that results show which row is whose.
    """
    from modules import prompt_parser
    from modules.sd_samplers_cfg_denoiser import CFGDenoiser

    calls = []

    class Denoiser(CFGDenoiser):
        def inner_model(self, x, sigma, cond):
            (text,) = cond["c_crossattn"]
            assert len(x) == len(sigma) == len(text) == len(cond["c_concat"][0])
            calls.append((text[:, 0, 0].tolist(), text.shape[1]))
            return torch.ones_like(x) * text[:, :1, :1, None]

    def run(conds, unconds, scale=2.0, step=0, sigma=1.0, s_min_uncond=0.0):
        calls.clear()
        denoiser = Denoiser(SimpleNamespace())
        denoiser.p = SimpleNamespace(extra_generation_params={})
        denoiser.step, denoiser.total_steps = step, 10
        part = lambda text: [prompt_parser.ScheduledPromptConditioning(99, text)]  # noqa: E731
        batch = [[prompt_parser.ComposableScheduledPromptConditioning(part(c), w) for c, w in image] for image in conds]
        n = len(conds)
        out = denoiser(
            torch.zeros(n, 4, 2, 3),
            torch.full((n,), sigma),
            [part(u) for u in unconds],
            prompt_parser.MulticondLearnedConditioning((n,), batch),
            scale,
            s_min_uncond,
            torch.zeros(n, 5, 1, 1),
        )
        assert denoiser.step == step + 1
        return out[:, 0, 0, 0].tolist(), list(calls), denoiser.p.extra_generation_params

    return run


TWO = [[(cond(1.0), 1.0)], [(cond(2.0), 1.0)]]


def test_cond_rows_come_first_and_uncond_rows_last(guided):
    out, calls, _ = guided(TWO, [cond(0.5), cond(0.25)])
    assert calls == [([1.0, 2.0, 0.5, 0.25], 77)]
    assert out == [0.5 + 2 * 0.5, 0.25 + 2 * 1.75]


def test_and_gives_an_image_more_rows(guided):
    out, calls, _ = guided([[(cond(1.0), 0.5), (cond(3.0), 2.0)], [(cond(2.0), 1.0)]], [cond(0.0), cond(0.0)])
    assert calls == [([1.0, 3.0, 2.0, 0.0, 0.0], 77)]
    assert out == [2 * (0.5 * 1 + 2 * 3), 2 * 2.0]


def test_split_rows(guided, host):
    host.shared.opts.batch_cond_uncond = False
    out, calls, _ = guided(TWO, [cond(0.5), cond(0.25)])
    assert calls == [([1.0, 2.0], 77), ([0.5, 0.25], 77)]
    assert out == guided(TWO, [cond(0.5), cond(0.25)])[0]
    _, calls, _ = guided([[(cond(1.0), 1.0), (cond(3.0), 1.0)], [(cond(2.0), 1.0)]], [cond(0.0)] * 2)
    assert [values for values, _ in calls] == [[1.0, 3.0], [2.0, 0.0], [0.0]]


def test_texts_of_different_length_go_apart(guided, host):
    longer = [[(cond(1.0, 2), 1.0)], [(cond(2.0, 2), 1.0)]]
    _, calls, info = guided(longer, [cond(0.5), cond(0.25)])
    assert calls == [([1.0, 2.0], 154), ([0.5, 0.25], 77)]
    assert info == {}
    host.shared.opts.pad_cond_uncond = True
    _, calls, _ = guided(longer, [cond(0.5), cond(0.25)])
    assert calls == [([1.0, 2.0, 0.5, 0.25], 154)]
    _, calls, _ = guided(TWO, [cond(0.5, 3), cond(0.25, 3)])
    assert calls == [([1.0, 2.0, 0.5, 0.25], 231)]
    host.shared.opts.pad_cond_uncond_v0 = True
    _, calls, _ = guided(TWO, [cond(0.5, 3), cond(0.25, 3)])
    assert calls == [([1.0, 2.0, 0.5, 0.25], 77)]


def test_ngms_leaves_uncond_out_of_odd_steps(guided, host):
    out, calls, info = guided(TWO, [cond(0.5)] * 2, step=1, s_min_uncond=2.0)
    assert calls == [([1.0, 2.0], 77)]
    assert out == [1.0, 2.0]
    assert info == {"NGMS": 2.0}
    assert len(guided(TWO, [cond(0.5)] * 2, step=2, s_min_uncond=2.0)[1][0][0]) == 4
    assert len(guided(TWO, [cond(0.5)] * 2, step=1, s_min_uncond=0.5)[1][0][0]) == 4
    host.shared.opts.s_min_uncond_all = True
    _, calls, info = guided(TWO, [cond(0.5, 2)] * 2, step=2, s_min_uncond=2.0)
    assert calls == [([1.0, 2.0], 77)]
    assert info == {"NGMS": 2.0, "NGMS all steps": True}


def test_skip_early_cfg(guided, host):
    host.shared.opts.skip_early_cond = 0.3
    assert len(guided(TWO, [cond(0.5)] * 2, step=3)[1][0][0]) == 2
    _, calls, info = guided(TWO, [cond(0.5)] * 2, step=4)
    assert len(calls[0][0]) == 4
    assert info == {}


def test_callbacks_see_and_change_the_rows(guided, host):
    def change(params):
        assert params.x.shape == (4, 4, 2, 3)
        assert params.sigma.shape == (4,)
        assert params.image_cond.shape == (4, 5, 1, 1)
        assert params.text_uncond.shape == (2, 77, 64)
        assert params.denoiser.p is not None
        params.text_cond = params.text_cond + 10

    host.probe.faults["cfg_denoiser"] = change
    out, calls, _ = guided(TWO, [cond(0.5)] * 2)
    assert calls == [([11.0, 12.0, 0.5, 0.5], 77)]
    assert [name for name, _, _ in host.probe.calls] == ["cfg_denoiser", "cfg_denoised", "cfg_after_cfg"]
    assert host.probe.calls[1][1][0].x.shape == (4, 4, 2, 3)
    assert host.probe.calls[2][1][0].x[:, 0, 0, 0].tolist() == out

    host.probe.faults["cfg_after_cfg"] = lambda params: setattr(params, "x", params.x * 0)
    assert guided(TWO, [cond(0.5)] * 2)[0] == [0.0, 0.0]


def test_an_error_in_a_callback_is_printed_and_swallowed(guided, host, capsys):
    def fail(params):
        raise RuntimeError("out of paint")

    host.probe.faults["cfg_denoiser"] = fail
    assert guided(TWO, [cond(0.5)] * 2)[0] == [1.5, 3.5]
    assert "out of paint" in capsys.readouterr().err


def test_interrupts_end_the_step(guided, host):
    from modules.sd_samplers_common import InterruptedException

    host.shared.state.interrupt()
    with pytest.raises(InterruptedException):
        guided(TWO, [cond(0.5)] * 2)
    assert host.probe.calls == []
