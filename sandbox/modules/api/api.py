"""The routes under /sdapi/v1, with the WebUI's requests, answers and errors."""

from __future__ import annotations

import base64
import binascii
import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import networks
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from modules import errors, infotext_utils, paths, progress, scripts, sd_models, sd_samplers, sd_schedulers, shared
from modules.api import models
from modules.call_queue import queue_lock
from modules.processing import (
    Processed,
    StableDiffusionProcessingImg2Img,
    StableDiffusionProcessingTxt2Img,
    process_images,
)
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from sandbox import memory

_basic = HTTPBasic()
OUTPUTS = Path(paths.script_path) / "outputs"
"""Where pictures go that a request wants saved."""


def decode_base64_to_image(encoding: str) -> Image.Image:
    """The picture in base64 or in a ``data:image/…`` URL; HTTP 500 if it is none. Addresses are refused."""
    if encoding.startswith(("http://", "https://")):
        raise HTTPException(status_code=500, detail="Requests not allowed")
    if encoding.startswith("data:image/"):
        encoding = encoding.split(";")[1].split(",")[1]
    try:
        image = Image.open(io.BytesIO(base64.b64decode(encoding)))
        image.load()
    except (binascii.Error, OSError, UnidentifiedImageError) as e:
        raise HTTPException(status_code=500, detail="Invalid encoded image") from e
    return image


def encode_pil_to_base64(image: Image.Image) -> str:
    """The picture as a base64 PNG with its text fields (``parameters``)."""
    metadata = PngImagePlugin.PngInfo()
    for key, value in image.info.items():
        if isinstance(key, str) and isinstance(value, str):
            metadata.add_text(key, value)
    output = io.BytesIO()
    image.save(output, format="PNG", pnginfo=metadata)
    return base64.b64encode(output.getvalue()).decode("ascii")


def _save(processed: Processed, folder: Path) -> None:
    """Write the pictures to ``folder`` as PNGs with their infotexts, named by time and number."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(processed.images):
        saved = image.copy()
        if shared.opts.enable_pnginfo and i < len(processed.infotexts):
            saved.info.setdefault("parameters", processed.infotexts[i])  # a script's own picture has none
        (folder / f"{processed.job_timestamp}-{i}.png").write_bytes(base64.b64decode(encode_pil_to_base64(saved)))


def _error_response(request: Request, e: Exception) -> JSONResponse:
    """Any exception as the API's error: its class, its detail and body if it has them, its text."""
    details = vars(e)
    err = {
        "error": type(e).__name__,
        "detail": details.get("detail", ""),
        "body": details.get("body", ""),
        "errors": str(e),
    }
    if not isinstance(e, HTTPException):
        errors.report(f"API error: {request.method}: {request.url} {err}", exc_info=True)
    return JSONResponse(status_code=details.get("status_code", 500), content=jsonable_encoder(err))


def _auth(credentials: HTTPBasicCredentials = Depends(_basic)) -> None:  # noqa: B008
    """HTTP 401 but for a pair of ``--api-auth``."""
    pairs = [pair.split(":") for pair in shared.cmd_opts.api_auth.split(",")]
    if [credentials.username, credentials.password] not in pairs:
        raise HTTPException(401, "Incorrect username or password", headers={"WWW-Authenticate": "Basic"})


def api_middleware(app: FastAPI) -> None:
    """Make every error an answer in JSON and time every answer (``X-Process-Time``, seconds)."""

    # The one added first is the innermost: an error must not pass through another, which would wrap it.
    @app.middleware("http")
    async def catch(request: Request, call_next: Callable) -> Any:
        try:
            return await call_next(request)
        except Exception as e:  # whatever a route raises is answered
            return _error_response(request, e)

    @app.middleware("http")
    async def time_it(request: Request, call_next: Callable) -> Any:
        start = time.time()
        response = await call_next(request)
        response.headers["X-Process-Time"] = str(round(time.time() - start, 4))
        return response

    @app.exception_handler(HTTPException)
    async def http_exception(request: Request, e: HTTPException) -> JSONResponse:
        return _error_response(request, e)


def _script_index(name: str, script_list: list) -> int:
    titles = [script.title().lower() for script in script_list]
    if name.lower() not in titles:
        raise HTTPException(status_code=422, detail=f"Script '{name}' not found")
    return titles.index(name.lower())


