"""The command line: ``python -m lib_rpg plan|layout|parse|gallery|generate|repaint|bench``.

With ``--json`` a command prints one JSON document on stdout and nothing else there. The exit code is 0, or 2 with one
line on stderr for bad input and where the output cannot be written.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from lib_rpg import planner as planners
from lib_rpg.checks import refuse, show
from lib_rpg.cli_input import quoted, read_text
from lib_rpg.cli_options import add_drawing_options, add_repaint_options, add_request_options, config_of, request_of
from lib_rpg.cli_output import Progress, print_error, print_json, print_plan, print_table, print_text
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, write_private
from lib_rpg.layout.report import layout_report, read_ratio
from lib_rpg.plan import Plan

BENCHMARKS = {
    "attention": "lib_rpg.bench.attention",
    "accuracy": "sandbox.bench.accuracy",
    "binding": "sandbox.bench.binding",
    "guidance-memory": "lib_rpg.bench.guidance_memory",
    "lora": "sandbox.bench.lora",
    "parts": "sandbox.bench.parts",
    "pictures": "sandbox.bench.pictures",
    "planner": "lib_rpg.bench.planner",
    "repaint": "sandbox.bench.repaint",
}
"""The module of each; those of pictures need the sandbox, and are imported when they run."""


class _Parser(argparse.ArgumentParser):
    """Raises a usage error as an RpgError of one line, and prints help as all else is printed."""

    def error(self, message: str) -> NoReturn:
        message = message if len(message) <= 300 else f"{message[:300]}…"
        raise RpgError(f"{self.prog}: {message}; see --help")

    def print_help(self, file: Any = None) -> None:  # noqa: ARG002
        print_text(self.format_help().rstrip("\n"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0, or 2 for bad input)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["layout"]:
        # A space before it makes argparse take "-1,1" for a ratio, whose refusal then says what is wrong with it.
        words = [f" {word}" if re.match(r"-[0-9.]", word) else word for word in words]
    try:
        options = _parser().parse_args(words)
        return options.run(options) or 0
    except RpgError as error:
        print_error(str(error))
        return 2
    except OSError as error:
        print_error(
            f"the output cannot be written ({error.strerror or type(error).__name__}); check where the output is sent"
        )
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m lib_rpg", description="Plan regions for a prompt, and draw them.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    plan = commands.add_parser("plan", help="turn a prompt into a plan")
    add_request_options(plan)
    plan.add_argument(
        "--answer", metavar="FILE", help="with --planner paste: a file with the chat's answer; - is standard input"
    )
    _finish(plan, _plan)

    layout = commands.add_parser("layout", help="show the cells of a split ratio, in pixels and in tokens")
    layout.add_argument("ratio", help="a split ratio such as '1;1,2'")
    layout.add_argument("--size", default="1024x1024", metavar="WIDTHxHEIGHT", help="in pixels (default %(default)s)")
    layout.add_argument("--rows-first", action="store_true", help="read the ratio column by column")
    _finish(layout, _layout)

    parse = commands.add_parser("parse", help="turn a planner's answer into a plan")
    parse.add_argument("file", help="a text file with the answer, or - for standard input")
    _finish(parse, _parse)

    gallery = commands.add_parser("gallery", help="list or print stored plans, which need no planner")
    gallery.add_argument("title", nargs="?", help="of the plan to print; without a title, all are listed")
    _finish(gallery, _gallery)

    generate = commands.add_parser("generate", help="plan a prompt and draw it with a running WebUI")
    add_request_options(generate)
    add_drawing_options(generate)
    _finish(generate, _generate)

    repaint = commands.add_parser("repaint", help="draw a part of a picture anew, with a running WebUI")
    add_repaint_options(repaint)
    _finish(repaint, _repaint)

    bench = commands.add_parser("bench", help="measure speed or accuracy", add_help=False)
    bench.add_argument("name", choices=sorted(BENCHMARKS))
    bench.add_argument("arguments", nargs=argparse.REMAINDER)
    bench.set_defaults(run=_bench)
    return parser


def _finish(command: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]) -> None:
    """Add what each command ends with, and what runs it."""
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=run)


def _make_plan(options: argparse.Namespace) -> Plan:
    progress = Progress(sys.stderr)
    try:
        hooks = planners.Hooks(on_status=progress.say)
        request, config = request_of(options), config_of(options)
        return planners.plan(request, options.planner, config=config, hooks=hooks, fresh=options.again)
    except planners.UnusableAnswerError as error:
        raise RpgError(f"{error}; {_keep_answer(error.answer)}") from None
    finally:
        progress.clear()


def _keep_answer(answer: str) -> str:
    """Write a model's answer where the user finds it, and say so."""
    folder = planners.cache_folder()
    if folder is None:
        return "it could not be saved, because this user has no home folder; set RPG_CACHE to a folder"
    path = folder / "last-answer.txt"
    try:
        write_private(path, answer.encode("utf-8", "replace").decode(), "the answer")
    except FileError as error:
        return f"it could not be saved ({error.reason})"
    return f"it is in {path}"


