"""Extensions that cannot work together with regions are refused by name, and only while they are switched on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lib_rpg.errors import RpgError
from lib_rpg.webui import neighbours


def job(title: str, *args: object) -> SimpleNamespace:
    script = SimpleNamespace(title=lambda: title, args_from=2, args_to=2 + len(args))
    other = SimpleNamespace(title=lambda: "Something else", args_from=0, args_to=2)
    return SimpleNamespace(scripts=SimpleNamespace(alwayson_scripts=[other, script]), script_args=(True, True, *args))


@pytest.mark.parametrize(
    "title", ["Regional Prompter", "Forge Couple", "Latent Couple extension", "Tiled Diffusion", "demofusion"]
)
def test_a_rival_is_refused_by_name_while_it_is_on(title):
    with pytest.raises(RpgError, match=f"{title} is switched on"):
        neighbours.check(job(title, True, "1,1"))
    neighbours.check(job(title, False, "1,1"))
    neighbours.check(job(title, {"unknown": "form"}))
    neighbours.check(job(title))


def test_others_and_jobs_without_scripts_are_let_be():
    neighbours.check(job("Dynamic Thresholding (CFG Scale Fix)", True))
    neighbours.check(SimpleNamespace(scripts=None, script_args=()))
