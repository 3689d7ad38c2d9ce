"""``python -m tests.contract.record --webui-root DIR``: record what a real WebUI draws, for the sandbox to reproduce.

Plain pictures are recorded on a WebUI that has never had the extension; the same requests then run once more on one
that has, and must give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.contract import host as hosts
from tests.contract import recordings
from tests.contract.cases import cases, is_plain
from tests.contract.client import Client, difference


def main() -> int:
    """Record into a temporary folder; it takes the place of the old recordings once all is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.record", description=__doc__)
    parser.add_argument("--webui-root", required=True, type=Path, help="folder of a WebUI v1.10.1")
    parser.add_argument("--plain-only", action="store_true", help="leave the regional ones out")
    parser.add_argument("--to", type=Path, default=recordings.FOLDER, help="folder to write to")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rpg-recordings-") as temporary:
        folder = Path(temporary)
        plain = {name: request for name, request in cases().items() if is_plain(request)}
        with hosts.start(args.webui_root, extension=False) as client:
            about = _about(args.webui_root, client)
            _record(client, plain, folder)
        if not args.plain_only:
            with hosts.start(args.webui_root) as client:
                _record(client, {n: r for n, r in cases().items() if not is_plain(r)}, folder)
                changed = _changed(client, plain, folder)
            if changed:
                print(f"plain pictures that the extension changes: {', '.join(changed)}", file=sys.stderr)
                return 1
        (folder / recordings.ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        if args.to.exists():
            shutil.rmtree(args.to)
        shutil.copytree(folder, args.to)
    print(f"{len(list(args.to.glob('*.json'))) - 1} recordings in {args.to}")
    return 0


def _about(root: Path, client: Client) -> dict[str, Any]:
    revision = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    probe = client.plain(steps=1)
    return {
        "version": probe.info["version"],
        "revision": revision.stdout.strip(),
        "checkpoint_sha256": recordings.checkpoint_sha256(),
        "recorded": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }


def _record(client: Client, requests: dict[str, dict[str, Any]], folder: Path) -> None:
    for name, request in requests.items():
        started = time.monotonic()
        recordings.save(folder, name, request, recordings.draw(client, request, folder))
        print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)


def _changed(client: Client, requests: dict[str, dict[str, Any]], folder: Path) -> list[str]:
    """Names of the recordings that the client's host does not draw to the bit, with infotexts, and by how much."""
    changed = []
    for name, request in requests.items():
        again = recordings.draw(client, request, folder)
        old_pixels = [recordings.pixels_of((folder / f"{name}-{i}.png").read_bytes()) for i in range(len(again.pngs))]
        by = max(difference(old, new) for old, new in zip(old_pixels, again.pixels, strict=True))
        texts = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["infotexts"]
        if by or texts != again.infotexts:
            changed.append(f"{name} (mean difference {by:.3f} of 255)")
    return changed


if __name__ == "__main__":
    raise SystemExit(main())
