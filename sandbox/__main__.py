"""``python -m sandbox``: the sandbox's page and API."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> int:
    """Parse the command line and serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A WebUI in miniature with this extension.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, help="port to listen on (default: the first free one from 7860 on)")
    parser.add_argument("--no-page", action="store_true", help="serve only the API")
    parser.add_argument(
        "--extension", type=Path, action="append", default=[], metavar="DIR", help="one more extension to load"
    )
    parser.add_argument(
        "--checkpoint", type=Path, help="a .safetensors file with its .yaml beside it (default: the shapes model)"
    )
    parser.add_argument("--lora-dir", type=Path, help="one more folder with LoRAs, as the WebUI's option")
    parser.add_argument("--no-api", action="store_true", help="serve only the page, as a WebUI without --api does")
    parser.add_argument("--api-auth", metavar="USER:PASSWORD", help="who may use the API, as the WebUI's option")
    parser.add_argument("--gradio-auth", metavar="USER:PASSWORD", help="who may open the page, as the WebUI's option")
    parser.add_argument("--ui-settings-file", type=Path, metavar="FILE", help="a JSON file with settings")
    args = parser.parse_args()

    # Imported late: --help need not wait for torch and gradio.
    from sandbox import launch

    if args.lora_dir:
        import networks

        networks.lora_dirs.append(args.lora_dir.absolute())
    from modules import shared

    from lib_rpg.bench.ldm_networks import host_attention

    shared.cmd_opts.api, shared.cmd_opts.api_auth = not args.no_api, args.api_auth
    shared.config_filename = args.ui_settings_file
    checkpoint = args.checkpoint or launch.CHECKPOINT
    with host_attention("sdp"):  # as fast as the WebUI's own default on a GPU
        return launch.main(args.host, args.port, not args.no_page, args.extension, checkpoint, args.gradio_auth)


if __name__ == "__main__":
    raise SystemExit(main())
