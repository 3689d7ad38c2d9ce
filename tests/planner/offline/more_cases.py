"""Further prompts with stated truth: `FREE` was written after the rules' first version and before it had seen them."""

from __future__ import annotations

from tests.planner.offline.cases import Case

FREE = (
    Case("There is a red car on the left and a blue bike on the right.", "red car | blue bike"),
    Case("Draw me a green frog sitting next to a yellow duck", "green frog sitting | yellow duck"),
    Case("I want a picture of a black cat under a white moon", "white moon / black cat"),
    Case("a large elephant to the right of a tiny mouse", "tiny mouse | large elephant"),
    Case("a lion, a tiger, and a bear", "lion | tiger | bear"),
    Case("a lion and a tiger and a bear in the snow", "lion | tiger | bear", "in the snow"),
    Case("Two dogs and a cat playing in a park", "dog | dog | cat playing", "in a park"),
    Case("the sun at the top right, a boat at the bottom left, sea", "_ | sun / boat | _", "sea"),
    Case(
        "a chair in the bottom left corner of the picture and a lamp in the top right corner of the picture",
        "_ | lamp / chair | _",
    ),
    Case("a red cube on top of a blue cube", "red cube / blue cube"),
    Case(
        "a red cube is on top of a blue cube, and a green sphere is to the right of the blue cube",
        "red cube / blue cube | green sphere",
    ),
    Case(
        "a man with a beard wearing a blue jacket to the left of a woman with long black hair",
        "man with a beard wearing a blue jacket | woman with long black hair",
    ),
    Case("a boy with a balloon and a girl with a kite", "boy with a balloon | girl with a kite"),
    Case(
        "A woman in a yellow raincoat stands to the left of a red telephone booth at night, rainy street",
        "woman in a yellow raincoat standing | red telephone booth",
        "at night, rainy street",
    ),
    Case(
        "portrait of an old man on the left and a young boy on the right, oil painting",
        "old man | young boy",
        "portrait, oil painting",
    ),
    Case(
        "anime style, 2girls, one with pink hair, one with blue hair, school uniform",
        "girl, pink hair | girl, blue hair, school uniform",
        "anime style",
    ),
    Case("three apples: one red, one green and one yellow", "red apple | green apple | yellow apple"),
    Case("a cat to the left of the dog", "cat | dog"),
    Case("a dog with a red collar on the right of a fence", "fence | dog with a red collar"),
    Case(
        "left side: a knight in shining armor, right side: a dragon breathing fire",
        "knight in shining armor | dragon breathing fire",
    ),
    Case(
        "top left: an apple, top right: a banana, bottom left: a cherry, bottom right: a date",
        "apple | banana / cherry | date",
    ),
    Case("upper-left a star, lower-right a moon", "star | _ / _ | moon"),
    Case(
        "In the center, a golden trophy. On the left, a silver medal. On the right, a bronze medal.",
        "silver medal | golden trophy | bronze medal",
    ),
    Case("a candle between two books", "book | candle | book"),
    Case("between the lamp and the clock there is a vase", "lamp | vase | clock"),
    Case("a teapot next to a cup, both on a tray", "teapot | cup / tray"),
    Case("a bird sitting on a branch and a cat below the branch", "bird + branch / cat"),
    Case("a monkey riding a bicycle to the left of a bear on a unicycle", "monkey + bicycle | bear + unicycle"),
    Case("a bottle behind a glass, to the right of a plate", "plate | bottle + glass"),
    Case("two foxes, the left one is red, the right one is white", "red fox | white fox"),
    Case("two children, a boy on the left and a girl on the right", "boy | girl"),
    Case("a white dog and a black dog", "white dog | black dog"),
    Case("a white dog, a black dog, the white dog is on the right", "black dog | white dog"),
    Case(
        "five red balloons above a yellow house",
        "red balloon | red balloon | red balloon / red balloon | red balloon / yellow house",
    ),
    Case("two rows of trees", "row of trees | row of trees"),
    Case("a stack of three pancakes", "pancake / pancake / pancake"),
    Case("a couple of penguins on ice", "penguin | penguin", "on ice"),
    Case("a dozen eggs", "2*egg | 2*egg | 2*egg / 2*egg | 2*egg | 2*egg"),
    Case("10 red balls", "2*red ball | 2*red ball | 2*red ball / 2*red ball | 2*red ball"),
    Case(
        "a guitar leaning against a wall and a drum on the floor",
        "guitar leaning against a wall | drum",
        "on the floor",
    ),
    Case("a green vase on the left, no flowers, a clock on the right", "green vase | clock", negative="flowers"),
    Case("a kitchen without any people, with a fridge and an oven", "fridge | oven", "a kitchen", "people"),
    Case("a horse on the left but not a cow, a goat on the right", "horse | goat", negative="a cow"),
    Case(
        "A realistic photo of a scene with a red apple and a green bottle, but without cups",
        "red apple | green bottle",
        "realistic photo",
        "cups",
    ),
    Case("a castle on a hill, a dragon in the sky", "dragon in the sky / castle on a hill"),
    Case(
        "a cyberpunk city at night with a robot on the left and a samurai on the right",
        "robot | samurai",
        "a cyberpunk city, at night",
    ),
    Case("in the background a mountain, in the foreground a lake and a deer", "mountain / lake | deer"),
    Case("a blue bird above a red flower in a garden", "blue bird / red flower", "in a garden"),
    Case(
        "on a wooden table, a loaf of bread to the left of a bowl of soup",
        "loaf of bread | bowl of soup",
        "on a wooden table",
    ),
    Case(
        "a penguin wearing a red scarf and a seal wearing a green hat",
        "penguin wearing a red scarf | seal wearing a green hat",
    ),
    Case(
        "A hedgehog holding a flower, a squirrel holding an acorn",
        "hedgehog holding a flower | squirrel holding an acorn",
    ),
    Case(
        "a purple cow at the center with a yellow sun above it and green grass below it",
        "yellow sun / purple cow / green grass",
    ),
    Case("a car left of a bus left of a train", "car | bus | train"),
    Case("a crow above a scarecrow, a pumpkin to the right of the scarecrow", "crow / scarecrow | pumpkin"),
    Case("a ship on the top half and a whale on the bottom half", "ship / whale"),
    Case("a panda in the left third, a koala in the rest", "panda | koala"),
    Case("the left half is a desert, the right half is a jungle", "desert | jungle"),
    Case("a photograph of an astronaut riding a horse", "astronaut + horse", "photograph"),
    Case("a fox in a red coat reading a newspaper", "fox in a red coat reading a newspaper"),
    Case("a round table with a vase in the middle", "round table with a vase in the middle"),
    Case("red roses and white lilies in a vase", "red roses + white lilies + vase"),
    Case("several birds above a lake", "3*bird / lake"),
    Case(
        "a cat (black fur:1.3) on the left, a dog (white fur:1.2) on the right",
        "cat (black fur:1.3) | dog (white fur:1.2)",
    ),
    Case(
        "a beautiful woman, long hair, red dress, standing on a beach, sunset, best quality",
        "beautiful woman, long hair, red dress, standing on a beach",
        "sunset, best quality",
    ),
    Case("1boy, 1girl, holding hands, park", "boy, holding hands | girl, holding hands", "park"),
    Case("a pink elephant and a blue giraffe, side by side", "pink elephant | blue giraffe"),
    Case("a kettle, a pan and a pot in a column", "kettle / pan / pot"),
    Case("a red circle to the upper left of a blue square", "red circle | _ / _ | blue square"),
    Case("a cat facing a dog", "cat facing | dog"),
    Case("green triangle left, yellow ring right, teal background", "green triangle | yellow ring", "teal background"),
)

