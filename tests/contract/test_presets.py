"""LMD's presets over the API: each draws, as its fields say, and nothing is left behind."""

from __future__ import annotations

import numpy as np
import pytest

from lib_rpg.presets import LMD_PRESETS, SettingsPreset
from tests.contract.client import Client, difference
from tests.contract.test_guidance import FEW, OFF


@pytest.mark.parametrize("preset", LMD_PRESETS, ids=lambda preset: preset.name)
def test_each_draws_another_picture_than_regions_alone(host: Client, preset: SettingsPreset) -> None:
    plain, regions = host.plain(**FEW), host.regional({"plan": OFF}, **FEW)
    drawn = host.regional({"plan": OFF, **preset.fields}, **FEW)
    assert difference(drawn.pixels, regions.pixels) > 0.2
    said = host.log_tail(60)
    means = preset.fields
    assert ("2 objects bound" in said.rpartition("RPG: 2 regions")[2]) == (means["binding"] != "off")
    assert ("guided (lmd)" in said.rpartition("RPG: 2 regions")[2]) == (means["guidance"] == "lmd")
    assert np.array_equal(host.plain(**FEW).pixels, plain.pixels)
