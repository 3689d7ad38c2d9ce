"""Prompts about several of a kind, and about what belongs to whom, with stated truth."""

from __future__ import annotations

from tests.planner.offline.sentence_cases import Sentence
from tests.planner.offline.series_cases import SERIES_AND_NUMBERS

AGAIN = (  # the same ones named again one by one
    Sentence(
        "two knights in a hall BREAK old knight, grey beard BREAK young knight, red cape",
        "old knight, grey beard | young knight, red cape",
        base="two knights in a hall",
    ),
    Sentence(
        "two wizards dueling BREAK old wizard, white beard, blue fire BREAK young wizard, green lightning",
        "old wizard, white beard, blue fire, dueling | young wizard, green lightning, dueling",
        base="two wizards dueling",
    ),
    Sentence(
        "two girls in a garden BREAK a girl in a red dress BREAK a girl in a blue dress",
        "girl in a red dress | girl in a blue dress",
        base="two girls in a garden",
    ),
    Sentence(
        "a cat and a dog BREAK black cat BREAK white dog",
        "black cat | white dog",
        base="a cat and a dog",
    ),
    Sentence(
        "a cat and a dog on a sofa BREAK a black cat with a bow BREAK a white dog with a collar",
        "black cat with a bow | white dog with a collar / sofa",
        base="a cat and a dog on a sofa",
    ),
    Sentence(
        "a couple in a park BREAK a man in a grey coat BREAK a woman in a yellow coat",
        "man in a grey coat | woman in a yellow coat",
        base="a couple in a park",
    ),
    Sentence(
        "Three sisters on a bench: the oldest sister in a white dress, the middle sister in a yellow dress and the "
        "youngest sister in a lavender dress.",
        "oldest sister in a white dress | sister in a yellow dress | youngest sister in a lavender dress / bench",
    ),
    Sentence(
        "two banners, a black banner with a golden sun, a white banner with a red hand",
        "black banner with a golden sun | white banner with a red hand",
    ),
    Sentence("two cars racing, a red car ahead of a blue car", "red car, racing | blue car, racing"),
    Sentence("two cars racing, a red one ahead of a blue one", "red car racing | blue car racing"),
    Sentence(
        "two cars racing, a yellow lamborghini ahead of a black mustang",
        "yellow lamborghini, racing | black mustang, racing",
    ),
    Sentence(
        "three cyclists, a tall cyclist ahead of two short cyclists", "tall cyclist | short cyclist | short cyclist"
    ),
    Sentence("two lamps on a table, a tall lamp beside a short lamp", "tall lamp | short lamp / table"),
    Sentence("two women, a redhead to the left of a blonde", "redhead | blonde"),
    Sentence(
        "two girls, a brunette and a blonde, walking in the rain",
        "brunette, walking in the rain | blonde, walking in the rain",
    ),
    Sentence("a man and a woman, smiling", "man, smiling | woman, smiling"),
    Sentence("two girls, one in red and one in blue, smiling", "girl in red, smiling | girl in blue, smiling"),
    Sentence("a man, a woman, dancing", "man | woman, dancing"),
    Sentence("a robot vendor on the right selling noodles", "_ | robot vendor selling noodles"),
    Sentence(
        "a boy on the left playing guitar and a girl on the right playing drums",
        "boy playing guitar | girl playing drums",
    ),
    Sentence("a boy on the left sleeping and a girl on the right", "boy sleeping | girl"),
    Sentence("a boy in the middle playing a guitar and a girl on the right", "_ | boy playing a guitar | girl"),
    Sentence("a hat on the left rocking chair", "hat | rocking chair"),
    Sentence("a chef tossing dough and a child staring in awe", "chef tossing dough | child staring in awe"),
    Sentence("a boy and a girl dancing in harmony", "boy dancing in harmony | girl dancing in harmony"),
    Sentence("a cat and a dog playing in winter", "cat playing | dog playing"),
    Sentence("a statue of a horse and rider in a park, a pigeon", "statue of a horse and rider | pigeon"),
    Sentence(
        "four seasons of the same tree in four panels",
        "tree in spring | tree in summer | tree in autumn | tree in winter",
    ),
    Sentence("the cat is black and two dogs are white", "black cat | white dog | white dog"),
    Sentence("the cat is black and the dog and the bird are white", "black cat | white dog | white bird"),
    Sentence("a girl wears red and two boys wear blue", "girl wearing red | boy wearing blue | boy wearing blue"),
    Sentence(
        "a queen sits on a throne and two guards stand beside her",
        "queen + throne | guard standing | guard standing",
    ),
    Sentence(
        "two robots playing chess, the left one is rusty, the right one is chrome",
        "rusty robot playing chess | chrome robot playing chess",
    ),
    Sentence(
        "a wolf howling on a cliff, a village in the valley below", "wolf howling / cliff / village in the valley"
    ),
    Sentence("two cats are black and one cat is white", "black cat | black cat | white cat"),
    Sentence("two dogs run and one dog sleeps", "dog running | dog running | dog sleeping"),
    Sentence(
        "two girls sitting on a bench, one girl reading and one girl eating",
        "girl sitting reading | girl sitting eating / bench",
    ),
    Sentence(
        "a picture of two people: an old man with a cane and a young woman with a baby",
        "old man with a cane | young woman + baby",
    ),
    Sentence("on the left is a table with a lamp, on the right is a bed", "table with a lamp | bed"),
    Sentence(
        "a wizard and an apprentice, the wizard is old and the apprentice is young", "old wizard | young apprentice"
    ),
    Sentence("two trees, the taller tree is bare, the other one green", "bare taller tree | green tree"),
    Sentence("a red car BREAK a blue car", "red car | blue car", base="a red car, a blue car"),
    Sentence(
        "a couple dances, the man wears a black suit and the woman a red dress",
        "man wearing a black suit, dancing | woman wearing a red dress, dancing",
    ),
    Sentence(
        "two dogs run. The black dog carries a stick, the white dog barks.",
        "black dog carrying a stick, running | white dog barking, running",
    ),
    Sentence("three dogs run. The black dog barks.", "dog running | dog running | black dog barking, running"),
    Sentence(
        "three friends sit on a bench. The first man reads a book, the second man eats, the woman drinks coffee.",
        "first man reading a book, sitting | second man eating, sitting | woman drinking coffee, sitting / bench",
    ),
    Sentence(
        "Two children are building a sandcastle. The girl wears a hat. The boy has a spade.",
        "sandcastle | girl wearing a hat, building | boy with a spade, building",
    ),
    Sentence(
        "Two guards stand at a gate. The king and the queen walk by.",
        "guard standing at a gate | guard standing at a gate | king walking | queen walking",
    ),
    Sentence(
        "Two knights ride through a forest. The first knight carries a lance, the second knight a banner.",
        "knight riding through a forest carrying a lance | knight riding through a forest carrying a banner",
    ),
    Sentence(
        'two protesters, one holding a sign that says "peace", the other a flag',
        'protester holding a sign that says "peace" | protester holding a flag',
    ),
    Sentence(
        "A king and a queen stand on a balcony. The king wears a crown, the queen a tiara.",
        "king standing wearing a crown | queen standing wearing a tiara",
    ),
    Sentence("two cats, a black one and a white one", "black cat | white cat"),
    Sentence(
        "three cats on a fence, sunset BREAK orange tabby BREAK black cat BREAK white cat",
        "orange tabby | black cat | white cat / fence",
        base="three cats on a fence, sunset",
    ),
    Sentence(
        "three witches around a cauldron BREAK old witch, green skin BREAK young witch BREAK fat witch, hat",
        "old witch, green skin | young witch / cauldron / fat witch, hat",
        base="three witches around a cauldron",
    ),
    Sentence(
        "two angels in the clouds BREAK dark angel, red glow BREAK light angel, golden glow",
        "dark angel, red glow | light angel, golden glow",
        base="two angels in the clouds",
    ),
    Sentence(
        "two pirates on a ship BREAK tall pirate, black hat, parrot BREAK short pirate, hook",
        "tall pirate, black hat + parrot | short pirate, hook / ship",
        base="two pirates on a ship",
    ),
    Sentence(
        "A family of three eats dinner. The father cuts the meat, the mother pours wine, the son laughs.",
        "father cutting the meat, eating dinner | mother pouring wine, eating dinner | son laughing, eating dinner",
    ),
    Sentence(
        "A couple stands on a bridge at sunset. She wears a white dress, he wears a blue shirt.",
        "woman wearing a white dress | man wearing a blue shirt / bridge",
    ),
    Sentence(
        "three kids on a sofa. the boy reads a comic, one girl eats popcorn, the other girl sleeps",
        "boy reading a comic | girl eating popcorn | other girl sleeping / sofa",
    ),
    Sentence(
        "Two kids build a snowman. The boy puts a hat on it, the girl gives it a carrot nose.",
        "boy putting a hat on it | girl giving it a carrot nose | snowman",
    ),
)
FRONTED = (  # what a clause begins with, and what the next one says of it
    Sentence("Behind the bar a man pours beer, in front of it a woman waits", "man pouring beer / bar / woman waiting"),
    Sentence(
        "Above the harbor hovers an airship, below it fishing boats bob in the water",
        "airship / harbor / fishing boats bobbing in the water",
    ),
    Sentence("in front of the house a boy plays, behind it a tree grows", "tree growing / house / boy playing"),
    Sentence(
        "Behind the desk a clerk types, in front of it two customers argue",
        "clerk typing / desk / customer arguing | customer arguing",
    ),
    Sentence(
        "Above the castle a dragon circles, below it soldiers march", "dragon circling / castle / soldiers marching"
    ),
    Sentence("Over the bridge flies an owl, under it a boat drifts", "owl / bridge / boat drifting"),
    Sentence(
        "from left to right: a teapot, a sugar bowl, a milk jug, on a lace tablecloth",
        "teapot | sugar bowl | milk jug / lace tablecloth",
    ),
    Sentence("Behind the sofa a cat hides, on it a dog sleeps", "cat hiding / dog sleeping + sofa"),
    Sentence(
        "Next to the stove a cook chops onions, on it a pot stands", "cook chopping onions | pot standing + stove"
    ),
    Sentence(
        "A checkered floor, a velvet curtain and a golden throne in the middle, lynchian",
        "velvet curtain / golden throne / checkered floor",
    ),
)
SERIES = (  # one thing shown several times
    Sentence(
        "the same tree in four seasons, spring, summer, autumn, winter, four vertical panels",
        "tree, spring | tree, summer | tree, autumn | tree, winter",
    ),
    Sentence(
        "an oak in four seasons, watercolor, soft light, 4k, masterpiece",
        "oak in spring | oak in summer | oak in autumn | oak in winter",
    ),
    Sentence(
        "timeline from left to right of a phone, 1920s, 1960s and 1990s", "phone, 1920s | phone, 1960s | phone, 1990s"
    ),
    Sentence(
        "evolution of a butterfly from left to right: egg, caterpillar, chrysalis, butterfly",
        "egg | caterpillar | chrysalis | butterfly",
    ),
    Sentence(
        "a timeline of a city from left to right, stone age, middle ages, modern day",
        "city, stone age | city, middle ages | city, modern day",
    ),
    Sentence(
        "the same street corner in 1900, 1950 and 2000, from left to right",
        "street corner in 1900 | street corner in 1950 | street corner in 2000",
    ),
    Sentence(
        "the same house in three styles, gothic, baroque, modern, three horizontal panels",
        "house, gothic / house, baroque / house, modern",
    ),
    Sentence(
        "a cabin in four seasons, spring, summer, autumn and winter, split into four panels",
        "cabin, spring | cabin, summer | cabin, autumn | cabin, winter",
    ),
    Sentence(
        "The left panel depicts a man working in an office. The right panel depicts the same man surfing a wave.",
        "man working in an office | same man surfing a wave",
    ),
    Sentence(
        "The upper half portrays heaven with angels; the lower half portrays hell with demons and fire.",
        "heaven with angels + angels / hell with demons and fire + demons",
    ),
    Sentence(
        "On the left half is a castle with knights and horses. On the right half is a city with towers and cars.",
        "castle + knights + horses | city with towers and cars",
    ),
    Sentence("an image split in half, a desert on the left, a jungle on the right", "desert | jungle"),
    Sentence("a picture divided in two, on the left a baby, on the right an old man", "baby | old man"),
)
LOOSE = (  # words that belong to what is before them
    Sentence('a neon sign that says "OPEN" above a door', 'neon sign that says "open" / door'),
    Sentence(
        "an anthropomorphic badger detective, trench coat and fedora, film still",
        "anthropomorphic badger detective, trench coat and fedora",
    ),
    Sentence("a bear, scarf and mittens", "bear, scarf and mittens"),
    Sentence("old fisherman, yellow raincoat and pipe", "old fisherman, yellow raincoat and pipe"),
    Sentence(
        "a bus with the number 42 on its front and a cyclist in a yellow jersey",
        "bus with the number 42 on its front | cyclist in a yellow jersey",
    ),
    Sentence("woman red dress man black suit dancing ballroom", "woman, red dress, dancing | man, black suit, dancing"),
    Sentence("old man grey beard young girl white dress park bench", "old man, grey beard | young girl, white dress"),
    Sentence("woman red dress, man black suit, ballroom", "woman, red dress | man, black suit"),
    Sentence(
        "a purple ocean under a lime green sky with two orange suns",
        "lime green sky / orange sun | orange sun / purple ocean",
    ),
    Sentence("a house on a hill under a starry sky with a full moon", "house"),
    Sentence(
        "a white sand beach with a crimson sea, a lone palm on the left", "lone palm | white sand beach / crimson sea"
    ),
    Sentence(
        "a woman in a white dress, nobody else around, don't show her hands",
        "woman in a white dress",
        negative="her hands",
        base="a woman in a white dress",
    ),
    Sentence(
        "pizza without any cheese, pineapple-free, on a wooden board",
        "pizza / wooden board",
        negative="cheese, pineapple",
        base="pizza, on a wooden board",
    ),
    Sentence("a hands-free phone on a desk", "hands-free phone / desk"),
    Sentence("a woodblock print of a giant carp, bold outlines, indigo and vermilion", "giant carp"),
    Sentence("a heron, teal and crimson, ink wash", "heron, teal and crimson"),
)
OTHERS = (  # one and the other of two, by a word in no list
    Sentence(
        "two lamps on a console, one tall with a pleated shade, the other squat with a glass shade",
        "tall lamp with a pleated shade | squat lamp with a glass shade / console",
    ),
    Sentence(
        "two jars on a shelf, one slender with a cork lid, the other stubby with a tin lid",
        "slender jar with a cork lid | stubby jar with a tin lid / shelf",
    ),
    Sentence(
        "two houses on a hill, one squat with a chimney, the other squashed",
        "squat house with a chimney | squashed house",
    ),
)
LINES = (  # a line for the scene and one for each person
    Sentence(
        "high quality, cinematic, diner booth at night\na trucker in a plaid shirt pouring syrup\n"
        "a ballerina in a white tutu sipping a milkshake",
        "trucker in a plaid shirt pouring syrup | ballerina in a white tutu sipping a milkshake",
        base="high quality, cinematic, diner booth at night, trucker, ballerina",
    ),
    Sentence(
        "subway car\na nun with a suitcase\na clown in a yellow suit",
        "nun with a suitcase | clown in a yellow suit",
        base="subway car, nun, clown",
    ),
    Sentence(
        "photo, rooftop garden at dusk\na gardener in green boots watering ferns\na cat on a chair",
        "gardener in green boots watering ferns | cat / ~ | chair",
    ),
    Sentence(
        "spaceship cockpit, neon light\na pilot in a blue suit\na robot with one eye",
        "pilot in a blue suit | robot with one eye",
        base="spaceship cockpit, neon light, pilot, robot",
    ),
    Sentence("kitchen table\na cup of coffee\na plate of toast", "kitchen table | cup of coffee | plate of toast"),
)
HEADED = (  # a line for the scene, then a line for each place
    Sentence(
        "A courtyard in Seville, midday heat, whitewashed walls.\n"
        "Left: a guitarist with a silver ring, seated on a stool.\nRight: a dancer in a polka-dot dress, mid-spin.",
        "guitarist with a silver ring + stool | dancer in a polka-dot dress, mid-spin",
    ),
    Sentence(
        "A gym, harsh light, concrete walls.\n"
        "Top: a climber in a red harness, mid-leap.\nBottom: a coach with a whistle, shouting.",
        "climber in a red harness, mid-leap / coach with a whistle, shouting",
    ),
    Sentence(
        "Left: a girl in red, arms crossed. Right: a boy in blue, arms raised.",
        "girl in red, arms crossed | boy in blue, arms raised",
    ),
)
PASSING = (  # numbers of a name, and who goes by
    Sentence("bus number 42 passing the 24h pharmacy", "bus number 42 passing | 24h pharmacy"),
    Sentence("tram number 7 passing the old bakery", "tram number 7 passing | old bakery"),
    Sentence("taxi number 12 passing a cinema", "taxi number 12 passing | cinema"),
    Sentence("train 9 passing the station", "train 9 passing the station"),
    Sentence("a player passing the ball", "player passing the ball"),
)
MADE = (  # each made of something else
    Sentence("a rose made of iron and a nail made of petals", "rose made of iron | nail made of petals"),
    Sentence("a hand made of wax and an eye made of glass", "hand made of wax | eye made of glass"),
    Sentence("a foot carved from ice and a face carved from wood", "foot carved from ice | face carved from wood"),
    Sentence("a hat made of straw and a scarf made of wool", "hat made of straw | scarf made of wool"),
)
FASTENED = (  # what is chained or tied to the thing before it
    Sentence(
        "photograph, on the left there is a phone booth with a broken window and a moped chained to it, "
        "on the right there is a newsstand",
        "moped + phone booth with a broken window | newsstand",
    ),
    Sentence(
        "on the left there is a tree with a hollow trunk and a goat tied to it, on the right there is a well",
        "goat + tree with a hollow trunk | well",
    ),
    Sentence("a pole with a torn poster and a bicycle locked to it", "bicycle + pole with a torn poster"),
    Sentence("a lighthouse with a red door and a dinghy tied to it", "dinghy + lighthouse with a red door"),
)
STACKED = (  # strips and rows with an order and a colon
    Sentence(
        "four stacked strips, top to bottom: egg, caterpillar, chrysalis, butterfly, vintage scientific illustration",
        "egg / caterpillar / chrysalis / butterfly",
    ),
    Sentence("three stacked panels, top to bottom: seed, sprout, tree, watercolor", "seed / sprout / tree"),
    Sentence("three horizontal strips from top to bottom: sky, sea, sand, flat illustration", "sky / sea / sand"),
    Sentence(
        "four columns, left to right: spring, summer, autumn, winter, oil painting", "spring | summer | autumn | winter"
    ),
    Sentence("three vertical bands, left to right: a wolf, a bear, a fox, woodcut", "wolf | bear | fox"),
    Sentence(
        "three rows, top to bottom: a cat in a hat, smiling, a dog with a bone, a bird, watercolor",
        "cat in a hat, smiling / dog with a bone / bird",
    ),
)
HALVES = (  # one half of the picture and the other
    Sentence(
        "one half of the picture is a frozen pond with skaters, the other half is the same pond in summer with rowers",
        "frozen pond with skaters + skaters | same pond in summer with rowers + rowers",
    ),
    Sentence(
        "half of the image is a city at night with taxis, the other half is a forest with deer",
        "city at night with taxis | forest + deer",
    ),
    Sentence(
        "one side of the picture shows a knight in snow, the other side shows a dragon in fire",
        "knight in snow | dragon in fire",
    ),
    Sentence(
        "one half of the painting is a calm sea with dolphins and the other half is a stormy sea with a shipwreck",
        "calm sea with dolphins + dolphins | stormy sea with a shipwreck + shipwreck",
    ),
    Sentence(
        "one half is a desert with camels, the other half is an ocean with whales", "desert + camels | ocean + whales"
    ),
    Sentence(
        "a pizza, one half with olives, the other half with mushrooms",
        "pizza with olives | pizza with mushrooms",
    ),
)
EMERGING = (  # who comes out of something
    Sentence(
        "There's a submarine hatch in the middle of the meadow and out of it climbs a "
        "diver whose helmet is covered in barnacles.",
        "_ | diver whose helmet covered in barnacles + submarine hatch | _",
    ),
    Sentence(
        "There's a well in the middle of the courtyard and out of it climbs a frog with a crown.",
        "_ | frog with a crown + well | _",
    ),
    Sentence("a chest on a beach. Out of the chest jumps a cat.", "cat + chest"),
    Sentence("a small cave in the snow, from the cave comes a bear", "bear + small cave"),
    Sentence("a man from France holds a dog", "man from france + dog"),
    Sentence("A teapot. Out of it rises a blue genie with a beard.", "blue genie with a beard + teapot"),
)
VIEWS = (  # what is seen through a window, what is behind several, and what all is like
    Sentence(
        "A bald man. Behind him there is a round window through which one can see a harbor.",
        "round window through which one can see a harbor + bald man",
    ),
    Sentence(
        "There is a door through which we can see a garden, and a cat sits in front of it.",
        "door through which we can see a garden / cat sitting",
    ),
    Sentence("A nun at a desk. The mood is quiet, like a Vermeer painting.", "nun at a desk"),
    Sentence("Two cats on a sofa, like an old photograph", "cat | cat / sofa"),
    Sentence(
        "Two monks sit at a table. Behind them there is a tall arched window.",
        "tall arched window / monk sitting at a table | monk sitting at a table",
    ),
    Sentence(
        "Two monks sit at a table. Behind them there is a huge skyline.",
        "monk sitting at a table | monk sitting at a table",
    ),
    Sentence(
        "Two men drink beer. Behind them there is a blue sofa.", "blue sofa / man drinking beer | man drinking beer"
    ),
)
SEVERAL = (
    *AGAIN,
    *FRONTED,
    *SERIES,
    *LOOSE,
    *OTHERS,
    *LINES,
    *HEADED,
    *PASSING,
    *MADE,
    *FASTENED,
    *STACKED,
    *HALVES,
    *EMERGING,
    *VIEWS,
    *SERIES_AND_NUMBERS,
)
