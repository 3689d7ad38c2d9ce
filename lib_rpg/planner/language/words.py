"""The words that the offline planner knows by kind. Everything that is not listed here counts as a thing's name."""

from __future__ import annotations

from lib_rpg.planner.language.inflection import gerund, third_person
from lib_rpg.planner.language.word_set import word_set

NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
ORDINALS = word_set("first second third fourth fifth sixth last")
COMPARED = word_set(
    "older elder younger taller shorter bigger smaller larger nearer closer farther further higher lower upper darker "
    "lighter thinner fatter newer stronger weaker nearest closest furthest oldest eldest youngest tallest smallest "
    "shortest biggest"
)
NUMBER_WORDS = {n: word for word, n in NUMBERS.items()}
VAGUE_NUMBERS = word_set("several some many few multiple various numerous")

ARTICLES = word_set("a an the")
POSSESSIVES = word_set("his her its their my your our whose")
DEMONSTRATIVES = word_set("this that these those")
DETERMINERS = ARTICLES | POSSESSIVES | word_set("these those every any all each another both either exactly only just")
PRONOUNS = word_set("it them they he she him her both each")
CONJUNCTIONS = word_set("and or but while whereas plus nor versus vs & / + then with")
RELATIVES = word_set("that which who whose whom where when")

COLORS = word_set(
    "red green blue yellow purple orange cyan pink black white gray grey brown navy teal beige magenta violet indigo "
    "gold golden silver turquoise crimson scarlet maroon olive lime lavender ivory cream tan khaki azure amber coral "
    "blonde blond ginger burgundy colorful colourful multicolored rainbow"
)
BIG = {"large": 1.5, "big": 1.5, "huge": 2.0, "giant": 2.0, "enormous": 2.0, "gigantic": 2.0, "massive": 2.0}
SMALL = {"small": 0.7, "little": 0.7, "tiny": 0.5, "miniature": 0.5}
TALL = {"tall": 1.5, "towering": 1.5, "high": 1.25}
WIDE = {"wide": 1.5, "broad": 1.5, "long": 1.25, "thin": 0.5, "narrow": 0.5, "slim": 0.75, "slender": 0.75}
ADJECTIVES = (
    COLORS
    | word_set(" ".join([*BIG, *SMALL, *TALL, *WIDE]))
    | word_set(
        "light dark bright pale deep vivid short fat thick round old young new ancient modern cute fluffy furry "
        "shiny wooden metal metallic plastic striped spotted dotted plain soft rustic beautiful pretty happy sad "
        "angry wet dry hot cold empty full open closed clean dirty smooth rough sharp curly straight wavy bald "
        "rectangular triangular circular oval oblong spherical cubic leathery wooly woolen glossy matte transparent "
        "brunette redheaded shy plump worn whole shut stray "
        "undead piebald candlelit newborn clockwork bent wizened prim cobbled brindled tame"
    )
)

