"""RAG's names of its parameters: for the reader of answers and for the writer of its text."""

from __future__ import annotations

LISTS = {
    "names": "HB_prompt_list",
    "m_offset": "HB_m_offset_list",
    "n_offset": "HB_n_offset_list",
    "m_scale": "HB_m_scale_list",
    "n_scale": "HB_n_scale_list",
}
"""Its lists of objects: their words, and their boxes in fractions of the canvas; m is x, n is y."""
RATIO, PROMPTS = "SR_hw_split_ratio", "SR_prompt"
REPLACE, DELTA = "HB_replace", "SR_delta"
ALL_STEPS = "num_inference_steps"
STEPS = 20
"""Steps of RAG's own examples, of which ``HB_replace`` counts the bound ones."""
