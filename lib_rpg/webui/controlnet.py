"""ControlNet: a region's own units, and the UNet calls that are not the picture's.

A unit that regions name gets their place as ControlNet's effective region mask. ControlNet's extension reads its units
from ``p.script_args`` when the generation begins, so the masks must be there before. The units are dicts (from the API)
or ControlNet's own objects (from the page); neither is changed, copies are put in. The ControlNet that the Forge family
has built in gets the masks later, see `lib_rpg.webui.builtin_controlnet`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import torch

from lib_rpg.checks import refuse
from lib_rpg.layout.weights import WHOLE, Window, region_weights
from lib_rpg.plan import Plan
from lib_rpg.webui import builtin_controlnet
from lib_rpg.webui.host import AlwaysOnScript, Processing, host

MASK = "effective_region_mask"
PIXELS_PER_LATENT = 8
_MARK = 1024.0
"""Its negative and itself are all values of a token that ControlNet puts in front of an encoded prompt."""

# Kinds of unit that take no mask and show it by their module's name; ControlNet itself knows the others by their model.
_STYLE = ("clip_vision", "t2ia_style_clipvision")
_REFERENCE = "reference"
_WITHOUT_MASK = (_REFERENCE, "revision", *_STYLE)


class RegionMask(np.ndarray):
    """A mask that was put here, to know it from a caller's own: ``p`` may be drawn again, or copied with it."""


def restrict_units(p: Processing, plan: Plan) -> None:
    """Give every ControlNet unit that a region names the mask (height, width, 1) uint8 of all regions that name it.

    A muted region is not in it, so that a unit which only such regions name acts nowhere. One without words is: a unit
    may shape a place whose words are the base prompt's.
    A grid's mask is 0 or 255 and changes at latents' edges, so that the unit and the region's words share one border.
    Raises RpgError for a unit that is not there, is off, has a mask already, or is known to take none.
    """
    named = _named(plan)
    if not named:
        return
    units = _units_of(p)
    built_in = builtin_controlnet.is_there(_script_of(p))
    for number, regions in named.items():
        _check(units, number, f"regions[{regions[0]}].control", built_in)
    if built_in:
        return
    for number, mask in _masks(p, plan, WHOLE).items():
        units[number] = _with_mask(units[number], mask.view(RegionMask))
    _put(p, units)


def release_units(p: Processing) -> None:
    """Take off the masks that an earlier run of ``p`` put on, or of the one that ``p`` is a copy of."""
    units = _units_of(p)
    ours = [number for number, unit in units.items() if isinstance(_field(unit, MASK), RegionMask)]
    if ours:
        _put(p, {**units, **{number: _with_mask(units[number], None) for number in ours}})


def check_units(p: Processing, plan: Plan) -> None:
    """Raise RpgError if ControlNet, having read its units, does not restrict all those that have a mask.

    ControlNet itself says so on the console only, and the WebUI would draw without the mask.
    """
    named = _named(plan)
    if not named or builtin_controlnet.is_there(_script_of(p)):
        return
    masked = [unit for unit in _enabled(p).values() if _field(unit, MASK) is not None]
    network = getattr(_script_of(p), "latest_network", None)
    params = getattr(network, "control_params", None) or ()
    if sum(getattr(param, MASK, None) is not None for param in params) < len(masked):
        number, regions = next(iter(named.items()))
        units = f"Unit {number}" if len(named) == 1 else f"Units {', '.join(map(str, named))}"
        problem = f"ControlNet cannot restrict its {units} to regions (the console shows the reason)"
        refuse(f"regions[{regions[0]}].control", problem, "change the unit, or name it in no region")


def move_to_parts(p: Processing, plan: Plan, windows: Collection[Window]) -> None:
    """Have ControlNet, which has read its units, restrict them to their regions' places in the parts that are sampled.

    ControlNet reads them before the WebUI cuts out the part around an inpainted place. It keeps one mask for a whole
    batch, so that a unit acts in its places in all of the batch's ``windows``.
    """
    if not _named(plan) or builtin_controlnet.is_there(_script_of(p)) or set(windows) <= {WHOLE}:
        return
    units = _units_of(p)
    parts = [_masks(p, plan, window) for window in set(windows)]
    for param in getattr(getattr(_script_of(p), "latest_network", None), "control_params", None) or ():
        number = next((number for number in parts[0] if _holds(param, _field(units[number], MASK))), None)
        if number is not None:
            _set_mask(param, np.maximum.reduce([masks[number] for masks in parts]))


