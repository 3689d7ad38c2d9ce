"""Prompts with stated truth for the offline planner, written before its rules were tuned.

A layout is written as the cells of the grid: " / " is between rows, " | " between cells, " + " between things of one
cell. "2*black cat" is an entity with a count of two, "_" a cell with only the background, "~" a cell that continues
the thing in the cell above it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    prompt: str
    cells: str
    scene: str = ""  # must stand in every region's prompt and in the base prompt
    negative: str = ""
    size: tuple[int, int] = (512, 512)


SHAPES = (
    Case("a red circle", "red circle"),
    Case("two green squares", "green square | green square"),
    Case("a red circle and a blue ring, navy background", "red circle | blue ring", "navy background"),
    Case(
        "a red circle on the left and a blue square on the right, navy background",
        "red circle | blue square",
        "navy background",
    ),
    Case("a blue square on the right and a red circle on the left", "red circle | blue square"),
    Case("a red circle above a blue square", "red circle / blue square"),
    Case("a red circle below a blue square, gray background", "blue square / red circle", "gray background"),
    Case(
        "a red circle in the top left corner, a green square in the top right corner, a blue ring in the bottom "
        "left corner and a yellow triangle in the bottom right corner",
        "red circle | green square / blue ring | yellow triangle",
    ),
    Case(
        "a red circle, a green square and a purple ring from left to right, beige background",
        "red circle | green square | purple ring",
        "beige background",
    ),
    Case("from top to bottom, a red circle, a green square and a pink ring", "red circle / green square / pink ring"),
    Case("a red circle at the top and a blue square at the bottom", "red circle / blue square"),
    Case(
        "a red circle on the left, a white ring in the center and a blue square on the right",
        "red circle | white ring | blue square",
    ),
    Case(
        "a black triangle at the bottom, a red circle at the top left and an orange ring at the top right",
        "red circle | orange ring / black triangle",
    ),
    Case("three cyan triangles, brown background", "cyan triangle | cyan triangle | cyan triangle", "brown background"),
    Case(
        "two red circles above three blue squares",
        "red circle | red circle / blue square | blue square | blue square",
    ),
    Case("a red circle to the left of a blue square", "red circle | blue square"),
    Case("an orange circle right of a blue square", "blue square | orange circle"),
    Case(
        "a red circle between a blue square and a green ring",
        "blue square | red circle | green ring",
    ),
    Case("a red circle in the top left corner", "red circle | _ / _"),
    Case("a red circle on the left, teal background", "red circle | _", "teal background"),
    Case("four red circles", "red circle | red circle / red circle | red circle"),
    Case("two red circles and a blue square", "red circle | red circle | blue square"),
    Case("a red circle in the upper right and a pink square in the lower left", "_ | red circle / pink square | _"),
    Case("a red circle in the middle", "_ / _ | red circle | _ / _"),
)

LMD = (
    Case("A realistic photo of a scene without backpacks", "_", "A realistic photo", "backpacks"),
    Case("A realistic photo of a scene with one cup", "cup", "A realistic photo"),
    Case("A realistic photo of a scene with three dogs", "dog | dog | dog", "A realistic photo"),
    Case("A realistic photo of a scene with five bowls", "bowl | bowl | bowl / bowl | bowl", "A realistic photo"),
    Case(
        "A realistic photo of a scene with an orange chair and a white laptop",
        "orange chair | white laptop",
        "A realistic photo",
    ),
    Case(
        "A realistic photo of a scene with a cat on the right and a book on the left",
        "book | cat",
        "A realistic photo",
    ),
    Case(
        "A realistic photo of a scene with a car on the bottom and a dog on the top",
        "dog / car",
        "A realistic photo",
    ),
)

RELATIONS = (
    Case("two red apples left of a green mug", "red apple | red apple | green mug"),
    Case("a cat left of a dog, and a bird above both", "bird / cat | dog"),
    Case("a cat is to the left of a dog and above a bird", "cat | dog / bird"),
    Case("to the left of a dog is a cat", "cat | dog"),
    Case("A lamp hangs above a wooden table", "lamp hanging / wooden table"),
    Case("a cat next to a dog", "cat | dog"),
    Case("a cat next to a dog", "cat | dog", size=(512, 1024)),
    Case("a boy beside a girl under a large tree", "large tree / boy | girl"),
    Case("a white cat on top of a black piano", "white cat / black piano"),
    Case("a vase on a table", "vase / table"),
    Case("a cat sitting on a red sofa", "cat + red sofa"),
    Case("a man riding a brown horse and a woman holding a flag", "man + brown horse | woman holding a flag"),
    Case("a cat in a box next to a dog", "cat + box | dog"),
    Case("a dog in front of a red car, and a cat to the right of the car", "dog + red car | cat"),
    Case("a girl and a dog, the girl is on the right and the dog is on the left", "dog | girl"),
    Case("A tree on the left. To the right of the tree, a house. Above the house, a moon.", "moon / tree | house"),
    Case("a bowl below a shelf and a clock above the shelf", "clock / shelf / bowl"),
    Case("on the left a red car, on the right a blue truck", "red car | blue truck"),
    Case("On the left, there is a red car. On the right, there is a blue truck.", "red car | blue truck"),
    Case("left: a forest in spring, right: a forest in winter", "forest in spring | forest in winter"),
    Case("the left half shows a desert, the right half shows an ocean", "desert | ocean"),
    Case("a mountain at the top, a lake in the middle and a meadow at the bottom", "mountain / lake / meadow"),
    Case("a dog on the left side of the picture and a cat on the right side of the picture", "dog | cat"),
    Case(
        "in the bottom right corner of the image, a tiny mouse; in the top left corner, a hawk",
        "hawk | _ / _ | tiny mouse",
    ),
    Case("a row of three candles", "candle | candle | candle"),
    Case("a row of three candles", "candle | candle | candle", size=(512, 1024)),
    Case("a column of two books", "book / book"),
    Case("three robots in a row", "robot | robot | robot"),
    Case("a cat and a dog on the left and right respectively", "cat | dog"),
    Case("a knife to the left of a plate and a fork to the right of the plate", "knife | plate | fork"),
    Case("a bird over a house", "bird / house"),
    Case("a sun above a house, a tree to the left of the house", "sun / tree | house"),
    Case("a red ball on the left, a blue ball on the right and a sign at the bottom", "red ball | blue ball / sign"),
    Case("a house with a tree on the left and a car on the right", "tree | house | car"),
    Case("a pig directly beneath a kite", "kite / pig"),
    Case("a cup on the left of a bottle", "cup | bottle"),
    Case("a cup on the top of a book", "cup / book"),
    Case("a fish and a crab below a boat", "boat / fish | crab"),
    Case("a cat above a dog above a mouse", "cat / dog / mouse"),
    Case("four dogs surrounding a cat", "dog | dog / cat / dog | dog"),
)

ATTRIBUTES = (
    Case(
        "a girl with red hair and blue eyes, a boy with black hair and green eyes",
        "girl with red hair and blue eyes | boy with black hair and green eyes",
    ),
    Case("a woman wearing a red hat and a blue dress", "woman wearing a red hat and a blue dress"),
    Case("a woman in a red dress and a man in a black suit", "woman in a red dress | man in a black suit"),
    Case("a cat that is black and a dog that is white", "black cat | white dog"),
    Case("a red and a blue car", "red car | blue car"),
    Case("a red and blue car", "red and blue car"),
    Case(
        "a black and white cat left of an orange and a green chair", "black and white cat | orange chair | green chair"
    ),
    Case("two red and three blue balloons", "red balloon | red balloon / blue balloon | blue balloon | blue balloon"),
    Case("three cats and two dogs", "cat | cat | cat / dog | dog"),
    Case("two girls, one in a red cheongsam, one in orange", "girl in a red cheongsam | girl in orange"),
    Case("two men, one with a beard and the other with a hat", "man with a beard | man with a hat"),
    Case("two circles, one red and one blue", "red circle | blue circle"),
    Case("three women, one in red, one in green, and one in blue", "woman in red | woman in green | woman in blue"),
    Case("two dogs, both wearing blue hats", "dog wearing blue hats | dog wearing blue hats"),
    Case("two cats, the one on the left is black and the one on the right is white", "black cat | white cat"),
    Case(
        "A girl and a boy. The girl has blonde hair. The boy wears a green cap.",
        "girl with blonde hair | boy wearing a green cap",
    ),
    Case("a cup of coffee and a slice of cake", "cup of coffee | slice of cake"),
    Case("a small, fluffy, white dog and a big brown bear", "small, fluffy, white dog | big brown bear"),
    Case("a man holding a sword and a shield", "man holding a sword and a shield"),
    Case("a robot made of wood and a doll made of glass", "robot made of wood | doll made of glass"),
    Case("eight cats", "2*cat | 2*cat / 2*cat | 2*cat"),
    Case("six eggs", "egg | egg | egg / egg | egg | egg"),
    Case("a pair of shoes and a pair of cats", "pair of shoes | cat | cat"),
    Case("a woman with a dog on her left", "dog | woman"),
)

SCENES = (
    Case("two girls are chatting in a cafe", "girl chatting | girl chatting", "in a cafe"),
    Case("an oil painting of a cat on the left and a dog on the right", "cat | dog", "an oil painting"),
    Case("a cat and a dog on a navy background", "cat | dog", "on a navy background"),
    Case("at night, a wolf to the left of a campfire", "wolf | campfire", "at night"),
    Case("a knight and a dragon in the style of Van Gogh", "knight | dragon", "in the style of Van Gogh"),
    Case(
        "masterpiece, best quality, 8k, a red fox on the left, a white rabbit on the right",
        "red fox | white rabbit",
        "masterpiece, best quality, 8k",
    ),
    Case(
        "1girl, red hair, blue dress, 1boy, black suit, cafe, night, masterpiece",
        "girl, red hair, blue dress | boy, black suit",
        "cafe, night, masterpiece",
    ),
    Case("red apple, green mug, wooden spoon", "red apple | green mug | wooden spoon"),
    Case("a dog and a cat in a park, sunset", "dog | cat", "in a park, sunset"),
    Case("a dog on the beach", "dog", "on the beach"),
    Case(
        "On a beach, a red umbrella on the left and two blue chairs on the right",
        "red umbrella | blue chair | blue chair",
        "On a beach",
    ),
    Case("two cats on a table with a mountain in the background", "cat | cat / table", "a mountain in the background"),
    Case(
        "a photo of a red bus to the right of a yellow taxi, cinematic lighting",
        "yellow taxi | red bus",
        "a photo, cinematic lighting",
    ),
    Case("The background is green. A cow on the left and a horse on the right.", "cow | horse", "green background"),
    Case("three ducks swimming in a lake", "duck swimming | duck swimming | duck swimming", "in a lake"),
    Case("watercolor, a fox above a turtle, autumn forest", "fox / turtle", "watercolor, autumn forest"),
    Case(
        "From left to right, a blonde ponytail Europe girl in white shirt, a brown curly hair African girl in blue "
        "shirt printed with a bird, an Asian young man with black short hair in suit are walking in the campus "
        "happily.",
        "blonde ponytail europe girl in white shirt walking happily | brown curly hair african girl in blue shirt "
        "printed with a bird walking happily | asian young man with black short hair in suit walking happily",
        "in the campus",
    ),
)

NEGATIVES = (
    Case("a cat on the left and a dog on the right, without people", "cat | dog", negative="people"),
    Case("a living room with a sofa and a lamp, no cats, no dogs", "sofa | lamp", "a living room", "cats, dogs"),
    Case("a street without cars or people", "_", "a street", "cars, people"),
    Case("a girl without a hat and a boy with a hat", "girl | boy with a hat", negative="a hat"),
    Case("a red apple but no leaves", "red apple", negative="leaves"),
    Case("a cat, not a dog", "cat", negative="a dog"),
    Case("a bowl of fruit excluding bananas next to a jug", "bowl of fruit | jug", negative="bananas"),
    Case("there are no trees, just a house and a barn", "house | barn", negative="trees"),
    Case("a bird on the left without a beak, a fish on the right", "bird | fish", negative="a beak"),
    Case("two men, not wearing glasses", "man | man", negative="wearing glasses"),
)

LANGUAGE = (
    Case(
        "(a red hat:1.2) on the left and a (blue (silk:1.1) scarf) on the right",
        "(red hat:1.2) | (blue (silk:1.1) scarf)",
    ),
    Case("a [red:blue:0.5] ball on the left and a <lora:toy:0.8> robot on the right", "[red:blue:0.5] ball | robot"),
    Case("(masterpiece, best quality:1.3), a cat left of a dog", "cat | dog", "(masterpiece, best quality:1.3)"),
    Case("a ((red)) cat and a [blue] dog", "((red)) cat | [blue] dog"),
    Case(
        'a sign that says "left and right" on the right and a fox on the left', 'fox | sign that says "left and right"'
    ),
    Case("a top hat and a left-handed guitar", "top hat | left-handed guitar"),
    Case("a BREAKFAST table BREAK a red mug", "breakfast table | red mug"),
    Case("a cat and a dog", "cat / dog", size=(512, 1024)),
    Case("a cat, a dog, a cow, a pig and a hen", "cat | dog | cow / pig | hen"),
)

CASES = SHAPES + LMD + RELATIONS + ATTRIBUTES + SCENES + NEGATIVES + LANGUAGE
