"""Make the small text encoder of the test checkpoints known to open_clip, before one of them is loaded."""

from pathlib import Path

try:
    import open_clip
except ImportError:  # the sandbox has no SD2 or SDXL
    pass
else:
    folder = Path(__file__).resolve().parents[2] / "checkpoints"
    open_clip.add_model_config(folder / "rpg-test-openclip.json")
