"""Reading and writing files by any name: bounded, whole, private, and never a wait."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib_rpg import files
from lib_rpg.errors import RpgError
from lib_rpg.files import FileError
from lib_rpg.folders import cache_folder, config_folder
from lib_rpg.planner import PlanRequest
from lib_rpg.planner.config import PlannerConfig
from lib_rpg.planner.llm.chats import preset_names
from lib_rpg.planner.llm.examples import check_examples
from lib_rpg.planner.llm.prompt import messages_for
from lib_rpg.planner.llm.server.key_file import KeyFile
from lib_rpg.planner.llm.server.presets import load_presets
from lib_rpg.planner.llm.template_files import example_sets
from tests.examples import examples

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="pipes and modes of POSIX")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails a test that blocks, instead of blocking with it."""

    def stop(*_: object) -> None:
        raise AssertionError(f"still waiting after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def make_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def make_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "s"))
    return folder / "s"


def make_loop(folder: Path) -> Path:
    (folder / "loop").symlink_to("loop")
    return folder / "loop"


def make_large(folder: Path) -> Path:
    with (folder / "large").open("wb") as file:
        file.truncate(5_000_000_000)
    return folder / "large"


def make_latin(folder: Path) -> Path:
    (folder / "latin").write_bytes(b"caf\xe9")
    return folder / "latin"


UNFIT: list[tuple[Callable[[Path], Path], str]] = [
    (lambda folder: folder / "gone", "No such file or directory); check the name"),
    (lambda folder: folder, "Is a directory); name a file"),
    (make_pipe, "it is a pipe); name a regular file"),
    (make_socket, "it is a socket)"),
    (lambda _: Path("/dev/zero"), "it is a device)"),
    (make_loop, "Too many levels of symbolic links)"),
    (make_large, "too large, more than 1000 bytes); shorten it"),
    (make_latin, "not UTF-8); save it as UTF-8 text"),
    (lambda _: Path("/proc/self/maps"), "too large, more than 1000 bytes)"),  # its size is given as 0
    (lambda _: Path("a\0b"), "the name contains a character that file names cannot have); correct the name"),
    (lambda _: Path("\ud800"), "the name contains a character that file names cannot have)"),
    (lambda _: Path("x" * 5000), "File name too long); shorten the name"),
    (lambda folder: folder / ("x" * 300), "File name too long)"),
]


@posix
@pytest.mark.parametrize(("make", "words"), UNFIT)
def test_what_is_not_a_readable_file_is_refused_at_once(
    make: Callable[[Path], Path], words: str, tmp_path: Path
) -> None:
    path = make(tmp_path)
    with within(5), pytest.raises(FileError) as caught:
        files.read_text(path, 1000, "the file")
    assert str(caught.value).startswith("the file cannot be read (") and words in str(caught.value)
    assert str(caught.value).isprintable() and caught.value.__context__ is None
    assert caught.value.missing == (path.name == "gone")


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    (tmp_path / "f").chmod(0)
    with pytest.raises(FileError, match=r"\(Permission denied\); give this user permission"):
        files.read_file(tmp_path / "f", 1000, "the file")


@given(st.text(max_size=60) | st.sampled_from(["/dev/zero", "/dev/stdin", "/proc/self/mem", "~nouser/x", "~", "."]))
@example("\ud800" * 4000)
@example("a/" * 2500)
@settings(max_examples=examples(150))
def test_any_text_as_a_path_gives_a_result_or_one_sentence(text: str) -> None:
    path = Path(text)
    calls: list[Callable[[], object]] = [
        lambda: load_presets(path),
        lambda: example_sets(path),
        lambda: check_examples("mine", path),
        lambda: messages_for(PlanRequest("a cat"), path),
        lambda: preset_names(PlannerConfig(providers=path)),
        lambda: KeyFile(path / "keys.json").get("openai", "h"),
    ]
    for call in calls:
        try:
            call()
        except RpgError as error:
            assert str(error).isprintable() and len(str(error)) < 500


def test_text_is_read_up_to_its_limit_with_and_without_a_mark(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfcaf\xc3\xa9")
    assert files.read_text(tmp_path / "f", 8, "f") == "café"
    with pytest.raises(FileError, match="more than 7 bytes"):
        files.read_text(tmp_path / "f", 7, "f")


@posix
def test_a_pipe_is_read_to_its_end_where_pipes_are_welcome(tmp_path: Path) -> None:
    pipe = make_pipe(tmp_path)

    def write() -> None:
        with pipe.open("wb") as file:
            for part in (b"a" * 100_000, b"b"):
                time.sleep(0.1)
                file.write(part)
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    with within(10):
        assert files.read_file(pipe, 200_000, "f", pipes=True) == b"a" * 100_000 + b"b"
    writer.join()


@posix
def test_a_pipe_that_nobody_writes_to_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PIPE_SECONDS", 0.1)
    with within(5), pytest.raises(FileError, match="no program writes to it"):
        files.read_file(make_pipe(tmp_path), 1000, "f", pipes=True)


@posix
def test_an_endless_pipe_is_cut_at_its_limit(tmp_path: Path) -> None:
    pipe = make_pipe(tmp_path)
    source = subprocess.Popen(["/bin/sh", "-c", f"cat /dev/zero > {pipe}"], stderr=subprocess.DEVNULL)
    with within(10), pytest.raises(FileError, match="more than 1000000 bytes"):
        files.read_file(pipe, 1_000_000, "f", pipes=True)
    source.wait(10)


@posix
def test_names_are_those_of_regular_files_that_can_be_shown(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.txt", "\u202ed.json", "x\ny.json"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "link.json").symlink_to("a.json")
    (tmp_path / "loop.json").symlink_to("loop.json")
    os.mkfifo(tmp_path / "pipe.json")
    assert files.file_names(tmp_path, ".json", "f") == ["a", "b", "link"]


def test_a_folder_of_very_many_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ENTRIES", 3)
    for index in range(4):
        (tmp_path / f"{index}.json").write_text("")
    with pytest.raises(FileError, match="more than 3 entries"):
        files.file_names(tmp_path, ".json", "f")


@posix
def test_a_file_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "f"
    files.write_private(path, "café", "f")
    assert path.read_bytes() == "café".encode() and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    assert [one.name for one in path.parent.iterdir()] == ["f"]


@pytest.mark.parametrize("name", ["", "a\0b", "\ud800", "x" * 5000, "a/" * 2500, "there"])
def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "f").write_text("mine")
    with pytest.raises(FileError, match="f cannot be written"):
        files.write_private(tmp_path / name if name else Path(), "x", "f")
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "f"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_breaks_off_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    files.write_private(tmp_path / "f", "before", "f")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((FileError, KeyboardInterrupt)):
        files.write_private(tmp_path / "f", "after", "f")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("f", "before")]
    with pytest.raises(FileError, match="it contains a character that is not text"):
        files.write_private(tmp_path / "f", "\ud800", "f")


@posix
def test_a_shared_folder_stays_shared(tmp_path: Path) -> None:
    for mode, after in ((0o755, 0o700), (0o750, 0o700), (0o775, 0o775), (0o1777, 0o1777)):
        folder = tmp_path / oct(mode)
        folder.mkdir()
        folder.chmod(mode)
        files.tighten(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == after


def test_only_stale_parts_of_that_name_are_removed(tmp_path: Path) -> None:
    for name in ("k.1.part", "k.2.part", "other.1.part", "k.json"):
        (tmp_path / name).write_text("x")
        if name != "k.2.part":
            os.utime(tmp_path / name, (1, 1))
    files.remove_stale(tmp_path, "k.", 60)
    files.remove_stale(tmp_path / "gone", "k.", 60)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k.2.part", "k.json", "other.1.part"]


def test_one_at_a_time_is_alone_in_a_folder_and_the_wait_is_bounded(tmp_path: Path) -> None:
    with files.alone_in(tmp_path / "f", "f"):
        begun = time.monotonic()
        with (
            pytest.raises(FileError, match="another program is writing there"),
            files.alone_in(tmp_path / "f", "f", 0.2),
        ):
            raise AssertionError("two are in")
        assert time.monotonic() - begun < 3
    with files.alone_in(tmp_path / "f", "f", 0.0):
        pass


@posix
def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom lib_rpg.files import alone_in\n"
        "with alone_in(Path(sys.argv[1]), 'f'):\n    print('in', flush=True)\n    time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdout.readline() == b"in\n"
    holder.kill()
    holder.communicate()
    with files.alone_in(tmp_path, "f", 1.0):
        pass


# Folders


@posix
@pytest.mark.parametrize("value", ["", "relative/folder", "."])
def test_a_relative_or_empty_xdg_folder_is_ignored(value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RPG_CACHE", "RPG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert cache_folder() == tmp_path / ".cache" / "sd-webui-rpg"
    assert config_folder() == tmp_path / ".config" / "sd-webui-rpg"
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert cache_folder() == Path("/c/sd-webui-rpg")


@posix
def test_without_a_home_folder_all_works_but_what_is_kept(tmp_path: Path) -> None:
    code = (
        "import pwd\n"
        "def nobody(_): raise KeyError\n"
        "pwd.getpwuid = nobody\n"
        "import lib_rpg.planner as planner\n"
        "from lib_rpg.errors import RpgError\n"
        "from lib_rpg.planner.llm.server.key_file import KeyFile\n"
        "print(planner.PlannerConfig().cache, len(planner.plan(planner.PlanRequest('a cat left of a dog')).regions))\n"
        "print(repr(KeyFile().get('openai', 'h')))\n"
        "try:\n    KeyFile().put('openai', 'h', 'sk-1')\nexcept RpgError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "None 2",
        "''",
        "the key was not stored, because this user has no home folder; set RPG_CONFIG to a folder",
    ], done.stderr
