"""What the WebUI adds to ldm's model: long prompts, and sizes that are not multiples of 64."""

import torch
from ldm.modules.diffusionmodules import openaimodel
from modules.sd_hijack_clip import FrozenCLIPEmbedderWithCustomWords


class _TorchWithFittingCat:
    """torch, but `cat` of two feature maps of different size stretches the first to the second's."""

    def __getattr__(self, name):
        return getattr(torch, name)

    @staticmethod
    def cat(tensors, *args, **kwargs):
        tensors = list(tensors)
        if len(tensors) == 2 and tensors[0].shape[-2:] != tensors[1].shape[-2:]:
            tensors[0] = torch.nn.functional.interpolate(tensors[0], tensors[1].shape[-2:], mode="nearest")
        return torch.cat(tensors, *args, **kwargs)


class StableDiffusionModelHijack:
    """Keeps what encoding a prompt has to say for the picture's comments and infotext."""

    def __init__(self):
        self.comments: list[str] = []
        self.extra_generation_params: dict[str, object] = {}
        self.clip: FrozenCLIPEmbedderWithCustomWords | None = None

    def hijack(self, model) -> None:
        """Give the model long prompts and odd sizes."""
        openaimodel.th = _TorchWithFittingCat()
        model.cond_stage_model = self.clip = FrozenCLIPEmbedderWithCustomWords(model.cond_stage_model, self)

    def clear_comments(self) -> None:
        """Start a generation with nothing said."""
        self.comments = []
        self.extra_generation_params = {}

    def get_prompt_lengths(self, text: str):
        """(tokens of the prompt, tokens that its chunks hold); dashes before a model is loaded."""
        if self.clip is None:
            return "-", "-"
        _, count = self.clip.process_texts([text])
        return count, self.clip.get_target_prompt_token_count(count)


model_hijack = StableDiffusionModelHijack()
