"""The words that prompts after the patterns of two public benchmarks are made of: names, attributes, scenes, deeds."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    """The names in a text, with "_" for a space within one."""
    return tuple(name.replace("_", " ") for name in text.split())


COCO = _names(
    "person bicycle car motorcycle airplane bus train truck boat traffic_light fire_hydrant stop_sign parking_meter "
    "bench bird cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella handbag tie suitcase frisbee "
    "skis snowboard sports_ball kite baseball_bat baseball_glove skateboard surfboard tennis_racket bottle wine_glass "
    "cup fork knife spoon bowl banana apple sandwich orange broccoli carrot hot_dog pizza donut cake chair couch "
    "potted_plant bed dining_table toilet tv laptop computer_mouse tv_remote computer_keyboard cell_phone microwave "
    "oven toaster sink refrigerator book clock vase scissors teddy_bear hair_drier toothbrush"
)
COLOURS = _names("red orange yellow green blue purple pink brown black white")
MORE_COLOURS = (*COLOURS, "gold", "silver", "gray", "beige", "turquoise")
NUMBERS = _names("zero one two three four five six seven eight")

# One and many, where many is not one with an "s".
MANY = {
    "bench": "benches", "bus": "buses", "butterfly": "butterflies", "canary": "canaries", "couch": "couches",
    "deer": "deer", "fish": "fish", "goldfish": "goldfish", "knife": "knives", "man": "men", "mouse": "mice",
    "peach": "peaches", "person": "people", "potato": "potatoes", "sandwich": "sandwiches", "sheep": "sheep",
    "shrimp": "shrimp", "strawberry": "strawberries", "tomato": "tomatoes", "torch": "torches", "witch": "witches",
    "woman": "women", "goose": "geese", "wolf": "wolves", "watch": "watches", "bus stop": "bus stops",
}  # fmt: skip

# Names that are plurals themselves, and those of them that stand without an article.
BARE = frozenset(_names("gloves boots chopsticks pencils shoes clouds"))
PLURALS = BARE | frozenset(_names("skis scissors coins flowers noodles cupboards cobblestones curtains"))

BEINGS = _names(
    "man woman boy girl person bird cat dog horse sheep cow pig rabbit frog turtle mouse bee fish chicken butterfly "
    "giraffe duck swan camel goose wolf deer goat goldfish bear"
)
THINGS = _names(
    "backpack bag wallet suitcase key balloon candle lamp clock book phone computer television painting vase cup plate "
    "bowl bottle chair table desk couch sofa stool bicycle car train airplane microwave refrigerator apple pear banana "
    "lemon tomato strawberry peach kite tent boat ship truck helicopter guitar drum microphone camera helmet printer "
    "pillow pen knife egg cake bread hamburger flag toy paddle"
)
COLOURED = _names(
    "bench bowl cake vase backpack book suitcase chair cup boat train car clock bus pencil notebook jacket hat scarf "
    "piano taxi envelope bicycle guitar spoon plate flower butterfly pepper feather orange banana apple sheep horse "
    "cow bear elephant giraffe dog cat duck frog snake water_bottle cell_phone school_bus fire_truck"
)
# Captions with {colours}, their things and what is in the scene: "boy=jacket:0" is a boy whose jacket has the first
# colour.
CAPTIONS = (
    ("A {} scooter is parked near a curb in front of a {} truck.", "scooter:0 truck:1", "curb"),
    ("A woman in a {} shirt holds a {} umbrella in the rain.", "woman=shirt:0", "umbrella:1 rain"),
    ("The man on the {} motorcycle has a {} helmet.", "man", "motorcycle:0 helmet:1"),
    ("A bathroom with {} tile and a {} sink.", "", "bathroom tile:0 sink:1"),
    ("A {} cat sits in a {} basket.", "cat:0", "basket:1"),
    ("A boy in a {} jacket standing in a garage next to a {} dog.", "boy=jacket:0 dog:1", "garage"),
    ("A {} bicycle is parked on {} cobblestones.", "bicycle:0", "cobblestones:1"),
    ("A small {} kitchen with {} and {} floor tiles.", "", "kitchen:0 floor:2"),
    ("A {} stove sits between {} cupboards with {} counter tops.", "stove:0", "cupboards:1 counter"),
    ("A {} traffic light above a {} sign.", "light sign:1", ""),
    ("A {} toilet next to a {} bathtub in a small bathroom.", "toilet:0 bathtub:1", "bathroom"),
    ("A {} carpet in a bedroom with a {} lamp and {} curtains.", "", "carpet:0 bedroom lamp:1 curtains:2"),
)

# Shapes, and what has them.
SHAPED = {
    "round": "cookie muffin bagel pizza locket watermelon basketball balloon",
    "square": "napkin box container toaster painting placemat",
    "rectangular": "mirror rug picture laptop banner wallet sandwich",
    "oval": "sink mirror picture rug platter pizza",
    "circular": "clock mirror rug wreath",
    "triangular": "flag shelf sign sail bookshelf",
    "cubic": "block box die bookend",
    "cylindrical": "bottle candle eraser flashlight barrel",
    "conical": "hat lampshade candle vase",
    "spherical": "globe ornament ball bead trophy",
    "pyramidal": "paperweight monument trophy obelisk tomb",
    "pentagonal": "badge sign postbox toolbox medal",
    "oblong": "cucumber eggplant squash carrot potato",
    "teardrop": "plum pendant melon peach earring",
    "diamond": "ring brooch pendant window",
    "big": "elephant whale lion truck",
    "small": "mouse cup kitten button",
    "tall": "skyscraper lighthouse sunflower ladder",
    "short": "cabin bush stool fence",
    "long": "snake bridge necklace",
}
# Materials, and what is made of them.
MADE_OF = {
    "rubber": "ball tire band eraser duck gloves boots",
    "plastic": "toy bottle bag container chair phone_case",
    "metallic": "key watch fork spoon car desk_lamp door_knob",
    "wooden": "desk door spoon toy picture_frame chopsticks pencils",
    "leather": "jacket wallet belt chair bag gloves shoes",
    "fabric": "curtain pillow hat dress towel blanket",
    "glass": "jar vase bottle table cup window mirror",
    "fluffy": "pillow rug towel sweater blanket teddy_bear clouds",
}

# What two things of a sentence are at, and the nouns of it, which are the scene or a thing.
WHEREABOUTS = {
    "stood side by side on the shelf": "shelf",
    "were fixed to the garden gate": "gate",
    "leaned against the fence": "fence",
    "were lined up along the windowsill": "windowsill",
    "hung in the hallway": "hallway",
    "were the only items left in the shop": "items shop",
    "were placed in the corner of the room": "room corner",
    "drifted through the sky": "sky",
    "stood out against the horizon": "horizon",
    "were on show at the museum": "museum show",
}
# What several things of a list are at.
LISTED_AT = {
    "were on the kitchen table": "table",
    "cluttered the garage": "garage",
    "filled the waiting room": "room",
    "were lined up on the platform": "platform",
    "adorned the bedroom": "bedroom",
    "completed the collection": "collection",
    "were on the playground": "playground",
    "entertained the crowd": "crowd",
}
# What some of a kind did; the nouns of it.
DID = {
    "rested in the shade": "shade",
    "rolled down the hill": "hill",
    "gathered near the fountain": "fountain",
    "stood by the river": "river",
    "waited at the station": "station",
    "glittered in the sun": "sun",
    "moved across the field": "field",
    "vanished in the fog": "fog",
}
DID_TO = ("guarded", "shared", "attracted", "circled", "passed", "bumped into", "hovered over", "raced past")
# Two things, what they do with the third, and where: the bare form of the verb behind a noun is no part of its name.
DO = {
    "hang on the {} hook by the {} door": "hook door",
    "rest on the {} tray by the {} window": "tray window",
    "hold the {} coins on the {} counter": "coins counter",
    "mix the {} dough in the {} bowl": "dough bowl",
    "cut the {} ribbon for the {} wreath": "ribbon wreath",
    "display the {} flowers on the {} dresser": "flowers dresser",
    "stir the {} noodles in the {} pan": "noodles pan",
    "lie on the {} floor next to the {} mirror": "floor mirror",
}

PEOPLE = {
    "A chef": "chef", "The potter": "potter", "A woman": "woman", "A man": "man", "A child": "child",
    "A person": "person", "A student": "student", "The gardener": "gardener", "A girl": "girl", "A boy": "boy",
    "A musician": "musician", "The scientist": "scientist", "A tourist": "tourist", "A firefighter": "firefighter",
}  # fmt: skip
# What one person does: the words, the forms in -ing that stay with the person, and the nouns in them.
PERSON_DOES = (
    ("is cooking in a kitchen", "cooking", "kitchen"),
    ("is holding a kite and running across a meadow", "holding running", "kite meadow"),
    ("is reading a newspaper at the station", "reading", "newspaper station"),
    ("is riding a bicycle through the park", "riding", "bicycle park"),
    ("is looking at a map and planning a trip", "looking planning", "map trip"),
    ("is playing the violin in a concert hall", "playing", "violin hall"),
    ("is painting a fence in the backyard", "painting", "fence backyard"),
    ("is wearing a raincoat and jumping over a puddle", "wearing jumping", "raincoat puddle"),
    ("is drinking tea on a balcony", "drinking", "tea balcony"),
    ("is watering flowers in a greenhouse", "watering", "flowers greenhouse"),
    ("is standing on a ladder and picking cherries", "standing picking", "ladder cherries"),
    ("is feeding pigeons in the square", "feeding", "pigeons square"),
    ("is typing on a laptop at a library", "typing", "laptop library"),
    ("is carrying a basket of laundry", "carrying", "basket laundry"),
    ("is sitting on a bench and eating a sandwich", "sitting eating", "bench sandwich"),
    ("is walking with a friend and enjoying a conversation", "walking enjoying", "friend conversation"),
    ("is taking photos of a waterfall", "taking", "photos waterfall"),
    ("is juggling oranges at the market", "juggling", "oranges market"),
    ("is laughing in the crowd", "laughing", "crowd"),
    ("is carefully seasoning a soup, tasting it over and over", "seasoning", "soup"),
    ("is blowing bubbles in the park, giggling as they float away", "blowing", "bubbles park"),
    ("is nodding in agreement", "nodding", "agreement"),
    ("is washing the dishes by the window", "washing", "dishes window"),
    ("is practicing archery in a field", "practicing", "archery field"),
)
# What one person did: the words, the forms that stay with the person (none), and the nouns in them.
PERSON_DID = (
    ("repaired the chair before carrying it to the market", "", "chair market"),
    ("observed the behavior of the birds in the reeds", "", "behavior birds reeds"),
    ("painted a landscape of a waterfall tumbling into a lake", "", "landscape waterfall lake"),
    ("waited for the bus with a stack of books", "", "bus stack books"),
    ("gracefully glided across the ice, making wide turns", "", "ice turns"),
    ("kneaded the dough before placing it in the oven", "", "dough oven"),
    ("carefully examined the letter found in the attic", "", "letter attic"),
    ("clumsily chased after a hat, laughing with delight", "", "hat delight"),
)
ANIMALS = {"A dog": "dog", "A puppy": "puppy", "A cat": "cat", "A horse": "horse", "A fox": "fox", "The goat": "goat"}
ANIMAL_DOES = (
    ("is chasing a ball across the lawn", "chasing", "ball lawn"),
    ("is sleeping on a windowsill", "sleeping", "windowsill"),
    ("is drinking from a puddle", "drinking", "puddle"),
    ("is jumping over a fence and running away", "jumping running", "fence"),
    ("is wearing a collar with a bell on it", "wearing", "collar bell"),
    ("is digging a hole in the garden", "digging", "hole garden"),
    ("is standing on its hind legs and begging for food", "standing begging", "legs food"),
    ("is galloping along the shore", "galloping", "shore"),
)
COMPANIES = {
    "A couple": "couple person people",
    "A group of friends": "group friend friends",
    "A group of children": "group child children",
}
COMPANY_DOES = (
    ("are sitting around a campfire", "sitting", "campfire"),
    ("are playing frisbee on the beach", "playing", "frisbee beach"),
    ("are hiking through a forest", "hiking", "forest"),
    ("are watching a film on the couch", "watching", "film couch"),
    ("are having a picnic under an oak tree", "having", "picnic tree"),
    ("are singing on a stage", "singing", "stage"),
)
