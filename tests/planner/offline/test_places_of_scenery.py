"""Scenery, sky, foreground and background as places; sides with a season; series; panels: prompts with their cells."""

from __future__ import annotations

from lib_rpg.plan import Plan
from lib_rpg.planner import PlanRequest, plan
from tests.planner.offline.cases import Case
from tests.planner.offline.compare import cells_of
from tests.tables import for_each

SCENERY = (
    Case("a violet moon and a green sky", "green sky / violet moon"),
    Case("a red sky and a blue house", "red sky / blue house"),
    Case("a green sky and a purple field", "green sky / purple field"),
    Case("a marble floor and a velvet cushion", "velvet cushion / marble floor"),
    Case("red grass and a white horse", "white horse / red grass"),
    Case("a teal lake, a red canoe", "red canoe / teal lake"),
    Case("a tiled floor with a red ball", "red ball / tiled floor"),
    Case("the grass is blue and the cow is pink", "pink cow / blue grass"),
    Case("a lamp on the top of a painting", "lamp / painting"),
    Case("a bird on the top of a drawing", "bird / drawing"),
    Case("a painting at the top of the painting", "painting / _"),
    Case("a brick wall and a wooden bench", "brick wall | wooden bench"),
    Case(
        "pink clouds over a turquoise sea, a single white sailboat",
        "pink clouds / single white sailboat / turquoise sea",
    ),
    Case(
        "a wooden ceiling with dark beams, a checkered floor and a grand piano",
        "wooden ceiling with dark beams / grand piano / checkered floor",
    ),
    Case(
        "two boys, one in white armor, one in black armor, purple sky, yellow grass",
        "purple sky / boy in white armor | boy in black armor / yellow grass",
    ),
    Case("1girl, 1boy, red bridge, blue snow, gold moon", "gold moon / girl | boy | red bridge / blue snow"),
    Case("pink sky, white castle, blue snow", "pink sky / white castle / blue snow"),
    Case("a woman and a man under a green sky", "green sky / woman | man"),
    Case("two cats on a purple floor", "cat | cat / purple floor"),
    Case("(purple sky, yellow grass:1.2), 2girls", "(purple sky:1.2) / girl | girl / (yellow grass:1.2)"),
    Case("1girl, white dress, red sky, black sea", "red sky / girl, white dress / black sea"),
    Case(
        "teal grass, pink mountains, two white deer, yellow sun",
        "yellow sun / pink mountains | white deer | white deer / teal grass",
    ),
    # One subject, or scenery as it usually is: it stays scene.
    Case("1girl, blue sky", "girl", "blue sky"),
    Case("1girl, red dress, purple sky", "girl, red dress", "purple sky"),
    Case("a golden temple under a crimson sky", "golden temple", "under a crimson sky"),
    Case("a cat and a dog, blue sky, green grass", "cat | dog", "blue sky, green grass"),
    Case("1girl, 1boy, starry sky, snowy forest", "girl | boy", "starry sky, snowy forest"),
    Case("a red circle and a blue ring, violet background", "red circle | blue ring", "violet background"),
)

