"""Comments in prompts, from a ``#`` to the end of the line; the WebUI's own script takes them out before all others."""

from modules.shared import opts


def without_comments(text: str) -> str:
    """The text without comments, and without the lines that are nothing else."""
    lines = (line for line in text.split("\n") if not line.startswith("#"))
    return "\n".join(line.partition("#")[0] for line in lines)


def take_out(p) -> None:
    """Take the comments out of the prompts of p, but for those that are kept as they were typed."""
    if not opts.enable_prompt_comments:
        return
    for name in ("prompts", "negative_prompts"):
        for attribute in (f"all_{name}", f"all_hr_{name}"):
            if texts := getattr(p, attribute, None):
                setattr(p, attribute, [without_comments(text) for text in texts])
    for attribute in ("main_prompt", "main_negative_prompt", "hr_prompt", "hr_negative_prompt"):
        if text := getattr(p, attribute, None):
            setattr(p, attribute, without_comments(text))
