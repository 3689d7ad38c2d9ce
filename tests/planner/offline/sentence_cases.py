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
        "loud, happy piglet | loud, happy piglet / loud, happy piglet | tidy, serious sheepdog",
    ),
    Sentence(
        "a woman with long, curly hair and a man in a worn, faded coat",
        "woman with long, curly hair | man in a worn, faded coat",
    ),
    Sentence("two cats, one fat, sleeping on a mat, the other thin", "fat cat + mat | thin cat"),
    Sentence("a girl in red, blue sky", "girl in red"),
)
OUTFITS = (  # what someone wears, has or holds
    Sentence("Wearing a hazmat suit, a man walks", "man wearing a hazmat suit walking"),
    Sentence(
        "a chemist with goggles on her head, a flask in one hand and chalk in the other",
        "chemist with goggles on her head, a flask in one hand and chalk in the other",
    ),
    Sentence(
        "a butcher with a bloodied apron and cleaver next to a baker with flour on his cheeks",
        "butcher with a bloodied apron and cleaver | baker with flour on his cheeks",
    ),
    Sentence("Queen Elizabeth I wearing a ruff", "queen elizabeth i wearing a ruff"),
    Sentence("a mime pretending to be trapped, black and white", "trapped mime pretending to"),
    Sentence(
        "A cellist plays in a subway car; black dress, bare feet",
        "cellist playing, black dress, bare feet + subway car",
    ),
    Sentence("tiny dragon in a teacup, dragon has scales and a tail", "tiny dragon with scales and a tail + teacup"),
    Sentence("a man with a flat cap and a walking stick", "man with a flat cap and a walking stick"),
    Sentence("a shaman with bone beads, face paint and a rattle", "shaman with bone beads, face paint and a rattle"),
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
    Sentence("A rowing boat on a canal. There is a heron on the bank.", "rowing boat on a canal | heron on the bank"),
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
    Sentence("the shop window displays a red bicycle, two kites and a globe", "red bicycle | kite / kite | globe"),
    Sentence(
        "a grey heron outstares three green frogs", "grey heron outstaring | green frog / green frog | green frog"
    ),
    Sentence("a girl bribes two black cats", "girl bribing | black cat | black cat"),
    Sentence(
        "two squirrels smuggle a walnut past a sleeping owl",
        "squirrel smuggling | squirrel smuggling / walnut | sleeping owl",
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
        "guitar | guitar / candle decorating | candle decorating | candle decorating / candle decorating | table",
    ),
    Sentence("an astronaut plants a flag", "astronaut planting a flag"),
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
        "red 1965 convertible | 1980 truck / 1980 truck | 4 door sedan",
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
        "knight standing, his armor dented, his sword broken, a scar running across his cheek",
    ),
    Sentence(
        "A dragon sleeps on gold. The dragon's scales are green. Its eyes burn like embers. Its wings are folded.",
        "dragon sleeping on gold, the dragon's scales green, its eyes burning like embers, its wings folded",
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
        "old sailor smoking a pipe, tears running down his cheeks, his beard white",
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
        "dragon flying / ship, its sails torn, its hull black",
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
SECOND_VERBS = (  # second verbs, verbs behind an aside, what is held
    Sentence(
        "A painter wears an apron and a beret and holds a brush.",
        "painter wearing an apron and a beret and holding a brush",
    ),
    Sentence(
        "A portrait of a viking woman, braided hair, she wears a fur cloak and holds an axe",
        "viking woman, braided hair wearing a fur cloak and holding an axe",
    ),
    Sentence(
        "The girl, about six years old, wears a swimsuit and a hat.",
        "girl about six years old, wearing a swimsuit and a hat",
    ),
    Sentence(
        "She wears a mantle over dented iron armor and grips a notched axe.",
        "woman wearing a mantle over dented iron armor and gripping a notched axe",
    ),
    Sentence("A man holds a hammer, carefully shaping a blade.", "man holding a hammer, carefully shaping a blade"),
    Sentence("a small figure in a red cloak raises a staff", "small figure in a red cloak raising a staff"),
    Sentence(
        "A street vendor, wearing a headband and an apron, flips skewers over a grill",
        "street vendor, wearing a headband and an apron, flipping skewers / grill",
    ),
    Sentence(
        "A nurse wears a mask and a cap and carries a tray.", "nurse wearing a mask and a cap and carrying a tray"
    ),
    Sentence("A boy wears a scarf and rides a bicycle.", "boy wearing a scarf + bicycle"),
    Sentence("He wears a raincoat and holds a lantern.", "man wearing a raincoat and holding a lantern"),
    Sentence("A woman sits at a desk, quietly writing a letter.", "woman sitting at a desk, quietly writing a letter"),
    Sentence("A guard in a black helmet lifts a spear", "guard in a black helmet lifting a spear"),
    Sentence(
        "A cook, wearing a tall hat and a stained apron, stirs a pot of soup",
        "cook, wearing a tall hat and a stained apron, stirring a pot of soup",
    ),
    Sentence("a drummer in a red shirt pounds a snare", "drummer in a red shirt pounding a snare"),
    Sentence(
        "a knight wearing a tabard over chain armor and gripping a spear",
        "knight wearing a tabard over chain armor and gripping a spear",
    ),
    Sentence(
        "A musician wears a hat and plays a guitar next to a dog", "musician wearing a hat and playing a guitar | dog"
    ),
    Sentence("a woman in a red dress, flowers in her hair", "woman in a red dress, flowers in her hair"),
)
OPPONENTS = (  # two who face, fight or look at each other
    Sentence("a wolf facing a bear", "wolf facing | bear"),
    Sentence("a black cat facing a white dog", "black cat facing | white dog"),
    Sentence("a knight fights a dragon", "knight fighting | dragon"),
    Sentence("a wolf attacks a deer", "wolf attacking | deer"),
    Sentence("a cat looks at a mouse", "cat looking | mouse"),
    Sentence("a tiger facing an elephant", "tiger facing | elephant"),
    Sentence("a red dragon fighting a blue dragon", "red dragon fighting | blue dragon"),
    Sentence("two wolves attack a moose", "wolf attacking | wolf attacking | moose"),
    Sentence("an old man looking at a young boy", "old man looking | young boy"),
    Sentence("a cat watches a bird", "cat watching | bird"),
    Sentence("a white rabbit staring at a brown owl", "white rabbit staring | brown owl"),
    Sentence("a girl hugging a dog", "girl + dog"),
    Sentence("a girl hugging a teddy bear", "girl hugging a teddy bear"),
    Sentence("a duck leading two ducklings", "duck leading | duckling | duckling"),
    Sentence("two trolls carry a sleeping princess", "troll carrying | troll carrying | sleeping princess"),
    Sentence("a knight riding a horse", "knight + horse"),
    Sentence("a child facing the sea", "child facing the sea"),
    Sentence("a woman looking at her cat", "woman looking at her cat"),
)
SIDES = (  # one on each side, or some
    Sentence("a samurai, cherry trees on both sides", "cherry trees | samurai | cherry trees"),
    Sentence("a king on a throne with guards on either side", "guards | king + throne | guards"),
    Sentence("statues on both sides of a fountain", "statues | fountain | statues"),
    Sentence("a girl walking between bookshelves", "bookshelves | girl walking | bookshelves"),
    Sentence("a road with lamps on both sides, a carriage in the middle", "lamps | carriage | lamps"),
    Sentence("a street, shops on both sides, a tram", "shops | tram | shops"),
    Sentence("a hallway with doors on both sides", "doors"),
    Sentence("four trees on both sides of a house", "tree | house | tree / tree | ~ | tree"),
    Sentence("a lamp on each side of a bed", "lamp | bed | lamp"),
    Sentence("There are two chairs, one on each side of the table.", "chair | table | chair"),
    Sentence("two trees, one on each side of a door", "tree | door | tree"),
    Sentence("a bed with two lamps, one on either side", "lamp | bed | lamp"),
    Sentence("two lions, one on each side of a gate", "lion | gate | lion"),
    Sentence(
        "A fireplace. There are two armchairs, one on each side of the fireplace.", "armchair | fireplace | armchair"
    ),
    Sentence("a throne with two guards, one on each side", "guard | throne | guard"),
    Sentence("two candles, one on either side of a mirror", "candle | mirror | candle"),
    Sentence("a door with two pots, one on each side of it", "pot | door | pot"),
    Sentence("two cats, one on a chair, one on a rug", "cat | cat / chair | rug"),
)
UNMARKED = (  # without punctuation and articles
    Sentence("cat on left dog on right", "cat | dog"),
    Sentence("man left woman right", "man | woman"),
    Sentence("red ball top blue ball bottom", "red ball / blue ball"),
    Sentence("dog on the left cat on the right", "dog | cat"),
    Sentence(
        "old man sitting on a bench feeding birds and little girl flying a kite",
        "old man + bench + birds | little girl flying a kite",
    ),
    Sentence(
        "woman standing by a lamp reading a book and a man playing piano",
        "woman standing reading a book | lamp | man playing piano",
    ),
    Sentence("blue car red car green truck on a bridge", "blue car | red car | green truck / ~ | ~ | bridge"),
    Sentence("red apple green pear yellow banana", "red apple | green pear | yellow banana"),
    Sentence("theres a dog on the sofa and theres a lamp", "dog | lamp / sofa | ~"),
    Sentence("cat on right dog on left", "dog | cat"),
    Sentence("fox on the right hen on the left", "hen | fox"),
    Sentence("boy left girl right", "boy | girl"),
    Sentence("green bottle top brown bottle bottom", "green bottle / brown bottle"),
    Sentence("a red ball on the left a blue ball on the right", "red ball | blue ball"),
    Sentence("yellow bus black taxi white van", "yellow bus | black taxi | white van"),
    Sentence("red rose white tulip yellow daisy in a garden", "red rose | white tulip | yellow daisy"),
    Sentence("boy sitting on a chair playing guitar and a girl singing", "boy playing guitar + chair | girl singing"),
    Sentence(
        "man standing near a car reading a map and woman holding a dog",
        "man standing reading a map | car | woman + dog",
    ),
    Sentence("theres a cat on the left and theres a dog on the right", "cat | dog"),
    Sentence(
        "a woman in a sky blue dress and a man in a forest green coat",
        "woman in a sky blue dress | man in a forest green coat",
    ),
    Sentence("red hair green eyes", "red hair green eyes"),
    Sentence("the man on the left shoulder of the giant", "man on the left shoulder of the giant"),
)
PLACES_OF_CLAUSES = (  # places of one clause alone, and of all
    Sentence("A girl sits in a room. A boy runs in a forest.", "girl sitting in a room | boy running in a forest"),
    Sentence(
        "A whale swims in the sea on the left while a lighthouse stands on the right",
        "whale swimming in the sea | lighthouse standing",
    ),
    Sentence("A ship burns on the horizon. A mermaid sits on a rock.", "ship burning on the horizon / mermaid + rock"),
    Sentence(
        "A monk prays in a temple while a merchant shouts in a market",
        "monk praying in a temple | merchant shouting in a market",
    ),
    Sentence(
        "A boat drifts on the lake on the right. A cabin stands on the left.",
        "cabin standing | boat drifting on the lake",
    ),
    Sentence("A car waits in an alley. A cat naps on a rooftop.", "car waiting in an alley | cat napping on a rooftop"),
    Sentence(
        "A volcano smokes in the distance. A dinosaur drinks.", "volcano smokes in the distance / dinosaur drinking"
    ),
    Sentence("A girl sits in a cafe. A boy stands next to her.", "girl sitting | boy standing"),
    Sentence("A cat and a dog play in a garden.", "cat playing | dog playing"),
    Sentence("In a forest a fox sleeps. A hare runs.", "fox sleeping | hare running"),
)
HOLDINGS = (  # what tables, shelves and halves hold
    Sentence(
        "A table holding a mug of cocoa, a stack of three novels and a candle.",
        "table holding a mug of cocoa, a stack of three novels and a candle",
    ),
    Sentence("a shelf with a vase, a stack of books and a clock", "shelf with a vase, a stack of books and a clock"),
    Sentence(
        "On the left is a garden with roses, a fountain and a bench. On the right is a desert with a cactus.",
        "garden with roses, a fountain and a bench | desert with a cactus",
    ),
    Sentence(
        "The left half depicts a city with flying cars, towers and hanging gardens. The right half shows a jungle.",
        "city with flying cars, towers and hanging gardens | jungle",
    ),
    Sentence("a tray with a teapot, a cup and a spoon", "tray with a teapot, a cup and a spoon"),
    Sentence(
        "On the right a market with a stall, a cart and a tent. On the left a church.",
        "church | market with a stall, a cart and a tent",
    ),
    Sentence("a basket with a loaf, a cheese and a bottle", "basket with a loaf, a cheese and a bottle"),
    Sentence("a table with a vase, a dog and a cat", "table with a vase | dog | cat"),
    Sentence("a house with a red roof, a tree and a car", "house with a red roof | tree | car"),
    Sentence("a man holding a sword, a shield and a torch", "man holding a sword, a shield and a torch"),
)
GIVEN = (  # who is given something; what else several are; what parts are of
    Sentence("a catgirl maid serving tea to a butler", "catgirl maid serving tea | butler"),
    Sentence("a waiter serving wine to a woman in red", "waiter serving wine | woman in red"),
    Sentence("a monk praying to a god", "monk praying to a god"),
    Sentence(
        "two brothers, twins, one wears a green sweater, the other wears a blue sweater",
        "brother, twin wearing a green sweater | brother, twin wearing a blue sweater",
    ),
    Sentence(
        "two sisters, both redheads, one in a black dress, the other in a white dress",
        "sister, redhead in a black dress | sister, redhead in a white dress",
    ),
    Sentence("two girls, boys, the dog", "girl | girl | boys | dog"),
    Sentence("an armchair with a blanket draped over its arm", "armchair with a blanket draped over its arm"),
    Sentence(
        "A tree stands on a hill. The branches are bare and the trunk is twisted.",
        "tree standing, the branches bare, the trunk twisted",
    ),
    Sentence(
        "A robot sits on a bench. Rust covers its arms.",
        "robot, rust covering its arms + bench",
    ),
    Sentence("At the top, a moon, its craters dark. At the bottom, a wolf.", "moon, its craters dark / wolf"),
)
PARAGRAPHS = (  # what comes in longer descriptions
    Sentence("A fox next to a rock, looking at the moon.", "fox, looking at the moon | rock"),
    Sentence("a man next to a car, holding a wrench", "man, holding a wrench | car"),
    Sentence("a mug on a table, steaming", "mug / table"),
    Sentence("A dog sleeps. In the background, gentle waves roll onto the shore.", "dog sleeping"),
    Sentence("A boat. Waves crash against the rocks.", "boat"),
    Sentence("the cat is cooking, the kitchen is messy and theres flour everywhere", "cat cooking"),
    Sentence("a man reads, the room is dark and cozy", "man reading"),
    Sentence("A dog runs. The barrel is old and full of apples.", "dog running | old barrel full of apples"),
    Sentence("a bench is cold, dark and wet", "dark wet cold bench"),
    Sentence("a child plays, toys all over the floor", "child playing"),
    Sentence("in this picture we see a fat cat who is wearing a hat", "fat cat wearing a hat"),
    Sentence("In this image you can see a dog and a cat.", "dog | cat"),
    Sentence("two people wait. The train behind them is red.", "red train / person waiting | person waiting"),
    Sentence(
        "a young couple in raincoats share an umbrella and wait for their food",
        "young couple in raincoats sharing an umbrella and waiting for their food",
    ),
    Sentence("a girl at a desk with a lamp, behind her a shelf", "shelf + girl at a desk with a lamp"),
)
ASIDES = (  # asides of someone, what is all over a place, and lists within a half
    Sentence(
        "A woman sits on a bed, reading a book while a cat sleeps on a rug.",
        "woman + bed, reading a book | cat + rug",
    ),
    Sentence("two cats, a bit eerie", "cat, a bit eerie | cat, a bit eerie"),
    Sentence("samurai duels skeleton, bamboo grove", "samurai dueling | skeleton"),
    Sentence("a man looks straight at the viewer", "man looking straight at the viewer"),
    Sentence("a table with two cups", "table + 2*cup"),
    Sentence("a boy stands on a stool and watches with wide eyes", "boy watching with wide eyes + stool"),
    Sentence("A red car. Behind it there is a blue house.", "blue house / red car"),
    Sentence(
        "ancient greek temple, two moons in the sky, a broken statue in the foreground",
        "moon in the sky | moon in the sky / ancient greek temple / broken statue",
    ),
    Sentence("an old man on a bench, 3 5 mm photo", "old man + bench"),
    Sentence(
        "seedling, sapling, tall tree and fallen log, from left to right, four stages",
        "seedling | sapling | tall tree | fallen log",
    ),
    Sentence("embroidery, cross-stitch sampler, folk motif, hen and rooster", "hen | rooster"),
    Sentence("a giant robot behind a small boy", "giant robot / small boy"),
    Sentence(
        "A dragon is baking bread. He wears a frilly apron. Behind him a tiny mouse chef shouts.",
        "tiny mouse chef shouting / dragon baking bread wearing a frilly apron",
    ),
    Sentence(
        "From left to right: the drummer, a bald man in a white shirt; the singer, a woman with a pink mohawk.",
        "drummer, a bald man in a white shirt | singer, a woman with a pink mohawk",
    ),
    Sentence(
        "The captain, a tall woman in a blue coat, and the cook, a fat man with a red apron, stand on deck.",
        "captain, a tall woman in a blue coat standing on deck | cook, a fat man with a red apron standing on deck",
    ),
    Sentence("the gardener, a cat, a dog", "gardener | cat | dog"),
    Sentence("A man, tall and thin, stands by a car.", "man, tall and thin, standing | car"),
    Sentence(
        "The boy, slightly older, has curly hair. The girl, younger, has braids.",
        "boy, slightly older with curly hair | girl, younger with braids",
    ),
    Sentence("The dog, very old and grey, sleeps on a rug.", "dog, very old and grey + rug"),
    Sentence(
        "a boy sits, while his father, a tall man with a beard, stands by a tree.",
        "boy sitting | father, a tall man with a beard, standing | tree",
    ),
    Sentence("a dog, a cat, a bird", "dog | cat | bird"),
    Sentence(
        "Two astronauts stand. One of them is planting a flag, the other takes a photo.",
        "astronaut standing planting a flag | astronaut standing taking a photo",
    ),
    Sentence(
        "A fisherman sits in the rain. His yellow raincoat glistens.",
        "fisherman sitting, his yellow raincoat glistening",
    ),
    Sentence("a bowl with apples, grapes and a pear", "bowl with apples, grapes and a pear"),
    Sentence("Palm trees line the beach. A man surfs.", "palm trees lining the beach | man surfing"),
    Sentence("Mountains surround the lake. A boat floats.", "mountains surrounding the lake | boat floating"),
    Sentence("Dead leaves cover the ground. A fox sits.", "dead leaves covering the ground | fox sitting"),
    Sentence(
        "The left half depicts a city with flying cars, towers and gardens under a blue sky. "
        "The right half depicts the same city in ruins, with burnt towers, rusted vehicles and ash falling.",
        "city with flying cars, towers and gardens under a blue sky | "
        "same city in ruins, with burnt towers, rusted vehicles and ash falling",
    ),
    Sentence(
        "The left side shows a city by day, the right side shows the same city at night.",
        "city by day | same city at night",
    ),
)
SMALL = (  # what is worn, written, listed and excluded
    Sentence("a car and a woman in a leather trenchcoat", "car | woman in a leather trenchcoat"),
    Sentence("a dog and a boy in dungarees in a park", "dog | boy in dungarees"),
    Sentence("a wolf detective, trench coat and fedora", "wolf detective, trench coat and fedora"),
    Sentence("a bear, scarf and mittens", "bear, scarf and mittens"),
    Sentence("a bear, scarf and a fox", "bear, scarf | fox"),
    Sentence('a neon sign that says "OPEN" above a door', 'neon sign that says "open" / door'),
    Sentence("a cat that sleeps, a dog that runs", "cat sleeping | dog running"),
    Sentence(
        "the same tree in four seasons, spring, summer, autumn, winter, four vertical panels",
        "tree, spring | tree, summer | tree, autumn | tree, winter",
    ),
    Sentence("Two kids, a boy and a girl, listen. A dog runs.", "boy listening | girl listening | dog running"),
    Sentence(
        "An astronaut floats in space, tethered to a white shuttle.", "astronaut floating, tethered to a white shuttle"
    ),
    Sentence(
        "A boxer punches a man in a ring, the crowd cheers behind them.",
        "crowd cheering / boxer punching | man",
    ),
    Sentence("a vase, a candle, a book, on a shelf", "vase | candle | book / shelf"),
    Sentence(
        "from left to right: a teapot, a sugar bowl, a jug, on a lace tablecloth",
        "teapot | sugar bowl | jug / lace tablecloth",
    ),
    Sentence("woman in white dress, nobody else around", "woman in white dress"),
    Sentence("Lanterns hang in rows above a stall", "lanterns hanging in rows / stall"),
)
ACTS = (  # verbs of all kinds, and whom they lead to
    Sentence(
        "A girl stands behind it and hands a bun to an old man who has a newspaper under his arm.",
        "girl standing and handing a bun | old man with a newspaper under his arm",
    ),
    Sentence("A bride was lifted by two groomsmen", "bride lifted | groomsman | groomsman"),
    Sentence("A puppet is mended by a toymaker with tiny spectacles", "puppet mended | toymaker with tiny spectacles"),
    Sentence(
        "A barista slides a latte across the counter to a customer in a trench coat.",
        "barista sliding a latte across the counter | customer in a trench coat",
    ),
    Sentence(
        "Five penguins waddle after a zookeeper",
        "penguin waddling | penguin waddling | penguin waddling / penguin waddling | penguin waddling | zookeeper",
    ),
    Sentence(
        "A dentist examining a crocodile, with a nurse watching from behind",
        "dentist examining | crocodile | nurse watching from behind",
    ),
    Sentence(
        "A tall waiter balances three plates and a chef scolds him from the door",
        "tall waiter balancing three plates | chef scolding from the door",
    ),
    Sentence(
        "A parrot that has lost its tail feathers perches on the shoulder of a one-legged pirate.",
        "parrot having lost its tail feathers perching + one-legged pirate",
    ),
    Sentence("A stork has built its nest on top of a chimney.", "stork having built its nest / chimney"),
    Sentence(
        "A robot sits by a pond. A butterfly has landed on its hand.",
        "robot sitting + butterfly having landed on its hand | pond",
    ),
    Sentence("a boy who keeps checking the clock next to a nurse", "boy checking the clock | nurse"),
    Sentence(
        "A bearded lumberjack, his axe over his shoulder, whistles as a squirrel drops an acorn on his hat.",
        "bearded lumberjack, his axe over his shoulder, whistling | squirrel dropping an acorn on his hat",
    ),
    Sentence(
        "A baby elephant sprays water at its mother, who turns away.",
        "baby elephant spraying water at its mother turning away",
    ),
    Sentence("A waiter in a long apron stacks wet chairs", "waiter in a long apron stacking wet chairs"),
    Sentence(
        "Two window cleaners dangle from ropes",
        "window cleaner dangling from ropes | window cleaner dangling from ropes",
    ),
    Sentence("a bus, and the driver does not notice", "bus | driver not noticing"),
    Sentence(
        "A shark swims beneath a paddleboarder who has not seen it yet.",
        "paddleboarder having not seen / shark swimming",
    ),
    Sentence("A koala is bigger than the tree it clings to.", "koala | tree it clings to"),
    Sentence(
        "A bull charges at a matador whose cape is bright purple.",
        "bull charging | matador whose cape is bright purple",
    ),
    Sentence(
        "A raft drifts toward an island with a single palm tree", "raft drifting | island with a single palm tree"
    ),
    Sentence(
        "A stream with mossy, slippery rocks and a shy, spotted fawn drinking from it.",
        "stream with mossy, slippery rocks | shy, spotted fawn drinking from",
    ),
    Sentence("A man checks his pocket watch next to a lamp and a dog", "man checking his pocket watch | lamp | dog"),
    Sentence(
        "An octopus in a jar and a crab in a cup stare at the moon", "octopus + jar | crab + cup staring at the moon"
    ),
    Sentence(
        "A man is painting a fence, a woman is watering roses and their children are chasing a hose.",
        "man painting a fence | woman watering roses | children chasing a hose",
    ),
)
EXCEPTIONS = (  # what is there where nothing else is
    Sentence("An empty street at night except for a black cat on a mailbox.", "black cat / mailbox"),
    Sentence("a deserted road except for a dog and a kite", "dog | kite"),
    Sentence("a red bowl except for the lid", "red bowl", "the lid", "a red bowl"),
    Sentence(
        "Two toddlers splash as their nanny hurries over with a towel.",
        "toddler splashing | toddler splashing | nanny hurrying with a towel",
    ),
    Sentence("A clock stands between two bookshelves", "bookshelf | clock standing | bookshelf"),
)
AGAIN = (  # who is named or meant once more
    Sentence(
        "A boy and his grandfather build a raft. The boy holds a nail, and the old man lifts the hammer.",
        "boy building holding a nail | grandfather building lifting the hammer | raft",
    ),
    Sentence(
        "A waiter runs past a cyclist with a cello on her back. She smiles.",
        "waiter running | cyclist with a cello on her back smiling",
    ),
    Sentence("A boy and a dachshund. The dog wears a scarf.", "boy | dachshund wearing a scarf"),
    Sentence("An abbot stands beside a monk; the latter looks frightened.", "abbot standing | monk looking frightened"),
    Sentence(
        "Two strangers share a bench: one, an old woman, feeds pigeons; the other, a clerk, scrolls on his phone.",
        "stranger sharing a bench, an old woman + pigeons | stranger sharing a bench, a clerk, scrolling on his phone",
    ),
    Sentence(
        "A captain looks through a periscope. Behind him two sailors argue.",
        "sailor arguing | sailor arguing / captain looking through a periscope",
    ),
    Sentence(
        "A girl stands at a window. Outside, a red fox sits in the snow.",
        "girl standing at a window | red fox sitting",
    ),
    Sentence("It should be a picture of a moose and a goose.", "moose | goose"),
    Sentence("The picture must show a fox and a hare sharing a loaf of bread.", "fox | hare sharing a loaf of bread"),
    Sentence(
        "There was once a whale who wore a top hat, and a sardine who smiled.",
        "whale wearing a top hat | sardine smiling",
    ),
    Sentence(
        "The kitchen smells of cinnamon. A woman rolls out dough, her son cuts out stars.",
        "woman rolling out dough | son cutting out stars",
    ),
    Sentence(
        "The garage is cluttered with tires and tools. A dog sleeps on a mat.",
        "dog + mat",
    ),
    Sentence(
        "On the table there are a roast goose, a bowl of pears and three candles.",
        "roast goose | bowl of pears / candle | candle | candle / table",
    ),
    Sentence(
        "The last train is late at a quiet station. A girl in a mustard coat sits on a green suitcase at the right, "
        "while at the left a conductor in a blue uniform checks his pocket watch next to some mail bags.",
        "conductor in a blue uniform checking his pocket watch | late last train | 3*mail bag | "
        "girl in a mustard coat + green suitcase",
    ),
)
SENTENCES = (
    *ACTS,
    *AGAIN,
    *EXCEPTIONS,
    *ADJECTIVES,
    *OUTFITS,
    *JOINS,
    *VERBS,
    *NUMBERS,
    *REST,
    *PLACES_OF_EACH,
    *BELONGINGS,
    *SECOND_VERBS,
    *OPPONENTS,
    *SIDES,
    *UNMARKED,
    *PLACES_OF_CLAUSES,
    *HOLDINGS,
    *GIVEN,
    *PARAGRAPHS,
    *ASIDES,
    *SMALL,
)
