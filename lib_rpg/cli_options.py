"""The options that several commands share, and the configuration and request that are made of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from lib_rpg.cli_input import read_bytes
from lib_rpg.layout.canvas import check_size
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.request import MAX_PICTURE, PlanRequest
from lib_rpg.repainting.request import MODES

_DEFAULTS = PlannerConfig()


def add_request_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `request_of` and `config_of` read."""
    parser.add_argument("prompt", help="what the picture shows")
    parser.add_argument("--width", type=int, default=1024, help="in pixels (default %(default)s)")
    parser.add_argument("--height", type=int, default=1024, help="in pixels (default %(default)s)")
    parser.add_argument("--planner", default="offline", help="offline, openai, local or paste (default %(default)s)")
    parser.add_argument("--method", default="rpg", help="rpg, rag or lmd (default %(default)s)")
    parser.add_argument("--examples", default="auto", help="objects, scene, … (default %(default)s)")
    parser.add_argument("--no-recaption", action="store_true", help="regions use the prompt's words unchanged")
    parser.add_argument("--language", default="", help="language of the regions' prompts, such as English")
    parser.add_argument(
        "--dialect", default="auto", help="of the regions: tags, sentences or auto (default %(default)s)"
    )
    parser.add_argument(
        "--picture", metavar="FILE", help="a picture to recaption from, for models that accept pictures"
    )
    parser.add_argument("--again", action="store_true", help="ask again, even if the answer is in the cache")
    add_model_options(parser)


def request_of(options: argparse.Namespace) -> PlanRequest:
    """What is to be planned. Raises RpgError as `PlanRequest` does, and for an invalid canvas or picture."""
    check_size(options.width, options.height)
    return PlanRequest(
        options.prompt,
        width=options.width,
        height=options.height,
        method=options.method,
        examples=options.examples,
        recaption=not options.no_recaption,
        language=options.language,
        dialect=options.dialect,
        picture=read_bytes(options.picture, MAX_PICTURE) if options.picture else None,
    )


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `config_of` reads; a key is none of them, it comes from the environment or the key file."""
    group = parser.add_argument_group("planning with a model", "Keys come from the environment: see README.")
    group.add_argument("--provider", default=_DEFAULTS.provider, help="a preset, such as ollama (default %(default)s)")
    group.add_argument(
        "--base-url", default="", metavar="URL", help="the server's address; the default is the preset's"
    )
    group.add_argument("--model", default="", help="the model's name; the default is the preset's")
    group.add_argument("--local", default="", metavar="FOLDER", help="with --planner local: the model's folder")
    group.add_argument("--providers", type=Path, metavar="FILE", help="a JSON file with more presets")
    group.add_argument(
        "--templates", type=Path, metavar="FOLDER", help="a folder with your own templates, examples and tags"
    )
    group.add_argument(
        "--max-tokens", type=int, default=_DEFAULTS.max_tokens, help="limit of an answer (default %(default)s)"
    )
    group.add_argument(
        "--plan-timeout", type=float, default=_DEFAULTS.timeout, metavar="SECONDS", help="default %(default)s"
    )
    group.add_argument("--no-cache", action="store_true", help="do not use the cache of answers")


def config_of(options: argparse.Namespace) -> PlannerConfig:
    """The configuration from the options. Raises RpgError as `PlannerConfig` does."""
    return PlannerConfig(
        provider=options.provider,
        base_url=options.base_url,
        model=options.model,
        local_folder=options.local,
        max_tokens=options.max_tokens,
        timeout=options.plan_timeout,
        templates=options.templates,
        providers=options.providers,
        cache=None if options.no_cache else _DEFAULTS.cache,
    )


def add_drawing_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a picture that a running WebUI draws."""
    add_webui_options(parser)
    parser.add_argument("--seed", type=int, default=-1, help="-1 (the default) is random")
    parser.add_argument("--steps", type=int, default=20, help="default %(default)s")
    parser.add_argument("--cfg-scale", type=float, default=7.0, help="default %(default)s")
    parser.add_argument("--sampler", default="", help="a sampler's name; the default is the WebUI's")
    parser.add_argument("--negative-prompt", default="", help="for the whole picture")


def add_repaint_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of what is repainted in a picture."""
    parser.add_argument("picture", help="a picture file with its infotext, as the WebUI saves it")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--region", type=int, metavar="NUMBER", help="a region of its plan, counted from 1")
    what.add_argument("--mask", metavar="FILE", help="a PNG file over the whole picture, white where it is drawn anew")
    parser.add_argument("--object", type=int, metavar="NUMBER", help="an object of the region, counted from 1")
    parser.add_argument("--prompt", help="the new words; without them, the same is drawn with another seed")
    parser.add_argument("--seed", type=int, help="of the new part; the default is the picture's plus 1")
    parser.add_argument("--mode", choices=MODES, default=MODES[0], help="default %(default)s")
    add_webui_options(parser)


def add_webui_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which WebUI draws, and where the picture is written."""
    parser.add_argument("--url", default="http://127.0.0.1:7860", help="the WebUI's address (default %(default)s)")
    parser.add_argument("-o", "--output", default="out.png", metavar="FILE", help="the picture (default %(default)s)")
    help_of_timeout = "limit for the drawing (default %(default)s)"
    parser.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help=help_of_timeout)
