"""Files by a name from Settings, the command line or the environment: read within bounds, written whole and private.

A name may be any text and may lead to anything: a pipe that nobody writes to, an endless device, a folder, a file that
grows. None of them blocks or fills the memory; each is one sentence (`FileError`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import select
import stat
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lib_rpg.errors import RpgError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PART = ".part"
"""How the name of a file ends that is being written."""
MAX_ENTRIES = 10_000
_MAX_SHOWN = 160
_MAX_NAME = 4096
_PIPE_SECONDS = 5.0
_LOCK_SECONDS = 5.0
_CHUNK = 1 << 20
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_ALWAYS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NOT_A_NAME = ("the name contains a character that file names cannot have", "correct the name")
_ADVICE = {
    errno.ENOENT: "check the name",
    errno.EACCES: "give this user permission",
    errno.EPERM: "give this user permission",
    errno.ENAMETOOLONG: "shorten the name",
    errno.ENOSPC: "free some disk space",
}


class FileError(RpgError):
    """A file that cannot be used.

    ``reason`` is the cause in a few words, ``missing`` says that nothing is there.
    """

    def __init__(self, what: str, cannot: str, reason: str, advice: str, missing: bool = False) -> None:
        super().__init__(f"{what} cannot be {cannot} ({reason}); {advice}")
        self.reason = reason
        self.missing = missing


class _UnfitError(Exception):
    """What is wrong with a file that the system would open: the reason and the advice."""


def show_path(path: Path | str) -> str:
    """A path for a message: on one line, escaped, at most some 160 characters, of which the last are kept."""
    text = escaped(str(path)[-_MAX_NAME:])
    return text if len(text) <= _MAX_SHOWN else f"…{text[1 - _MAX_SHOWN :]}"


def escaped(text: str) -> str:
    """The text with every character that has no shape of its own as its escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def expand(path: Path, what: str) -> Path:
    """The path with a ``~`` at its start replaced by the home folder. Raises FileError if there is no such user."""
    if not str(path).startswith("~"):
        return path
    with contextlib.suppress(RuntimeError, KeyError, ValueError):
        return path.expanduser()
    raise FileError(what, "read", "there is no user of that name", "give the full path")


def read_file(path: Path | str, limit: int, what: str, *, pipes: bool = False, private: bool = False) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; ``what`` is the subject of the error's sentence.

    ``pipes`` also takes a pipe, such as a shell's ``<(command)``: it is read while somebody writes to it, and given up
    where nobody does for five seconds. ``private`` takes the file's rights from all but its owner. Raises FileError.
    """
    try:
        return _content(Path(path), limit, pipes, private)
    except (OSError, ValueError, _UnfitError) as error:
        failure = _failure(error, what, "read")
    raise failure


def read_text(path: Path | str, limit: int, what: str, *, private: bool = False) -> str:
    """As `read_file`, for text in UTF-8, with or without a byte order mark."""
    data = read_file(path, limit, what, private=private)
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    raise FileError(what, "read", "not UTF-8", "save it as UTF-8 text")


def file_names(folder: Path, suffix: str, what: str) -> list[str]:
    """The names, less ``suffix``, of the regular files of a folder that end so and can be shown. Raises FileError."""
    try:
        with os.scandir(folder) as entries:
            found = list(islice(entries, MAX_ENTRIES + 1))
        if len(found) > MAX_ENTRIES:
            raise _UnfitError(f"it has more than {MAX_ENTRIES} entries", "use a folder that has only these files")
    except (OSError, ValueError, _UnfitError) as error:
        failure = _failure(error, what, "read")
    else:
        named = [entry for entry in found if entry.name.endswith(suffix) and entry.name.isprintable()]
        return sorted(entry.name[: -len(suffix)] for entry in named if _is_file(entry))
    raise failure


def write_private(path: Path, content: str | bytes, what: str) -> None:
    """Write a whole file that its owner alone can read, or leave what is there. Missing folders are made.

    Raises FileError.
    """
    try:
        data = content if isinstance(content, bytes) else content.encode()
    except UnicodeEncodeError:
        data = None
    if data is None:
        raise FileError(what, "written", "it contains a character that is not text", "remove lone surrogates")
    try:
        return _replace(path, data)
    except (OSError, ValueError) as error:
        failure = _failure(error, what, "written")
    raise failure


def make_private(folder: Path) -> None:
    """Make a folder, and those above it, for their owner alone; one that is there stays as it is. Raises OSError."""
    absent: list[Path] = []
    with contextlib.suppress(FileExistsError):
        while True:
            try:
                folder.mkdir(0o700)
                break
            except FileNotFoundError:
                if folder.parent == folder:
                    raise
                absent.append(folder)
                folder = folder.parent
    for one in reversed(absent):
        with contextlib.suppress(FileExistsError):
            one.mkdir(0o700)


def tighten(folder: Path) -> None:
    """Take a folder's rights from all but its owner, unless others may write to it: then it is shared on purpose."""
    with contextlib.suppress(OSError, ValueError):
        about = folder.lstat()
        if stat.S_ISDIR(about.st_mode) and not about.st_mode & 0o022 and about.st_mode & 0o077 and _is_own(about):
            folder.chmod(0o700)


