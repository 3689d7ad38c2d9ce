"""The command line: ``python -m lib_rpg plan|layout|parse|gallery|generate|bench``.

With ``--json`` a command prints one JSON document on stdout and nothing else there. The exit code is 0, or 2 with one
line on stderr for bad input and where the output cannot be written.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from lib_rpg import planner as planners
from lib_rpg.checks import show
from lib_rpg.cli_options import add_model_options, config_of
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError, escaped, read_file, show_path, write_private
from lib_rpg.layout.canvas import check_size
from lib_rpg.layout.report import layout_report
from lib_rpg.plan import Plan
from lib_rpg.plan_text import plan_to_text

BENCHMARKS = {
    "attention": "lib_rpg.bench.attention",
    "accuracy": "sandbox.bench.accuracy",
    "lora": "sandbox.bench.lora",
    "planner": "lib_rpg.bench.planner",
}
"""The module of each; those of pictures need the sandbox, and are imported when they run."""
_MAX_FILE = 4_000_000
_MAX_SENTENCE = 2000


class _Parser(argparse.ArgumentParser):
    """Tells a usage error in one line, and prints help as all else is printed."""

    def error(self, message: str) -> NoReturn:
        message = message if len(message) <= 300 else f"{message[:300]}…"
        raise RpgError(f"{self.prog}: {message}; see --help")

    def print_help(self, file: Any = None) -> None:  # noqa: ARG002
        _print(self.format_help().rstrip("\n"))


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
        _tell(str(error))
        return 2
    except OSError as error:
        _tell(f"the output cannot be written ({error.strerror or type(error).__name__}); look at where it goes")
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m lib_rpg", description="Plan regions for a prompt, and draw them.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    plan = commands.add_parser("plan", help="a prompt to a plan")
    _add_request(plan)
    plan.add_argument("--answer", metavar="FILE", help="with --planner paste: the chat's answer; - is standard input")
    _add_json(plan)
    plan.set_defaults(run=_plan)

    layout = commands.add_parser("layout", help="the cells of a split ratio, in pixels and in tokens")
    layout.add_argument("ratio", help="a split ratio such as '1;1,2'")
    layout.add_argument("--size", default="1024x1024", metavar="WIDTHxHEIGHT", help="in pixels (default %(default)s)")
    layout.add_argument("--rows-first", action="store_true", help="read the ratio column by column")
    _add_json(layout)
    layout.set_defaults(run=_layout)

    parse = commands.add_parser("parse", help="a planner's answer to a plan")
    parse.add_argument("file", help="a text file with the answer, or - for standard input")
    _add_json(parse)
    parse.set_defaults(run=_parse)

    gallery = commands.add_parser("gallery", help="stored plans that need no planner")
    gallery.add_argument("title", nargs="?", help="of the plan to print; without it all are listed")
    _add_json(gallery)
    gallery.set_defaults(run=_gallery)

    generate = commands.add_parser("generate", help="plan a prompt and draw it with a running WebUI")
    _add_request(generate)
    generate.add_argument("--url", default="http://127.0.0.1:7860", help="the WebUI's address (default %(default)s)")
    generate.add_argument("-o", "--output", default="out.png", metavar="FILE", help="the picture (default %(default)s)")
    generate.add_argument("--seed", type=int, default=-1, help="-1 (the default) is random")
    generate.add_argument("--steps", type=int, default=20, help="default %(default)s")
    generate.add_argument("--cfg-scale", type=float, default=7.0, help="default %(default)s")
    generate.add_argument("--sampler", default="", help="a sampler's name; the default is the WebUI's own")
    generate.add_argument("--negative-prompt", default="", help="for the whole picture")
    help_of_timeout = "of the drawing (default %(default)s)"
    generate.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help=help_of_timeout)
    _add_json(generate)
    generate.set_defaults(run=_generate)

    bench = commands.add_parser("bench", help="measure speed or accuracy", add_help=False)
    bench.add_argument("name", choices=sorted(BENCHMARKS))
    bench.add_argument("arguments", nargs=argparse.REMAINDER)
    bench.set_defaults(run=_bench)
    return parser


def _add_request(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", help="what the picture shows")
    parser.add_argument("--width", type=int, default=1024, help="in pixels (default %(default)s)")
    parser.add_argument("--height", type=int, default=1024, help="in pixels (default %(default)s)")
    parser.add_argument("--planner", default="offline", help="offline, openai, local or paste (default %(default)s)")
    parser.add_argument("--method", default="rpg", help="rpg, rag or lmd (default %(default)s)")
    parser.add_argument("--examples", default="auto", help="objects, scene, … (default %(default)s)")
    parser.add_argument("--no-recaption", action="store_true", help="regions keep the prompt's own words")
    parser.add_argument("--language", default="", help="of the regions' words, such as English")
    parser.add_argument("--picture", metavar="FILE", help="a picture to recaption from, for models that see")
    parser.add_argument("--again", action="store_true", help="ask anew, even if the answer is in the cache")
    add_model_options(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _request(options: argparse.Namespace) -> planners.PlanRequest:
    check_size(options.width, options.height)
    return planners.PlanRequest(
        options.prompt,
        width=options.width,
        height=options.height,
        method=options.method,
        examples=options.examples,
        recaption=not options.no_recaption,
        language=options.language,
        picture=_read_bytes(options.picture, planners.MAX_PICTURE) if options.picture else None,
    )


def _make_plan(options: argparse.Namespace) -> Plan:
    told = _Progress(sys.stderr)
    try:
        hooks = planners.Hooks(on_status=told.say)
        request, config = _request(options), config_of(options)
        return planners.plan(request, options.planner, config=config, hooks=hooks, fresh=options.again)
    except planners.UnusableAnswerError as error:
        raise RpgError(f"{error}; {_keep_answer(error.answer)}") from None
    finally:
        told.clear()


def _keep_answer(answer: str) -> str:
    """Write a model's answer where the user finds it, and say so."""
    folder = planners.cache_folder()
    if folder is None:
        return "it could not be kept, as this user has no home folder; set RPG_CACHE to a folder"
    path = folder / "last-answer.txt"
    try:
        write_private(path, answer.encode("utf-8", "replace").decode(), "the answer")
    except FileError as error:
        return f"it could not be kept ({error.reason})"
    return f"it is in {path}"


