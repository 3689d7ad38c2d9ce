"""Run a script file as a module."""

import importlib.util
from pathlib import Path
from types import ModuleType


def load_module(path: str) -> ModuleType:
    """Execute the file at `path` and return its module; it is not put into sys.modules."""
    spec = importlib.util.spec_from_file_location(Path(path).name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
