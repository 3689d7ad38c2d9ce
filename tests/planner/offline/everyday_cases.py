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
    Sentence("Anna and Ben walk a dog", "anna walking a dog | ben walking a dog"),
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
        "table | bowl of soup | plate of bread | glass of milk",
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
)
