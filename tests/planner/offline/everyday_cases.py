"""Everyday sentences: people by name and in families, what is handed over, food, light, mist and what is strewn."""

from __future__ import annotations

from tests.planner.offline.sentence_cases import Sentence

EVERYDAY = (
    Sentence(
        "Emma and Zoe dance in a kitchen, Emma wears a green shirt, Zoe wears a red dress",
        "emma dancing wearing a green shirt | zoe dancing wearing a red dress",
    ),
    Sentence(
        "Tom and Maria sit on a bench. Tom reads a newspaper, Maria eats an apple.",
        "tom sitting reading a newspaper | maria sitting eating an apple / bench",
    ),
    Sentence("Anna and Ben walk a dog", "anna walking | ben walking | dog"),
    Sentence(
        "Emma, a redhead in a green sundress, is laughing with Jake, a tall blond guy in a denim jacket, at a "
        "beach bar",
        "redhead named emma in a green sundress laughing | tall blond guy named jake in a denim jacket",
    ),
    Sentence(
        "Lucas, a young chef with a mustache, cooks in a kitchen. Mia waits at the table.",
        "young chef named lucas with a mustache, cooking | mia waiting at the table",
    ),
    Sentence(
        "A tired baker in a flour-dusted apron hands a warm loaf to a little girl wearing a yellow raincoat",
        "tired baker in a flour-dusted apron handing a warm loaf | little girl wearing a yellow raincoat",
    ),
    Sentence(
        "A girl with curly black hair reads a book to her little brother in dinosaur pajamas",
        "girl with curly black hair reading a book | little brother in dinosaur pajamas",
    ),
    Sentence(
        "A little girl feeds a swan while her twin brother in a blue coat throws stones",
        "little girl + swan | twin brother in a blue coat throwing stones",
    ),
    Sentence("a girl with a ponytail who pretends not to see it", "girl with a ponytail pretending not to see it"),
    Sentence(
        "a knight kneels as the priestess in white places her hand on his helmet",
        "knight kneeling | priestess in white placing her hand on his helmet",
    ),
    Sentence(
        "a detective in a white suit points at a smirking thief with a mask",
        "detective in a white suit pointing | smirking thief with a mask",
    ),
    Sentence(
        "A tiger and a leopard rest on the same rock, the tiger on the left yawning",
        "tiger resting yawning | leopard resting / same rock",
    ),
    Sentence(
        "A convertible drives along a road, a woman with sunglasses behind the wheel",
        "convertible driving | woman with sunglasses behind the wheel",
    ),
    Sentence("a pizza with mozzarella, basil and tomatoes", "pizza with mozzarella, basil and tomatoes"),
    Sentence(
        "A burger with two patties, melted cheese, bacon and lettuce on a black plate.",
        "burger with two patties, melted cheese, bacon and lettuce / black plate",
    ),
    Sentence("An old lady gives them candy.", "old lady giving them candy"),
    Sentence(
        "A family of four is sitting at the table. The father reads a newspaper, the mother pours juice, the older "
        "son is in his pajamas and the baby is in a high chair.",
        "father reading a newspaper, sitting at the table | mother pouring juice, sitting at the table | older son "
        "in his pajamas, sitting at the table | baby in a high chair, sitting at the table",
    ),
    Sentence(
        "A tabby cat sits between two flower pots. Outside it is raining. A cup of cocoa is next to the cat.",
        "flower pot | tabby cat sitting | flower pot | cup of cocoa",
    ),
    Sentence(
        "an empty diner at 3am with a waitress, a trucker in a red cap is asleep in the booth",
        "waitress | trucker in a red cap asleep in the booth",
    ),
    Sentence(
        "There's a small robot which is watering a sunflower, and behind it stands a rusty windmill.",
        "rusty windmill / small robot watering a sunflower",
    ),
    Sentence(
        "two border collies chase a red frisbee across a sunny beach",
        "border collie chasing | border collie chasing | red frisbee",
    ),
    Sentence("two kids fly a red kite", "kid flying | kid flying | red kite"),
    Sentence(
        "three puppies in a wicker basket, one black, one white and one brown",
        "black puppy | white puppy | brown puppy / wicker basket",
    ),
    Sentence(
        "There is a small wooden cabin by a frozen lake, there is smoke coming from its chimney and there are "
        "snowy pine trees behind it.",
        "snowy pine trees / small wooden cabin, smoke coming from its chimney | frozen lake",
    ),
    Sentence("an elderly fisherman on a wooden dock at dawn, fog over the water behind him", "elderly fisherman"),
    Sentence(
        "a tea plantation in the mountains, mist in the valleys, tiny farmhouse", "tea plantation | tiny farmhouse"
    ),
    Sentence(
        "a table with a bowl of soup, a plate of bread and a glass of milk",
        "table | bowl of soup / plate of bread | glass of milk",
    ),
    Sentence("a man in his workshop, lit only by a candle", "man"),
    Sentence("a cave, dimly lit by glowing mushrooms, a fox", "cave | fox"),
    Sentence("a girl reading, books scattered around her", "girl reading"),
    Sentence("a fox on a rock, autumn leaves scattered around", "fox / rock"),
    Sentence("a chef tossing vegetables in a frying pan, flames", "chef tossing vegetables in a frying pan"),
    Sentence(
        "a princess in a pink gown with a golden tiara and a lace fan",
        "princess in a pink gown with a golden tiara and a lace fan",
    ),
    Sentence(
        "an airship with brass propellers and patchwork sails flying above a city",
        "airship with brass propellers and patchwork sails flying / city",
    ),
    Sentence(
        "superhero in a blue suit punching a green swamp monster",
        "superhero in a blue suit punching | green swamp monster",
    ),
    Sentence(
        "before and after, the left half an abandoned garage with a broken bike, the right half the same garage "
        "renovated with a red motorcycle",
        "abandoned garage with a broken bike + broken bike | same garage renovated with a red motorcycle + red "
        "motorcycle",
    ),
    Sentence("a fat, lazy cat and a skinny, alert, white greyhound", "fat, lazy cat | skinny, alert, white greyhound"),
    Sentence(
        "Two perfume bottles, the left one is pink and round, the right one is tall and emerald green",
        "round pink perfume bottle | emerald green tall perfume bottle",
    ),
    Sentence(
        "Medieval market square with a stone fountain in the middle, a fruit stall with a striped canopy on "
        "the left, a blacksmith hammering at his anvil on the right",
        "fruit stall with a striped canopy | medieval market square | stone fountain | blacksmith hammering at "
        "his anvil",
    ),
    Sentence(
        "The bridge of a spaceship with a captain's chair in the centre, two crew members at glowing consoles "
        "on either side of it",
        "bridge of a spaceship | crew member at glowing consoles | captain's chair | crew member at glowing consoles",
    ),
    Sentence(
        "A white lighthouse on a rocky cliff with a small fishing village below",
        "white lighthouse / rocky cliff / small fishing village",
    ),
    Sentence(
        "Two old men play chess. A pigeon sits on the table between them.",
        "old man playing chess | pigeon + table | old man playing chess",
    ),
    Sentence(
        "A mermaid with teal hair sitting on a rock, a pirate ship on the horizon behind her, dolphins jumping "
        "in the waves",
        "pirate ship on the horizon | dolphins jumping / mermaid with teal hair + rock | ~",
    ),
    Sentence(
        "An old woman is knitting a red scarf in a green armchair, and a fat orange cat sits on the windowsill "
        "behind her.",
        "fat orange cat + windowsill / old woman knitting a red scarf in a green armchair",
    ),
    Sentence(
        "A man is standing in a kitchen and a white cat is sitting on the counter.",
        "man standing | white cat + counter",
    ),
    Sentence(
        "A white horse is galloping along the beach while a black dog runs behind it",
        "black dog running / white horse galloping",
    ),
    Sentence(
        "A man and a woman sit back to back on a park bench, both looking at their phones",
        "man sitting back to back looking at their phones | woman sitting back to back looking at "
        "their phones / park bench",
    ),
    Sentence(
        "A minimalist kitchen with black cabinets and a white marble island, two brass lamps hang above the island",
        "black cabinets | brass lamp hanging | brass lamp hanging / ~ | white marble island",
    ),
    Sentence(
        "a tiny knight with a burning sword standing in front of a tower",
        "tiny knight with a burning sword standing + tower",
    ),
    Sentence(
        "a bowl of steaming ramen with a soft boiled egg, sliced pork and green onions on a wooden counter",
        "bowl of steaming ramen with a soft boiled egg, sliced pork and green onions / wooden counter",
    ),
    Sentence(
        "A little boy in a cape hugs a huge robot with a cracked red eye",
        "little boy in a cape + huge robot with a cracked red eye",
    ),
    Sentence("a man in a hat holding a baby in a blue blanket", "man in a hat + baby in a blue blanket"),
    Sentence(
        "two models, the dark skinned one wears an orange gown and the albino one wears a black suit",
        "dark skinned model wearing an orange gown | albino model wearing a black suit",
    ),
    Sentence(
        "Two foxes, a red one and a snow white one, drink from a stream",
        "red fox drinking from a stream | snow white fox drinking from a stream",
    ),
    Sentence(
        "A chef and her assistant in a busy kitchen; she is chopping carrots, he carries a tray of bread",
        "chef chopping carrots | assistant carrying a tray of bread",
    ),
    Sentence(
        "An elderly couple on a park bench, he feeds pigeons, she is knitting a purple scarf",
        "man + pigeons | woman knitting a purple scarf / park bench",
    ),
    Sentence(
        "A 1969 orange muscle car races a silver train across the prairie",
        "1969 orange muscle car racing | silver train",
    ),
    Sentence(
        "A cozy living room with a green velvet sofa in the middle and a bookshelf along the left wall.",
        "bookshelf along the left wall | green velvet sofa | _",
    ),
    Sentence(
        "The upper half of the picture is a calm blue sky with a hot air balloon, the lower half is a field of "
        "sunflowers",
        "calm blue sky + hot air balloon / field of sunflowers",
    ),
    Sentence(
        "Selfie on a mountain top: a guy with a grey beanie, a girl with pink sunglasses",
        "guy with a grey beanie | girl with pink sunglasses",
    ),
    Sentence("two birds bumped into a swan", "bird bumping into | bird bumping into | swan"),
    Sentence(
        "A vintage red tram passes a yellow cafe in Lisbon, a girl with a bicycle waits at the corner",
        "vintage red tram passing | yellow cafe in lisbon | girl with a bicycle waiting at the corner",
    ),
    Sentence("astronaut riding a triceratops through the streets of Paris", "astronaut + triceratops"),
    Sentence(
        "On the top shelf there are three blue vases, on the bottom shelf a row of cacti in clay pots.",
        "blue vase on the top shelf | blue vase on the top shelf | blue vase on the top shelf / 3*cactus on "
        "the bottom shelf + clay pots",
    ),
    Sentence(
        "An orange Porsche 911 is racing against a black 1969 Mustang on a coastal road",
        "orange porsche 911 racing | black 1969 mustang",
    ),
    Sentence("two lemons and half a loaf of bread on a cloth", "lemon | lemon | loaf of bread / cloth"),
    Sentence("A still life: a clay jug, two lemons", "clay jug | lemon | lemon"),
    Sentence(
        "An old fisherman in a yellow raincoat hands a silver fish to a small boy in rubber boots",
        "old fisherman in a yellow raincoat handing a silver fish | small boy in rubber boots",
    ),
    Sentence(
        "A vampire with slicked hair bows to kiss the hand of a witch, while a raven sits on a gravestone between them",
        "vampire with slicked hair bows to kiss the hand | raven + gravestone | witch",
    ),
    Sentence(
        "a woman talking on the phone and a man reading a newspaper",
        "woman talking on the phone | man reading a newspaper",
    ),
    Sentence(
        "Emma and Lucas are building a snowman, Emma in a green parka puts a carrot on its face, "
        "Lucas in a plaid coat rolls a snowball",
        "emma building a snowman in a green parka putting a carrot on its face | lucas building a "
        "snowman in a plaid coat rolling a snowball",
    ),
    Sentence("a lioness nuzzles her cub under an acacia tree", "acacia tree / lioness + cub"),
    Sentence(
        "elf archer and dwarf warrior, the elf is aiming a bow, the dwarf is sharpening his axe",
        "elf archer aiming a bow | dwarf warrior sharpening his axe",
    ),
    Sentence(
        "royal portrait, king on the left, queen on the right, young prince with a wooden toy horse "
        "standing between them",
        "king | young prince + wooden toy horse standing | queen",
    ),
    Sentence(
        "ballet dancer and breakdancer on a stage, she is in a pink tutu, he is in baggy cargo pants",
        "ballet dancer in a pink tutu | breakdancer in baggy cargo pants",
    ),
    Sentence(
        "Brutalist concrete library at blue hour, a lone cyclist passing in front of it",
        "brutalist concrete library / lone cyclist passing",
    ),
    Sentence(
        "Modernist villa on a cliff, two white loungers, Julius Shulman, clear noon light",
        "modernist villa | white lounger | white lounger / cliff | ~ | ~",
    ),
    Sentence(
        "three skincare bottles, amber bottle on the left, white bottle in the middle, black bottle on the right",
        "amber skincare bottle | white skincare bottle | black skincare bottle",
    ),
    Sentence(
        "A woman and a priest sit in a train. Between them on the floor is a birdcage with a yellow canary in it",
        "woman sitting in a train | yellow canary + birdcage on the floor | priest sitting in a train",
    ),
    Sentence(
        "A battered lifeboat fights its way toward a sinking schooner",
        "battered lifeboat fighting its way | sinking schooner",
    ),
    Sentence(
        "A little rover with a single round camera watches from the right, a cat sleeps on the left",
        "cat sleeping | little rover with a single round camera watching",
    ),
    Sentence(
        "a mother and her two daughters in a park, the mother in a long coat, the girls in red boots",
        "mother in a long coat | daughter in red boots | daughter in red boots",
    ),
    Sentence(
        "A plate of sushi with salmon nigiri, tuna rolls and a small mound of wasabi beside a cup of green tea",
        "plate of sushi with salmon nigiri, tuna rolls and a small mound of wasabi | cup of green tea",
    ),
    Sentence(
        "an old house with a red door, a black cat sits on the roof",
        "black cat sitting on the roof / old house with a red door",
    ),
    Sentence("a pirate ship at sea, a parrot sits on the mast", "parrot sitting on the mast / pirate ship"),
    Sentence(
        "an old house with a red door, on the roof sits a black cat",
        "black cat on the roof / old house with a red door",
    ),
    Sentence(
        "three tabby kittens in a basket, a ball of blue yarn in front of them",
        "3*tabby kitten + basket / ball of blue yarn",
    ),
    Sentence(
        "An alien botanist in a white suit examines a giant blue mushroom",
        "alien botanist in a white suit examining | giant blue mushroom",
    ),
    Sentence(
        "A polar bear stands on the ice. A huge white cruise ship passes behind it",
        "huge white cruise ship passing / polar bear standing",
    ),
    Sentence("a dragon no bigger than a kitten sleeps on a book", "dragon no bigger than a kitten + book"),
    Sentence(
        "A bride in a lace gown sits on the hood of a white Cadillac",
        "bride in a lace gown sitting on the hood / white cadillac",
    ),
    Sentence(
        "a welder holding her helmet, with a container ship out of focus behind her",
        "container ship out of focus / welder holding her helmet",
    ),
    Sentence(
        "A waitress refills the coffee of a trucker with a grey beard",
        "waitress refilling the coffee | trucker with a grey beard",
    ),
    Sentence(
        "old tugboat on the left, rust streaks, peeling green paint, sleek white yacht on the right, calm harbor",
        "old tugboat, rust streaks, peeling green paint | sleek white yacht",
    ),
    Sentence(
        "lone samurai, katana drawn, facing a giant oni, red skin, horns",
        "lone samurai, katana drawn, facing | giant oni, red skin, horns",
    ),
    Sentence(
        "A knight in silver armor and a wizard in purple robes stand side by side before a dragon with golden scales",
        "knight in silver armor standing side by side | wizard in purple robes standing side by side "
        "| dragon with golden scales",
    ),
    Sentence(
        "Emma wears a yellow raincoat and Noah wears a blue peacoat",
        "emma wearing a yellow raincoat | noah wearing a blue peacoat",
    ),
    Sentence(
        "stack of three books, bottom one leather brown, middle one dark green, top one red",
        "red book / dark green book / leather brown book",
    ),
    Sentence(
        "picnic, he wears a straw hat, she wears a polka dot dress, meadow",
        "man wearing a straw hat | woman wearing a polka dot dress",
    ),
    Sentence(
        "three birds on a branch, a red cardinal on the left, a blue jay in the middle, a yellow canary on the right",
        "red cardinal | blue jay | yellow canary / branch",
    ),
    Sentence(
        "Top shelf: a row of blue mugs. Bottom shelf: a row of copper pots.",
        "3*blue mug top shelf / 3*copper pot bottom shelf",
    ),
    Sentence(
        "two cups of coffee, the left cup white porcelain with latte art, the right cup black stoneware with espresso",
        "cup of coffee, white porcelain with latte art | cup of coffee, black stoneware with espresso",
    ),
    Sentence(
        "The detective (trench coat, fedora) leans on a green car. The woman (red dress, white "
        "stole) lights a cigarette",
        "detective (trench coat, fedora) + green car | woman (red dress, white stole) lighting a cigarette",
    ),
    Sentence(
        "six eggs in a carton, two blue ones on the left and four brown ones on the right",
        "blue egg | blue egg | brown egg | brown egg / ~ | ~ | brown egg | brown egg",
    ),
    Sentence(
        "an elf with silver hair and a dwarf with an orange beard stand back to back, surrounded by "
        "goblins with rusty spears",
        "elf with silver hair standing back to back | dwarf with an orange beard standing back to "
        "back | goblins with rusty spears",
    ),
    Sentence(
        "A cow, a pig and a rooster are stacked on top of each other, cow at the bottom",
        "rooster stacked / pig stacked / cow stacked",
    ),
    Sentence("a meadow in front, a forest behind it, and mountains at the back", "mountains / forest / meadow"),
    Sentence("in the distance a city, up close a rusty robot", "city in the distance / rusty robot"),
    Sentence(
        "A castle on top of a hill, a large red dragon flying above it", "large red dragon flying / castle / hill"
    ),
    Sentence(
        "A snowman in a garden, a girl in a pink coat on the left putting a scarf on it",
        "girl in a pink coat putting a scarf on it | snowman",
    ),
    Sentence(
        "a white horse on the left and a brown horse on the right, a girl in a red dress riding the white horse",
        "girl in a red dress riding | brown horse / white horse | ~",
    ),
    Sentence(
        "A tiger and a lion, the white tiger on the left with blue eyes, the lion on the right",
        "white tiger with blue eyes | lion",
    ),
    Sentence(
        "red dragon on the left, blue dragon on the right, tiny knight with a golden shield in the middle",
        "red dragon | tiny knight with a golden shield | blue dragon",
    ),
    Sentence(
        "4 people around a campfire, man with orange beanie, woman with purple jacket, old man with "
        "white beard, boy with black hoodie",
        "man with orange beanie | woman with purple jacket / campfire / old man with white beard | "
        "boy with black hoodie",
    ),
    Sentence(
        "mother elephant and baby elephant crossing a savanna, mother with long tusks, baby splashed with mud",
        "mother elephant with long tusks | baby elephant crossing a savanna splashed with mud",
    ),
    Sentence(
        "a knight with a dented helmet and a wolf banner beside a monk with a rope belt",
        "knight with a dented helmet and a wolf banner | monk with a rope belt",
    ),
    Sentence(
        "a tapestry of a stag on a stone wall, two velvet armchairs under the tapestry",
        "tapestry of a stag on a stone wall / velvet armchair | velvet armchair",
    ),
    Sentence(
        "three siblings in the kitchen, the eldest sister stirs a pot, the little brother licks a "
        "spoon, the baby sits in a highchair",
        "eldest sister stirring a pot | little brother licking a spoon | baby sitting in a highchair",
    ),
    Sentence(
        "on the right there is a vending machine and a calico cat sleeping above it",
        "_ | calico cat sleeping / _ | vending machine",
    ),
    Sentence(
        "to the left of the canyon it is day with grazing mammoths, to the right of the canyon it is "
        "night with howling wolves",
        "grazing mammoths, day | howling wolves, night",
    ),
    Sentence(
        "two doors in a wall, one iron with a glowing rune, the other wooden and half rotten",
        "iron door with a glowing rune | wooden and half rotten door",
    ),
    Sentence(
        "A floor of blue and white tiles, a red armchair in the middle and a brass chandelier above it",
        "brass chandelier / red armchair / floor of blue and white tiles",
    ),
    Sentence(
        "a street cart sports a striped awning and a bell, a vendor weighs chestnuts",
        "street cart sports a striped awning and a bell | vendor weighing chestnuts",
    ),
    Sentence(
        "three squirrels hoard acorns under an oak",
        "oak / squirrel hoarding acorns | squirrel hoarding acorns | squirrel hoarding acorns",
    ),
    Sentence(
        "Two travellers at a train station, an old man on the left, grey moustache, a young woman on "
        "the right, curly red hair",
        "old man, grey moustache | young woman, curly red hair",
    ),
    Sentence(
        "A crimson sky over a turquoise desert, with a lone camel", "crimson sky | lone camel / turquoise desert | ~"
    ),
    Sentence(
        "On one side of the mountain pass there is a blizzard with a snowplow, on the other side "
        "blazing sunshine with a convertible",
        "snowplow, a blizzard | mountain pass | convertible, blazing sunshine",
    ),
    Sentence(
        "left half summer, a beach ball, right half winter, an ice skater", "beach ball, summer | ice skater, winter"
    ),
    Sentence(
        "racing car with number 27 on its door, a white Porsche 911 behind it",
        "white porsche 911 / racing car with number 27 on its door",
    ),
    Sentence(
        "A grandfather whittles a toy boat as his granddaughter cuddles a goose",
        "grandfather whittling a toy boat | granddaughter + goose",
    ),
    Sentence("A teacher stands under the window with an open book", "window / teacher standing with an open book"),
    Sentence(
        "to the left of the fence there is desert with cacti and a skull, to the right of the fence "
        "there is green farmland with cows",
        "cacti, desert + skull | fence | cows, green farmland",
    ),
    Sentence(
        "elephant on long legs, melting clock hanging from a dead tree, faceless woman in a white dress",
        "elephant on long legs | melting clock hanging from a dead tree | faceless woman in a white dress",
    ),
    Sentence(
        "A dragon with emerald scales coils around a crumbling tower",
        "dragon with emerald scales coils | crumbling tower",
    ),
    Sentence(
        "a red fox sitting on a mossy log, barn owl on a branch above it", "barn owl / branch / red fox + mossy log"
    ),
    Sentence(
        "a farmer in overalls leads a white horse away, two firefighters drag a hose",
        "farmer in overalls leading | white horse, away | firefighter dragging a hose | firefighter dragging a hose",
    ),
    Sentence("smoke billows from a factory, workers trudge home", "workers trudging home"),
    Sentence(
        "A circus duo takes a bow, a strongman on the left and a ballerina on the right",
        "strongman, taking a bow | ballerina, taking a bow",
    ),
    Sentence("a knight in white fighting against a black knight", "knight in white fighting | black knight"),
    Sentence("two hot dogs on a plate and a girl", "hot dog | hot dog | girl / plate | ~"),
    Sentence(
        "an alarm clock on a bedside table shows 6:45, a glass of water beside it",
        "alarm clock showing 6:45 / bedside table | glass of water",
    ),
    Sentence(
        "to the left of the fence it is a wheat field with a scarecrow, to the right of the fence it "
        "is a flooded paddock with ducks",
        "scarecrow, a wheat field | fence | ducks, a flooded paddock",
    ),
    Sentence(
        "A vase of sunflowers stands on top of an upright piano, with a framed photograph hanging above the piano",
        "vase of sunflowers standing | framed photograph hanging / upright piano",
    ),
    Sentence(
        "A Siamese cat on the windowsill with a goldfish in a round bowl next to it",
        "siamese cat | goldfish + round bowl / windowsill | ~",
    ),
    Sentence("still life with a blue jug and two lemons", "blue jug | lemon | lemon"),
    Sentence(
        "vintage motorcycle with a leather saddlebag, chrome exhaust and round mirrors, a dog",
        "vintage motorcycle with a leather saddlebag, chrome exhaust and round mirrors | dog",
    ),
    Sentence("a taxi collides with a fruit cart", "taxi colliding | fruit cart"),
    Sentence(
        "To the left of the river, knights on horseback under dark clouds; to the right of the "
        "river, farmers harvesting wheat in sunshine",
        "knights on horseback under dark clouds | river | farmers harvesting wheat in sunshine",
    ),
    Sentence(
        "There are three ducks on a pond. Behind them stands a windmill with broken sails.",
        "windmill with broken sails / duck | duck | duck",
    ),
    Sentence("Two brothers, Tom and Jack, sit on a bench", "brother tom sitting | brother jack sitting / bench"),
    Sentence(
        "Two sisters in a meadow, Anna on the left, Clara on the right, Anna wears a straw hat, "
        "Clara wears a lace bonnet",
        "sister anna wearing a straw hat | sister clara wearing a lace bonnet",
    ),
    Sentence("A dragon the size of a house cat and a knight", "dragon the size of a house cat | knight"),
    Sentence("A castle on a hill, a dragon flying overhead", "dragon flying / castle"),
    Sentence(
        "A panda chef and a rabbit waiter serve noodles, the panda wears a red apron, the rabbit a black bow tie",
        "panda chef serving noodles wearing a red apron | rabbit waiter serving noodles wearing a black bow tie",
    ),
    Sentence(
        "Two women sit at a cafe, the one on the left wears a yellow sundress, the one on the right a black turtleneck",
        "woman sitting at a cafe wearing a yellow sundress | woman sitting at a cafe wearing a black turtleneck",
    ),
    Sentence(
        "A king on a throne with two guards in armor standing on either side",
        "guard in armor standing | king + throne | guard in armor standing",
    ),
    Sentence(
        "a troll haggles with a merchant, donkey cart waits nearby",
        "troll haggling | merchant | donkey cart waiting nearby",
    ),
    Sentence(
        "a crimson wheat field with a white windmill and a brown cow",
        "white windmill | brown cow / crimson wheat field",
    ),
    Sentence(
        "split image, on one side a ballroom with a lady in lavender silk, on the other a nightclub "
        "with a punk in leather",
        "ballroom + lady in lavender silk | nightclub + punk in leather",
    ),
    Sentence("A duel between a knight and a samurai", "knight | samurai"),
    Sentence(
        "A photograph of a bride lies on a wooden desk beside a cracked watch",
        "photograph of a bride + wooden desk | cracked watch",
    ),
    Sentence("a maid, who wears red silk, and a cat", "maid wearing red silk | cat"),
    Sentence(
        "a doctor and a nurse, the man in a white coat, the woman in blue", "doctor in a white coat | nurse in blue"
    ),
    Sentence(
        "silver ice skates beside thick, scuffed leather hiking boots",
        "silver ice skates | thick, scuffed leather hiking boots",
    ),
    Sentence(
        "Two rally cars drifting on a road, a blue hatchback on the left, a white coupe on the right",
        "blue hatchback, drifting | white coupe, drifting",
    ),
    Sentence(
        "A red vintage Vespa, a woman in a polka dot dress leaning on it",
        "red vintage vespa | woman in a polka dot dress leaning",
    ),
    Sentence("To the left of the river, a knight, to the right of the river, a farmer", "knight | river | farmer"),
    Sentence(
        "A tram is waiting at the stop. There's a pigeon on its roof.", "pigeon on its roof / tram waiting at the stop"
    ),
    Sentence("a bus with the number 42 on the front next to a kiosk", "bus with the number 42 on the front | kiosk"),
    Sentence(
        "a cup of black coffee with a buttery croissant to the right of it", "cup of black coffee | buttery croissant"
    ),
    Sentence(
        "a white cat and a black cat in a wicker basket", "white cat in a wicker basket | black cat in a wicker basket"
    ),
    Sentence(
        "four grandparents and four rocking chairs",
        "grandparent | grandparent | grandparent | grandparent / rocking chair | rocking chair | "
        "rocking chair | rocking chair",
    ),
    Sentence(
        "a boy asleep in an armchair with an orange tabby on his lap and an old bulldog lying on the rug",
        "boy asleep in an armchair + orange tabby on his lap | old bulldog + rug",
    ),
    Sentence(
        "A family of four having breakfast: a dad flipping pancakes, a mum pouring juice, two boys in pajamas",
        "dad flipping pancakes, having breakfast | mum pouring juice, having breakfast | boy in "
        "pajamas, having breakfast | boy in pajamas, having breakfast",
    ),
    Sentence("there is a cello with a hat hanging above it", "hat hanging / cello"),
    Sentence(
        "In the foreground a rusted anchor lies in wet sand. Behind it, some children are flying kites.",
        "3*child flying kites / rusted anchor lying in wet sand",
    ),
    Sentence(
        "A white stallion drinking from a stream with a spotted fawn watching from the bank",
        "white stallion drinking from a stream | spotted fawn watching from the bank",
    ),
    Sentence("an orange moon over turquoise water, tiny sailboat", "orange moon / tiny sailboat / turquoise water"),
    Sentence(
        "three robots, the oldest rusty, the middle one dented, the newest shiny",
        "rusty robot | dented robot | shiny robot",
    ),
    Sentence("orc tackles dwarf", "orc tackling | dwarf"),
    Sentence(
        "an old oak with no more than three owls on its branches, misty meadow", "old oak + 3*owl on its branches"
    ),
    Sentence(
        "a crimson sea under a pale yellow sky, with a small white sailboat in the middle",
        "pale yellow sky / small white sailboat / crimson sea",
    ),
    Sentence(
        "on one side of the fence a wheat field with a tractor, on the other side a city street with a taxi",
        "wheat field + tractor | fence | city street + taxi",
    ),
    Sentence(
        "to the left of the fence the lawn is mowed and there is a deck chair, to the right of the "
        "fence the grass is high and full of poppies with a rusty tractor in it",
        "lawn mowed | deck chair | fence | rusty tractor + high grass full of poppies",
    ),
    Sentence(
        "a cat on the frame of an oil painting, the painting shows a galleon",
        "cat / frame of an oil painting showing a galleon",
    ),
    Sentence(
        "a samurai with a crane embroidered on his sleeve bows to an old tea merchant",
        "samurai with a crane embroidered on his sleeve bowing | old tea merchant",
    ),
    Sentence(
        "two mechanics disassembled an engine as a parrot heckled them from a toolbox",
        "mechanic disassembling | mechanic disassembling | engine | parrot heckling from a toolbox",
    ),
    Sentence("a wizard sleeps as his cat plots", "wizard sleeping | cat plots"),
    Sentence("a boy fishes as a heron watches him", "boy fishing | heron watching"),
    Sentence(
        "a ruined abbey with bats circling in the sky and a lone fox in the foreground",
        "bats circling in the sky / ruined abbey / lone fox",
    ),
    Sentence("a lighthouse, gulls wheeling overhead", "gulls wheeling / lighthouse"),
    Sentence(
        "a red boeing 747, two white cessna 172 planes, runway",
        "red boeing 747 | white cessna 172 plane | white cessna 172 plane",
    ),
    Sentence(
        "two Spitfire Mk 9 fighters above a Boeing 747", "spitfire mk 9 fighter | spitfire mk 9 fighter / boeing 747"
    ),
    Sentence("a red car and a blue van, racetrack", "red car | blue van"),
    Sentence(
        "a chocolate labrador and an orange kitten asleep in a wicker basket",
        "chocolate labrador in a wicker basket | orange kitten asleep in a wicker basket",
    ),
    Sentence(
        "five goslings trailed a postman, storybook ink and wash",
        "gosling trailing | gosling trailing | gosling trailing / gosling trailing | gosling trailing | postman",
    ),
    Sentence(
        "left to right: the same girl as a toddler, as a teenager, as an old woman",
        "girl as a toddler | girl as a teenager | girl as an old woman",
    ),
    Sentence(
        "a haughty, sharp-eyed falcon and a plump, drowsy pigeon on a balustrade, highly detailed feathers",
        "haughty, sharp-eyed falcon | plump, drowsy pigeon / balustrade",
    ),
    Sentence("an owl sleeps on a stack of old books", "owl + 3*old book"),
    Sentence(
        "soft, freshly washed towels next to a tall, slim bottle", "soft freshly washed towels | tall, slim bottle"
    ),
    Sentence(
        "pic of my corgi Biscuit in a yellow raincoat, he looks so done",
        "corgi biscuit in a yellow raincoat looking, done",
    ),
    Sentence("comic panel, a detective leans on a lamppost, noir", "detective + lamppost"),
    Sentence(
        "five ducklings followed one rubber boot downstream",
        "duckling following | duckling following | duckling following / duckling following | "
        "duckling following | rubber boot downstream",
    ),
    Sentence(
        "the gift box contains two bath bombs, a candle and a bar of soap",
        "gift box containing | bath bomb | bath bomb / candle | bar of soap",
    ),
    Sentence("a girl in a canoe paddles upstream, a bear on the bank", "girl in a canoe paddling upstream | bear"),
    Sentence(
        "A wide, muddy river beside a narrow, cobbled road, seen from a hilltop at dusk",
        "wide, muddy river | narrow, cobbled road",
    ),
    Sentence(
        "An old, bent, bearded blacksmith hands a newly forged sword to a proud knight",
        "old, bent, bearded blacksmith handing a newly forged sword | proud knight",
    ),
    Sentence(
        "An old fisherman with a pipe in his mouth and a parrot tattooed across his chest",
        "old fisherman with a pipe in his mouth and a parrot tattooed across his chest",
    ),
    Sentence(
        "An astronaut in a white suit, a sunflower strapped to her backpack",
        "astronaut in a white suit, a sunflower strapped to her backpack",
    ),
    Sentence(
        "A yellow tram climbs a steep street. There is a flower seller on the corner.",
        "yellow tram climbing a steep street | flower seller on the corner",
    ),
    Sentence(
        "On the left a monk, and on the right there is a globe with a raven perched on top of it",
        "monk | raven perched / ~ | globe",
    ),
    Sentence(
        "from top to bottom, the same harbor in the Bronze Age, the Middle Ages and the far future",
        "harbor in the bronze age / harbor in the middle ages / harbor in the far future",
    ),
    Sentence(
        "A witch carries a basket. A broom leans against the wall behind her.",
        "broom leaning against the wall / witch carrying a basket",
    ),
    Sentence(
        "A dwarf stands at the table. Behind him there is a suit of armour.",
        "suit of armour / dwarf standing at the table",
    ),
    Sentence(
        "Up in the clouds a dragon circles, down in the foreground a shepherd shields his eyes",
        "dragon up in the clouds circling / shepherd shielding his eyes",
    ),
    Sentence(
        "a depot houses five streetcars", "depot housing | streetcar | streetcar / streetcar | streetcar | streetcar"
    ),
    Sentence(
        "split screen, left half coral reef with a manta ray, right half snowy forest with a lynx",
        "coral reef with a manta ray + manta ray | snowy forest with a lynx + lynx",
    ),
    Sentence("a hotel lobby boasts a huge aquarium and two palm trees", "huge aquarium | palm tree | palm tree"),
    Sentence(
        "a father on the left, a mother on the right, and a toddler with a pacifier between them",
        "father | toddler with a pacifier | mother",
    ),
    Sentence(
        "an alarm clock on a nightstand and a man asleep under a striped blanket",
        "alarm clock | man asleep under a striped blanket / nightstand | ~",
    ),
    Sentence("five hens surrounded a tin bucket", "hen | hen | hen / tin bucket / hen | hen"),
    Sentence("wolves encircle a campfire", "wolf | wolf / campfire / wolf"),
    Sentence(
        "a workbench stands on the left with a row of boots on a shelf above it",
        "3*boot / shelf / workbench standing | _",
    ),
    Sentence(
        "A stone wall with a framed oil painting of a rooster, and directly below the painting a spinning wheel",
        "stone wall | framed oil painting of a rooster / ~ | spinning wheel",
    ),
    Sentence(
        "race car number 27 overtaking race car number 4 on a wet corner",
        "race car number 27 overtaking | race car number 4 on a wet corner",
    ),
    Sentence("A chrome diner with two truckers sharing a pie", "trucker sharing a pie | trucker sharing a pie"),
    Sentence(
        "left half a harbour with sailboats, right half a harbour with an icebreaker",
        "harbour with sailboats + sailboats | harbour + icebreaker",
    ),
    Sentence(
        "On the left a wizard reads, on the right his apprentice works, and an owl perches on a beam above them.",
        "owl + beam / wizard reading | apprentice working",
    ),
    Sentence(
        "a queen on a throne, an oil painting of a stag on the wall behind her",
        "oil painting of a stag on the wall / queen + throne",
    ),
    Sentence(
        "left half: a village at peace, wheat fields and children with kites; right half: the same village "
        "in flames, ash and a lone raven",
        "village at peace | wheat fields | same village in flames | ash / children with kites | lone raven",
    ),
    Sentence(
        "from left to right, the same man as a child, a cadet and an old admiral in three panels",
        "man as a child | man as a cadet | man as an old admiral",
    ),
    Sentence(
        "a girl with a green pixie cut in a striped sweater and a boy",
        "girl with a green pixie cut in a striped sweater | boy",
    ),
    Sentence("two grey mules and one old, dusty piano", "grey mule | grey mule | old, dusty piano"),
    Sentence(
        "a half-built, mossy tower and a two-tone, rusty truck", "half-built, mossy tower | two-tone, rusty truck"
    ),
    Sentence("a pixelated and feathered heron", "pixelated and feathered heron"),
    Sentence("a hen lounges, a goat sunbathes, a barn", "hen lounging | goat sunbathing | barn"),
    Sentence("a fox and a hen, chalk on blackboard", "fox | hen"),
    Sentence("a road sign that says 50 and a deer", "road sign that says 50 | deer"),
    Sentence("a canon ae-1 camera and a leica m3 camera", "canon ae-1 camera | leica m3 camera"),
    Sentence("two cats and a bird above them", "bird / cat | cat"),
    Sentence("a goose looking at a typewriter", "goose looking | typewriter"),
    Sentence("a sailor leaning against a grand piano", "sailor + grand piano"),
    Sentence("neither cats nor dogs, only rabbits in a field", "rabbits", "cats, dogs", "only rabbits in a field"),
    Sentence("a dog that is not brown and a cat that is not black", "dog | cat", "brown, black", "a dog and a cat"),
    Sentence("an empty room, nothing on the walls, a single chair", "single chair"),
    Sentence(
        "a sleek, chrome, futuristic motorcycle and a rusty, dented tractor",
        "sleek, chrome, futuristic motorcycle | rusty, dented tractor",
    ),
    Sentence(
        "a framed photograph of a sailor above a stone fireplace", "framed photograph of a sailor / stone fireplace"
    ),
    Sentence(
        "to the left of the canal it's a busy market with fruit stalls, to the right of the canal "
        "it's a quiet cemetery with an angel",
        "fruit stalls, a busy market | angel, a quiet cemetery",
    ),
    Sentence(
        "the same oak tree in four parts, from left to right spring blossom, summer leaves, autumn "
        "gold and winter snow",
        "oak tree, spring blossom | oak tree, summer leaves | oak tree, autumn gold | oak tree, winter snow",
    ),
    Sentence(
        "a tram and a boy in a football shirt with a 10 on the back",
        "tram | boy in a football shirt with a 10 on the back",
    ),
    Sentence("a boy in a kitchen and a girl in a garden", "boy in a kitchen | girl in a garden"),
    Sentence(
        "a wolf in a forest, an owl in a tree, a crab on a beach", "wolf in a forest | owl in a tree | crab on a beach"
    ),
    Sentence("a fox in a field and a moon in the sky", "moon in the sky / fox in a field"),
    Sentence("From the well climbs a frog", "frog + well"),
    Sentence(
        "The lady on the left holds a fan; the gentleman on the right tips his hat",
        "lady holding a fan | gentleman tipping his hat",
    ),
    Sentence(
        "There are two tables. On the first one lies a map, on the second one stands a globe.",
        "globe | map + table / table | ~",
    ),
    Sentence("a king and a beggar, they shake hands", "king shaking hands | beggar shaking hands"),
    Sentence("a man on the left, a woman on the right, a dog in between", "man | dog | woman"),
    Sentence("several cats, the first black, the second white", "black cat | white cat"),
    Sentence(
        "a hunter with his dog, a rifle over his shoulder, tracks a stag through the snow",
        "hunter, a rifle over his shoulder, tracking | dog | stag",
    ),
    Sentence(
        "a street musician plays sax, coins in his open case, a dog howls along",
        "street musician playing sax | coins in his open case | dog howling along",
    ),
    Sentence("a flat field with one small, rusty caravan far away", "small, rusty caravan far away"),
    Sentence("two doors, one cobalt blue, the other mustard yellow", "cobalt blue door | mustard yellow door"),
    Sentence(
        "An old woman feeds sparrows. Behind her stands a bronze statue of a general.",
        "bronze statue of a general / old woman + sparrows",
    ),
    Sentence("a dark, tangled forest with tall, crooked trees", "dark, tangled forest with tall, crooked trees"),
    Sentence(
        "an oil painting of a horse on the wall above a brick fireplace",
        "oil painting of a horse on the wall / brick fireplace",
    ),
    Sentence(
        "a mechanic tinkers with a rusty motorbike while a toddler giggles at a puddle",
        "mechanic tinkering + rusty motorbike | toddler giggling at a puddle",
    ),
    Sentence(
        "from left to right, the same street in morning fog, midday sun and evening rain in three parts",
        "street in morning fog | street in midday sun | street in evening rain",
    ),
    Sentence("a badger playing chess with a hare", "badger playing chess | hare"),
    Sentence("A photographer photographs a wedding cake on a lawn", "photographer photographing | wedding cake"),
    Sentence(
        "four panels from left to right, a harbour in fog, in rain, in sunshine, in snow",
        "harbour in fog | harbour in rain | harbour in sunshine | harbour in snow",
    ),
    Sentence("a soldier hugs his sister", "soldier + sister"),
    Sentence("a cat in a room with tall windows and blue curtains", "cat"),
    Sentence("two hikers in a canyon with red walls", "hiker | hiker"),
    Sentence("a girl reads on a sofa, a dog at her feet", "girl reading + sofa | dog at her feet"),
    Sentence(
        "a little girl in a blue dress hugging a huge polar bear that wears a green scarf",
        "little girl in a blue dress hugging | huge polar bear wearing a green scarf",
    ),
    Sentence(
        "a bowl of ramen with an egg, a glass of iced tea to the left of the bowl",
        "glass of iced tea | bowl of ramen with an egg",
    ),
    Sentence(
        "a mug of coffee on the left, a plate of cookies on the right, linen tablecloth",
        "mug of coffee | plate of cookies",
    ),
    Sentence("a red apple, a green pear, blue tablecloth", "red apple | green pear | blue tablecloth"),
    Sentence(
        "a huge green container ship being guided into the harbor by two orange tugboats",
        "huge green container ship guided into the harbor | orange tugboat | orange tugboat",
    ),
    Sentence(
        "a mermaid on a rock surrounded by four grey seals",
        "grey seal | grey seal / mermaid / rock | grey seal | grey seal",
    ),
    Sentence(
        "two ponies, twilight sparkle with purple fur reading a book, fluttershy with yellow fur",
        "pony twilight sparkle with purple fur reading a book | pony fluttershy with yellow fur",
    ),
    Sentence("a deer in fog, one small, broken chair", "deer | small, broken chair"),
    Sentence(
        "a patient, silver-haired grandmother teaches a curious boy",
        "patient, silver-haired grandmother teaching | curious boy",
    ),
    Sentence(
        "a florist's stall with buckets of yellow tulips, pink peonies and white lilies, an old "
        "woman arranging a bouquet",
        "florist's stall with buckets of yellow tulips, pink peonies and white lilies | old woman arranging a bouquet",
    ),
    Sentence("a crate of apples, pears and plums beside a barrel", "crate of apples, pears and plums | barrel"),
    Sentence(
        "a samurai and his apprentice train under a cherry tree, the samurai in black, the apprentice in white",
        "cherry tree / samurai training in black | apprentice training in white",
    ),
    Sentence(
        "a giant panda at an easel, beret, paint splatters, bamboo in a vase",
        "giant panda at an easel, beret | bamboo + vase",
    ),
    Sentence(
        "a desk split down the middle, left side messy with papers and coffee cups, right side "
        "clean with a laptop and a plant",
        "desk, messy with papers and coffee cups | desk, clean with a laptop and a plant",
    ),
    Sentence(
        "an old tree split down the middle, one side in bloom with butterflies, the other side "
        "bare with snow and a crow",
        "old tree in bloom with butterflies | old tree, bare with snow and a crow",
    ),
    Sentence(
        "a pizza, one half topped with olives, the other half with mushrooms",
        "pizza, topped with olives | pizza with mushrooms",
    ),
    Sentence("a pirate ship battling a kraken, lightning", "pirate ship battling | kraken"),
    Sentence("a tugboat pulling a cargo ship into the harbor", "tugboat pulling | cargo ship"),
    Sentence(
        "three nuns on bicycles riding past a fountain",
        "nun on bicycles riding | nun on bicycles riding | nun on bicycles riding | fountain",
    ),
    Sentence(
        "a wolf, a bear and an owl sit around a wooden table playing dominoes",
        "wolf sitting playing dominoes | bear sitting playing dominoes / wooden table / owl sitting playing dominoes",
    ),
    Sentence(
        "a pewter jug, two lemons, a half-peeled orange and a dead pheasant",
        "pewter jug | lemon | lemon / half-peeled orange | dead pheasant",
    ),
    Sentence(
        "twin lighthouses, the left one striped red and white, the right one black, a ship passing between them",
        "striped red and white twin lighthouse | ship passing | black twin lighthouse",
    ),
    Sentence(
        "a detective under a single bulb, a stack of files and a cold coffee",
        "single bulb | 3*file | cold coffee / detective | ~ | ~",
    ),
    Sentence(
        "a bluebird on a branch and a watering can lies on its side in the grass",
        "bluebird / branch | watering can lying on its side",
    ),
    Sentence(
        "a portrait of a king with half his face in shadow, a raven on each shoulder",
        "king with half his face in shadow + raven on each shoulder",
    ),
    Sentence(
        "a shelf with three jars: the first holds marbles, the second seashells, and the third buttons",
        "shelf | jar holding marbles / jar holding seashells | jar holding buttons",
    ),
    Sentence("a man with two dogs, one black, one white", "man | black dog | white dog"),
    Sentence(
        "four seasons of a mountain cabin, spring top left, summer top right, autumn bottom left, winter bottom right",
        "mountain cabin, spring | mountain cabin, summer / mountain cabin, autumn | mountain cabin, winter",
    ),
    Sentence(
        "a soldier says goodbye to his sister, she has red hair, he has a medal",
        "soldier saying goodbye with a medal | sister with red hair",
    ),
    Sentence("an alien with three eyes sells ice cream", "alien with three eyes selling ice cream"),
    Sentence(
        "a row of five beach huts painted pink, yellow, green, blue and white",
        "pink beach hut | yellow beach hut | green beach hut / blue beach hut | white beach hut",
    ),
    Sentence(
        "five tulips in pink, white, red, yellow and purple in a vase",
        "pink tulip | white tulip | red tulip / yellow tulip | purple tulip / vase",
    ),
    Sentence("two girls in red and blue dresses", "girl in a red dress | girl in a blue dress"),
    Sentence("two boys in red and blue jeans", "boy in red jeans | boy in blue jeans"),
    Sentence("a red umbrella among black umbrellas", "red umbrella | black umbrellas"),
    Sentence("two pandas, mother and cub, eating bamboo", "mother panda, eating bamboo | cub panda, eating bamboo"),
    Sentence("several cats on a fence, only one of them is white", "3*cat, only one of them is white / fence"),
    Sentence("two dogs, both strays, eating bones", "dog, stray, eating bones | dog, stray, eating bones"),
    Sentence("an ant carrying a leaf ten times its size", "ant carrying a leaf ten times its size"),
    Sentence(
        "a wooden table with a blue plate on the left, a green plate on the right and a lit candle between the plates",
        "blue plate | wooden table | lit candle | green plate",
    ),
    Sentence(
        "two sisters, a laughing toddler on the right, red pigtails, dungarees, a teenage girl on the left, black bob",
        "teenage girl, black bob | laughing toddler, red pigtails, dungarees",
    ),
    Sentence(
        "a birthday cake without candles on top, pastel icing",
        "birthday cake, pastel icing",
        "candles on top",
        "a birthday cake, pastel icing",
    ),
    Sentence(
        "two hands reaching for each other, one human, one robotic",
        "human hand reaching for each other | robotic hand reaching for each other",
    ),
    Sentence(
        "a shop window with three mannequins: a bride, a flapper and an astronaut",
        "shop window | bride | flapper | astronaut",
    ),
    Sentence("a narrow alley with tall, leaning, half-timbered houses", "tall, leaning, half-timbered houses"),
    Sentence("a mug on a ledge, snow falling outside, a fox looking in", "mug | fox looking / ledge | ~"),
    Sentence("a scene from a western, saloon, a piano player and a barman", "piano player | barman"),
    Sentence(
        "a firefighter carrying a kitten out of a burning house, a crying girl waiting",
        "firefighter out of a burning house + kitten | crying girl waiting",
    ),
    Sentence("a squat, chipped teapot on a scratched, wobbly table", "squat, chipped teapot / scratched, wobbly table"),
    Sentence("a ceramic owl figurine, 4 k, hdr, isometric 3 d render", "ceramic owl figurine"),
    Sentence(
        "three hot air balloons, one striped, one red and one checkered, drift above a valley at dawn",
        "striped hot air balloon drifting | red hot air balloon drifting | checkered hot air balloon drifting / valley",
    ),
    Sentence("a school of silver fish circling around a statue", "school of silver fish circling | statue"),
    Sentence("a boy in a straw hat feeds rice to a white fox", "boy in a straw hat feeding rice | white fox"),
    Sentence(
        "five red apples in a wicker basket and a lemon cut in half on a slate board",
        "5*red apple + wicker basket | lemon cut in half / ~ | slate board",
    ),
    Sentence("a saint and a sinner, renaissance oil on panel, cracked varnish", "saint | sinner"),
    Sentence(
        "femme fatale with red lips and a fur stole, a detective in a grey fedora",
        "femme fatale with red lips and a fur stole | detective in a grey fedora",
    ),
    Sentence(
        "from top to bottom, a candle burning bright, half melted and burnt out in three parts",
        "candle, burning bright / candle, half melted / candle, burnt out",
    ),
    Sentence("a boy with a basket of figs squeezes past a fountain", "boy with a basket of figs squeezing | fountain"),
    Sentence(
        "a king and a queen, king: old man with a beard, queen: young woman in green",
        "king, old man with a beard | queen, young woman in green",
    ),
    Sentence(
        "man (old, beard, pipe) and boy (young, cap, slingshot) on a porch",
        "man (old, beard, pipe) | boy (young, cap, slingshot)",
    ),
    Sentence("a mermaid combing her hair, a chest full of gold", "mermaid combing her hair | chest full of gold"),
    Sentence("band of four, drummer, guitarist, bassist, singer", "drummer | guitarist | bassist | singer"),
    Sentence(
        "blue teapot, two teacups, plate of macarons, lace tablecloth",
        "blue teapot | teacup / teacup | plate of macarons",
    ),
    Sentence("a hedgehog having tea with a mouse in a waistcoat", "hedgehog having tea | mouse in a waistcoat"),
    Sentence(
        "a bride in a lace gown standing between her two brothers, both wearing navy suits",
        "brother wearing navy suits | bride in a lace gown standing | brother wearing navy suits",
    ),
    Sentence("a girl in a red dress riding a white horse", "girl in a red dress riding / white horse"),
)
