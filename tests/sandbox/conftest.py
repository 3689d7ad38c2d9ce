"""The sandbox in this process, without a server: its back end, the shapes model and the probe extension."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import sandbox

PROBE = Path(__file__).parent / "probe_extension"
CHECKPOINT = sandbox.SANDBOX_DIR / "shapes" / "shapes.safetensors"


@pytest.fixture(scope="session")
def booted() -> SimpleNamespace:
    """The sandbox, started once; `probe` is the extension's module."""
    from modules import initialize, scripts, shared

    path = list(sys.path)
    initialize.boot([PROBE], CHECKPOINT)
    initialize.headless_ui()
    assert sys.path == path
    (probe,) = (data.module for data in scripts.scripts_data if data.basedir == str(PROBE))
    return SimpleNamespace(probe=probe, shared=shared, scripts=scripts)


@pytest.fixture
def host(booted):
    """The sandbox with default options, an empty list of calls and no faults."""
    from modules import processing

    booted.probe.calls.clear()
    booted.probe.faults.clear()
    options = dict(booted.shared.opts.data)
    booted.shared.state.begin("test")
    for cls in (processing.StableDiffusionProcessing, processing.StableDiffusionProcessingTxt2Img):
        for cache in [value for name, value in vars(cls).items() if name.startswith("cached_") and value]:
            if isinstance(cache, list):
                cache[:] = [None, None]
    yield booted
    booted.shared.state.end()
    booted.shared.opts.data.clear()
    booted.shared.opts.data.update(options)
    booted.probe.faults.clear()


@pytest.fixture
def draw(host):
    """draw(**fields of p) -> Processed; a small txt2img, or img2img where init_images are given.

    `script_args` are those of all scripts; the first is the number of the one that is chosen in the menu, 0 for none.
    """
    from modules import initialize, processing

    def run(script_args=None, **fields):
        img2img = "init_images" in fields
        cls = processing.StableDiffusionProcessingImg2Img if img2img else processing.StableDiffusionProcessingTxt2Img
        small = {"prompt": "a red circle", "width": 64, "height": 64, "steps": 2, "seed": 5, "subseed": 1}
        p = cls(**{**small, "sampler_name": "Euler", "do_not_save_grid": True, **fields})
        p.scripts = host.scripts.scripts_img2img if img2img else host.scripts.scripts_txt2img
        p.script_args = script_args or initialize.default_script_args(p.scripts)
        return p.scripts.run(p, *p.script_args) or processing.process_images(p)

    return run