class _Progress:
    """One line on a terminal, written over again and again; nothing where the stream is none."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if stream and stream.isatty() else None
        self._width = 0

    def say(self, sentence: str) -> None:
        if self._stream:
            shown = escaped(sentence)
            self._stream.write("\r" + _encodable(shown.ljust(self._width), self._stream))
            self._stream.flush()
            self._width = len(shown)

    def clear(self) -> None:
        if self._stream and self._width:
            self.say("")
            self._stream.write("\r")
            self._width = 0


def _plan(options: argparse.Namespace) -> None:
    if options.planner != "paste":
        if options.answer:
            raise RpgError("--answer: goes with --planner paste; leave it out, or plan by pasting")
        _print_plan(_make_plan(options), options.json)
    elif options.answer:
        _print_plan(planners.read_pasted(_read(options.answer), _request(options)), options.json)
    elif options.json:
        raise RpgError("--planner paste: there is no plan yet; run it without --json, and then with --answer FILE")
    else:
        _print(planners.request_text(_request(options), config_of(options)))


def _gallery(options: argparse.Namespace) -> None:
    from lib_rpg.gallery import find_example, gallery

    if options.title:
        _print_plan(find_example(options.title).plan, options.json)
    elif options.json:
        _print_json({"examples": [example.to_dict() for example in gallery()]})
    else:
        rows = [[example.title, f"{example.width}x{example.height}", example.plan.prompt] for example in gallery()]
        _print_table([["title", "size", "prompt"], *rows])


def _layout(options: argparse.Namespace) -> None:
    match = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", options.size.strip(), re.ASCII | re.IGNORECASE)
    if not match:
        raise RpgError(f"--size: {show(options.size)} is not a size; write it as 1024x768")
    report = layout_report(options.ratio.strip(), int(match[1]), int(match[2]), rows_first=options.rows_first)
    if options.json:
        _print_json(report)
        return
    header = ["cell", "pixels", *(f"{level} px/token" for level in report["cells"][0]["grid"])]
    rows = [
        [str(i), _span(cell["pixels"]), *map(_span, cell["grid"].values())] for i, cell in enumerate(report["cells"])
    ]
    _print_table([header, *rows])


def _parse(options: argparse.Namespace) -> None:
    from lib_rpg.planner.llm.answers import parse_answer

    _print_plan(parse_answer(_read(options.file)), options.json)


def _generate(options: argparse.Namespace) -> None:
    from lib_rpg.webui_client import Txt2Img, txt2img

    output = Path(options.output)
    if not _may_be_written(output):
        raise RpgError(f"--output: {_quoted(options.output)} cannot be written; name a file in a folder that exists")
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
    try:
        output.write_bytes(picture)
    except OSError as error:
        raise RpgError(f"--output: {_quoted(options.output)} cannot be written ({error.strerror})") from None
    if options.json:
        _print_json({"output": str(output), "infotext": infotext, "plan": plan.to_dict()})
    else:
        _print_plan(plan, False)
        _print(f"wrote {output}")


def _bench(options: argparse.Namespace) -> int | None:
    return importlib.import_module(BENCHMARKS[options.name]).main(options.arguments)


def _may_be_written(output: Path) -> bool:
    try:
        return not output.is_dir() and output.parent.is_dir()
    except (OSError, ValueError):
        return False


def _read(name: str) -> str:
    data = _standard_input() if name == "-" else _read_bytes(name, _MAX_FILE)
    if len(data) > _MAX_FILE:
        raise RpgError(f"{_quoted(name)} has more than {_MAX_FILE} bytes; give the answer alone")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RpgError(f"{_quoted(name)} is not a text file in UTF-8; save it as one") from None


def _standard_input() -> bytes:
    """The bytes of standard input, at most one more than `_MAX_FILE`."""
    if sys.stdin is None:
        raise RpgError("standard input is closed; name a file")
    try:
        return sys.stdin.buffer.read(_MAX_FILE + 1) or b""
    except OSError as error:
        raise RpgError(f"standard input cannot be read ({error.strerror}); name a file") from None


def _read_bytes(name: str, limit: int) -> bytes:
    return read_file(name, limit, _quoted(name), pipes=True)


def _quoted(name: str) -> str:
    return f"'{show_path(name)}'"


def _encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding does not have as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _tell(sentence: str) -> None:
    """One line on stderr, whatever the sentence holds; nothing where stderr is closed."""
    line = escaped(" ".join(sentence.split()))[:_MAX_SENTENCE]
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(_encodable(line, sys.stderr), file=sys.stderr, flush=True)


def _print(text: str) -> None:
    """Text on stdout; control characters, which a terminal would obey, as escapes. Raises RpgError if it can't."""
    _write("".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else escaped(c) for c in text))


