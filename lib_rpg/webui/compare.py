"""Compare: the same picture plain, with its regions, and without each of them, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modules import images, processing, shared
from PIL import Image, ImageDraw

from lib_rpg.plan import Plan, Region
from lib_rpg.webui import batch_texts, own_plans
from lib_rpg.webui.console import say_with_picture
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.lettering import fitted
from lib_rpg.webui.script_args import copy_for_one, set_own_values

OFF, PLAIN, REGIONS = "off", "plain", "regions"
MAX_REGIONS = 8
"""So many regions are left out in turn, one picture each."""
KEY = "RPG compare"
"""The infotext's key that marks the sheet: its infotext is the first picture's, but its places are not."""
_LABEL_SHARE = 12
"""A label is as high as the picture's height over this."""
_LABEL_LENGTH = 60
_PARAMETERS = "parameters"


@dataclass(frozen=True)
class Variant:
    """A picture to compare with: what it is called, and the script's argument for it."""

    label: str
    argument: Mapping[str, Any]


def variants(plan: Plan, kind: str) -> list[Variant]:
    """The pictures that ``kind`` (`PLAIN` or `REGIONS`) adds to the one with the plan's regions.

    Regions that do not act are not left out, as nothing would change; of the others, the first `MAX_REGIONS` are.
    """
    found = [Variant("plain", {"enabled": False})]
    if kind == REGIONS:
        acting = [item for item in enumerate(plan.regions) if item[1].acts]
        found += [_without(plan, index, region) for index, region in acting[:MAX_REGIONS]]
    return found


def add_comparison(p: Processing, processed: Any, plan: Plan, kind: str, title: str) -> None:
    """Draw the first picture of a generation again in each variant, and add them and a sheet of all to its pictures.

    ``plan`` is that picture's, ``title`` that of the script whose argument differs. The variants are saved as samples
    are, and the sheet as a grid is. What the user interrupts is left out; what was drawn before stays. Raises whatever
    a generation raises.
    """
    if reason := _reason_against(p):
        say_with_picture(p, f"compare: {reason}")
        return
    if not processed.images or host.is_cancelled():
        return
    if kind == REGIONS and sum(region.acts for region in plan.regions) > MAX_REGIONS:
        say_with_picture(p, f"compare: only the first {MAX_REGIONS} regions are left out in turn")
    first = processed.index_of_first_image
    # Pictures of other extensions may have no infotext; ours must not become theirs.
    processed.infotexts.extend([""] * (len(processed.images) - len(processed.infotexts)))
    pictures, labels = [processed.images[first]], ["with regions"]
    wanted = variants(plan, kind)
    shared.state.job_count += len(wanted) * (2 if getattr(p, "enable_hr", False) else 1)
    for variant in wanted:
        drawn = processing.process_images(_copy_for(p, processed, variant, title))
        if host.is_cancelled():
            break
        pictures.append(drawn.images[drawn.index_of_first_image])
        labels.append(variant.label)
        processed.images.append(pictures[-1])
        processed.infotexts.append(drawn.infotexts[drawn.index_of_first_image])
    if len(pictures) > 1:
        _add_sheet(p, processed, labelled_row(pictures, labels), kind)


def labelled_row(pictures: Sequence[Image.Image], labels: Sequence[str]) -> Image.Image:
    """The pictures side by side on white, a line of text above each."""
    width, height = max(each.width for each in pictures), max(each.height for each in pictures)
    head = max(height // _LABEL_SHARE, 12)
    font = images.get_font(round(head * 0.7))
    sheet = Image.new("RGB", (width * len(pictures), height + head), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        text = fitted(label, width, draw, font)
        draw.text((index * width + width // 2, head // 2), text, "black", font=font, anchor="mm")
        sheet.paste(picture, (index * width, head))
    return sheet


def _without(plan: Plan, index: int, region: Region) -> Variant:
    """The picture without that region of the plan."""
    regions = (*plan.regions[:index], replace(region, muted=True), *plan.regions[index + 1 :])
    label = f"without {index + 1} {region.name or region.prompt}"[:_LABEL_LENGTH]
    # The prompt says that the plan is of it, or a picture's own plan would take its place (`own_plans`).
    return Variant(label, {"plan": replace(plan, regions=regions).to_dict(), "prompt": plan.prompt})


def _reason_against(p: Processing) -> str:
    """Why a generation's pictures are not compared; empty where they are."""
    if p.script_args and p.script_args[0]:  # the script of the WebUI's list
        return "not while a script runs; choose None under Script"
    if own_plans.is_upscale(p):
        return "not for an upscale; generate the picture with hires fix instead"
    return ""


def _add_sheet(p: Any, processed: Any, sheet: Image.Image, kind: str) -> None:
    """Add the sheet to the pictures, and save it where grids are saved."""
    text = f"{processed.infotexts[processed.index_of_first_image]}, {KEY}: {kind}"
    if host.option("enable_pnginfo", False):
        sheet.info[_PARAMETERS] = text
    processed.images.append(sheet)
    processed.infotexts.append(text)
    if host.option("grid_save", False) and not p.do_not_save_grid:
        images.save_image(
            sheet,
            p.outpath_grids,
            "compare",
            processed.all_seeds[0],
            processed.all_prompts[0],
            host.option("grid_format", "png"),
            info=text,
            grid=True,
            p=p,
        )


def _copy_for(p: Processing, processed: Any, variant: Variant, title: str) -> Processing:
    """``p`` for its first picture alone, with the variant's argument."""
    made = copy_for_one(p)
    made.seed, made.subseed = processed.all_seeds[0], processed.all_subseeds[0]
    if getattr(p, "init_images", None):
        made.init_images = p.init_images[:1]
    _put_prompts(made, p, processed)
    set_own_values(made, title, [variant.argument, ""])
    return made


def _put_prompts(made: Any, p: Processing, processed: Any) -> None:
    """The first picture's prompts: as typed, so that styles stay styles; as they became where an extension wrote them.

    Those that became have the styles in them.
    """
    prompt = processed.all_prompts[0]
    if batch_texts.typed_prompt(p, prompt) is not None and isinstance(p.negative_prompt, str):
        return
    made.prompt, made.negative_prompt, made.styles = prompt, processed.all_negative_prompts[0], []
    if getattr(p, "enable_hr", False):
        made.hr_prompt, made.hr_negative_prompt = p.all_hr_prompts[0], p.all_hr_negative_prompts[0]