PEOPLE = word_set(
    "person people man men woman women girl girls boy boys child children kid kids baby babies lady ladies guy guys "
    "gentleman gentlemen king queen prince princess knight warrior soldier wizard witch farmer doctor nurse chef "
    "dancer couple teenager youth toddler father mother son daughter brother sister friend friends bride groom student "
    "teacher samurai ninja pirate astronaut elf vampire angel robot musician artist painter singer player fisherman "
    "sailor cowboy monk nun priest scientist hiker climber skier surfer skater cyclist runner boxer wrestler clown "
    "fairy dwarf giant goblin grandmother grandfather gardener worker waiter waitress policeman fireman snowman "
    "grandma grandpa granny aunt uncle cousin nephew niece grandson granddaughter parent infant newborn sibling twin "
    "twins triplet triplets husband wife boyfriend girlfriend neighbor neighbour mayor president politician judge "
    "lawyer detective spy agent thief burglar robber bandit outlaw criminal prisoner hero heroine superhero villain "
    "sorcerer sorceress mage magician warlock druid shaman ranger rogue archer swordsman paladin barbarian gladiator "
    "viking crusader nobleman lord duke duchess emperor empress sultan pharaoh butler maid servant peasant shepherd "
    "blacksmith carpenter plumber electrician mechanic engineer builder miner lumberjack hunter captain admiral pilot "
    "driver violinist pianist guitarist drummer cellist flutist saxophonist trumpeter rapper composer poet writer "
    "author journalist reporter photographer actor actress ballerina breakdancer acrobat juggler mime jester gymnast "
    "athlete swimmer diver golfer footballer goalkeeper cheerleader referee coach skateboarder snowboarder biker "
    "jockey librarian professor pupil schoolgirl schoolboy scholar philosopher explorer adventurer traveler tourist "
    "pilgrim hermit beggar barista bartender baker butcher florist tailor barber hairdresser cashier shopkeeper vendor "
    "merchant businessman businesswoman secretary postman mailman courier firefighter paramedic surgeon dentist "
    "patient policewoman cop sheriff guard bodyguard bouncer sentry geisha bishop saint goddess deity demon devil "
    "ghost skeleton mummy werewolf centaur mermaid gnome orc troll ogre cyborg android human punk hippie gangster "
    "hacker redhead bachelor widow orphan spectator passenger customer guest"
)
HAIRED = word_set("brunette blonde blond redhead")  # someone by the hair
WOMEN = word_set(
    "girl "
    "woman lady queen princess witch bride mother daughter sister nun actress heroine sorceress goddess waitress maid "
    "mermaid geisha ballerina aunt wife girlfriend businesswoman schoolgirl policewoman empress duchess priestess idol "
    "grandmother grandma granny granddaughter niece mum mom countess widow seamstress enchantress lass saleswoman"
)
MEN = word_set(
    "boy guy "
    "man king prince groom father son brother monk actor uncle husband boyfriend gentleman businessman schoolboy "
    "policeman emperor duke lord priest wizard butler "
    "grandfather grandpa grandson nephew fisherman dad count baron lad fireman mailman postman salesman cowboy"
)
ANIMALS = word_set(
    "cat dog kitten puppy horse pony donkey cow bull sheep lamb goat pig rabbit bunny hare fox wolf bear panda koala "
    "lion tiger leopard cheetah elephant giraffe zebra hippo hippopotamus rhino rhinoceros monkey ape gorilla "
    "chimpanzee kangaroo deer moose elk squirrel hedgehog raccoon otter beaver mouse rat hamster bat bird eagle owl "
    "crow raven parrot pigeon dove swan duck duckling goose chicken hen rooster chick penguin flamingo peacock turkey "
    "fish shark whale dolphin seal walrus octopus crab lobster turtle tortoise frog toad lizard snake crocodile "
    "dinosaur dragon unicorn bee butterfly ant spider snail camel llama alpaca animal creature monster alien zombie "
    "husky labrador poodle bulldog beagle corgi dalmatian retriever terrier chihuahua pug greyhound collie dachshund "
    "tabby stallion mare foal calf ram piglet boar bison buffalo yak ox reindeer antelope gazelle lynx bobcat cougar "
    "puma jaguar panther hyena jackal coyote dingo meerkat mongoose weasel ferret badger skunk sloth armadillo "
    "anteater porcupine platypus wombat lemur baboon orangutan chipmunk mole gerbil chinchilla marmot gecko iguana "
    "chameleon salamander alligator cobra python viper tyrannosaurus t-rex triceratops raptor sparrow robin finch "
    "canary magpie seagull gull pelican heron stork crane toucan macaw cockatoo hummingbird kingfisher woodpecker "
    "falcon hawk vulture ostrich emu pheasant puffin albatross goldfish koi salmon trout eel stingray jellyfish squid "
    "seahorse starfish narwhal orca dragonfly ladybug beetle grasshopper cricket mantis moth caterpillar wasp firefly "
    "scorpion griffin phoenix pegasus kraken minotaur wyvern kitty pup cub"
)
BABIES = word_set("baby babies infant newborn toddler cub kitten puppy")
# Things so large that they count as things of their own where another thing has them "with" it.
LARGE = word_set(
    "tent car truck bus van taxi bike bicycle motorcycle boat ship train plane airplane helicopter tractor house "
    "cottage cabin hut barn tower castle church windmill lighthouse tree bench chair armchair sofa couch table desk "
    "bed stool lamp piano statue fountain campfire stage bonfire balloon"
)
COMPANIES = word_set("crowd audience couple trio family team band orchestra choir herd flock pack horde swarm army mob")
# Words for things that a person or an animal has on or about them: in a list of tags they belong to the one before.
PARTS = word_set(
    "hair eye eyes face skin lips mouth nose ear ears eyebrows eyelashes freckles beard mustache moustache smile hand "
    "hands arm arms leg legs foot feet finger fingers head neck shoulder shoulders chest back belly waist tail fur "
    "horn horns wing wings mane paw paws beak feathers teeth ponytail twintails braid braids bangs bun makeup tattoo "
    "dress shirt t-shirt tshirt blouse skirt suit jacket coat hoodie sweater cardigan vest kimono cheongsam hanfu robe "
    "gown uniform armor armour pants trousers jeans shorts leggings stockings socks shoes boots sneakers heels sandals "
    "hat cap beanie helmet crown tiara hood scarf tie bowtie ribbon necklace earring earrings bracelet ring glasses "
    "sunglasses goggles gloves belt cape cloak apron swimsuit bikini underwear mask outfit clothes clothing costume "
    "crutch crutches stilts skates rollerskates tuxedo sweatshirt pullover poncho sari toga tunic corset tutu "
    "tracksuit raincoat overcoat blazer waistcoat beret fedora headband visor monocle eyepatch goatee sideburns "
    "dreadlocks mohawk afro pigtails fangs claws antlers hooves beads whiskers stripes spots lap nightgown bathrobe "
    "veil pyjamas piercings wig silk cotton denim leather lace velvet overalls jumpsuit turban pajamas backpack crest "
    "plume quiver trenchcoat dungarees choker chokers hanten bracer bracers"
)
TOPS = word_set(
    "tank crop tube halter bikini pajama pyjama peplum knit lace track jogging"
)  # that are worn: "tank top"
# Parts of buildings and of rooms: "a chapel, cracked walls".
PARTS_OF_BUILDINGS = word_set(
    "wall ceiling arch archway column pillar beam rafter spire turret tower battlement facade façade shutter doorway "
    "staircase stair dome gable colonnade buttress cornice panel skylight tile brick plank board"
)
MOUNTS = word_set(
    "hoverbike hoverboard snowmobile jetski segway quad tandem "
    "horse pony donkey camel bike bicycle motorcycle motorbike scooter skateboard surfboard snowboard skis sled "
    "sleigh unicycle tricycle moped ladder rocket elephant unicorn wheelchair throne swing broomstick broom"
)
CONTAINERS = word_set(
    "box basket bag bowl cup mug glass vase cage car boat bottle jar bucket pot pan crate chest drawer barrel bathtub "
    "tub nest hole pocket pool tank aquarium suitcase sack bin tent truck bus train sink tray shell cart plate dish "
    "frame window mirror bed cradle stroller teacup matchbox jug"
)

