"""For the ControlNet that the Forge family has built in: a preprocessor whose image embedding needs no model."""

import torch

NAME = "rpg_test_embedding"
CHANNELS = 16  # of the embedding that the tests' IP-Adapter takes


def add_preprocessor():
    try:
        from modules_forge.shared import add_supported_preprocessor
        from modules_forge.supported_preprocessor import Preprocessor
    except ImportError:  # another WebUI
        return

    class Embedding(Preprocessor):
        """What an IP-Adapter gets of any picture: an embedding that is drawn by the first slider as a seed."""

        def __init__(self):
            super().__init__()
            self.name = NAME
            self.tags = ["IP-Adapter"]
            self.show_control_mode = False

        def __call__(self, input_image, resolution, slider_1=None, **_):
            random = torch.Generator().manual_seed(int(slider_1))
            drawn = torch.randn(1, CHANNELS, generator=random)
            embeds = torch.stack([drawn, torch.zeros_like(drawn)])
            return {"embeds": embeds, "noise": 0.0, "weight_type": "original", "unfold_batch": False}

        def process_before_every_sampling(self, process, cond, mask, *args, params=None, **kwargs):
            # torch 2.13 fails with the adapter's layers, made in inference mode with weights that were not.
            weights = params.model.ip_adapter["ip_adapter"]
            weights.update({name: weight.clone() for name, weight in weights.items()})
            return cond, mask

    add_supported_preprocessor(Embedding())


add_preprocessor()
