"""Region attention: every cross-attention layer of a UNet blends the base prompt with the prompts of regions.

For a batch row with regions, at query token t, with c_r = w_r * (1 - base ratio):

    out(t) = to_out( (1 - sum_r c_r(t)) * A(q_t, base) + sum_r c_r(t) * A(q_t, region r) )

where A is softmax attention and base is the context that the UNet passes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from torch import nn

from lib_rpg.checks import quantity
from lib_rpg.errors import RpgError
from lib_rpg.regional.keys_values import KeysValues
from lib_rpg.regional.layer import CrossAttentionLayer, RegionalCall
from lib_rpg.regional.prepared import PreparedCache
from lib_rpg.regional.rows import UNetCall, UNetRows


class RegionAttention:
    """Hooks on the cross-attention layers (`attn2`) of one UNet, from construction to `close()`.

    Two paths with one result. *Fast*: the host's own attention computes the base; the hooks take q behind
    `to_q`, add the regions' cores, each on its own tokens, and blend before `to_out`. *Composed*: the
    module's forward is run once more per region and the outputs are blended; for layers whose forward or
    projections somebody else has replaced (IP-Adapter, NegPiP, LLLite), looked up again in every call, and for
    all layers with `force_composed`.

    `UNetRows` says whose regions a batch row has; rows without regions are never changed. An instance is meant
    for one sampling run in one thread. All tensors follow the device and dtype that the layers work with.
    """

    def __init__(
        self,
        unet: nn.Module,
        rows: UNetRows,
        *,
        force_composed: bool = False,
        upcast: bool = False,
        is_other_picture: Callable[[], bool] = lambda: False,
        kv_limit: int | None = None,
    ) -> None:
        """Attach to `unet`, whose calls `rows` follows.

        force_composed: never take the fast path (a hypernetwork works on contexts inside the host's forward).
        upcast: compute the regions' cores in float32, as the WebUI's upcast_attn does for the base.
        is_other_picture: asked at each layer, whether what runs through it just now is not the picture with regions.
        kv_limit: bytes of keys and values to keep from step to step; the rest is computed again in every step. None
            keeps all, which in half precision is 4 MB a region for SD 1.x and 26 MB for SDXL.
        Raises RpgError if the UNet has no cross-attention layer.
        """
        self.keys_values = KeysValues(kv_limit)
        self._is_other_picture = is_other_picture
        self._prepared = PreparedCache(self.keys_values)
        self._regional: RegionalCall | None = None
        self._closed_calls = 0
        self._layers = [
            CrossAttentionLayer(
                name, module, index, self._current, self.keys_values, force_composed=force_composed, upcast=upcast
            )
            for index, (name, module) in enumerate(cross_attentions(unet))
        ]
        if not self._layers:
            raise RpgError(
                f"Regions need a UNet with cross-attention layers (attn2), and this {type(unet).__name__} "
                "has none: choose an SD 1.x, SD 2.x or SDXL checkpoint"
            )
        self._rows = rows
        rows.listen(self._on_call)
        for layer in self._layers:
            layer.attach()

    @property
    def applied_calls(self) -> int:
        """Layer calls that were blended so far; still 0 after a regional run means that no region acted."""
        return self._closed_calls + sum(layer.applied_calls for layer in self._layers)

    @property
    def layers(self) -> int:
        """How many cross-attention layers are hooked."""
        return len(self._layers)

    @property
    def fast_layers(self) -> int:
        """How many of them take the fast path at present."""
        return sum(layer.composed_because is None for layer in self._layers)

    def path_summary(self) -> str:
        """The paths taken in words, such as "fast on 13 layers, composed on 3 (its forward is replaced)"."""
        parts = [f"fast on {quantity(self.fast_layers, 'layer')}"] if self.fast_layers else []
        reasons = Counter(layer.composed_because for layer in self._layers if layer.composed_because is not None)
        parts += [f"composed on {quantity(count, 'layer')} ({reason})" for reason, count in reasons.items()]
        return ", ".join(parts)

    def invalidate(self) -> None:
        """Drop all cached indices, keys and values; needed when weights change (LoRA) during the run."""
        self._prepared.clear()
        self._on_call(None)

    def close(self) -> None:
        """Remove every hook and drop every tensor; may be called any number of times."""
        self._rows.stop_listening(self._on_call)
        self._closed_calls = self.applied_calls
        for layer in self._layers:
            layer.detach()
        self._layers = []
        self.invalidate()

    def _on_call(self, call: UNetCall | None) -> None:
        """Prepare a UNet call that begins; after one leave none of its tensors behind, also where it has failed."""
        if call is None:
            self._regional = None
            for layer in self._layers:
                layer.forget()
        elif (prepared := self._prepared.of(call)) is not None:
            self._regional = call, prepared

    def _current(self) -> RegionalCall | None:
        """The call that a layer is to blend regions into."""
        return None if self._regional is None or self._is_other_picture() else self._regional


def cross_attentions(unet: nn.Module) -> list[tuple[str, nn.Module]]:
    """The UNet's modules named attn2 that have the projections of ldm's and sgm's cross-attention."""
    needed = ("heads", "to_q", "to_k", "to_v", "to_out")
    return [
        (name, module)
        for name, module in unet.named_modules()
        if name.split(".")[-1] == "attn2" and all(hasattr(module, attribute) for attribute in needed)
    ]