# Places, times, weathers: as a bare tag or after "in", "on", "at" they are the scene and not a thing in it.
PLACES = word_set(
    "ballroom hall lounge lobby foyer cellar dungeon crypt nursery parlor parlour cafe café bar restaurant kitchen "
    "bathroom bedroom room house garden park forest woods jungle desert beach coast shore ocean sea lake river pond "
    "street road city town village countryside field meadow farm mountain mountains hill hills valley canyon island "
    "sky space underwater cave castle temple church palace museum library school classroom campus university office "
    "studio shop store market mall supermarket station airport bridge alley highway stadium playground backyard yard "
    "lawn courtyard rooftop balcony hallway corridor basement attic barn hospital laboratory lab factory warehouse "
    "workshop theater theatre stage gym arena ruins swamp savanna savannah tundra glacier landscape cityscape "
    "seascape skyline scene scenery environment world land plain plains prairie snow rain grass floor ground sand ice "
    "water mud air mist fog storm clouds sunlight moonlight shade shadow shadows darkness dark distance horizon "
    "background backdrop wilderness nature outdoors indoors interior exterior livingroom nook pavement sidewalk path "
    "trail waterfall harbor harbour port dock pier vineyard orchard galaxy bank shoreline embankment crossroad "
    "crossroads intersection roundabout battlefield banquet party festival carnival fairground porch patio terrace "
    "picnic wedding concert funeral ceremony tournament auction exhibition reunion rave "
    "veranda driveway coastline riverbank boulevard plaza courthouse marketplace greenhouse arcade cove gorge ravine "
    "laundromat courtroom quarry hangar oasis moor marsh bog moorland cornfield cemetery graveyard zoo aquarium "
    "bookshop bookstore saloon canal subway teahouse tearoom nebula universe moon mars planet nightclub club casino "
    "hotel cabin cottage runway tarmac airfield wharf jetty quay marina shipyard boatyard auditorium backstage rink "
    "dojo sauna spa bathhouse onsen lagoon estuary farmyard barnyard paddock pasture steppe hillside mountainside "
    "grotto cavern sewer freeway avenue overpass playroom bazaar bakery pub tavern inn motel clinic pharmacy slum "
    "suburb barbershop salon skatepark racetrack velodrome gymnasium stairwell loft foundry smithy brewery distillery "
    "winery campsite garage cinema gallery conservatory tunnel chapel shrine hut"
)
TIMES = word_set(
    "hour night day daytime nighttime dawn dusk sunset sunrise noon midday midnight evening morning afternoon twilight "
    "winter summer spring autumn fall christmas halloween"
)
SEASONS = word_set("spring summer autumn fall winter")
HOURS = word_set(
    "dawn sunrise morning noon midday day daytime afternoon evening sunset dusk twilight night nighttime midnight"
)
WEATHERS = word_set("rainy snowy sunny cloudy foggy misty stormy overcast")
SKIES = word_set("sky skies moonlight starlight sunlight spotlight rain stars clouds lighting light lights")
# Light and weather, which have no place of their own when they act: "light falls through a window".
AIRY = word_set(
    "light sunlight moonlight starlight daylight candlelight lamplight sunshine glow snow rain fog mist wind smoke haze"
)
SCENE_WORDS = PLACES | TIMES | WEATHERS
TOPMOST = word_set("sky skies ceiling")
OVERHEAD = TOPMOST | word_set("cloud clouds thundercloud thunderclouds stormcloud aurora moon sun rainbow")
UNDERFOOT = word_set(
    "floor ground grass lawn carpet rug snow sand sea ocean water ice meadow field river lake pond road street "
    "pavement sidewalk asphalt tarmac"
)
BANDS = UNDERFOOT | OVERHEAD - {"moon", "sun", "rainbow"}
# What scenery can be made of or look like, so that it is a thing of its own: "a marble floor".
LOOKS = COLORS | word_set(
    "wooden wood oak marble granite stone brick concrete cobblestone tiled tile checkered checkerboard chequered "
    "carpeted parquet metal steel iron glass crystal velvet copper bronze emerald ruby sapphire mustard burgundy mauve "
    "lilac fuchsia ochre peach vermilion indigo striped dotted mosaic paper candy lava blood"
)
NATURAL = {
    "sky": word_set("blue gray grey"), "cloud": word_set("white gray grey"), "rock": word_set("gray grey brown"),
    "thundercloud": word_set("black gray grey"), "stormcloud": word_set("black gray grey"),
    "sea": word_set("blue azure turquoise"),
    "ocean": word_set("blue azure turquoise"), "water": word_set("blue azure turquoise"),
    "lake": word_set("blue turquoise emerald"), "river": word_set("blue turquoise emerald"), "grass": word_set("green"),
    "meadow": word_set("green"), "lawn": word_set("green"),
    "field": word_set("green golden"), "forest": word_set("green"), "hill": word_set("green"), "ice": word_set("white"),
    "snow": word_set("white"), "sand": word_set("white golden yellow"), "beach": word_set("white golden"),
    "moon": word_set("white yellow silver"), "sun": word_set("yellow golden"),
    "mountain": word_set("blue gray grey"), "road": word_set("gray grey"), "glacier": word_set("white blue"),
    "canyon": word_set("red orange"), **dict.fromkeys(
        word_set("bridge house church temple castle palace barn cabin cottage path"), word_set("wooden stone brick")),
}  # fmt: skip
BACKDROPS = word_set("background backdrop bg backgrounds")
# Places that a picture can also show as one object among others.
THINGLIKE_PLACES = word_set(
    "house mountain mountains hill lake river castle church temple palace barn bridge cave island cabin cottage pond "
    "path window bed waterfall tent moon sun stage planet mist pool garden meadow forest desert beach ocean sea city "
    "field aquarium pier jetty tavern inn garage tunnel chapel shrine hut pub bakery "
    "pharmacy cinema hillside lagoon clinic motel gallery"
)
LANDFORMS = word_set(
    "glacier canyon valley cliff rock rocks boulder dune"
)  # things only with an odd look: "a teal glacier"

