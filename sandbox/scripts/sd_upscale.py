"""The script "SD upscale": a picture enlarged, cut into tiles that img2img draws anew, and put together again."""

import gradio as gr
from modules import images, processing, scripts, shared
from modules.shared import opts, state
from PIL import Image


def find_upscaler(wanted):
    """The upscaler of that name, in any case of letters, or of that place in the list; ValueError for none."""
    known = shared.sd_upscalers
    for number, upscaler in enumerate(known):
        if (wanted.lower() == upscaler.name.lower()) if isinstance(wanted, str) else wanted == number:
            return upscaler
    names = ", ".join(x.name for x in known)
    raise ValueError(f"SD upscale: there is no upscaler {wanted!r}; take one of {names}, or its number from 0")


class SdUpscale(scripts.Script):
    """Img2img's width and height are the tiles' size; every tile is drawn with the whole prompt."""

    def title(self):
        return "SD upscale"

    def show(self, is_img2img):
        return is_img2img

    def ui(self, is_img2img):
        info = gr.HTML("<p>Enlarges the picture and draws it anew in tiles of the width and height set above.</p>")
        overlap = gr.Slider(0, 256, step=16, value=64, label="Tile overlap", elem_id=self.elem_id("overlap"))
        scale = gr.Slider(1.0, 4.0, step=0.05, value=2.0, label="Scale Factor", elem_id=self.elem_id("scale_factor"))
        names = [upscaler.name for upscaler in shared.sd_upscalers]
        upscaler = gr.Radio(
            names, value=names[0], type="index", label="Upscaler", elem_id=self.elem_id("upscaler_index")
        )
        return [info, overlap, upscaler, scale]

    def run(self, p, _info, overlap, upscaler_index, scale_factor):
        """Draw the tiles in batches of p.batch_size, n_iter times over; one picture comes of each time.

        p is the same object throughout: each batch has its tiles in p.init_images and the first seed in p.seed.
        """
        upscaler = find_upscaler(upscaler_index)
        processing.fix_seed(p)
        p.extra_generation_params["SD upscale overlap"] = overlap
        p.extra_generation_params["SD upscale upscaler"] = upscaler.name
        picture = images.flatten(p.init_images[0], opts.img2img_background_color)
        if upscaler.name != "None":
            picture = upscaler.scaler.upscale(picture, scale_factor, upscaler.data_path)
        grid = images.split_grid(picture, tile_w=p.width, tile_h=p.height, overlap=overlap)
        slots = [slot for _, _, row in grid.tiles for slot in row]
        tiles = [tile for _, _, tile in slots]
        batches = [tiles[i : i + p.batch_size] for i in range(0, len(tiles), p.batch_size)]

        times, p.n_iter = p.n_iter, 1
        p.do_not_save_grid = p.do_not_save_samples = True
        state.job_count = len(batches) * times
        seed, batch_size = p.seed, p.batch_size
        pictures, infotexts = [], []
        for n in range(times):
            p.seed = seed + n
            drawn = []
            for number, batch in enumerate(batches, n * len(batches) + 1):
                p.batch_size, p.init_images = batch_size, batch
                state.job = f"Batch {number} out of {state.job_count}"
                processed = processing.process_images(p)
                p.seed = processed.seed + 1
                infotexts.append(processed.info)
                drawn += processed.images
            # A lone tile fills its whole batch, so there may be more than tiles; an interrupt leaves fewer.
            drawn += [Image.new("RGB", (p.width, p.height))] * (len(slots) - len(drawn))
            for slot, tile in zip(slots, drawn, strict=False):
                slot[2] = tile
            pictures.append(images.combine_grid(grid))
        return processing.Processed(p, pictures, seed, infotexts[0])