GROUNDS = (
    Case("an opera hall, stars in the sky, fountain in the foreground", "stars in the sky / opera hall / fountain"),
    Case(
        "A dark forest in the background, a campfire in the foreground, an owl in the upper right corner",
        "dark forest | owl / campfire",
    ),
    Case(
        "scarecrow in the foreground, hot air balloons in the sky, mountains in the background",
        "hot air balloons in the sky / mountains / scarecrow",
    ),
    Case(
        "a girl in the foreground, a giant mecha in the background, an explosion in the sky",
        "explosion in the sky / giant mecha / girl",
    ),
    Case("in the foreground a cat, in the background a dog", "dog / cat"),
    Case("foreground: a boat, in the background a mountain", "mountain / boat"),
    Case("a man in the foreground, a city in the background", "city / man"),
    Case("a red fox, snowy mountains in the background", "red fox", "snowy mountains in the background"),
    Case("a plane flying in the sky over a red barn", "plane flying in the sky / red barn"),
    Case("a woman walking her dog, a balloon high in the sky", "balloon high in the sky / woman + dog"),
    Case("in the sky a plane, on the ground a car", "plane in the sky / car on the ground"),
    Case(
        "a ship on the sea, seagulls in the sky, a chest in the foreground",
        "seagulls in the sky / ship on the sea | chest",
    ),
    Case("a red kite and a blue kite in the night sky", "red kite in the night sky | blue kite in the night sky"),
    Case("a Boeing 747 in the sky", "boeing 747 in the sky"),
    Case("a red barn, no clouds in the sky", "red barn", negative="clouds in the sky"),
    Case("mountains, a cabin", "mountains | cabin"),
    Case("on the left a lamp and a chair", "lamp | chair | _"),
    Case("on the left a lamp, a chair and a dog, on the right a bed", "lamp | chair | bed / dog | ~"),
    Case("on the table are a cup, two books and a pear", "cup | book | book | pear / table"),
    Case("top row: an apple, a pear; bottom row: a leek, a turnip", "apple | pear / leek | turnip"),
    Case("on the left a cat, a dog on the right", "cat | dog"),
    Case("a cup, a key, a coin and a ring arranged in a grid", "cup | key / coin | ring"),
    Case(
        "a sun in the top left corner, a rainbow in the top right corner, a cloud in the middle",
        "sun | rainbow / cloud",
    ),
    Case("the road below is grey, the sky above is orange", "orange sky / grey road"),
    Case("a chapel, morning light, cracked walls", "chapel, cracked walls", "morning light"),
    Case("a red vase and a blue bowl, reflections on the table", "red vase | blue bowl", "reflections on the table"),
    Case("left: a red ball, right: a blue ball, snow falling", "red ball | blue ball", "snow falling"),
    Case("mountains in the distance, a cabin, a canoe", "mountains in the distance / cabin | canoe"),
    Case("a village, snowy mountains in the distance", "snowy mountains in the distance", "a village"),
    Case("a knight on a hill, a castle in the distance", "knight", "a castle in the distance"),
    Case("a temple in the background, a turtle in the foreground", "temple / turtle"),
    Case("a man and a woman, a castle in the background", "castle / man | woman"),
    Case("a princess, a frog and a castle in the background", "castle / princess | frog"),
    Case("a man, a woman, and mountains in the background", "man | woman", "mountains in the background"),
    Case("two cats in the background", "cat | cat"),
    Case(
        "a girl with a blue umbrella and a boy with a red umbrella under a big tree",
        "big tree / girl with a blue umbrella | boy with a red umbrella",
    ),
    Case("a man with a newspaper beside a lamp post", "man with a newspaper | lamp post"),
    Case("a woman with a dog next to a tree", "woman | dog | tree"),
)

EVENTS = (
    Case(
        "a picnic: a father grilling sausages, a mother cutting watermelon",
        "father grilling sausages | mother cutting watermelon",
        "a picnic",
    ),
    Case("a wedding: bride in white, groom in black", "bride in white | groom in black", "a wedding"),
    Case("a wedding cake and a champagne glass", "wedding cake | champagne glass"),
    Case("two mechs, one red, one blue, burning city behind them", "red mech | blue mech", "burning city behind them"),
)

SURFACES = (  # from side to side: in the cell of each thing on it
    Case(
        "a wooden table with a vase on the left and a bowl of fruit on the right",
        "vase | bowl of fruit",
        "a wooden table",
    ),
    Case(
        "cluttered desk with a skull on the left, telescope in the middle, candle on the right",
        "skull | telescope | candle",
        "cluttered desk",
    ),
    Case("a shelf with a clock on the left and a lamp on the right", "clock | lamp", "a shelf"),
    Case("a bed with a red pillow on the left and a blue pillow on the right", "red pillow | blue pillow", "a bed"),
    # What is beside it leaves it a cell of its own.
    Case("a bench with a dog on the left and a cat on the right", "dog | bench | cat"),
    Case("a sofa with a lamp on the left and a plant on the right", "lamp | sofa | plant"),
    Case("a desk with a lamp on the left and a chair on the right", "lamp | desk | chair"),
    Case("a fence with a lantern on the left and a sign on the right", "lantern | fence | sign"),
    Case("a desk with a lamp on the left", "lamp | desk"),
)