# Verbs and relations that several things share; written along with the rules for them.
TOGETHER = (
    Case(
        "two girls, one in a red cheongsam, one in orange, drink tea under a landscape painting",
        "landscape painting / girl in a red cheongsam drinking tea | girl in orange drinking tea",
    ),
    Case(
        "two girls drink tea under a landscape painting", "landscape painting / girl drinking tea | girl drinking tea"
    ),
    Case(
        "two girls, one in red, one in orange, drinking tea", "girl in red drinking tea | girl in orange drinking tea"
    ),
    Case(
        "two girls, one in a red cheongsam, one in orange, under a landscape painting",
        "landscape painting / girl in a red cheongsam | girl in orange",
    ),
    Case(
        "two cats, one black and one white, sleep on a blue sofa",
        "black cat sleeping | white cat sleeping / blue sofa",
    ),
    Case(
        "three boys, one with a hat, one with a scarf and one with a backpack, walk left of a tall tree",
        "boy with a hat walking | boy with a scarf walking | boy with a backpack walking | tall tree",
    ),
    Case("a man and a woman dance under a chandelier", "chandelier / man dancing | woman dancing"),
    Case("two dogs play next to a red ball", "dog playing | dog playing | red ball"),
    Case("two girls are dancing under a chandelier", "chandelier / girl dancing | girl dancing"),
    Case(
        "two girls, one in red and the other in blue, chat in a cafe",
        "girl in red chatting | girl in blue chatting",
        "in a cafe",
    ),
    Case(
        "two women, one with long hair and the other with short hair, are drinking coffee in a cafe",
        "woman with long hair drinking coffee | woman with short hair drinking coffee",
        "in a cafe",
    ),
    Case("two men, one tall and one short, play chess", "tall man playing chess | short man playing chess"),
    Case("a girl in red and a girl in blue drink tea", "girl in red drinking tea | girl in blue drinking tea"),
    Case(
        "a girl and a boy, both in white, read a book under a big tree",
        "big tree / girl in white reading a book | boy in white reading a book",
    ),
    Case("the cat and the dog sleep on a rug", "cat sleeping | dog sleeping / rug"),
    Case("three penguins dance on the ice", "penguin dancing | penguin dancing | penguin dancing", "on the ice"),
    Case(
        "two cats, the left one black, the right one white, sleep under a lamp",
        "lamp / black cat sleeping | white cat sleeping",
    ),
    Case(
        "two girls, one in red and one in blue, drink tea and chat under a painting",
        "painting / girl in red drinking tea and chatting | girl in blue drinking tea and chatting",
    ),
    Case("two girls, one reading a book, one in blue, drinking tea", "girl reading a book | girl in blue drinking tea"),
    Case(
        "two boys, one tall and one short, both wearing hats",
        "tall boy wearing hats | short boy wearing hats",
    ),
    Case("two candles, one red and one blue, next to a vase", "red candle | blue candle | vase"),
    Case(
        "a cat and a dog, both black, sleep next to a fireplace",
        "black cat sleeping | black dog sleeping | fireplace",
    ),
    Case(
        "under a landscape painting, two girls drink tea, one in a red cheongsam, one in orange",
        "landscape painting / girl drinking tea in a red cheongsam | girl drinking tea in orange",
    ),
    Case(
        "on the left two girls drink tea, on the right a man reads a newspaper",
        "girl drinking tea | girl drinking tea | man reading a newspaper",
    ),
    Case(
        "two girls, one in red, one in orange, drink tea. A cat sleeps below them.",
        "girl in red drinking tea | girl in orange drinking tea / cat sleeping",
    ),
    Case("a man plays guitar and a woman sings", "man playing guitar | woman singing"),
    Case("a burger and fries, drink, table", "burger | fries / drink | table"),
    Case("two wizards conjure a storm above a castle", "wizard conjuring a storm | wizard conjuring a storm / castle"),
    Case(
        "Two girls in a cafe, one in a red cheongsam, the other in an orange dress, drinking tea. "
        "Above them hangs a landscape painting.",
        "landscape painting / girl in a red cheongsam drinking tea | girl in an orange dress drinking tea",
        "in a cafe",
    ),
    Case(
        "two girls: one in a red cheongsam, one in orange; they drink tea under a landscape painting",
        "landscape painting / girl in a red cheongsam drinking tea | girl in orange drinking tea",
    ),
    Case(
        "a girl in a red cheongsam, a girl in orange, both drinking tea under a landscape painting",
        "landscape painting / girl in a red cheongsam drinking tea | girl in orange drinking tea",
    ),
    Case(
        "a man and a woman in a cafe. They dance under a lamp.",
        "lamp / man dancing | woman dancing",
        "in a cafe",
    ),
    Case("two students, one with glasses, read books", "student with glasses reading books | student reading books"),
    Case(
        "three cats, one black, one white and one orange, sit on a fence below the moon",
        "moon / black cat sitting | white cat sitting | orange cat sitting / fence",
    ),
    Case(
        "four friends, two men and two women, eat pizza",
        "man eating pizza | man eating pizza | woman eating pizza | woman eating pizza",
    ),
    Case("a cat and a dog, flying saucer, park", "cat | dog | flying saucer", "park"),
    Case("three apples: one is red, two are green", "red apple | green apple | green apple"),
    Case("two birds, one red, above a house, one blue, below a tree", "red bird | tree / house | blue bird"),
    Case("two people, one man and one woman, hold hands", "man holding hands | woman holding hands"),
    Case("2girls, hug, smile", "girl, hug, smile | girl, hug, smile"),
    Case("a lion and a lamb, rest, meadow", "lion | lamb | rest", "meadow"),
    Case("sports drink next to an apple", "sports drink | apple"),
    Case("two dogs, one brown, one white, one wearing a hat", "brown dog | white dog wearing a hat"),
    Case(
        "two samurai, one in red armor, one in black armor, duel at dawn",
        "samurai in red armor dueling | samurai in black armor dueling",
        "at dawn",
    ),
    Case("two girls, one in red, one in blue, water, beach", "girl in red | girl in blue", "water, beach"),
)