def _write(text: str) -> None:
    if sys.stdout is None:
        raise RpgError("standard output is closed; give the command one")
    print(_encodable(text, sys.stdout), flush=True)


def _print_json(document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document)
    _write(text)


def _print_plan(plan: Plan, as_json: bool) -> None:
    if as_json:
        _print_json(plan.to_dict())
        return
    _print(
        f"layout           {plan.split_ratio or plan.layout}\n"
        f"base prompt      {plan.base_prompt}\n"
        f"base ratio       {plan.base_ratio:g}\n"
        f"negative prompt  {plan.negative_prompt}\n"
        f"regional prompt  {plan_to_text(plan)}\n"
    )
    rows = [[str(i), " ".join(f"{side:.3f}" for side in r.box), r.name, r.prompt] for i, r in enumerate(plan.regions)]
    _print_table([["region", "x y width height", "name", "prompt"], *rows])
    for note in plan.source.notes:
        _print(f"note: {note}")


def _span(corners: Sequence[int]) -> str:
    x0, y0, x1, y1 = corners
    return f"x {x0}-{x1}  y {y0}-{y1}"


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    _print("\n".join(lines))


def _program() -> int:
    """`main` as a program: UTF-8 on stdout whatever the locale, and nothing more is said when the process ends."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    code = main()
    if code == 2:
        # What could not be written is still in the stream, and Python would try it again, and tell of it.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


if __name__ == "__main__":
    sys.exit(_program())