SIDES = (
    Case("oak shelf on one side, marble on the other", "oak shelf | marble"),
    Case("on one side of the road a barn, on the other side a mill", "barn | road | mill"),
    Case("a black cat on one side of a fence, a white dog on the other side", "black cat | fence | white dog"),
    Case("a mug with a logo on one side", "mug with a logo on one side"),
    Case("a house in winter and a house in summer", "house in winter | house in summer"),
    Case("a city by day, a city by night", "city by day | city by night"),
    Case("a boat at sunset, warm evening light", "boat", "at sunset, warm evening light"),
    Case(
        "to the left of the road it is spring with tulips, to the right of the road it is winter with a snowman",
        "tulips, spring | snowman, winter",
        "road",
    ),
    Case("a river, to its left it is winter, to its right it is summer", "winter | river | summer"),
    Case("To the left of the bridge, it is autumn. To the right of it, it is spring.", "autumn | bridge | spring"),
    Case("left half winter, right half summer, a cabin in the middle", "winter | cabin | summer"),
    Case("the left half is summer with a palm, the right half is winter with a pine", "palm, summer | pine, winter"),
    Case("top half: night with an owl, bottom half: day with a beach", "owl, night / beach, day"),
    Case(
        "A beautiful landscape with a river in the middle, the left of the river is in the evening and in the winter "
        "with a big iceberg and a small village, the right of the river is in the summer with a volcano",
        "big iceberg in the evening and in the winter + small village | river | volcano in the summer",
        "beautiful landscape",
    ),
)

SERIES = (
    Case(
        "from left to right, a Tuscan village at dawn, noon, dusk and midnight in four parts",
        "tuscan village at dawn | tuscan village at noon | tuscan village at dusk | tuscan village at midnight",
    ),
    Case("from top to bottom, a pier in the morning and at night", "pier in the morning / pier at night"),
    Case("four huts at dawn, noon, dusk and midnight", "hut at dawn | hut at noon | hut at dusk | hut at midnight"),
    Case("a tree in spring, summer and autumn", "tree in spring | tree in summer | tree in autumn"),
    Case("a cabin in winter and summer, split in two parts", "cabin in winter | cabin in summer"),
    Case(
        "one oak on a hill through the four seasons, from left to right: spring, summer, autumn, winter",
        "oak on a hill, spring | oak on a hill, summer | oak on a hill, autumn | oak on a hill, winter",
    ),
    Case("an oak in four seasons", "oak in spring | oak in summer | oak in autumn | oak in winter"),
    Case("a house in three styles: gothic, baroque and modern", "house, gothic | house, baroque | house, modern"),
    Case(
        "the same stone bridge in summer on the top half and in winter on the bottom half",
        "stone bridge in summer / stone bridge in winter",
    ),
    Case("the same house, on the left in summer, on the right in winter", "house in summer | house in winter"),
    Case("the same girl, young on the left and old on the right", "young girl | old girl"),
    Case("a city by day on the left and by night on the right", "city by day | city by night"),
    # no series
    Case("a castle at dawn and dusk", "castle at dawn", "dusk"),
    Case("a cat on the left and a dog on the right", "cat | dog"),
)

