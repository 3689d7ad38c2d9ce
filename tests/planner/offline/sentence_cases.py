"""Sentences as people type them, with stated truth: what the reader's rules for sentences are for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A prompt, its cells in the notation of `cases`, what is excluded, and the base prompt where it is another."""

    prompt: str
    cells: str
    negative: str = ""
    base: str = ""


ADJECTIVES = (  # adjectives parted by commas
    Sentence("an eager, clumsy puppy and a wise, patient tortoise", "eager, clumsy puppy | wise, patient tortoise"),
    Sentence("a cold, silent fjord with steep, icy cliffs", "cold, silent fjord with steep, icy cliffs"),
    Sentence(
        "a tall, rusty lamp post beside a small, round, freshly painted mailbox",
        "tall, rusty lamp post | small, round, freshly painted mailbox",
    ),
    Sentence("a snow-white swan and a grumpy, half-asleep duck", "snow-white swan | grumpy, half-asleep duck"),
    Sentence(
        "an old, dented, freshly painted bus and a tiny, smiling, waving boy",
        "old, dented, freshly painted bus | tiny, smiling, waving boy",
    ),
    Sentence(
        "two plump, lazy cats and three noisy, hungry crows",
        "plump, lazy cat | plump, lazy cat / noisy, hungry crow | noisy, hungry crow | noisy, hungry crow",
    ),
    Sentence(
        "three loud, happy piglets and one tidy, serious sheepdog",
        "loud, happy piglet | loud, happy piglet | loud, happy piglet | tidy, serious sheepdog",
    ),
    Sentence(
        "a woman with long, curly hair and a man in a worn, faded coat",
        "woman with long, curly hair | man in a worn, faded coat",
    ),
    Sentence("two cats, one fat, sleeping on a mat, the other thin", "fat cat + mat | thin cat"),
    Sentence("a girl in red, blue sky", "girl in red"),
)
OUTFITS = (  # what someone wears, has or holds
    Sentence(
        "beagle wearing a red cape, a top hat and a monocle", "beagle wearing a red cape, a top hat and a monocle"
    ),
    Sentence("a woman holding a lantern above her head", "woman holding a lantern above her head"),
    Sentence(
        "a brown shield with a golden lion next to a silver shield", "brown shield with a golden lion | silver shield"
    ),
    Sentence(
        "a samurai with a red kabuto, a white horsehair crest and two swords at his belt",
        "samurai with a red kabuto, a white horsehair crest and two swords at his belt",
    ),
    Sentence(
        "a snowman with a carrot nose, stick arms, coal buttons and a plaid scarf",
        "snowman with a carrot nose, stick arms, coal buttons and a plaid scarf",
    ),
    Sentence(
        "a white teapot painted with blue cranes and a red cup painted with gold fish",
        "white teapot painted with blue cranes | red cup painted with gold fish",
    ),
    Sentence("a man wearing a red hat, a dog and a cat", "man wearing a red hat | dog | cat"),
    Sentence("a man wearing a red hat, a blue scarf and a dog", "man wearing a red hat, a blue scarf | dog"),
    Sentence(
        "a knight with a plumed helmet, a long lance and a shield on his back, next to a horse",
        "knight with a plumed helmet, a long lance and a shield on his back | horse",
    ),
    Sentence(
        "a witch in a pointed hat, a long cloak and striped stockings beside a cauldron",
        "witch in a pointed hat, a long cloak and striped stockings | cauldron",
    ),
    Sentence("a boy carrying a bucket, a spade and a net", "boy carrying a bucket, a spade and a net"),
    Sentence(
        "a girl with a blue hat, a boy with a red cap and a dog", "girl with a blue hat | boy with a red cap | dog"
    ),
    Sentence(
        "a woman with a basket under one arm and a parrot on her shoulder",
        "woman with a basket under one arm + parrot on her shoulder",
    ),
    Sentence(
        "a pirate with an eyepatch, a wooden leg and a parrot on his shoulder",
        "pirate with an eyepatch, a wooden leg + parrot on his shoulder",
    ),
    Sentence("A person is wearing gloves and holding a snowball.", "person wearing gloves and holding a snowball"),
    Sentence("a boy with a bird above his head", "bird / boy"),
    Sentence(
        "an elf with a bow, a quiver and a green hood on the left, a dwarf with an axe and a long beard on the right",
        "elf with a bow, a quiver and a green hood | dwarf with an axe and a long beard",
    ),
    Sentence(
        "a chef wearing a white apron, a tall hat and red gloves, and a waiter holding a tray",
        "chef wearing a white apron, a tall hat and red gloves | waiter holding a tray",
    ),
    Sentence("a mug with a bear on it next to a plate", "mug with a bear on it | plate"),
    Sentence(
        "a red box with a blue ball in it and a green box with a yellow ball in it",
        "red box + blue ball | green box + yellow ball",
    ),
)
JOINS = (  # how sentences join
    Sentence("A rowing boat on a canal. There is a heron on the bank.", "rowing boat | heron"),
    Sentence("an owl holding a shield that has a spiral on it", "owl holding a shield with a spiral on it"),
    Sentence(
        "a clay pot that has a spiral on it, and a glass jar that has a cork in it",
        "clay pot with a spiral on it | glass jar + cork",
    ),
    Sentence("There is a cat on the left and there is a dog on the right", "cat | dog"),
    Sentence("There's a lamp, and there's a chair under it", "lamp / chair"),
    Sentence("I see a fox, and there is also a hen", "fox | hen"),
    Sentence(
        "Inside a wooden hut, evening light falls through a window on the left, a dog lies on a rug under the window, "
        "on the right there is a stove and a painting of a ship above it",
        "window | painting of a ship / dog + rug | stove",
    ),
    Sentence(
        "on the left there is a dresser, on the right there is a stove and a painting of a ship above it",
        "dresser | painting of a ship / ~ | stove",
    ),
    Sentence(
        "I want a picture of a dragon which sleeps on gold coins, and there's a tiny mouse that is stealing one of "
        "them",
        "dragon + gold coins | tiny mouse stealing one of them",
    ),
    Sentence(
        "A man stands on the left. He holds a rope. On the right there is a goat, and it is raining.",
        "man standing holding a rope | goat",
    ),
    Sentence("a boy and a girl on a bench, she wears a red coat", "boy | girl wearing a red coat / bench"),
    Sentence(
        "It's night. There is an owl on a branch and there are two mice below it.", "owl / branch / mouse | mouse"
    ),
    Sentence("On the table stands a vase and next to it lies a book.", "vase | book / table"),
    Sentence(
        "On the far wall there is a tall bookcase, and on the floor lies a cat", "tall bookcase on the far wall | cat"
    ),
    Sentence("On the sofa sleeps a cat.", "cat + sofa"),
    Sentence(
        "In the middle there is a table. On the table there is a lamp and under the table sleeps a dog.",
        "lamp / table / dog",
    ),
    Sentence("soft light streams through a window onto a wooden desk", "window / wooden desk"),
)
VERBS = (  # verbs that no list names
    Sentence(
        "four otters guarded two eggs", "otter guarding | otter guarding | otter guarding / otter guarding | egg | egg"
    ),
    Sentence("a cafe features a brass counter and stools", "brass counter | stools"),
    Sentence("the shop window displays a red bicycle, two kites and a globe", "red bicycle | kite | kite | globe"),
    Sentence(
        "a grey heron outstares three green frogs", "grey heron outstaring | green frog | green frog | green frog"
    ),
    Sentence("a girl bribes two black cats", "girl bribing | black cat | black cat"),
    Sentence(
        "two squirrels smuggle a walnut past a sleeping owl",
        "squirrel smuggling | squirrel smuggling | walnut | sleeping owl",
    ),
    Sentence("the round lamps illuminated the wooden table", "round lamps illuminating | wooden table"),
    Sentence("the wooden spoon and the metal bowl mix the batter", "wooden spoon | metal bowl mixing | batter"),
    Sentence("a mouse outwits a cat and steals its cheese", "mouse outwitting and stealing its cheese | cat"),
    Sentence(
        "a boy repairs bicycles next to a girl who paints a fence", "boy repairing bicycles | girl painting a fence"
    ),
    Sentence("two astronauts plant a flag", "astronaut planting | astronaut planting | flag"),
    Sentence("two wizards conjure a storm", "wizard conjuring a storm | wizard conjuring a storm"),
    Sentence(
        "two guitars and four candles decorated the table",
        "guitar | guitar | candle decorating | candle decorating / candle decorating | candle decorating | table",
    ),
    Sentence("an astronaut plants a flag", "astronaut planting | flag"),
    Sentence("a fox stole two hens", "fox stealing | hen | hen"),
    Sentence("a sign shows a cat next to a door", "sign showing a cat | door"),
    Sentence("a queen between two guards", "guard | queen | guard"),
    Sentence(
        "two plates held four strawberries",
        "plate holding | plate holding | strawberry / strawberry | strawberry | strawberry",
    ),
)
NUMBERS = (  # numbers that name, and numbers with bounds
    Sentence("a teal 1972 sedan next to a white van", "teal 1972 sedan | white van"),
    Sentence("the digital clock shows 10:25", "digital clock showing 10:25"),
    Sentence("the digital clock on the wall shows 10:25", "digital clock on the wall showing 10:25"),
    Sentence("a number 7 racing car and a number 12 racing car", "number 7 racing car | number 12 racing car"),
    Sentence("a two story house beside a five pointed star", "two story house | five pointed star"),
    Sentence("a 12 year old girl and a 70 year old man", "12 year old girl | 70 year old man"),
    Sentence("a man, 30 years old, next to a woman, 25 years old", "man, 30 years old | woman, 25 years old"),
    Sentence(
        "a red 1965 convertible, two 1980 trucks and a 4 door sedan",
        "red 1965 convertible | 1980 truck | 1980 truck | 4 door sedan",
    ),
    Sentence("the 3 cats", "cat | cat | cat"),
    Sentence("not more than two boats on a lake", "boat | boat"),
    Sentence("at least two dogs", "dog | dog"),
    Sentence("fewer than three apples", "apple | apple"),
)
REST = (  # sums, colours that are nouns, exclusions, one and the other
    Sentence("three people and three canoes", "person | person | person / canoe | canoe | canoe"),
    Sentence("three birds and three rabbits", "bird | bird | bird / rabbit | rabbit | rabbit"),
    Sentence("two people, a man and a woman", "man | woman"),
    Sentence("a green orange and a blue lemon", "green orange | blue lemon"),
    Sentence("an orange and a blue car", "orange car | blue car"),
    Sentence("six candles in a ring", "candle | candle | candle / candle | candle | candle"),
    Sentence("a chair without cushions on it", "chair", negative="cushions", base="a chair"),
    Sentence("a bowl with not more than five cherries in it", "bowl + 5*cherry"),
    Sentence(
        "a birthday cake without candles next to a wrapped present",
        "birthday cake | wrapped present",
        negative="candles",
        base="a birthday cake next to a wrapped present",
    ),
    Sentence(
        "a girl with no shoes on, next to a tree without leaves on its branches",
        "girl | tree",
        negative="shoes, leaves on its branches",
        base="a girl, next to a tree",
    ),
    Sentence("nobody, a cat", "cat", negative="people", base="a cat"),
    Sentence("three apples and nothing else", "apple | apple | apple"),
    Sentence("two dogs, one left of the other", "dog | dog"),
    Sentence("two cats, one above the other", "cat / cat"),
    Sentence("a zebra right at a watering hole", "zebra right at a watering hole"),
)
PLACES_OF_EACH = (  # several things, each in or on another
    Sentence("a dog on a sofa and a cat in a box", "dog | cat + box / sofa | ~"),
    Sentence("a vase on a table and a cup in a sink", "vase | cup + sink / table | ~"),
    Sentence("a hat on a chair and a boy in a bathtub", "hat | boy + bathtub / chair | ~"),
    Sentence("a dog on a rug and a cat on a chair", "dog | cat / rug | chair"),
    Sentence("a parrot on a branch and a monkey in a barrel", "parrot | monkey + barrel / branch | ~"),
    Sentence("a pie in an oven and a kettle on a stove", "pie in an oven | kettle / stove"),
    Sentence("a boy sitting on a fence and a girl lying on a towel", "boy + fence | girl + towel"),
    Sentence("a book on a desk, a coat on a hook and a hat on a shelf", "book | coat | hat / desk | hook | shelf"),
    Sentence("a fish in a bowl and a canary in a cage", "fish + bowl | canary + cage"),
)
BELONGINGS = (  # clauses about what someone or something has
    Sentence("A warrior, her hair is streaked with mud.", "warrior, her hair streaked with mud"),
    Sentence(
        "A woman stands in a field. Her hair is long and red. Her eyes are green.",
        "woman standing, her hair long and red, her eyes green",
    ),
    Sentence(
        "A knight stands in a hall. His armor is dented and his sword is broken. A scar runs across his cheek.",
        "knight standing in a hall, his armor dented, his sword broken, a scar running across his cheek",
    ),
    Sentence(
        "A dragon sleeps on gold. The dragon's scales are green. Its eyes burn like embers. Its wings are folded.",
        "dragon sleeping on gold, the dragon's scales green, its eyes burn like embers, its wings folded",
    ),
    Sentence(
        "A house by a lake. Its windows are lit, its roof covered with moss.",
        "house, its windows lit, its roof covered with moss | lake",
    ),
    Sentence(
        "two shops in a street, their shutters still closed",
        "shop, their shutters still closed | shop, their shutters still closed",
    ),
    Sentence(
        "two fried eggs on a plate, the yolks still runny",
        "fried egg, the yolks still runny | fried egg, the yolks still runny / plate",
    ),
    Sentence("a robot waiter, a blanket draped over its arm", "robot waiter, a blanket draped over its arm"),
    Sentence(
        "A man and a woman stand on a bridge. Her dress is blue. His coat is grey.",
        "man standing, his coat grey | woman standing, her dress blue / bridge",
    ),
    Sentence("A fox sits beside a hen. Its tail is bushy.", "fox sitting, its tail bushy | hen"),
    Sentence("A girl sits on a bench. Her dog lies next to her.", "girl + bench | dog lying"),
    Sentence(
        "An old sailor smokes a pipe. Tears run down his cheeks, and his beard is white.",
        "old sailor smoking, tears running down his cheeks, his beard white | pipe",
    ),
    Sentence(
        "A robot next to a tree. Its eyes glow red and its arms are rusty.",
        "robot, its eyes glowing red, its arms rusty | tree",
    ),
    Sentence(
        "A wizard with a cat. His beard reaches his belt. The cat's eyes are yellow.",
        "wizard, his beard reaching his belt + cat, the cat's eyes yellow",
    ),
    Sentence(
        "A ship on the sea. Its sails are torn, its hull black and a dragon flies above it.",
        "ship, its sails torn, its hull black | dragon flying",
    ),
    Sentence(
        "A queen on a throne, a crown on her head, her hands folded",
        "queen, a crown on her head, her hands folded + throne",
    ),
    Sentence("a boy and his dog. His shirt is striped, red and white.", "boy, his shirt striped, red and white | dog"),
    Sentence("A woman reads in a park. Her book lies on a table.", "woman reading | book + table"),
    Sentence(
        "two cats, one black, one white. Their eyes are green.",
        "black cat, their eyes green | white cat, their eyes green",
    ),
)
WHOLE_PICTURE = (  # style, and light, smoke or dust that acts in the picture
    Sentence("a red fox in the snow, photographed by richard avedon", "red fox"),
    Sentence("a ship and a whale, engraved by gustave dore, contest winner", "ship | whale"),
    Sentence("a lemon and a silver cup, cosy, flat lay, in the manner of willem kalf", "lemon | silver cup"),
    Sentence("a heron and a frog, woodblock print in the style of hokusai", "heron | frog"),
    Sentence("a queen and a jester, costume design by eiko ishioka", "queen | jester"),
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
    Sentence("foreground a cat, background a burning city", "cat"),
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
SENTENCES = (
    ADJECTIVES
    + OUTFITS
    + JOINS
    + VERBS
    + NUMBERS
    + REST
    + PLACES_OF_EACH
    + BELONGINGS
    + WHOLE_PICTURE
    + HEADINGS
    + ODD_SKIES
)