def _plan(options: argparse.Namespace) -> None:
    if options.answer and options.planner != "paste":
        refuse("--answer", "needs --planner paste", "leave it out, or add --planner paste")
    if options.planner != "paste" or not planners.asks(options.planner, request_of(options).prompt):
        print_plan(_make_plan(options), options.json)
    elif options.answer:
        print_plan(planners.read_pasted(read_text(options.answer), request_of(options)), options.json)
    elif options.json:
        refuse("--planner paste", "there is no plan yet", "run it without --json, and then with --answer FILE")
    else:
        print_text(planners.request_text(request_of(options), config_of(options)))


def _gallery(options: argparse.Namespace) -> None:
    from lib_rpg.gallery import find_example, gallery

    if options.title:
        print_plan(find_example(options.title).plan, options.json)
    elif options.json:
        print_json({"examples": [example.to_dict() for example in gallery()]})
    else:
        rows = [[example.title, f"{example.width}x{example.height}", example.plan.prompt] for example in gallery()]
        print_table([["title", "size", "prompt"], *rows])


def _layout(options: argparse.Namespace) -> None:
    match = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", options.size.strip(), re.ASCII | re.IGNORECASE)
    if not match:
        refuse("--size", f"{show(options.size)} is not a size", "write it as 1024x768")
    ratio = options.ratio.strip()
    report = layout_report(ratio, int(match[1]), int(match[2]), rows_first=options.rows_first)
    for note in read_ratio(ratio, options.rows_first).notes:
        print_error(f"note: {note}")
    if options.json:
        print_json(report)
        return
    header = ["cell", "pixels", *(f"{level} px/token" for level in report["cells"][0]["grid"])]
    rows = [
        [str(i), _span(cell["pixels"]), *map(_span, cell["grid"].values())] for i, cell in enumerate(report["cells"])
    ]
    print_table([header, *rows])


def _parse(options: argparse.Namespace) -> None:
    from lib_rpg.planner.llm.answers import parse_answer

    print_plan(parse_answer(read_text(options.file)), options.json)


def _generate(options: argparse.Namespace) -> None:
    from lib_rpg.webui_client import Txt2Img, txt2img

    output = _output(options)
    plan = _make_plan(options)
    request = Txt2Img(
        prompt=options.prompt,
        plan=plan,
        width=options.width,
        height=options.height,
        seed=options.seed,
        steps=options.steps,
        cfg_scale=options.cfg_scale,
        sampler=options.sampler,
        negative_prompt=options.negative_prompt,
    )
    picture, infotext = txt2img(options.url, request, options.timeout)
    _write(output, picture)
    if options.json:
        print_json({"output": str(output), "infotext": infotext, "plan": plan.to_dict()})
    else:
        print_plan(plan, False)
        print_text(f"wrote {output}")


def _repaint(options: argparse.Namespace) -> None:
    from lib_rpg.cli_repaint import infotext_of, request_of_options
    from lib_rpg.webui_client import repaint

    output = _output(options)
    request, file = request_of_options(options)
    picture, infotext = repaint(options.url, infotext_of(file, options.picture), request.to_dict(), options.timeout)
    _write(output, picture)
    if options.json:
        print_json({"output": str(output), "infotext": infotext})
    else:
        print_text(f"wrote {output}")


def _output(options: argparse.Namespace) -> Path:
    """Where the picture goes. Raises RpgError where it cannot be written."""
    output = Path(options.output)
    if not _may_be_written(output):
        refuse("--output", f"{quoted(options.output)} cannot be written", "name a file in a folder that exists")
    return output


def _write(output: Path, picture: bytes) -> None:
    try:
        output.write_bytes(picture)
    except OSError as error:
        raise RpgError(f"--output: {quoted(str(output))} cannot be written ({error.strerror})") from None


def _bench(options: argparse.Namespace) -> int | None:
    return importlib.import_module(BENCHMARKS[options.name]).main(options.arguments)


def _may_be_written(output: Path) -> bool:
    try:
        return not output.is_dir() and output.parent.is_dir()
    except (OSError, ValueError):
        return False


def _span(corners: Sequence[int]) -> str:
    x0, y0, x1, y1 = corners
    return f"x {x0}-{x1}  y {y0}-{y1}"


def _program() -> int:
    """`main` as a program: UTF-8 on stdout whatever the locale, and nothing more is said when the process ends."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    code = main()
    if code == 2:
        # What could not be written is still in the stream; Python would retry at exit, and report the failure.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


if __name__ == "__main__":
    sys.exit(_program())