PANELS = (
    Case(
        "4 panel comic, a cat wakes up, the cat sees a goldfish, the cat jumps, the cat lands in a bucket",
        "cat wakes up | cat sees a goldfish / cat jumps | cat lands in a bucket",
        "comic",
    ),
    Case(
        "2x2 grid, a red apple, a green pear, a yellow banana, a plum",
        "red apple | green pear / yellow banana | plum",
    ),
    Case(
        "comic strip of three panels: a dog digs, a dog finds a bone, a dog naps",
        "dog digs | dog finds a bone | dog naps",
    ),
    Case(
        "4koma, a girl cooks, smoke, a girl panics, a girl calls, a girl eats",
        "girl cooks, smoke / girl panics / girl calls / girl eats",
    ),
    Case(
        "six panel manga page, a boy runs, a boy trips, a boy falls, a boy cries, a boy stands, a boy laughs",
        "boy runs | boy trips | boy falls / boy cries | boy stands | boy laughs",
    ),
    Case(
        "triptych, on the left panel a seed in dark soil, in the middle panel a sapling, on the right panel an old oak",
        "seed in dark soil | sapling | old oak",
    ),
    Case("a triptych of a seed, a sapling and an oak, oil painting", "seed | sapling | oak", "oil painting"),
    Case("diptych, sun, moon, oil painting", "sun | moon", "oil painting"),
    Case("split screen, a city by day, a city by night", "city by day | city by night"),
    Case("masterpiece, split screen of a lion and a tiger", "lion | tiger", "masterpiece"),
    Case("In the first panel a cat sleeps. In the second panel the cat eats.", "cat sleeps | cat eats"),
    Case("left panel: two cats, right panel: a dog", "2*cat | dog"),
    Case(
        "three panel comic, a robot plants a seed; a flower grows; the robot smiles",
        "robot plants a seed | flower grows | robot smiles",
    ),
    # no panels of their own
    Case("a 2x2 grid of red apples", "red apples", "2x2 grid"),
    Case("triptych of the sea", "sea", "triptych"),
    Case("a photo of a door with four panels", "door with four panels", "photo"),
)


def planned(prompt: str, method: str = "rpg") -> Plan:
    return plan(PlanRequest(prompt, 512, 512, method=method))


@for_each(SCENERY + GROUNDS + EVENTS + SURFACES + SIDES + SERIES + PANELS, lambda case: case.prompt)
def test_prompt_with_its_cells(case: Case) -> None:
    result = planned(case.prompt)
    assert cells_of(result) == case.cells
    assert result.negative_prompt == case.negative
    for region in result.regions:
        assert [part for part in case.scene.split(", ") if part not in region.prompt.lower()] == []


def test_the_look_of_scenery_is_in_no_other_region() -> None:
    for prompt in (
        "2boys, white armor, purple sky, yellow grass",
        "a man and a woman on a purple floor under a yellow sky",
    ):
        said = [region.prompt for region in planned(prompt).regions]
        assert [sum(look in text for text in said) for look in ("purple", "yellow")] == [1, 1]


def test_scenery_that_goes_across_takes_less_room_than_what_stands_in_it() -> None:
    assert planned("a marble floor and a velvet cushion").split_ratio == "2;1"
    assert planned("a wooden ceiling, a checkered floor and a grand piano").split_ratio == "1;2;1"


def test_a_plural_without_a_number_has_none_in_any_method() -> None:
    for method in ("rpg", "rag", "lmd"):
        result = planned("snowy mountains, a red cabin", method)
        entities = [(e.phrase, e.count) for region in result.regions for e in region.entities]
        assert entities == [("snowy mountains", 1), ("red cabin", 1)]
        assert [region.prompt for region in result.regions] == ["snowy mountains", "a red cabin"]


def test_what_someone_does_from_panel_to_panel_is_said_of_them() -> None:
    regions = planned("4 panel comic, 1girl, waking up, eating, drinking, sleeping").regions
    doing = ("waking up", "eating", "drinking", "sleeping")
    assert [[what for what in doing if what in region.prompt] for region in regions] == [[what] for what in doing]
    assert ["girl" in region.prompt for region in regions] == [True] * 4


def test_things_in_the_sky_say_so_and_others_do_not() -> None:
    regions = planned("a castle on a hill, a dragon in the sky").regions
    assert [region.prompt for region in regions] == ["a dragon in the sky", "a castle on a hill"]


def test_the_copies_of_a_series_take_the_words_of_all() -> None:
    regions = planned("the same old oak on a hill at dawn, noon and night, watercolor").regions
    assert [region.prompt for region in regions] == [
        "the old oak on a hill at dawn, watercolor",
        "the old oak on a hill at noon, watercolor",
        "the old oak on a hill at night, watercolor",
    ]
