"""The count of what attention guidance keeps for its gradient, on networks whose sizes are written out."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace

import pytest
import torch
from torch import nn

from lib_rpg.bench import guidance_memory, ldm_networks
from lib_rpg.bench.guidance_memory import Saved
from lib_rpg.errors import RpgError
from lib_rpg.regional.guidance import MEMORY


@pytest.fixture(scope="module")
def rows():
    """Of a picture of 512 pixels a side, one for each of `MEMORY`, on a narrow UNet of two levels.

    The second level has 8 heads of 8 channels, and a transformer in each of its 3 output blocks and in the middle.
    """
    shape = replace(ldm_networks.MODELS["small"], channels=32, multipliers=(1, 2), depths=(1, 1))
    norms = nn.LayerNorm.forward, nn.GroupNorm.forward
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as printed:
        patch.setitem(ldm_networks.MODELS, "small", shape)
        assert guidance_memory.main(["--model", "small", "--size", "512", "--json"]) == 0
    assert (nn.LayerNorm.forward, nn.GroupNorm.forward) == norms
    return [guidance_memory.Row(**row) for row in json.loads(printed.getvalue())["rows"]]


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_what_is_saved_is_counted_once_while_it_is_held(device):
    """5 rows of 16 float32 are 320 bytes: SiLU and the product save their input, tanh its output, convolution both."""
    layer, convolution = nn.Linear(8, 16).to(device), nn.Conv1d(1, 2, 3).to(device)
    for parameter in (*layer.parameters(), *convolution.parameters()):
        parameter.requires_grad_(False)
    x = torch.empty(5, 8, device=device, requires_grad=True)
    saved = Saved([*layer.parameters(), *convolution.parameters(), x])
    assert saved.bytes() == 0
    with saved:
        y = layer(x)
        first = nn.functional.silu(y)
        assert saved.bytes() == 320
        second = y.view(16, 5) * y.view(16, 5)  # views of what is counted already
        assert saved.bytes() == 320
        third = first.tanh()
        assert saved.bytes() == 640
        assert saved.bytes([third[0]]) == 320
    with saved:
        fourth = convolution(third[:, None])
        assert saved.bytes() == 640  # the input is the output of tanh
    unseen = (second + 1).exp()
    assert saved.bytes() == 640
    del fourth, third, first
    assert saved.bytes() == 320
    del y, second, unseen
    assert saved.bytes() == 0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_fused_attention_keeps_its_inputs_its_output_and_a_number_a_query(dtype):
    query, key, value = (torch.empty(1, 2, rows, 4, device="meta", dtype=dtype) for rows in (6, 3, 3))
    query.requires_grad_(True)
    with Saved([]) as saved:
        output = ldm_networks._fused(query, key, value, None)
        assert saved.bytes() == (48 + 24 + 24 + 48) * dtype.itemsize + 12 * 4
    assert output.shape == query.shape
    assert torch.autograd.grad(output.sum(), query)[0].shape == query.shape


def test_each_mode_keeps_less_than_the_one_before(rows):
    assert [(row.model, row.size, row.dtype, row.mode) for row in rows] == [
        ("small", 512, "float16", memory.name) for memory in MEMORY
    ]
    plain, checkpointed, few = rows
    # The middle block and the 3 output blocks have 32 x 32 tokens for 512 pixels, 8 heads and 77 words, in float32.
    assert [row.maps for row in rows] == [4, 4, 2]
    for row in rows:
        assert row.maps_mib == round(row.maps * 8 * 1024 * 77 * 4 / 2**20, 1)
        assert row.total_mib == pytest.approx(row.saved_mib + max(row.maps_mib, row.block_mib), abs=0.2)
    assert plain.block_mib == 0
    assert 0 < checkpointed.block_mib < plain.saved_mib / 4
    assert plain.saved_mib > 4 * checkpointed.saved_mib
    assert checkpointed.saved_mib > few.saved_mib > 0


def test_table(capsys, monkeypatch):
    row = guidance_memory.Row("sdxl", 1024, "float16", "checkpointed", 40, 240.6, 290.1, 120.5, 530.7)
    monkeypatch.setattr(guidance_memory, "measure", lambda *_: [row])
    assert guidance_memory.main(["--model", "sdxl"]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last.split() == ["sdxl", "1024", "checkpointed", "40", "240.6", "290.1", "120.5", "530.7"]


@pytest.mark.parametrize("size", ["0", "96", "8192", "512,500"])
def test_a_size_that_the_unet_cannot_have_is_refused(size):
    with pytest.raises(RpgError, match="is not a multiple of 64 from 64 to 4096"):
        guidance_memory.main(["--model", "small", "--size", size])
