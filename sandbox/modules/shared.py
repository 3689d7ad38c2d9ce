"""What every module shares: options, state, the loaded model."""

from types import SimpleNamespace

from modules import devices
from modules.options import OptionInfo, Options, options_section
from modules.shared_options import options_templates
from modules.shared_state import State
from modules.styles import StyleDatabase
from modules.upscaler import without_models

__all__ = ["OptionInfo", "Options", "options_section", "options_templates"]

PROGRAM_VERSION = "v1.10.1"
"""The WebUI release that the sandbox behaves like; it is in the infotext as that release writes it."""

cmd_opts = SimpleNamespace(
    no_half=True,
    ckpt=None,
    api=True,
    nowebui=False,
    api_auth=None,
    cors_allow_origins=None,
    cors_allow_origins_regex=None,
    freeze_settings=False,
    disable_nan_check=False,
)
config_filename = None
"""The JSON file that Settings are read from and saved to, None for none."""

opts = Options(options_templates)
state = State()
prompt_styles = StyleDatabase()
device = devices.device

sd_model = None
"""The loaded model (sd_models.LatentDiffusion), None before sd_models.load_model."""

demo = None
"""The gradio page, once it is built."""

loaded_hypernetworks: list = []
progress_print_out = None
sd_upscalers = without_models()

latent_upscale_default_mode = "Latent"
latent_upscale_modes = {
    "Latent": {"mode": "bilinear", "antialias": False},
    "Latent (antialiased)": {"mode": "bilinear", "antialias": True},
    "Latent (bicubic)": {"mode": "bicubic", "antialias": False},
    "Latent (bicubic antialiased)": {"mode": "bicubic", "antialias": True},
    "Latent (nearest)": {"mode": "nearest", "antialias": False},
    "Latent (nearest-exact)": {"mode": "nearest-exact", "antialias": False},
}