def default_script_args(runner: Any) -> list[Any]:
    """What every script's components are worth when nobody touches them; slot 0 is the selectable script's number.

    As in the WebUI the values come from one more call of each script's ``ui()``, outside the page.
    """
    args: list[Any] = [None] * max([1, *(script.args_to for script in runner.scripts)])
    args[0] = 0
    with gr.Blocks():
        for script in runner.scripts:
            controls = script.ui(script.is_img2img)
            if controls:
                args[script.args_from : script.args_to] = [control.value for control in controls]
    return args


class Api:
    """The API on ``app``; the scripts' user interfaces must have been built."""

    def __init__(self, app: FastAPI):
        self.app = app
        self._peak = memory.Peak()
        self.default_args = {
            "txt2img": default_script_args(scripts.scripts_txt2img),
            "img2img": default_script_args(scripts.scripts_img2img),
        }
        api_middleware(app)
        self._add("POST", "txt2img", self.text2imgapi, models.TextToImageResponse)
        self._add("POST", "img2img", self.img2imgapi, models.ImageToImageResponse)
        self._add("POST", "png-info", self.pnginfoapi, models.PNGInfoResponse)
        self._add("GET", "progress", self.progressapi, models.ProgressResponse)
        self._add("POST", "interrupt", self.interruptapi)
        self._add("POST", "skip", self.skip)
        self._add("GET", "options", self.get_config)
        self._add("POST", "options", self.set_config)
        self._add("GET", "cmd-flags", self.get_cmd_flags)
        self._add("GET", "samplers", self.get_samplers)
        self._add("GET", "schedulers", self.get_schedulers)
        self._add("GET", "sd-models", self.get_sd_models)
        self._add("GET", "scripts", self.get_scripts_list, models.ScriptsList)
        self._add("GET", "script-info", self.get_script_info, list[models.ScriptInfo])
        self._add("GET", "loras", networks.list_loras)
        self._add("GET", "memory", self.get_memory, models.MemoryResponse)
        self._add("GET", "upscalers", self.get_upscalers)
        for name in ("sd-vae", "hypernetworks", "face-restorers", "realesrgan-models"):
            self._add("GET", name, self.get_none)
        self._add("GET", "latent-upscale-modes", self.get_latent_upscale_modes)
        self._add("GET", "prompt-styles", self.get_prompt_styles)
        self._add("GET", "embeddings", self.get_embeddings)

    def _add(self, method: str, name: str, endpoint: Callable, response_model: Any = None) -> None:
        guards = [Depends(_auth)] if shared.cmd_opts.api_auth else []
        self.app.add_api_route(
            f"/sdapi/v1/{name}",
            endpoint,
            methods=[method],
            response_model=response_model,
            name=name,
            dependencies=guards,
        )

    def _script_args(
        self, request: Any, tab: str, runner: Any, selected: Any, from_infotext: dict[int, Any]
    ) -> list[Any]:
        """The scripts' arguments: defaults, then the infotext's, then the request's, each into its script's slice."""
        args = self.default_args[tab].copy()
        for index, value in from_infotext.items():
            args[index] = value
        if selected is not None:
            args[selected.args_from : selected.args_to] = request.script_args
            args[0] = runner.selectable_scripts.index(selected) + 1
        for name, given in (request.alwayson_scripts or {}).items():
            script = runner.scripts[_script_index(name, runner.scripts)]
            if not script.alwayson:
                raise HTTPException(
                    status_code=422, detail="Cannot have a selectable script in the always on scripts params"
                )
            # Arguments beyond the script's own are dropped, missing ones keep their defaults.
            values = given["args"][: script.args_to - script.args_from] if "args" in given else []
            args[script.args_from : script.args_from + len(values)] = values
        return args

    def _apply_infotext(self, request: Any, tab: str, runner: Any) -> dict[int, Any]:
        """Fill the request's unset fields from its ``infotext``; the script arguments that it names, by index."""
        if not request.infotext:
            return {}
        given = request.dict(exclude_unset=True)
        params = infotext_utils.parse_generation_parameters(request.infotext)
        indexes = {component: i for i, component in enumerate(runner.inputs)}
        script_args = {}

        for field in infotext_utils.paste_fields[tab]["fields"]:
            value = field.read(params)
            if isinstance(value, dict) and value.get("__type__") == "update":
                value = value.get("value")
            if value is None:
                continue
            if field.api and field.api not in given:
                kind = request.__fields__[field.api].type_
                setattr(request, field.api, value if kind is Any or isinstance(value, kind) else kind(value))
            if field.component in indexes:
                kind = type(field.component.value)
                script_args[indexes[field.component]] = value if isinstance(value, kind) else kind(value)

        settings = {setting: value for _, setting, value in infotext_utils.get_override_settings(params)}
        request.override_settings = {**settings, **(request.override_settings or {})}
        return script_args

    def _generate(self, request: Any, tab: str, runner: Any, processing_class: type, images: dict[str, Any]) -> Any:
        """Turn a request into a processing object with its script arguments and run it when its turn comes."""
        task_id = request.force_task_id or progress.create_task_id(tab)
        from_infotext = self._apply_infotext(request, tab, runner)

        selected = None
        if request.script_name:
            selected = runner.selectable_scripts[_script_index(request.script_name, runner.selectable_scripts)]

        sampler, scheduler = sd_samplers.get_sampler_and_scheduler(
            request.sampler_name or request.sampler_index, request.scheduler
        )

        script_args = self._script_args(request, tab, runner, selected, from_infotext)
        not_processing = {"include_init_images", *models.REQUEST_FIELDS}
        args = {key: value for key, value in vars(request).items() if key not in not_processing}
        args |= {
            "sampler_name": sampler,
            "scheduler": request.scheduler or (None if scheduler == "Automatic" else scheduler),
            "do_not_save_samples": not request.save_images,
            "do_not_save_grid": not request.save_images,
            **images,
        }

        progress.add_task_to_queue(task_id)
        with queue_lock:
            self._peak.begin()
            p = processing_class(sd_model=shared.sd_model, **args)
            try:
                p.is_api = True
                p.scripts = runner
                p.outpath_samples = p.outpath_grids = str(OUTPUTS / tab)
                shared.state.begin(job=f"scripts_{tab}")
                progress.start_task(task_id)
                if selected is not None:
                    p.script_args = script_args
                    processed = runner.run(p, *script_args)
                else:
                    p.script_args = tuple(script_args)
                    processed = process_images(p)
            finally:
                progress.finish_task(task_id)
                shared.state.end()
                p.close()
        if request.save_images:
            _save(processed, OUTPUTS / tab)
        return processed

    def text2imgapi(self, request: models.StableDiffusionTxt2ImgProcessingAPI) -> dict:
        """Pictures from a prompt."""
        processed = self._generate(request, "txt2img", scripts.scripts_txt2img, StableDiffusionProcessingTxt2Img, {})
        pictures = [encode_pil_to_base64(image) for image in processed.images] if request.send_images else []
        return {"images": pictures, "parameters": vars(request), "info": processed.js()}

    def img2imgapi(self, request: models.StableDiffusionImg2ImgProcessingAPI) -> dict:
        """Pictures from a prompt and pictures; HTTP 404 without any."""
        if request.init_images is None:
            raise HTTPException(status_code=404, detail="Init image not found")
        images = {
            "mask": decode_base64_to_image(request.mask) if request.mask else None,
            "init_images": [decode_base64_to_image(image) for image in request.init_images],
        }
        processed = self._generate(
            request, "img2img", scripts.scripts_img2img, StableDiffusionProcessingImg2Img, images
        )
        pictures = [encode_pil_to_base64(image) for image in processed.images] if request.send_images else []
        if not request.include_init_images:
            request.init_images = None
            request.mask = None
        return {"images": pictures, "parameters": vars(request), "info": processed.js()}

    def pnginfoapi(self, request: models.PNGInfoRequest) -> dict:
        """The infotext of a picture, and what it says."""
        items = decode_base64_to_image(request.image.strip()).info
        infotext = items.pop("parameters", None) or ""
        params = infotext_utils.parse_generation_parameters(infotext)
        texts = {key: value for key, value in items.items() if isinstance(value, str)}
        return {"info": infotext, "items": {"parameters": infotext, **texts}, "parameters": params}

    def progressapi(self, request: models.ProgressRequest = Depends()) -> dict:  # noqa: B008 - FastAPI's way
        """How far the current job is, and what it looks like by now."""
        state = {"state": shared.state.dict(), "textinfo": shared.state.textinfo}
        if shared.state.job_count == 0:
            return {"progress": 0.0, "eta_relative": 0.0, **state}
        done = min(0.01 + progress.fraction_done(), 1.0)
        elapsed = time.time() - shared.state.time_start
        preview = None
        if not request.skip_current_image:
            shared.state.set_current_image()
            preview = shared.state.current_image
        return {
            "progress": done,
            "eta_relative": elapsed / done - elapsed,
            "current_image": preview and encode_pil_to_base64(preview),
            **state,
        }

    def interruptapi(self) -> dict:
        """Stop the current job."""
        shared.state.interrupt()
        return {}

    def skip(self) -> None:
        """Stop the current batch and go on with the next."""
        shared.state.skip()

    def get_config(self) -> dict:
        """All settings."""
        return {key: getattr(shared.opts, key) for key in shared.opts.data_labels}

    def set_config(self, request: dict[str, Any]) -> None:
        """Change settings until the server ends; an unknown checkpoint is an error."""
        checkpoint = request.get("sd_model_checkpoint")
        if checkpoint is not None and checkpoint not in sd_models.checkpoint_aliases:
            raise RuntimeError(f"model {checkpoint!r} not found")
        for key, value in request.items():
            shared.opts.set(key, value, is_api=True)

    def get_cmd_flags(self) -> dict:
        """The command line."""
        return vars(shared.cmd_opts)

    def get_samplers(self) -> list[dict]:
        """Samplers by name."""
        return [{"name": s.name, "aliases": s.aliases, "options": s.options} for s in sd_samplers.all_samplers]

    def get_schedulers(self) -> list[dict]:
        """Noise schedules by name."""
        keys = ("name", "label", "aliases", "default_rho", "need_inner_model")
        return [{key: getattr(scheduler, key) for key in keys} for scheduler in sd_schedulers.schedulers]

    def get_sd_models(self) -> list[dict]:
        """Checkpoints."""
        return [
            {
                "title": info.title,
                "model_name": info.model_name,
                "hash": info.shorthash,
                "sha256": info.sha256,
                "filename": info.filename,
                "config": str(config) if (config := Path(info.filename).with_suffix(".yaml")).exists() else None,
            }
            for info in sd_models.checkpoints_list.values()
        ]

    def get_none(self) -> list:
        """A kind of thing that the sandbox has none of."""
        return []

    def get_upscalers(self) -> list[dict]:
        """Ways to enlarge pictures."""
        return [
            {
                "name": upscaler.name,
                "model_name": upscaler.scaler.model_name,
                "model_path": upscaler.data_path,
                "model_url": None,
                "scale": upscaler.scale,
            }
            for upscaler in shared.sd_upscalers
        ]

    def get_latent_upscale_modes(self) -> list[dict]:
        """Ways to enlarge latents."""
        return [{"name": name} for name in shared.latent_upscale_modes]

    def get_prompt_styles(self) -> list[dict]:
        """Prompt styles."""
        return [style._asdict() for style in shared.prompt_styles.styles.values()]

    def get_embeddings(self) -> dict:
        """The sandbox knows no textual inversion."""
        return {"loaded": {}, "skipped": {}}

    def get_scripts_list(self) -> models.ScriptsList:
        """Names of the scripts that have a user interface."""
        return models.ScriptsList(
            txt2img=[script.name for script in scripts.scripts_txt2img.scripts if script.name is not None],
            img2img=[script.name for script in scripts.scripts_img2img.scripts if script.name is not None],
        )

    def get_script_info(self) -> list:
        """Every script's arguments."""
        runners = (scripts.scripts_txt2img, scripts.scripts_img2img)
        return [script.api_info for runner in runners for script in runner.scripts if script.api_info is not None]

    def get_memory(self) -> dict:
        """Bytes of main memory; ``peak`` is what the last picture took, which the WebUI tells of CUDA alone."""
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        used = memory.held()
        ram = {"free": total - used, "used": used, "total": total, "peak": self._peak.taken()}
        return {"ram": ram, "cuda": {"error": "unavailable"}}