def restrict_builtin_units(p: Processing, plan: Plan, windows: Collection[Window]) -> None:
    """Give the ControlNet that is built in, which has read its units, the masks of regions for this batch.

    As for ControlNet's extension, a unit acts in its places in all of the batch's ``windows``. Raises RpgError for a
    unit that regions name and that has a mask already or is known to take none.
    """
    named, script = _named(plan), _script_of(p)
    if script is None or not named or not builtin_controlnet.is_there(script):
        return
    read = builtin_controlnet.read_units(script, list(_enabled(p)))
    if not p.iteration:
        for number, regions in named.items():
            builtin_controlnet.check(read, number, f"regions[{regions[0]}].control")
    sizes = [(p.height, p.width)]
    if getattr(p, "enable_hr", False):
        sizes.append((p.hr_upscale_to_y, p.hr_upscale_to_x))
    passes = []
    for height, width in sizes:
        latents = height // PIXELS_PER_LATENT, width // PIXELS_PER_LATENT
        passes.append([_shares(plan, *latents, window) for window in set(windows) or {WHOLE}])
    for number in named:
        masks = [torch.stack([shares[number] for shares in parts]).amax(0)[None, None] for parts in passes]
        builtin_controlnet.restrict(read[number], masks[0], masks[-1])


def notes(p: Processing) -> list[str]:
    """What the user should know of how ControlNet's units act together with regions."""
    return [
        f"the style of ControlNet Unit {number} is added to the base prompt, so regions have it at their base ratio"
        for number, unit in _enabled(p).items()
        if _module(unit) in _STYLE
    ]


def has_reference(p: Processing) -> bool:
    """Whether an enabled unit is a reference unit: one that lets self-attention look at a picture of its own."""
    return any(_module(unit).startswith(_REFERENCE) for unit in _enabled(p).values())


def reference_pass(p: Processing) -> Callable[[], bool]:
    """Whether ControlNet is just now running a reference unit's picture through the UNet, inside the UNet's own call.

    That picture has no regions, and what ControlNet keeps of it must be as without them.
    """
    script = _script_of(p)

    def is_reading() -> bool:
        network = getattr(script, "latest_network", None)
        machines = (getattr(network, f"{kind}_auto_machine", None) for kind in ("attention", "gn"))
        return any(getattr(machine, "name", None) == "Write" for machine in machines)

    return is_reading


def forget_marks(p: Processing) -> None:
    """Empty the caches of encoded prompts, which ControlNet has put its marks into; for a run that broke off.

    It takes the marks off in a UNet call, and empties the caches only there: after a run without one, the next
    generation with the same prompts would be drawn with a mark for a token.
    """
    if getattr(_script_of(p), "latest_network", None) is not None:
        for name in ("cached_c", "cached_uc", "cached_hr_c", "cached_hr_uc"):
            getattr(p, name, [])[:] = [None, None]


def unmarked(cond: Any) -> Any:
    """A prompt's conditioning, a tensor (tokens, width) or SDXL's dict of tensors, without ControlNet's mark.

    ControlNet takes it off within the UNet's forward that it puts in the place of the class's own: to a pass without
    that, it is a token of the prompt, and all others are one place off.
    """
    text = cond["crossattn"] if isinstance(cond, Mapping) else cond
    if not bool((text[0].abs() == _MARK).all()):
        return cond
    return {**cond, "crossattn": text[1:]} if isinstance(cond, Mapping) else text[1:]


def _named(plan: Plan) -> dict[int, list[int]]:
    """The indices of the regions that name a unit, by the unit's number."""
    named: dict[int, list[int]] = {}
    for index, region in enumerate(plan.regions):
        for number in region.control:
            named.setdefault(number, []).append(index)
    return named


