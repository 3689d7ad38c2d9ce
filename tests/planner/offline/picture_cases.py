"""Sentences about the whole picture: its style and light, headings for its parts, and skies of a look of their own."""

from __future__ import annotations

from tests.planner.offline.sentence_cases import Sentence

WHOLE_PICTURE = (  # style, and light, smoke or dust that acts in the picture
    Sentence("a red fox in the snow, photographed by richard avedon", "red fox"),
    Sentence("a ship and a whale, engraved by gustave dore, contest winner", "ship | whale"),
    Sentence("a lemon and a silver cup, cosy, flat lay, in the manner of willem kalf", "lemon | silver cup"),
    Sentence("a heron and a frog, woodblock print in the style of hokusai", "heron | frog"),
    Sentence("a queen and a jester, costume design by eiko ishioka", "queen | jester"),
    Sentence("a queen, screen print with three inks, tempera on panel, limited palette of ochre and indigo", "queen"),
    Sentence("a goblin merchant, like a Laika film", "goblin merchant"),
    Sentence(
        "a tortoise in a bowler hat. Engraved look, like an old banknote.", "tortoise in a bowler hat, engraved look"
    ),
    Sentence("The vibe: 1970s paperback. A rover on a road.", "rover"),
    Sentence("A badger in a waistcoat. Should look like a page from an old book.", "badger in a waistcoat"),
    Sentence("a teddy bear astronaut. Make it cozy and warm.", "teddy bear astronaut"),
    Sentence("Rembrandt meets cyberpunk, an android monk in a hooded robe", "android monk in a hooded robe"),
    Sentence("a knight meets a dragon", "knight meeting | dragon"),
    Sentence("a clown under a two tone sky", "clown"),
    Sentence("leather shoes and wooden pencils", "leather shoes | wooden pencils"),
    Sentence("at the top a balloon, at the bottom a boat, soft glow", "balloon / boat"),
    Sentence(
        "on the left a knight, on the right a wizard, golden hour, dramatic lighting",
        "knight | wizard",
    ),
    Sentence(
        "A cat sits on a sofa. Bright, cheerful, high-key photography with vivid colors.",
        "cat + sofa",
    ),
    Sentence("A robot and a child. Clean minimalist illustration in flat colors.", "robot | child"),
    Sentence("A desk and a chair. Warm light from a lamp casts long shadows.", "desk | chair"),
    Sentence("A wizard and an owl. Steam and smoke fill the air. Sparks fly through the air.", "wizard | owl"),
    Sentence("A bus and a taxi. Rain streaks the windows and neon glow reflects in the puddles.", "bus | taxi"),
    Sentence("A train and a bridge. Thick fog rolls over the hills. Smoke rises from the grates.", "train | bridge"),
    Sentence("A bed and a chair. Sunlight streams through the window and falls on the floor.", "bed | chair"),
    Sentence("A girl and a boy. Fog covers a castle.", "girl | boy | castle"),
)
HEADINGS = (  # grounds of the picture, with and without a colon
    Sentence("foreground: a fox, background: a castle, sky: two moons", "moon | moon / castle / fox"),
    Sentence(
        "foreground wildflowers, midground a wooden cabin, background the alps",
        "alps / wooden cabin / wildflowers",
    ),
    Sentence("sky: thunderclouds, foreground: a scarecrow, background: a barn", "thunderclouds / barn / scarecrow"),
    Sentence("background: a mountain, middle ground: a lake, foreground: a canoe", "mountain / lake / canoe"),
    Sentence(
        "in the foreground a rabbit, in the midground a barn, in the background a volcano", "volcano / barn / rabbit"
    ),
    Sentence("in the middle ground stands a cow, in the foreground a dog", "cow / dog"),
    Sentence("Foreground: a red tulip. Midground: a windmill. Background: a church.", "church / windmill / red tulip"),
    Sentence("foreground a cat, background a burning city", "burning city / cat"),
    Sentence("sky: a dragon, ground: a knight", "dragon / knight"),
    Sentence("a cat, background: a forest", "cat"),
)
ODD_SKIES = (  # over land and water they have a place of their own
    Sentence("a purple ocean under a lime green sky", "lime green sky / purple ocean"),
    Sentence("a yellow desert under a violet sky", "violet sky / yellow desert"),
    Sentence("a white sand beach under a crimson sky", "crimson sky / white sand beach"),
    Sentence("a lake under a blue sky", "lake"),
    Sentence("a castle under a purple sky", "castle"),
)
PICTURE = WHOLE_PICTURE + HEADINGS + ODD_SKIES