MEDIA = word_set(
    "diptych triptych selfie photo photograph photography picture image painting drawing illustration sketch "
    "render rendering portrait artwork art poster cartoon comic anime watercolor watercolour snapshot still shot "
    "digital pixel wallpaper depiction scene view close-up closeup collage print engraving etching mural sticker "
    "logo icon cinematic pic foto fanart doodle"
)
CANVAS = word_set(
    "image picture canvas frame photo screen scene page composition view painting drawing shot photograph illustration "
    "artwork grid"
)
QUALITY_WORDS = word_set(
    "masterpiece quality detailed resolution highres absurdres hires realistic photorealistic photorealism "
    "hyperrealistic realism uhd hdr 4k 8k 16k hd cinematic lighting bokeh dof sharp focus unreal engine octane "
    "raytracing artstation trending award-winning professional aesthetic vivid colors colours style styled render 3d "
    "cgi illustration painting drawing sketch watercolor watercolour anime manga cartoon photograph photo photography "
    "portrait lens dslr film grain ultra-detailed ultradetailed intricate concept digital art wallpaper minimalism "
    "minimalist impressionism surrealism vector isometric ambient composition closeup close-up rim backlight backlit "
    "backlighting volumetric contrast monochrome greyscale grayscale exposure vibrant raw nikon canon 35mm 50mm 85mm "
    "blur motion retro noir cyberpunk steampunk gothic baroque sepia polaroid panorama panoramic macro fisheye "
    "telephoto low-poly voxel ghibli light rays symmetrical depth atmosphere atmospheric mood moody"
)

