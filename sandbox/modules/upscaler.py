"""Enlarging pictures without a model."""

from dataclasses import dataclass

from PIL import Image


@dataclass
class Upscaler:
    """Enlarges by one of Pillow's filters; `resample` None leaves the work to the last resizing."""

    name: str
    resample: int | None
    model_name: str | None = None

    def upscale(self, img: Image.Image, scale: float, selected_model: str | None = None) -> Image.Image:
        """The picture `scale` times as large, its sides brought down to multiples of 8."""
        width, height = (int(side * scale) // 8 * 8 for side in img.size)
        if self.resample is not None and (width > img.width or height > img.height):
            img = img.resize((int(img.width * scale), int(img.height * scale)), self.resample)
        return img if img.size == (width, height) else img.resize((width, height), Image.LANCZOS)


@dataclass
class UpscalerData:
    """An entry in the list of upscalers; `scale` is what a model of this kind is made for."""

    name: str
    data_path: str | None
    scaler: Upscaler
    scale: int = 4


def without_models() -> list[UpscalerData]:
    """The upscalers that every WebUI has, in its order."""
    filters = {"None": None, "Lanczos": Image.LANCZOS, "Nearest": Image.NEAREST}
    return [UpscalerData(name, None, Upscaler(name, resample)) for name, resample in filters.items()]
