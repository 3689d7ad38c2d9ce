"""Scripts: how they are found and loaded. The names of script_base and script_runner are here too."""

import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from modules import errors, extensions, paths, script_callbacks, script_loading
from modules.script_base import (  # noqa: F401
    AlwaysVisible,
    MaskBlendArgs,
    OnComponent,
    PostprocessBatchListArgs,
    PostprocessImageArgs,
    PostProcessMaskOverlayArgs,
    PostSampleArgs,
    Script,
)
from modules.script_runner import ScriptRunner, wrap_call  # noqa: F401


class ScriptFile(NamedTuple):
    """A file of an extension: the extension's folder, the file's name and its path."""

    basedir: str
    filename: str
    path: str


class ScriptClassData(NamedTuple):
    """A script class and where it comes from."""

    script_class: type
    path: str
    basedir: str
    module: ModuleType


scripts_data: list[ScriptClassData] = []
_current_basedir = paths.script_path


def basedir() -> str:
    """Folder of the extension whose script is being loaded; the sandbox's own at any other time."""
    return _current_basedir


def list_scripts(scriptdirname: str, extension: str) -> list[ScriptFile]:
    """Files that end in `extension` in that folder of the sandbox and of each extension."""
    return [
        ScriptFile(ext.path, path.name, str(path))
        for ext in (extensions.Extension(paths.script_path), *extensions.active())
        for path in ext.list_files(scriptdirname, extension)
    ]


def list_files_with_name(filename: str) -> list[str]:
    """Paths of that file in the sandbox and in each extension, where it is there."""
    folders = [paths.script_path, *(ext.path for ext in extensions.active())]
    return [str(path) for path in (Path(folder) / filename for folder in folders) if path.is_file()]


def load_scripts() -> None:
    """Run scripts/*.py of the sandbox and of every extension afresh, with that one's folder on sys.path meanwhile."""
    global _current_basedir, scripts_txt2img, scripts_img2img
    scripts_data.clear()
    script_callbacks.clear_callbacks()
    syspath = sys.path
    for file in list_scripts("scripts", ".py"):
        try:
            sys.path = [file.basedir, *sys.path]
            _current_basedir = file.basedir
            module = script_loading.load_module(file.path)
            scripts_data.extend(
                ScriptClassData(value, file.path, file.basedir, module)
                for value in vars(module).values()
                if inspect.isclass(value) and issubclass(value, Script)
            )
        except Exception:
            errors.report(f"Error loading script: {file.filename}", exc_info=True)
        finally:
            sys.path = syspath
            _current_basedir = paths.script_path
    scripts_txt2img = ScriptRunner()
    scripts_img2img = ScriptRunner()


scripts_txt2img: ScriptRunner = ScriptRunner()
scripts_img2img: ScriptRunner = ScriptRunner()
scripts_current: ScriptRunner | None = None
"""The runner whose tab is being built."""