BE = word_set("is are was were be being been 's 're am")
HAVE = {"has": "with", "have": "with", "having": "with", "had": "with"}
SHOW = word_set(
    "show shows showing contain contains containing depict depicts depicting feature features featuring include "
    "there's here's there're theres includes including display displays displaying see sees there here appears appear "
    "stands lies sits hangs floats holds consists comprised comprises"
)
FILLERS = word_set(
    "put add place imagine visualize visualise picture let's i'd i'm i've it's that's "
    "please draw make create generate paint render give want wants would like need i we you me us can could should "
    "must let somewhere then also plus additionally meanwhile finally next there here 'd 'll will"
)


# Postures: verbs that are hardly ever a noun, and that things without a life take as well.
STATES = word_set(
    "sit stand lie lay hang float hover soar lean glow shine grow perch kneel crouch drift dangle bob sway"
)
PLAIN_VERBS = STATES | word_set(
    "fly run walk rest sleep look play hold wear ride swim jump smile face talk chat dance eat drink read watch chase "
    "hug kiss carry purr bark fall climb drive cook sing pose wait wave use throw catch kick pull push "
    "enjoy share sip discuss argue whisper laugh cry cuddle embrace meet greet stare gaze listen write draw "
    "paint fight wrestle spar race hunt skate ski surf sail march stroll wander jog hike crawl leap "
    "hop dive bathe nap doze graze drool howl roar cheer clap shout pray meditate study work build dig pick "
    "gather feed bake serve pour toast taste bite lick chew juggle perform practice rehearse battle duel attack "
    "defend guard explore travel cross admire inspect examine photograph knit sew shop bring lift drag roll spin "
    "stretch exercise relax shelter hide huddle celebrate bob drift froth glide roam prowl lurk yawn gallop trot "
    "slither swoop crow circle type scroll"
)
# Plurals of nouns as often as verbs: they are verbs only behind someone who acts.
NOUN_LIKE = word_set(
    "drinks watches fights races works paints shops guards toasts bites picks "
    "hides rolls draws hunts attacks battles duels shelters crosses photographs presses marches spars skis shares "
    "practices exercises studies naps builds feeds shouts cries laughs dives leaps hops stretches hikes strolls "
    "roars crows skates howls licks spins circles drifts types scrolls bobs"
)
# Finite verbs that follow a thing, with the form that a phrase of its own takes.
VERBS = {form: gerund(verb) for verb in sorted(PLAIN_VERBS) for form in (verb, third_person(verb))}
# What an -ing word before it makes part of a name: "a sleeping bag", "running shoes".
# Where someone moves to; names in front of a noun: "an overhead lamp", but "a lamp overhead".
DIRECTIONS = word_set("overhead downstream upstream downhill uphill ashore overboard homeward skyward")
AFTER_ING = word_set(
    "saucer saucers bag bags pool pools machine machines shoes glass glasses board boards room rooms chair chairs "
    "stick sticks carpet desk area areas table tables nook nooks"
)
# Someone of whom only age and sex are known.
SOMEONE = word_set("man woman boy girl lady guy gentleman person fellow kid youth teenager")
# What makes or mends a thing, which is there once, however many do it.
MAKES = word_set("building making painting carving repairing fixing sculpting assembling decorating constructing")
# Said behind a thing only: "a cat asleep on a mat".
BEHIND = word_set("asleep awake afloat aloft ablaze alone ajar barefoot shirtless")
PARTICIPLES = BEHIND | word_set(
    "laid spread made worn held seen built seated dressed covered filled printed decorated painted perched surrounded "
    "flanked placed located positioned lit carved cut drawn written hung set parked stacked topped wrapped tied "
    "mounted situated standing stuck"
)
LABELLED = word_set("labeled labelled marked named called tagged titled inscribed engraved numbered")
PAINTED = word_set("painted colored coloured dyed")
REST = word_set(
    "asleep leaned propped slumped sprawled sitting seated lying laying resting sleeping perched perching riding "
    "standing napping kneeling leaning reclining"
)
CLOTHED = word_set("wearing dressed holding carrying")
ING_NOUNS = word_set(
    "ring rings king string wing building painting ceiling swing thing lighting wedding earring sling spring evening "
    "lightning clearing fencing sapling seedling hatchling gosling plumbing scaffolding grating netting piping siding "
    "legging lining herring starling lemming "
    "morning clothing drawing viking sibling dumpling duckling pudding awning railing crossing being something "
    "anything nothing everything landing icing stocking frosting wing offspring rigging pairing flooring covering"
)

