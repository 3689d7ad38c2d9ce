"""Sentences about who holds what where, what is behind what, series, and what "that" and "he" refer to."""

from __future__ import annotations

from tests.planner.offline.sentence_cases import Sentence

HOLDERS = (  # the place behind what someone holds is that of the holder
    Sentence(
        "a girl with an umbrella on the left and a boy with a kite on the right",
        "girl with an umbrella | boy with a kite",
    ),
    Sentence("a cat with a ball on the left, a dog with a bone on the right", "cat with a ball | dog with a bone"),
    Sentence(
        "a girl with a guitar at the top, a boy with a drum at the bottom", "girl with a guitar / boy with a drum"
    ),
    Sentence("a knight with a sword in the foreground and a dragon in the background", "dragon / knight with a sword"),
    Sentence("A girl with a kite on the left. A boy with a drum on the right.", "girl with a kite | boy with a drum"),
    Sentence("1boy with a harpoon on the left, 1girl with a lantern on the right", "boy, harpoon | girl, lantern"),
    Sentence("a woman with a lantern on the left and a vase on the right", "lantern | woman | vase"),
    Sentence("a man with a dog on the left", "dog | man"),
    Sentence("a man with a tree on the left", "tree | man"),
)
SEATS = (  # who sits on a thing shares its place, also where the side is said first; what is far away is above
    Sentence(
        "On the right, a bride sits on a leather trunk and reads a letter. On the left a man.",
        "man | bride reading a letter + leather trunk",
    ),
    Sentence("On the left sits a cat, on the right stands a dog", "cat | dog"),
    Sentence(
        "On the left, a man. On the right, a woman. In the background, a train and a castle.",
        "train | castle / man | woman",
    ),
)
MIDDLES = (  # half of the others on each side
    Sentence("a king in the middle, two guards", "guard | king | guard"),
    Sentence("a cat, a dog, a bird in the middle", "cat | bird | dog"),
    Sentence("three cats, the black one in the middle", "cat | black cat | cat"),
    Sentence("a tree in the middle, a house, a car and a dog", "house | tree | car | dog"),
    Sentence("a cake in the middle, a cup on the left", "cup | cake | _"),
    Sentence("two girls, left girl has red hair, right girl has blue hair", "girl with red hair | girl with blue hair"),
)
TOGETHER = (  # what several do with one thing; two who race; others in a row of adjectives
    Sentence("three kids building a sandcastle", "kid building | kid building | kid building | sandcastle"),
    Sentence("two women washing a car", "woman washing | woman washing | car"),
    Sentence("two dancers holding a lantern", "dancer holding a lantern | dancer holding a lantern"),
    Sentence("a knight kneeling before a queen", "knight kneeling | queen"),
    Sentence(
        "a sleek, black speedboat racing a rusty, slow ferry", "sleek, black speedboat racing | rusty, slow ferry"
    ),
    Sentence(
        "a blacksmith appraises a cracked bell and two anvils", "blacksmith appraising | cracked bell | anvil | anvil"
    ),
    Sentence("two magpies besieged a birdwatcher", "magpie besieging | magpie besieging | birdwatcher"),
    Sentence("a lean, flea-bitten, one-eared tomcat", "lean, flea-bitten, one-eared tomcat"),
    Sentence(
        "two plump, sleepy hens and one proud, crowing, iridescent rooster",
        "plump, sleepy hen | plump, sleepy hen | proud, crowing, iridescent rooster",
    ),
    Sentence(
        "a scarlet barn and a pale windmill under a bruise-purple sky",
        "bruise-purple sky / scarlet barn | pale windmill",
    ),
)
DEPTHS = (  # several in front of a thing or behind it keep their places; scenery is behind all
    Sentence("a hen and a rooster pecking corn behind the shed", "hen | rooster pecking corn / shed"),
    Sentence("a cat, a dog and a bird behind a red car", "cat | dog | bird / red car"),
    Sentence("three knights in front of a dragon", "dragon / knight | knight | knight"),
    Sentence("two women in front of a castle", "woman | woman"),
    Sentence("a dog behind a cat", "dog + cat"),
    Sentence("a cream 1938 roadster parked behind a black pickup", "cream 1938 roadster parked / black pickup"),
    Sentence("a red car in front of a blue car", "blue car / red car"),
    Sentence("a red car in front of a house", "red car + house"),
    Sentence("a red rose inside a blue bottle", "red rose + blue bottle"),
    Sentence("a woman in a red dress behind a man in a blue suit", "woman in a red dress / man in a blue suit"),
)
TIMES = (  # one thing several times, and halves of a diptych
    Sentence(
        "the same lighthouse three times, from left to right: in fog, in sunshine, at night",
        "lighthouse in fog | lighthouse in sunshine | lighthouse at night",
    ),
    Sentence("a clown three times: happy, sad, angry", "clown, happy | clown, sad | clown, angry"),
    Sentence("one castle twice and a dragon", "castle twice | dragon"),
    Sentence("an oak in three stages from top to bottom: seed, sapling, tree", "oak, seed / oak, sapling / oak, tree"),
    Sentence("an oak in three stages, from right to left: seed, sapling, tree", "oak, tree | oak, sapling | oak, seed"),
    Sentence(
        "diptych, on the left half a caterpillar on a leaf, on the right half a butterfly on a flower",
        "caterpillar on a leaf | butterfly on a flower",
    ),
    Sentence("split screen, left: a man in a suit, right: a man in pyjamas", "man in a suit | man in pyjamas"),
    Sentence("split screen, left side a sunny beach, right side a snowy mountain", "sunny beach | snowy mountain"),
)
RELATIVES = (  # what someone holds has a look of its own; "he" is no dog
    Sentence("a boy holding a leash that is red and a cat", "boy holding a leash that is red | cat"),
    Sentence("a woman in a dress that is blue", "woman in a dress that is blue"),
    Sentence("a woman with a dog that is black", "woman + black dog"),
    Sentence(
        "1boy, there is a dog at his feet, he is holding a leash that is red, green raincoat",
        "boy, holding leash that is red, green raincoat | dog at his feet",
    ),
    Sentence("1girl, there is a cat next to her, she is holding a cup", "girl, holding cup | cat"),
    Sentence("1boy, there is a sword in his hand, armor", "boy, there is a sword in his hand, armor"),
    Sentence("2girls, there is a table between them, tea cups", "girl | table | girl"),
)
DEEDS = (  # what one does with a thing has the place of the one; what several do with one thing has its own
    Sentence(
        "a florist in an apron hands yellow sunflowers to an old man",
        "florist in an apron handing yellow sunflowers | old man",
    ),
    Sentence("a man with his hands tied to a post", "man with his hands tied to a post"),
    Sentence(
        "an old man repairs a clock on the left and a boy sweeps the floor on the right",
        "old man repairing a clock | boy sweeping the floor",
    ),
    Sentence(
        "a monk rings a bell at the top and a farmer ploughs a field at the bottom",
        "monk ringing a bell / farmer ploughing a field",
    ),
    Sentence("two squirrels smuggle a walnut", "squirrel smuggling | squirrel smuggling | walnut"),
    Sentence("a dog on the left chases a cat on the right", "dog chasing | cat"),
)
OF_THINGS = (  # parts of a thing, and what hangs over it
    Sentence("a house with a red door and a green roof", "house with a red door and a green roof"),
    Sentence(
        "a car with a broken window and a flat tire next to a bus", "car with a broken window and a flat tire | bus"
    ),
    Sentence(
        "a cello with a cracked bridge and a broken string, leaning against a wall",
        "cello with a cracked bridge and a broken string, leaning against a wall",
    ),
    Sentence("a car with a roof rack and a dog", "car with a roof rack | dog"),
    Sentence("a red teapot with a lid and a blue cup", "red teapot with a lid | blue cup"),
    Sentence("a house with a garden and a car", "house with a garden | car"),
    Sentence("a stove with a pan hanging above it", "pan hanging / stove"),
    Sentence("a bed with a cat sleeping on it", "cat sleeping + bed"),
    Sentence("a castle where knights fight a dragon", "knights fighting | dragon"),
    Sentence("a house, red door, green roof, garden", "house, red door, green roof"),
    Sentence("a steam train, brass pipes, red wheels, black smoke", "steam train, brass pipes, red wheels"),
    Sentence("a cat, red door", "cat | red door"),
    Sentence("two knights, red smoke on the left", "red smoke | knight | knight"),
    Sentence("a ship emerges from the fog and a lighthouse glows", "ship emerging from the fog | lighthouse glowing"),
    Sentence("a goat chews on a bunch of flowers", "goat chewing on a bunch of flowers"),
    Sentence("a street where two kids play football", "kid playing football | kid playing football"),
)
NOUNS_AS_VERBS = (  # "lighting a candle" is done, "laid out" is how things are
    Sentence("three monks lighting a bronze brazier", "monk lighting | monk lighting | monk lighting | bronze brazier"),
    Sentence("a man lighting a candle and a woman reading a book", "man lighting a candle | woman reading a book"),
    Sentence(
        "three spoons laid out on a cloth, seen from above", "spoon laid out | spoon laid out | spoon laid out / cloth"
    ),
    Sentence("two sour, wrinkled, gossiping aunts", "sour, wrinkled, gossiping aunt | sour, wrinkled, gossiping aunt"),
    Sentence("1boy, lightning in the sky, a crow", "lightning in the sky / boy | crow"),
)
AT_ONCE = (  # "as" between two clauses is "while"; behind a part or garment comes the verb
    Sentence("the goalkeeper dives as the striker shoots", "goalkeeper diving | striker shooting"),
    Sentence(
        "a cowboy leaning against a saloon door as a stranger rides into town",
        "cowboy leaning against a saloon door | stranger riding into town",
    ),
    Sentence(
        "a bear stirs a pot as a gnome in a patched waistcoat pours tea into a cup",
        "bear stirring a pot | gnome in a patched waistcoat pouring tea into a cup",
    ),
    Sentence("a boy dressed as a pirate stands on a deck", "boy dressed as a pirate + deck"),
    Sentence("a cat as a knight rides a horse", "cat as a knight + horse"),
    Sentence(
        "a vendor with rolled up sleeves hands a bag of cherries to a woman with a bicycle",
        "vendor with rolled up sleeves handing a bag of cherries | woman with a bicycle",
    ),
    Sentence(
        "A dwarf with a braided beard hammers a glowing sword", "dwarf with a braided beard hammering a glowing sword"
    ),
    Sentence("a fat cook in a white apron plates a dessert", "fat cook in a white apron plating a dessert"),
)
MEETINGS = (  # whom a verb is directed at has a place of its own; an owner and a crowd have not
    Sentence("A knight kneels before a queen in a green gown", "knight kneeling | queen in a green gown"),
    Sentence(
        "a girl in a red coat holds the hand of a friendly bear in a blue scarf",
        "girl in a red coat holding the hand | friendly bear in a blue scarf",
    ),
    Sentence("elf archer aiming at a troll with a club", "elf archer aiming | troll with a club"),
    Sentence(
        "a gladiator with a bronze helmet fights against a huge lion",
        "gladiator with a bronze helmet fighting | huge lion",
    ),
    Sentence("an astronaut playing chess with an alien", "astronaut playing chess | alien"),
    Sentence("a waiter bows to an old lady", "waiter bowing | old lady"),
    Sentence("a shepherd looks down at two lambs", "shepherd looking down | lamb | lamb"),
    Sentence("a singer performing for a crowd", "singer performing for a crowd"),
    Sentence("a princess turning to a frog", "princess turning to a frog"),
    Sentence("a man walking with a dog", "man walking + dog"),
)
INFINITIVES = (  # what someone is about to do, and what several do, is said of them
    Sentence("a father teaching his daughter to ride a bicycle", "father teaching | daughter to ride a bicycle"),
    Sentence(
        "A player jumps to dunk the ball. Two boys in red uniforms try to block him",
        "player jumping to dunk the ball | boy in red uniforms trying to block | boy in red uniforms trying to block",
    ),
    Sentence(
        "a kitten tries to climb out of the basket next to a dog", "kitten trying to climb out of the basket | dog"
    ),
    Sentence("a girl kneels to tie her shoe and a boy waits", "girl kneeling to tie her shoe | boy waiting"),
    Sentence("a boy walks to school with his sister", "boy walking to school | sister"),
)
OPENINGS = (  # how a picture or a story is introduced is no thing
    Sentence(
        "This is a cozy bookshop in the evening. Behind the counter stands an old man. A cat sleeps on a chair.",
        "old man + counter | cat + chair",
    ),
    Sentence("Once upon a time, there was a little fox and a bear", "little fox | bear"),
    Sentence("One rainy night, a detective walks past a bar", "detective walking | bar"),
    Sentence("The scene depicts a basketball game. A tall player dunks the ball.", "tall player dunking the ball"),
    Sentence("An oil painting which shows a ship and a whale", "ship | whale"),
    Sentence(
        "A photograph that depicts two fishermen, one with a white beard, the other smoking a pipe",
        "fisherman with a white beard | fisherman smoking a pipe",
    ),
    Sentence("A statue. A pigeon sits on it.", "pigeon sitting + statue"),
)
FACING = (  # "in front of her" and "behind him": both have a place where both have words, and a table has
    Sentence(
        "a toddler in yellow boots jumps in a puddle, her mother laughs behind her",
        "mother laughing / toddler in yellow boots jumping in a puddle",
    ),
    Sentence(
        "a queen in a lilac dress, a frog in a crown sits on a lily pad in front of her",
        "queen in a lilac dress / frog in a crown + lily pad",
    ),
    Sentence(
        "a young woman with freckles, a steaming latte on the table in front of her",
        "young woman with freckles | steaming latte / table",
    ),
)
OTHERS = (  # who "the other" and "she" are; "all in black"; what only the last of several do; a row of adjectives
    Sentence("one boxer lands a punch, the other falls back", "boxer landing a punch | other boxer falling back"),
    Sentence("one cat sleeps while the other licks its paw", "cat sleeping | other cat licking its paw"),
    Sentence(
        "A grandfather and his granddaughter are fishing. He has a white beard. She wears a pink life jacket.",
        "grandfather fishing with a white beard | granddaughter fishing wearing a pink life jacket",
    ),
    Sentence("a bride all in white and a groom dressed all in black", "bride in white | groom dressed in black"),
    Sentence(
        "a cyclist in a yellow jersey leads the race and two riders in blue chase him",
        "cyclist in a yellow jersey leading the race | rider in blue chasing | rider in blue chasing",
    ),
    Sentence(
        "the bottle on the left is round, the bottle on the right is tall, angular and made of dark glass",
        "round bottle | angular tall bottle made of dark glass",
    ),
    Sentence("a bowl of ramen, chopsticks resting on the rim", "chopsticks resting on the rim / bowl of ramen"),
    Sentence("a woman in a cafe, blurred traffic outside", "woman"),
    Sentence("a hedgehog in a teacup and a mouse in a matchbox", "hedgehog + teacup | mouse + matchbox"),
)
ON_SIDES = (  # what is on "the left post" or "the top shelf" is there
    Sentence(
        "a barn owl sits on the left post of the fence and a crow sits on the right post",
        "barn owl sitting on the post of the fence | crow sitting on the post",
    ),
    Sentence(
        "a red mug on the upper shelf and a blue mug on the lower shelf",
        "red mug on the upper shelf / blue mug on the lower shelf",
    ),
    Sentence("on the left chair sits a bear, on the right chair a fox", "bear on the chair | fox on the chair"),
    Sentence("a woman with a bird on her left shoulder", "woman + bird on her left shoulder"),
)
CALLED = (  # another name of someone; what someone is called; who make up a number; a spot of one sentence alone
    Sentence(
        "a brave little mouse named Pip meets a big grey owl. Pip holds a needle and the owl wears a monocle",
        "brave little mouse named pip meeting holding a needle | big grey owl wearing a monocle",
    ),
    Sentence(
        "A girl called Mara sits by a pond. Mara has red braids.", "girl called mara sitting with red braids | pond"
    ),
    Sentence(
        "A dwarf hammers a sword. His apprentice, a skinny goblin in a leather apron, works the bellows.",
        "dwarf hammering a sword | apprentice, a skinny goblin in a leather apron, working the bellows",
    ),
    Sentence(
        "A boy and his friend, a red panda with a backpack, walk through a forest",
        "boy walking through a forest | friend, a red panda with a backpack walking through a forest",
    ),
    Sentence(
        "At the bar, a bartender polishes a mug. A fat bard plays the lute.",
        "bartender at the bar polishing a mug | fat bard playing the lute",
    ),
    Sentence(
        "three children play on a beach. The oldest girl wears a hat, the younger boy eats and a toddler claps.",
        "oldest girl wearing a hat, playing | younger boy eating, playing | toddler clapping, playing",
    ),
    Sentence(
        "a waitress in a pink uniform pours coffee for a trucker with a beard",
        "waitress in a pink uniform pouring coffee | trucker with a beard",
    ),
    Sentence(
        "a mother talks to an old man with a walking stick in front of a shop",
        "mother talking | old man with a walking stick + shop",
    ),
    Sentence(
        "one dog wears a blue bandana, the other dog a yellow raincoat",
        "dog wearing a blue bandana | other dog wearing a yellow raincoat",
    ),
)
TOGETHER = (  # what all of a bare list do; a verb behind what someone holds, and behind a number
    Sentence(
        "a violinist, a cellist and a pianist performing",
        "violinist performing | cellist performing | pianist performing",
    ),
    Sentence(
        "A bride and her father walking down the aisle", "bride walking down the aisle | father walking down the aisle"
    ),
    Sentence("a man in a suit and a woman dancing", "man in a suit | woman dancing"),
    Sentence("a hunter with a crossbow tracks a white stag", "hunter with a crossbow tracking | white stag"),
    Sentence(
        "A player with the number 23 jumps to dunk the ball", "player with the number 23 jumping to dunk the ball"
    ),
    Sentence(
        "an alien in a shirt orders a burger from a bored cashier", "alien in a shirt ordering a burger | bored cashier"
    ),
)
ROOM_FOR_ONE = (  # what several do together, and where only the last can be
    Sentence("a nurse, a doctor, and a patient lying in a bed", "nurse + doctor + patient lying + bed"),
    Sentence("a cat, a dog and a bird sleeping on a rug", "cat sleeping | dog sleeping | bird sleeping / rug"),
    Sentence("a mother and her baby sitting on a bench", "mother sitting | baby sitting / bench"),
    Sentence("a king, a queen, and a jester juggling balls", "king | queen | jester juggling balls"),
)
RELATIONS = (
    *TOGETHER,
    *CALLED,
    *ON_SIDES,
    *OTHERS,
    *FACING,
    *OPENINGS,
    *INFINITIVES,
    *MEETINGS,
    *AT_ONCE,
    *HOLDERS,
    *MIDDLES,
    *SEATS,
    *DEEDS,
    *OF_THINGS,
    *DEPTHS,
    *TIMES,
    *RELATIVES,
    *NOUNS_AS_VERBS,
    *ROOM_FOR_ONE,
)
