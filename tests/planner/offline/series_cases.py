"""One and the other, panels and stages, numbers in names: prompts with stated truth."""

from __future__ import annotations

from tests.planner.offline.sentence_cases import Sentence

AGES = (  # of someone, and no counts
    Sentence("a boy, aged 8, and his sister, age 5", "boy, aged 8 | sister, age 5"),
    Sentence(
        "a tall 12 year old boy and his 7 year old sister and the 60 year old man",
        "tall 12 year old boy | 7 year old sister | 60 year old man",
    ),
    Sentence("a man 30 year old and a 5-year-old boy", "man 30 year old | 5-year-old boy"),
    Sentence("woman in her 50s and a man in his late 20s", "woman in her 50s | man in his late 20s"),
    Sentence("a teenage girl (17 years old) with a skateboard", "teenage girl (17 years old) with a skateboard"),
    Sentence(
        "two boys, aged 6 and 8, building a sandcastle",
        "boy, aged 6 and 8, building | boy, aged 6 and 8, building | sandcastle",
    ),
)
NUMBERS = (  # in names, and no counts
    Sentence("a no. 7 tram and a cyclist", "no. 7 tram | cyclist"),
    Sentence("an exit 24 sign on a highway", "exit 24 sign"),
    Sentence(
        "a $20 bill and three 50 cent coins on a counter",
        "$20 bill | 50 cent coin | 50 cent coin | 50 cent coin / counter",
    ),
    Sentence("a st. bernard and mr. fox in a hat", "st. bernard | mr. fox in a hat"),
    Sentence(
        "a fat orange cat weighing 10 kg next to a kitten of 500 g", "fat orange cat weighing 10 kg | kitten of 500 g"
    ),
    Sentence("the 20 cm cat beside the 2 m dog", "20 cm cat | 2 m dog"),
    Sentence("locker 42 is open, locker 43 is closed", "open locker 42 | closed locker 43"),
    Sentence("two buses, number 5 and number 12, at a stop", "bus number 5 | bus number 12"),
    Sentence("soccer jersey with number 10 and the name MESSI", "soccer jersey with number 10 and the name messi"),
    Sentence("speed limit 50 sign and a red truck", "speed limit 50 sign | red truck"),
    Sentence("1boy, 1girl, boy 180cm, girl 150cm, height difference, school", "boy 180cm | girl 150cm"),
    Sentence("three doors labelled 1", "door labelled 1 | door labelled 1 | door labelled 1"),
    Sentence("a pair of headphones beside a red mug", "pair of headphones | red mug"),
)
ONE_AND_OTHER = (  # of two or more, with any verb
    Sentence(
        "two roads, one leads to a castle and one leads to a swamp",
        "road leading to a castle | road leading to a swamp",
    ),
    Sentence(
        "two people share a bench, one reads the paper, the other feeds pigeons",
        "person sharing a bench reading the paper | person sharing a bench + pigeons",
    ),
    Sentence("two mugs, the left one says MOM, the right one says DAD", "mug saying mom | mug saying dad"),
    Sentence("two vases, one has a crack, the other a gold rim", "vase with a crack | vase with a gold rim"),
    Sentence(
        "two houses side by side, the first has a red roof and the second a thatched roof",
        "house with a red roof | house with a thatched roof",
    ),
    Sentence(
        "two bottles, the first labeled POISON and the second labeled CURE",
        "bottle labeled poison | bottle labeled cure",
    ),
    Sentence(
        "two boys, one masked and the other with his mask in his hand", "masked boy | boy with his mask in his hand"
    ),
    Sentence("two glasses: one half full, one half empty", "half full glass | half empty glass"),
    Sentence(
        "two paths, one dark and overgrown, the other bright and paved",
        "dark and overgrown path | bright and paved path",
    ),
    Sentence(
        "two lighthouses, the nearer one red and white striped, the farther one plain white",
        "red and white striped lighthouse | plain white lighthouse",
    ),
    Sentence("two kids, the older reads, the younger plays with blocks", "kid reading | kid playing with blocks"),
    Sentence(
        "two owls on a branch, the smaller of the two has its eyes closed", "owl with its eyes closed | owl / branch"
    ),
    Sentence("a pair of parrots, the male is green, the female is red", "green parrot | red parrot"),
    Sentence("a pair of sneakers, one clean, the other muddy", "clean sneaker | muddy sneaker"),
    Sentence("two lamps, one on, one off", "lamp on | lamp off"),
    Sentence("two trees, one covered in snow, one in full bloom", "tree covered in snow | tree in full bloom"),
    Sentence("two cats, first cat black, second cat white", "black cat | white cat"),
    Sentence("two sisters, one seated, one standing behind her", "sister standing / sister seated"),
    Sentence(
        "two mugs, one with a bird printed on it, one with a dog printed on it",
        "mug with a bird printed on it | mug with a dog printed on it",
    ),
    Sentence(
        "two men arguing, the one on the left points a finger, the one on the right crosses his arms",
        "man arguing pointing a finger | man arguing crossing his arms",
    ),
    Sentence(
        "a dog and a cat, one asleep in a basket, the other staring out the window",
        "dog + basket | cat staring out the window",
    ),
    Sentence("1boy, 1girl, one holding a sword, the other holding a staff", "boy, holding sword | girl, holding staff"),
    Sentence("one hand holds a rose, the other a dagger", "hand holding a rose | other hand holding a dagger"),
    Sentence("one twin has blue hair, the other has pink hair", "twin with blue hair | other twin with pink hair"),
    Sentence(
        "half of the apple is red and the other half is green", "red half of the apple | green other half of the apple"
    ),
    Sentence(
        "one side of the street is sunny, the other side is in deep shadow",
        "sunny side of the street | other side of the street in deep shadow",
    ),
    Sentence("a face that is half human, half robot", "face half human, half robot"),
    Sentence(
        "two pumpkins on a porch, one carved with a grin, the other still whole",
        "pumpkin carved with a grin | still whole pumpkin",
    ),
    Sentence("two chess knights, one ivory, one ebony", "ivory chess knight | ebony chess knight"),
    Sentence("two monks, one pours tea, the other bows", "monk pouring tea | monk bowing"),
    Sentence(
        "two versions of the same street, one in 1900 and one in 2000",
        "version of the same street in 1900 | version of the same street in 2000",
    ),
    Sentence(
        "one of the two cats is wearing a bow tie, the other a top hat", "cat wearing a bow tie | cat wearing a top hat"
    ),
    Sentence("2girls, one sitting on a swing, one pushing the swing, park", "girl + swing | girl, pushing swing"),
    Sentence(
        "three slices of cake on a plate, one chocolate, one lemon, one strawberry",
        "chocolate slice of cake | lemon slice of cake | strawberry slice of cake / plate",
    ),
)
SO_MANY = (  # of several
    Sentence(
        "three friends at a bar, two drinking beer and one drinking a martini",
        "friend drinking beer | friend drinking beer | friend drinking a martini",
    ),
    Sentence(
        "five players, two in red shirts, three in blue shirts",
        "player in red shirts | player in red shirts | player in blue shirts / player in blue shirts | "
        "player in blue shirts",
    ),
    Sentence(
        "four soldiers, one standing, three kneeling",
        "soldier standing | soldier kneeling | soldier kneeling | soldier kneeling",
    ),
    Sentence(
        "six eggs, half of them painted blue, half of them painted red",
        "egg painted blue | egg painted blue | egg painted blue / egg painted red | egg painted red | egg painted red",
    ),
    Sentence("some sheep are white, others are black, meadow", "3*white sheep | 3*black sheep"),
    Sentence("a few balloons, some red, some blue", "red balloons | blue balloons"),
    Sentence(
        "many people in a market, some carrying baskets, others selling fruit",
        "3*person, carrying baskets | 3*person, selling fruit",
    ),
    Sentence(
        "some of the balloons have popped, the others float to the ceiling",
        "3*balloon popped | 3*balloon, float to the ceiling",
    ),
    Sentence(
        "a row of six birdhouses, each a different color",
        "birdhouse | birdhouse | birdhouse | birdhouse | birdhouse | birdhouse",
    ),
    Sentence(
        "a couple of old men playing dominoes and several cats watching them",
        "old man playing dominoes | old man playing dominoes | 3*cat watching",
    ),
    Sentence("both dogs wear hats", "dog wearing hats | dog wearing hats"),
    Sentence("one red balloon and two white ones", "red balloon | white balloon | white balloon"),
    Sentence("top row: two red cups, bottom row: one green cup", "red cup | red cup / green cup"),
    Sentence("two cats and two dogs, cats on the left, dogs on the right", "cat | cat | dog | dog"),
    Sentence(
        "some books are stacked on the floor, the others stand on the shelf",
        "3*book stacked on the floor | 3*book, stand on the shelf",
    ),
)
PANELS = (  # headers, labels and grids
    Sentence(
        "a 2x2 grid of mugs: a red mug, a blue mug, a green mug, a yellow mug",
        "red mug | blue mug / green mug | yellow mug",
    ),
    Sentence(
        "comic strip, 4 panels, panel 1: a boy finds a key, panel 2: he opens a chest, "
        "panel 3: a genie appears, panel 4: the boy flies on a carpet",
        "boy finds a key | he opens a chest / genie appears | boy flies on a carpet",
    ),
    Sentence(
        "collage of six polaroids: a beach, a cactus, a cat, a coffee cup, a bicycle, a sunset",
        "beach | cactus | cat / coffee cup | bicycle | sunset",
    ),
    Sentence(
        "a photo split vertically: the left half shows a forest in summer, "
        "the right half shows the same forest after a fire",
        "forest in summer | same forest after a fire",
    ),
    Sentence(
        "one half of the canvas shows a volcano erupting, the other half a calm lagoon",
        "volcano erupting | calm lagoon",
    ),
    Sentence(
        "split image of a tree, left half green and alive, right half dead and burnt",
        "tree, green and alive | tree, dead and burnt",
    ),
    Sentence(
        "triptych of a ballerina: stretching, leaping, bowing",
        "ballerina stretching | ballerina leaping | ballerina bowing",
    ),
    Sentence(
        "image divided into three horizontal bands, sky with clouds, a sea with a ship, a beach with a crab",
        "sky with clouds / sea with a ship + ship / beach with a crab + crab",
    ),
    Sentence("3 photos in a row, a baby, a boy, an old man", "baby | boy | old man"),
    Sentence(
        "nine planets in a 3x3 grid, black background",
        "planet | planet | planet / planet | planet | planet / planet | planet | planet",
    ),
    Sentence("a cat, a dog, a pig and a cow, 2x2 grid", "cat | dog / pig | cow"),
    Sentence("before: a messy desk, after: a clean desk with a plant", "messy desk | clean desk with a plant"),
    Sentence(
        "before/after: old rusty bicycle, same bicycle restored in mint green",
        "old rusty bicycle | same bicycle restored in mint green",
    ),
    Sentence(
        "spring: tulips, summer: sunflowers, autumn: pumpkins, winter: a snowman",
        "tulips, spring | sunflowers, summer | pumpkins, autumn | snowman, winter",
    ),
    Sentence(
        "day 1: a seed, day 7: a sprout, day 30: a tomato plant", "seed, day 1 | sprout, day 7 | tomato plant, day 30"
    ),
    Sentence(
        "left: pencil sketch of a cat, right: finished painting of the same cat",
        "pencil sketch of a cat | finished painting of the same cat",
    ),
    Sentence(
        "a split screen of two kitchens: the top half shows a tidy one, the bottom half a messy one",
        "tidy kitchen / messy kitchen",
    ),
    Sentence(
        "a lighthouse in three panels: calm sea, storm, sunrise",
        "lighthouse, calm sea | lighthouse, storm | lighthouse, sunrise",
    ),
    Sentence(
        "before and after renovation, left an old bathroom with cracked tiles, right a modern bathroom",
        "old bathroom with cracked tiles | modern bathroom",
    ),
)
STAGES = (  # and eras of one thing
    Sentence(
        "butterfly life cycle from left to right: caterpillar, chrysalis, butterfly, vintage engraving",
        "caterpillar | chrysalis | butterfly",
    ),
    Sentence(
        "evolution of the wheel, stone wheel, wooden wheel, rubber tire, left to right",
        "stone wheel | wooden wheel | rubber tire",
    ),
    Sentence(
        "stages of a candle from top to bottom: unlit, half burned, a puddle of wax",
        "candle, unlit / candle, half burned / puddle of wax",
    ),
    Sentence(
        "timeline of human evolution from left to right, ape, homo erectus, neanderthal, modern man, astronaut",
        "ape | homo erectus | neanderthal | modern man | astronaut",
    ),
    Sentence(
        "a wooden chair in 3 stages: raw planks, half assembled, finished and varnished",
        "wooden chair, raw planks | wooden chair, half assembled | wooden chair, finished and varnished",
    ),
    Sentence(
        "a wolf in three art styles: pixel art, watercolor, cubism", "wolf, pixel art | wolf, watercolor | wolf, cubism"
    ),
    Sentence("the same room at 6 am, noon and 10 pm, three panels", "room at 6 am | room at noon | room at 10 pm"),
)
SERIES_AND_NUMBERS = (*AGES, *NUMBERS, *ONE_AND_OTHER, *SO_MANY, *PANELS, *STAGES)
