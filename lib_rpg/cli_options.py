"""The command line's options that say which model plans, and how."""

from __future__ import annotations

import argparse
from pathlib import Path

from lib_rpg.planner.config import PlannerConfig

_DEFAULTS = PlannerConfig()


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `config_of` reads; a key is none of them, it comes from the environment or the key file."""
    group = parser.add_argument_group("planning with a model", "Keys come from the environment: see README.")
    group.add_argument("--provider", default=_DEFAULTS.provider, help="a preset, such as ollama (default %(default)s)")
    group.add_argument(
        "--base-url", default="", metavar="URL", help="the server's address; the default is the preset's"
    )
    group.add_argument("--model", default="", help="its name; the default is the preset's")
    group.add_argument("--local", default="", metavar="FOLDER", help="with --planner local: the model's folder")
    group.add_argument("--providers", type=Path, metavar="FILE", help="a JSON file with more presets")
    group.add_argument("--templates", type=Path, metavar="FOLDER", help="your own templates and examples")
    group.add_argument(
        "--max-tokens", type=int, default=_DEFAULTS.max_tokens, help="of an answer (default %(default)s)"
    )
    group.add_argument(
        "--plan-timeout", type=float, default=_DEFAULTS.timeout, metavar="SECONDS", help="default %(default)s"
    )
    group.add_argument("--no-cache", action="store_true", help="neither read nor write the cache of answers")


def config_of(options: argparse.Namespace) -> PlannerConfig:
    """The configuration that the options tell. Raises RpgError as `PlannerConfig` does."""
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
