"""Region prompts through the WebUI's own prompt functions, and extra-network tags lifted out of them."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Iterable, Sequence
from typing import Any

from torch import Tensor

from lib_rpg.keywords import NETWORK_TAG, is_lora
from lib_rpg.plan import Plan
from lib_rpg.webui.host import Processing, host
from lib_rpg.webui.lora_tags import check_shared, read_tag
from lib_rpg.webui.loras import RegionLoras, Tags, is_available
from lib_rpg.webui.patched_loras import PatchedLoras


def split_tags(text: str) -> tuple[str, list[str]]:
    """``text`` without its extra-network tags (LoRA, hypernetwork…) and commas at its ends, and the tags in order."""
    tags = NETWORK_TAG.findall(text)
    return (NETWORK_TAG.sub("", text).strip(f"{string.whitespace},") if tags else text), tags


def lift_tags(base: str, others: Iterable[str]) -> str:
    """``base`` with the extra-network tags of the other texts behind it, each tag once."""
    _, seen = split_tags(base)
    tags = list(dict.fromkeys(tag for text in others for tag in split_tags(text)[1] if tag not in seen))
    return " ".join([base, *tags]).strip()


Key = tuple[Tags, str]
"""A text without tags, and the LoRAs of its own that it is encoded with."""


def key_of(text: str, lora: str) -> Key:
    """How a region's text is encoded with the plan's LoRA mode ``lora``: without tags, under the LoRAs of its own."""
    bare, tags = split_tags(text)
    own = lora != "shared" and is_available()
    return tuple(filter(is_lora, tags)) if own else (), bare


def lifted_tags(text: str, lora: str) -> list[str]:
    """The tags of a region's text that act on the whole picture, with the plan's LoRA mode ``lora``.

    Raises RpgError for a LoRA's tag that cannot be read, whatever it acts on.
    """
    own, _ = key_of(text, lora)
    lifted = [tag for tag in split_tags(text)[1] if tag not in own]
    for tag in own:
        read_tag(tag)
    for tag in filter(is_lora, lifted):
        check_shared(tag)
    return lifted


def plan_lifted_tags(plan: Plan) -> list[str]:
    """The tags of the plan's regions that act on the whole picture, each once; none of a region that does not act.

    Raises RpgError as `lifted_tags` does.
    """
    acting = [region for region in plan.regions if region.acts]
    return list(dict.fromkeys(tag for region in acting for tag in lifted_tags(region.prompt, plan.lora)))


def given_tags(plan: Plan) -> set[str]:
    """The tags of the plan's prompt that its planner gave to single regions: they do not act on the whole picture.

    Those of a region that does not act are among them in every LoRA mode: they act nowhere.
    """
    own = {
        _network(tag)
        for region in plan.regions
        for tag in (key_of(region.prompt, plan.lora)[0] if region.acts else split_tags(region.prompt)[1])
    }
    whole = split_tags(plan.base_prompt)[1]
    return {tag for tag in split_tags(plan.prompt)[1] if _network(tag) in own and tag not in whole}


def _network(tag: str) -> tuple[str, ...]:
    """The kind and the name of a tag's network, without its strengths."""
    return tuple(tag.strip("<>").split(":")[:2])


class CondCaches:
    """The last encoded prompts of regions and objects, kept between generations as the WebUI keeps its own."""

    def __init__(self) -> None:
        self.positive: dict[Tags, list] = {}
        self.negative: dict[Tags, list] = {}
        self.own: dict[Tags, list] = {}
        self.own_negatives: dict[Tags, list] = {}

    def clear(self) -> None:
        """Forget them."""
        for cache in (self.positive, self.negative, self.own, self.own_negatives):
            cache.clear()


def entry_at(ends: Iterable[int], step: int) -> int:
    """The number of a schedule's entry at a sampler step (from 0), by the last steps of all of its entries.

    Behind the last one it is the first entry, as in the WebUI.
    """
    return next((i for i, end in enumerate(ends) if step <= end), 0)


@dataclasses.dataclass(frozen=True)
class Encoded:
    """Texts and their schedules: for each of them the WebUI's list of (end_at_step, cond).

    ``negative``: whether they were encoded as negative prompts are.
    """

    schedules: dict[Key, Sequence[Any]]
    negative: bool

    def entry_at(self, key: Key, step: int) -> int:
        """The number of a text's entry in its schedule at a sampler step (from 0)."""
        return entry_at((entry.end_at_step for entry in self.schedules[key]), step)

    def context(self, key: Key, entry: int) -> Tensor:
        """The cross-attention context (tokens, channels) of an entry."""
        return crossattn(self.cond(key, entry))

    def cond(self, key: Key, entry: int) -> Any:
        """An entry as the WebUI encoded it: its context, or for SDXL a dict with that and a vector."""
        return self.schedules[key][entry].cond


def crossattn(cond: Any) -> Tensor:
    """The cross-attention context of what the WebUI encoded."""
    return cond["crossattn"] if isinstance(cond, dict) else cond


def encode(
    p: Processing,
    keys: Iterable[Key],
    loras: RegionLoras | PatchedLoras,
    caches: dict[Tags, list],
    *,
    negative: bool = False,
) -> Encoded:
    """Encode texts as the WebUI encodes the main prompt of the pass that ``p`` is in, each under its LoRAs.

    ``caches`` has for each set of LoRAs a two-element list in the form of ``p.get_conds_with_caching``; it keeps the
    last result, keyed by prompts, steps, checkpoint, extra networks and every option that shapes a cond.
    """
    texts: dict[Tags, list[str]] = {}
    for tags, text in dict.fromkeys(keys):
        texts.setdefault(tags, []).append(text)
    for unused in caches.keys() - texts.keys():
        del caches[unused]
    schedules: dict[Key, Sequence[Any]] = {}
    for tags, unique in texts.items():
        with loras.encoding(tags):
            made = host.encode(p, unique, tags, caches.setdefault(tags, [None, None]), negative)
        schedules |= {(tags, text): schedule for text, schedule in zip(unique, made, strict=True)}
    p.extra_generation_params.update(host.encoding_params(host.model()))  # emphasis, embeddings in regions
    return Encoded(schedules, negative)
