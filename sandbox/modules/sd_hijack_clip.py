"""Text encoding of any length, with emphasis, on top of transformers' CLIP."""

import math
from dataclasses import dataclass, field
from pathlib import Path

import torch
from modules import prompt_parser
from modules.shared import opts
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

CHUNK_LENGTH = 75


class FrozenCLIPEmbedder(nn.Module):
    """CLIP's tokenizer and text transformer, made from the configuration in `folder` without weights."""

    def __init__(self, folder: str | Path):
        super().__init__()
        self.tokenizer = CLIPTokenizer.from_pretrained(str(folder))
        self.transformer = CLIPTextModel(CLIPTextConfig.from_pretrained(str(folder)))


@dataclass
class PromptChunk:
    """Up to 75 tokens and the weight of each; 77 once start and end are around them."""

    tokens: list[int] = field(default_factory=list)
    multipliers: list[float] = field(default_factory=list)


class _ChunkWriter:
    """Fills chunks token by token, breaking at a comma where one is near the end of a full chunk."""

    def __init__(self, start: int, end: int, comma: int | None):
        self.start, self.end, self.comma = start, end, comma
        self.done: list[PromptChunk] = []
        self.chunk = PromptChunk()
        self.last_comma: int | None = None

    def close_chunk(self) -> None:
        """Pad the chunk, put start and end around it and begin the next."""
        padding = CHUNK_LENGTH - len(self.chunk.tokens)
        tokens = [self.start, *self.chunk.tokens, *[self.end] * (padding + 1)]
        self.done.append(PromptChunk(tokens, [1.0, *self.chunk.multipliers, *[1.0] * (padding + 1)]))
        self.chunk = PromptChunk()
        self.last_comma = None

    def add(self, token: int, weight: float) -> None:
        """Append one token."""
        length = len(self.chunk.tokens)
        if token == self.comma:
            self.last_comma = length
        elif (
            length == CHUNK_LENGTH
            and self.last_comma is not None
            and length - self.last_comma <= opts.comma_padding_backtrack != 0
        ):
            # What follows the comma moves on to the next chunk.
            cut = self.last_comma + 1
            moved = PromptChunk(self.chunk.tokens[cut:], self.chunk.multipliers[cut:])
            self.chunk = PromptChunk(self.chunk.tokens[:cut], self.chunk.multipliers[:cut])
            self.close_chunk()
            self.chunk = moved
        if len(self.chunk.tokens) == CHUNK_LENGTH:
            self.close_chunk()
        self.chunk.tokens.append(token)
        self.chunk.multipliers.append(weight)


class FrozenCLIPEmbedderWithCustomWords(nn.Module):
    """Prompts to vectors: chunks of 75 tokens are encoded one by one and laid end to end."""

    def __init__(self, wrapped: FrozenCLIPEmbedder, hijack):
        super().__init__()
        self.wrapped = wrapped
        self.tokenizer = wrapped.tokenizer
        self.hijack = hijack
        self.chunk_length = CHUNK_LENGTH
        self.comma_token = self.tokenizer.get_vocab().get(",</w>")
        self.id_start = self.tokenizer.bos_token_id
        self.id_end = self.id_pad = self.tokenizer.eos_token_id

    def get_target_prompt_token_count(self, token_count: int) -> int:
        """How many tokens fit before one more chunk is needed."""
        return math.ceil(max(token_count, 1) / CHUNK_LENGTH) * CHUNK_LENGTH

    def tokenize(self, texts: list[str]) -> list[list[int]]:
        """Token ids of each text, without start and end."""
        return self.tokenizer(texts, truncation=False, add_special_tokens=False)["input_ids"]

    def tokenize_line(self, line: str) -> tuple[list[PromptChunk], int]:
        """A prompt's chunks and its length in tokens, filled chunks counting as 75."""
        parsed = [[line, 1.0]] if opts.emphasis == "None" else prompt_parser.parse_prompt_attention(line)
        writer = _ChunkWriter(self.id_start, self.id_end, self.comma_token)
        for tokens, (text, weight) in zip(self.tokenize([x for x, _ in parsed]), parsed, strict=True):
            if text == "BREAK" and weight == -1:
                writer.close_chunk()
                continue
            for token in tokens:
                writer.add(token, weight)
        count = len(writer.done) * CHUNK_LENGTH + len(writer.chunk.tokens)
        if writer.chunk.tokens or not writer.done:
            writer.close_chunk()
        return writer.done, count

    def process_texts(self, texts: list[str]) -> tuple[list[list[PromptChunk]], int]:
        """Chunks of each prompt and the greatest length in tokens."""
        lines = [self.tokenize_line(text) for text in texts]
        return [chunks for chunks, _ in lines], max((count for _, count in lines), default=0)

    def forward(self, texts: list[str]) -> torch.Tensor:
        """(prompts, 77 × chunks, width); shorter prompts are filled up with empty chunks."""
        batch_chunks, _ = self.process_texts(texts)
        empty = PromptChunk([self.id_start] + [self.id_end] * (CHUNK_LENGTH + 1), [1.0] * (CHUNK_LENGTH + 2))
        parts = []
        for i in range(max(len(chunks) for chunks in batch_chunks)):
            row = [chunks[i] if i < len(chunks) else empty for chunks in batch_chunks]
            parts.append(self.process_tokens([x.tokens for x in row], [x.multipliers for x in row]))
        if opts.emphasis != "Original" and any("(" in x or "[" in x for x in texts):
            self.hijack.extra_generation_params["Emphasis"] = opts.emphasis
        return torch.hstack(parts)

    def process_tokens(self, tokens: list[list[int]], multipliers: list[list[float]]) -> torch.Tensor:
        """Encode one chunk of every prompt, (prompts, 77, width), and apply the emphasis."""
        z = self.encode_with_transformers(torch.asarray(tokens))
        if opts.emphasis in ("None", "Ignore"):
            return z
        weighted = z * torch.asarray(multipliers)[..., None]
        if opts.emphasis == "No norm":
            return weighted
        return weighted * (z.mean() / weighted.mean())

    def encode_with_transformers(self, tokens: torch.Tensor) -> torch.Tensor:
        """(prompts, 77, width) of the layer that clip skip asks for, after the final norm."""
        skip = opts.CLIP_stop_at_last_layers
        outputs = self.wrapped.transformer(input_ids=tokens, output_hidden_states=skip > 1)
        if skip > 1:
            return self.wrapped.transformer.text_model.final_layer_norm(outputs.hidden_states[-skip])
        return outputs.last_hidden_state