def _shares(plan: Plan, height: int, width: int, window: Window) -> dict[int, torch.Tensor]:
    """What each unit that regions name has of every latent, by its number: (height, width) in 0…1."""
    weights = region_weights(plan, height, width, window=window)
    shares = {}
    for number, regions in _named(plan).items():
        heard = [index for index in regions if not plan.regions[index].muted]
        shares[number] = weights[heard].sum(0).clamp(max=1)
    return shares


def _masks(p: Processing, plan: Plan, window: Window) -> dict[int, np.ndarray]:
    """The mask of each unit that regions name, by its number: (height, width, 1) uint8 in ``p``'s pixels."""
    shares = _shares(plan, p.height // PIXELS_PER_LATENT, p.width // PIXELS_PER_LATENT, window)
    levels = {number: share.mul(255).round().byte().numpy() for number, share in shares.items()}
    return {
        number: level.repeat(PIXELS_PER_LATENT, 0).repeat(PIXELS_PER_LATENT, 1)[..., None]
        for number, level in levels.items()
    }


def _holds(param: Any, mask: np.ndarray) -> bool:
    """Whether what ControlNet made of a unit was made with that mask: it keeps no unit's number."""
    kept = getattr(param, MASK, None)
    return kept is not None and np.array_equal(kept[0, 0].mul(255).round().byte().cpu().numpy(), mask[..., 0])


def _set_mask(param: Any, mask: np.ndarray) -> None:
    """Put (height, width, 1) uint8 in the place of a mask; an IP-Adapter has one in its forwards too."""
    value = torch.from_numpy(mask).permute(2, 0, 1)[None].float().div(255).to(getattr(param, MASK).device)
    for holder in (param, getattr(param, "control_model", None)):
        if getattr(holder, MASK, None) is not None:
            setattr(holder, MASK, value)


def _check(units: Mapping[int, Any], number: int, place: str, built_in: bool) -> None:
    name = f"ControlNet Unit {number}"
    if not units:
        refuse(place, f"{name} does not exist: ControlNet's extension is not installed", "install it, or name no unit")
    if number not in units:
        refuse(place, f"there is no {name}", f"ControlNet has Unit 0 to Unit {len(units) - 1}")
    unit = units[number]
    if not _field(unit, "enabled"):
        refuse(place, f"{name} is not enabled", "enable it, or name it in no region")
    if not built_in and not isinstance(unit, Mapping) and not hasattr(unit, MASK):
        refuse(place, f"this ControlNet cannot restrict {name} to a region", "update it to 1.1.446 or newer")
    if _field(unit, MASK) is not None:
        refuse(place, f"{name} has its own {MASK}", "leave it out, or name the unit in no region")
    module = _module(unit)
    if module.startswith(_WITHOUT_MASK):
        refuse(place, f"{name} ({module}) acts on the whole picture only", "name it in no region")


def _script_of(p: Processing) -> AlwaysOnScript | None:
    """ControlNet's script in this tab, or None."""
    return next((script for script in host.always_on(p) if script.title().lower() == "controlnet"), None)


def _units_of(p: Processing) -> dict[int, Any]:
    """ControlNet's units by number."""
    script = _script_of(p)
    return {} if script is None else dict(enumerate(p.script_args[script.args_from : script.args_to]))


def _enabled(p: Processing) -> dict[int, Any]:
    return {number: unit for number, unit in _units_of(p).items() if _field(unit, "enabled")}


def _put(p: Processing, units: Mapping[int, Any]) -> None:
    """Replace the units in ``p``'s own arguments; others may hold the same tuple or list."""
    script, args = _script_of(p), list(p.script_args)
    assert script is not None, "the units are this script's"
    args[script.args_from : script.args_to] = units.values()
    p.script_args = type(p.script_args)(args)


def _field(unit: Any, name: str) -> Any:
    return unit.get(name) if isinstance(unit, Mapping) else getattr(unit, name, None)


def _module(unit: Any) -> str:
    return str(_field(unit, "module")).lower()


def _with_mask(unit: Any, mask: RegionMask | None) -> Any:
    if isinstance(unit, Mapping):
        return {**unit, MASK: mask}
    unit = copy.copy(unit)
    setattr(unit, MASK, mask)
    return unit