KINDS = word_set(
    "child kid person people friend adult animal pet fruit object shape thing figure character vehicle item toy bird "
    "flower vegetable drink creature"
)
QUANTITIES = {"pair": 2, "couple": 2, "trio": 3, "dozen": 12, "duo": 2, "quartet": 4}
SETS = {"twin": 2, "twins": 2, "triplet": 3, "triplets": 3}
ARRAYS = {
    "row": "x", "line": "x", "column": "y", "stack": "y", "tower": "y", "pile": "y", "group": "", "set": "",
    "series": "x", "trail": "x", "procession": "x", "number": "", "collection": "", "grid": "",
}  # fmt: skip
PAIRED = word_set(
    "shoes boots socks glasses sunglasses scissors jeans pants trousers shorts gloves earrings skis sneakers "
    "headphones earphones binoculars goggles tweezers pliers spectacles tongs leggings tights pajamas slippers sandals "
    "heels mittens stockings chopsticks drumsticks crutches dice handcuffs cufflinks skates "
    "trunks briefs boxers knickers panties bloomers overalls dungarees chaps stilettos loafers clogs thighhighs "
    "pantyhose gauntlets bracers vambraces greaves pauldrons"
)
ADVERBS = word_set(
    "directly slightly just immediately right far close closely exactly clearly partially partly almost high "
    "positioned placed located situated neatly"
)
