"""Prompts of each kind that people type, with the whole plan that is right for each: one table to read."""

from __future__ import annotations

from typing import NamedTuple


class Typed(NamedTuple):
    """A prompt, its cells in the notation of `cases`, the split ratio, and what is excluded."""

    prompt: str
    cells: str
    ratio: str = "1,1"
    negative: str = ""


HUT = (
    "Inside a wooden hut, evening light falls through a window on the left, a dog lies on a rug under the window, "
    "on the right there is a stove and a painting of a ship above it"
)
CHEONGSAMS = "two girls, one in red cheongsam, one in orange, drink tea under a landscape painting"
SEASONS = "to the left of the road it is spring with tulips, to the right of the road it is winter with a snowman"
COUPLE = (
    "A couple, a smiling girl on the left, silver hair, long braid, happy, a young man on the right, blond hair, grin"
)
FOUR_OTTERS = "otter guarding | otter guarding | otter guarding / otter guarding | egg | egg"
HOURS = " | ".join(f"tuscan village at {hour}" for hour in ("dawn", "noon", "dusk", "midnight"))

TYPED = (
    # modifiers are no things
    Typed("a portrait of an empress, solemn, ektachrome, unreal engine 4, art by klimt", "empress", "1"),
    Typed("pxlstyle, best quality, 1girl, poncho", "girl, poncho", "1"),
    Typed(
        "A walrus playing a trumpet. Watercolor in the style of an old travel poster. Wide-angle view.",
        "walrus playing a trumpet",
        "1",
    ),
    Typed("score_9, score_8_up, score_7_up, two cats, one black and one white", "black cat | white cat"),
    Typed("wild, oversaturated, a fox in the snow", "fox", "1"),
    # adjectives parted by commas
    Typed("an eager, clumsy puppy and a wise, patient tortoise", "eager, clumsy puppy | wise, patient tortoise"),
    Typed("a cold, silent fjord with steep, icy cliffs", "cold, silent fjord with steep, icy cliffs", "1"),
    # clothes and parts of someone
    Typed(
        "beagle wearing a red cape, a top hat and a monocle", "beagle wearing a red cape, a top hat and a monocle", "1"
    ),
    Typed("a woman holding a lantern above her head", "woman holding a lantern above her head", "1"),
    Typed("1girl, green eyes, hair over one eye, freckles", "girl, green eyes, hair over one eye, freckles", "1"),
    Typed(
        "a brown shield with a golden lion next to a silver shield", "brown shield with a golden lion | silver shield"
    ),
    # people who are named again
    Typed(
        "best quality, 2boys, boy on left with green cap, boy on right with brown cap",
        "boy, green cap | boy, brown cap",
    ),
    Typed("1boy, 1girl, boy has grey hair, girl has a red ponytail", "boy, grey hair | girl, red ponytail"),
    Typed("1boy, 1girl, boy on the left with a hat, girl on the right with a scarf", "boy, hat | girl, scarf"),
    Typed("wizard and ogre, wizard on the left, ogre on the right", "wizard | ogre"),
    Typed("2girls, alice on the left, mary on the right, stage", "alice | mary"),
    Typed(COUPLE, "smiling girl, silver hair, long braid, happy | young man, blond hair, grin"),
    Typed(
        "2girls, green hair, purple hair, matching coats",
        "girl, green hair, matching coats | girl, purple hair, matching coats",
    ),
    Typed("2girls, red hair, blue hair, tea room", "girl, red hair | girl, blue hair"),
    Typed(
        CHEONGSAMS, "landscape painting / girl in red cheongsam drinking tea | girl in orange drinking tea", "1;1,1,1"
    ),
    # the prompt's own structure
    Typed(
        "2girls, cafe\n1girl, green hair, apron\n1girl, grey hair, suit",
        "girl, green hair, apron | girl, grey hair, suit",
    ),
    Typed("a red circle ADDROW a blue square", "red circle / blue square", "1;1"),
    Typed("a red circle to the left of a blue square AND navy background :0.5", "red circle | blue square"),
    Typed("1girl, standing, (masterpiece:1.4, best quality), blue dress", "girl, standing, blue dress", "1"),
    # joined sentences
    Typed("A rowing boat on a canal. There is a heron on the bank.", "rowing boat on a canal | heron on the bank"),
    Typed("an owl holding a shield that has a spiral on it", "owl holding a shield with a spiral on it", "1"),
    Typed(HUT, "window | painting of a ship / dog + rug | stove", "1,1,1;1,1,1"),
    # scenery with a look of its own
    Typed("a violet moon and a green sky", "green sky / violet moon", "1;1"),
    Typed("a marble floor and a velvet cushion", "velvet cushion / marble floor", "2;1"),
    Typed("a lamp on the top of a painting", "lamp / painting", "1;1"),
    # verbs that are in no list
    Typed("four otters guarded two eggs", FOUR_OTTERS, "1,1,1,1;1,1,1,1"),
    Typed("a cafe features a brass counter and stools", "brass counter | stools"),
    # sides and series
    Typed("oak shelf on one side, marble on the other", "oak shelf | marble"),
    Typed(SEASONS, "tulips, spring | snowman, winter"),
    Typed("from left to right, a Tuscan village at dawn, noon, dusk and midnight in four parts", HOURS, "1,1,1,1"),
    Typed(
        "4 panel comic, a cat wakes up, a cat eats, a cat plays, a cat sleeps",
        "cat wakes up | cat eats / cat plays | cat sleeps",
        "1,1,1;1,1,1",
    ),
    # numbers in names
    Typed("a teal 1972 sedan next to a white van", "teal 1972 sedan | white van"),
    Typed("a lute, 8 k, 3 5 mm", "lute", "1"),
    Typed("the digital clock on the wall shows 10:25", "digital clock on the wall showing 10:25", "1"),
    # sky and foreground
    Typed(
        "an opera hall, stars in the sky, fountain in the foreground",
        "stars in the sky / opera hall / fountain",
        "1;1;1",
    ),
    # nothing is lost
    Typed(
        "three people and three canoes",
        "person | person | person / canoe | canoe | canoe",
        "1,1,1,1;1,1,1,1",
    ),
    Typed("a green orange and a blue lemon", "green orange | blue lemon"),
    Typed("four pears in a circle, top down view", "pear | pear / pear | pear", "1,1,1;1,1,1"),
    Typed("a chair without cushions on it", "chair", "1", negative="cushions"),
    Typed("a basket with not more than five eggs", "basket with not more than five eggs", "1"),
    Typed("右边是蓝色方块，左边是红色圆形", "_", "1"),
    # each thing's LoRA
    Typed(
        "a black cat <lora:cat:0.7> on the left and a white dog <lora:dog:0.8> on the right", "black cat | white dog"
    ),
    # shapes of the benchmark of pictures
    Typed("2shapes, red circle, blue square, red circle on left, blue square on right", "red circle | blue square"),
)