def remove_stale(folder: Path, prefix: str, seconds: float) -> None:
    """Remove files that a dead process was writing: ``prefix….part``, not changed for that long."""
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as entries:
        for entry in islice(entries, MAX_ENTRIES):
            if entry.name.startswith(prefix) and entry.name.endswith(PART):
                with contextlib.suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode) and time.time() - about.st_mtime > seconds:
                        Path(entry.path).unlink()


@contextlib.contextmanager
def alone_in(folder: Path, what: str, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Keep every other thread and process out that comes in here for the same folder, which is made if it is missing.

    A process that dies lets go. Raises FileError where the folder cannot be made, or another holds it for ``seconds``.
    """
    handle: int | None = None
    try:
        make_private(folder)
        handle = _open_lock(folder)
        _lock(handle, seconds)
    except (OSError, ValueError, _UnfitError) as error:
        failure = _failure(error, what, "written")
    else:
        try:
            yield
        finally:
            os.close(handle)
        return
    if handle is not None:
        os.close(handle)
    raise failure


def _failure(error: Exception, what: str, cannot: str) -> FileError:
    if isinstance(error, _UnfitError):
        return FileError(what, cannot, *error.args)
    if not isinstance(error, OSError):
        return FileError(what, cannot, *_NOT_A_NAME)
    reason = error.strerror or type(error).__name__
    advice = _ADVICE.get(error.errno or 0, "check this path")
    return FileError(what, cannot, reason, advice, isinstance(error, FileNotFoundError))


def _content(path: Path, limit: int, pipes: bool, private: bool) -> bytes:
    # Opening alone can wait, or have an effect on a device, so that the kind is looked at before and after.
    _check_kind(path.stat(), limit, pipes)
    handle = os.open(path, _READING | _ALWAYS)
    try:
        about = os.fstat(handle)
        _check_kind(about, limit, pipes)
        if private and os.name == "posix" and about.st_mode & 0o077 and _is_own(about):
            with contextlib.suppress(OSError):
                os.fchmod(handle, 0o600)
        data = _drain(handle, limit + 1, stat.S_ISFIFO(about.st_mode))
    finally:
        os.close(handle)
    if len(data) > limit:
        raise _too_large(limit)
    return data


def _check_kind(about: os.stat_result, limit: int, pipes: bool) -> None:
    mode = about.st_mode
    if stat.S_ISREG(mode):
        if about.st_size > limit:
            raise _too_large(limit)
    elif stat.S_ISDIR(mode):
        raise _UnfitError("Is a directory", "name a file")
    elif not (pipes and stat.S_ISFIFO(mode)):
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise _UnfitError(f"it is {kind}", "name a regular file")


def _too_large(limit: int) -> _UnfitError:
    return _UnfitError(f"too large, more than {limit} bytes", "shorten it")


def _drain(handle: int, most: int, pipe: bool) -> bytes:
    """At most so many bytes. The size that the system reports is not trusted: it is 0 in /proc, and files grow."""
    data = bytearray()
    written = False
    patience = time.monotonic() + _PIPE_SECONDS
    while len(data) < most:
        try:
            part = os.read(handle, min(_CHUNK, most - len(data)))
        except BlockingIOError:
            if not pipe:
                raise
            written = True  # a writer is there
            select.select([handle], [], [])
            continue
        if part:
            data += part
            written = True
        elif written or not pipe:
            break
        elif time.monotonic() > patience:
            raise _UnfitError("no program writes to it", "name a file, or a pipe that a program writes to")
        else:
            time.sleep(0.02)
    return bytes(data)


def _replace(path: Path, data: bytes) -> None:
    make_private(path.parent)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    handle = os.open(part, _WRITING | _ALWAYS, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_own(about: os.stat_result) -> bool:
    return os.name == "posix" and about.st_uid == os.geteuid()


def _open_lock(folder: Path) -> int:
    if sys.platform == "win32":
        return os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    # The folder itself is locked, so that a process that dies leaves no file behind.
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _lock(handle: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if sys.platform == "win32":
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except (BlockingIOError, PermissionError):
            if time.monotonic() > end:
                raise _UnfitError("another program is writing there", "try again in a moment") from None
            time.sleep(0.02)
        except OSError:
            return  # a file system without locks
