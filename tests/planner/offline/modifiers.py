"""Pieces between commas that say how the whole picture is, and subjects beside which they are typed.

No piece has an article, a count, a place, a relation or a concrete noun: none of them is a thing of the picture.
``python -m tests.planner.offline.modifiers`` prints, by kind, how many of them get no cell.
"""

from __future__ import annotations

import re

from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan
from lib_rpg.planner.language.inflection import singular


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.split(","))


MODIFIERS = {
    "mood": _pieces(
        "wistful, serene, eerie, ominous, playful, brooding, tranquil, euphoric, foreboding, bittersweet, dreamlike, "
        "contemplative, gloomy, joyful, uncanny, tender, solemn, tense atmosphere, nostalgic mood, quiet despair"
    ),
    "camera": _pieces(
        "leica m6, canon eos r5, nikon d850, sony a7iii, hasselblad 500c, rolleiflex, 24mm, 135mm lens, f/1.2, f/2.8, "
        "iso 200, 1/500s, telephoto, tilt-shift, fisheye, long exposure, shallow dof, motion blur, macro, dslr"
    ),
    "film": _pieces(
        "ektar 100, ektachrome, cinestill 800t, velvia 50, tri-x 400, ilford hp5, agfa vista, kodachrome, technicolor, "
        "polaroid, super 8, cross processed, grainy, analog, lomography, daguerreotype, cyanotype, wet plate collodion"
    ),
    "engine": _pieces(
        "unreal engine 4, octane, blender cycles, v-ray, redshift render, cryengine, unity, lumion, arnold renderer, "
        "ray tracing, global illumination, subsurface scattering, path traced, zbrush, houdini, eevee, keyshot"
    ),
    "quality": _pieces(
        "masterpiece, best quality, amazing quality, absurdres, highres, ultra-detailed, intricate, 8k, uhd, "
        "hyperdetailed, award-winning, flawless, very aesthetic, newest, professional, crisp, high fidelity, perfect"
    ),
    "score": _pieces("score_9, score_8_up, score_7_up, score_6_up, score_5_up, score_4_up"),
    "rating": _pieces("rating_safe, rating_questionable, safe, general, sfw, sensitive"),
    "source": _pieces(
        "source_anime, source_cartoon, source_furry, source_pony, source_3d, official art, original, 2020s"
    ),
    "style": _pieces(
        "art nouveau, art deco, bauhaus, ukiyo-e, cel shading, flat color, vaporwave, brutalist, impressionism, "
        "cubism, low poly, pixel art, line art, chiaroscuro, gouache, watercolor, charcoal, oil on canvas, linocut, "
        "pointillism, dieselpunk, solarpunk, surrealist, rococo, retrofuturism, minimalist, fauvism, risograph, "
        "comic style, anime coloring, wild, whimsical"
    ),
    "artist": _pieces(
        "art by klimt, by greg rutkowski, art by alphonse mucha, by artgerm, inspired by turner, in the style of "
        "moebius, wlop, sakimichan, by yoshitaka amano, beksinski, by rembrandt, makoto shinkai, loish, ilya kuvshinov"
    ),
    "light": _pieces(
        "rim light, golden hour, volumetric lighting, backlit, soft lighting, low key, high key, dramatic shadows, "
        "ambient occlusion, neon glow, candlelit, overexposed, god rays, studio lighting, diffuse light, lens flare"
    ),
    "composition": _pieces(
        "rule of thirds, dutch angle, close-up, wide shot, cowboy shot, centered, symmetrical, negative space, "
        "low angle, wide-angle view, dynamic pose, three-quarter view, off-center, establishing shot, fisheye view, "
        "minimal composition, depth of field, cinematic framing, bokeh"
    ),
    "colour": _pieces(
        "muted tones, pastel palette, monochrome, warm colors, teal and orange, desaturated, vivid, limited palette, "
        "sepia, high contrast, oversaturated, duotone, earth tones, iridescent"
    ),
    "trigger": _pieces("pxlstyle, mkstyle, ohwx, zxcv_style, p1x3lart, c1nematic, drkfntsy, gh0stly, inkpunk, arcn"),
}
SUBJECTS = (
    "a portrait of an empress",
    "a walrus playing a trumpet",
    "a red fox and a white rabbit",
    "two cats, one black and one white",
    "a knight on the left and a dragon on the right",
    "1girl, silver hair",
    "1boy, 1girl",
    "2girls",
)


def together(subject: str, before: list[str], after: list[str]) -> str:
    """One prompt, as they are typed: pieces, the subject, more pieces."""
    return ", ".join([*before, subject, *after])


def strange_cells(subject: str, planned: Plan) -> list[str]:
    """The names of cells and of their things that have no word of the subject."""
    own = {"background", *_singulars(subject)}
    names = [region.name for region in planned.regions]
    names += [entity.phrase for region in planned.regions for entity in region.entities]
    return [name for name in dict.fromkeys(names) if not own & _singulars(name)]


def _singulars(text: str) -> set[str]:
    return {singular(word) for word in re.findall(r"[^\W\d_]{2,}", text.lower())}


def made_cells(kind: str) -> dict[str, list[str]]:
    """The pieces of that kind which give a cell its name beside some subject, and the prompts where they do."""
    found: dict[str, list[str]] = {}
    for piece in MODIFIERS[kind]:
        for subject in SUBJECTS:
            for prompt in (together(subject, [piece], []), together(subject, [], [piece])):
                if strange_cells(subject, plan(PlanRequest(prompt, 1024, 1024))):
                    found.setdefault(piece, []).append(prompt)
    return found


def main() -> int:
    for kind, pieces in MODIFIERS.items():
        found = made_cells(kind)
        print(f"{kind:12}{len(pieces) - len(found):>4} of {len(pieces):<4} get no cell; {', '.join(found)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
