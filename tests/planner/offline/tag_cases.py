"""Tags with the regions that they make: the prompts of each person, whose each tag is, and what is nobody's."""

from __future__ import annotations

from typing import NamedTuple


class Tagged(NamedTuple):
    """A prompt and the prompts of its regions, in their order; what is excluded is in `negative`."""

    prompt: str
    regions: tuple[str, ...]
    ratio: str = "1,1"
    negative: str = ""


TAGGED = (
    Tagged(
        "1girl, red hair, 1boy, cafe, masterpiece", ("1girl, red hair, cafe, masterpiece", "1boy, cafe, masterpiece")
    ),
    Tagged("2items, gold ring, silver watch", ("gold ring", "silver watch")),
    Tagged(
        "2shapes, cyan ring, white ring, cyan ring on left, white ring on right, teal background",
        ("cyan ring, teal background", "white ring, teal background"),
    ),
    Tagged("2flowers, red rose, white lily", ("red rose", "white lily")),
    Tagged("2girls, red hair, glasses, blue hair, hat", ("1girl, red hair, glasses", "1girl, blue hair, hat")),
    Tagged(
        "2girls, long hair, short hair, blue dress, red dress",
        ("1girl, long hair, blue dress", "1girl, short hair, red dress"),
    ),
    Tagged(
        "2girls, long_hair, short_hair, blue_dress, red_dress",
        ("1girl, long_hair, blue_dress", "1girl, short_hair, red_dress"),
    ),
    Tagged(
        "3girls, red hair, blue hair, green hair, idol, very aesthetic",
        (
            "1girl, red hair, idol, very aesthetic",
            "1girl, blue hair, idol, very aesthetic",
            "1girl, green hair, idol, very aesthetic",
        ),
        "1,1,1",
    ),
    Tagged("1boy, 1girl, red hair, dress, beard", ("1boy, red hair, beard", "1girl, red hair, dress")),
    Tagged("1girl, 1boy, suit, dress", ("1girl, dress", "1boy, suit")),
    Tagged(
        "2boys, knight and wizard, full plate armor, blue robe, sword, staff",
        ("1boy, knight, full plate armor, sword", "1boy, wizard, blue robe, staff"),
    ),
    Tagged("2girls, nurse, pink hair, doctor, black hair", ("1girl, nurse, pink hair", "1girl, doctor, black hair")),
    Tagged("1girl, 1boy, elf, silver hair, orc, green skin", ("1girl, elf, silver hair", "1boy, orc, green skin")),
    Tagged(
        "3girls, maid, classroom",
        ("1girl, maid, classroom", "1girl, maid, classroom", "1girl, maid, classroom"),
        "1,1,1",
    ),
    Tagged("2girls, red hair on left, blue hair on right", ("1girl, red hair", "1girl, blue hair")),
    Tagged("2girls, left: red hair, right: blue hair", ("1girl, red hair", "1girl, blue hair")),
    Tagged(
        "2boys, (blue trunks, crew cut:1.1), (red trunks, mohawk:1.1), spotlights",
        ("1boy, (blue trunks:1.1), (crew cut:1.1), spotlights", "1boy, (red trunks:1.1), (mohawk:1.1), spotlights"),
    ),
    Tagged(
        "2girls, cafe BREAK 1girl, on the left, sequin top, copper waves BREAK 1girl, on the right, velvet blazer",
        ("1girl, sequin top, copper waves, cafe", "1girl, velvet blazer, cafe"),
    ),
    Tagged(
        "1girl, choker, hands in opposite sleeves, cables from neck",
        ("1girl, choker, hands in opposite sleeves, cables from neck",),
        "1",
    ),
    Tagged("2girls, red hair and blue hair, school", ("1girl, red hair, school", "1girl, blue hair, school")),
    Tagged(
        "2girls, hatsune miku, megurine luka, concert, glowsticks",
        ("1girl, hatsune miku, concert, glowsticks", "1girl, megurine luka, concert, glowsticks"),
    ),
    Tagged("1girl, solo, one blue eye, one golden eye", ("1girl, solo, one blue eye, one golden eye",), "1"),
    Tagged(
        "1girl, 1boy, girl's red scarf, boy's grey backpack, school gate",
        ("1girl, red scarf, school gate", "1boy, grey backpack, school gate"),
    ),
    Tagged(
        "1boy, 1girl, boy has black hair, a coat with torn sleeves and brown boots, girl has red hair",
        ("1boy, black hair, coat with torn sleeves, brown boots", "1girl, red hair"),
    ),
    Tagged(
        "2girls, elf, orc, elf: silver circlet, emerald gown, orc: tusks, iron pauldrons, throne room",
        (
            "1girl, elf, silver circlet, emerald gown, throne room",
            "1girl, orc, tusks, iron pauldrons, throne room",
        ),
    ),
    Tagged(
        "2boys, alex: tin hat, blue sash, ben: velvet cape, gold sceptre, throne room",
        ("1boy, alex, tin hat, blue sash, throne room", "1boy, ben, velvet cape, gold sceptre, throne room"),
    ),
    Tagged(
        "1girl, nurse, mint scrubs BREAK 1girl, astronaut, space suit, star badge",
        ("1girl, nurse, mint scrubs", "1girl, astronaut, space suit, star badge"),
    ),
    Tagged(
        "watercolor\n1boy, firefighter, axe\n1girl, astronaut, space suit, star badge",
        ("1boy, firefighter, axe, watercolor", "1girl, astronaut, space suit, star badge, watercolor"),
    ),
    Tagged("1girl, red hair, dress, 1girl, blue hair, armor", ("1girl, red hair, dress", "1girl, blue hair, armor")),
    Tagged(
        "1girl, red hair, 1boy, blue hair, holding hands",
        ("1girl, red hair, holding hands", "1boy, blue hair, holding hands"),
    ),
    Tagged("1girl and 1boy, back to back", ("1girl, back to back", "1boy, back to back")),
    Tagged("witch and nun, 2girls, forest", ("1girl, witch, forest", "1girl, nun, forest")),
    Tagged("1 girl, 1 boy, girl with red apron, boy with green sweater", ("1girl, red apron", "1boy, green sweater")),
    Tagged(
        "2girls, hatsune miku, aqua hair, megurine luka, pink hair",
        ("1girl, hatsune miku, aqua hair", "1girl, megurine luka, pink hair"),
    ),
    Tagged("masterpiece, 1girl 1boy, beach", ("1girl, masterpiece, beach", "1boy, masterpiece, beach")),
    Tagged("1girl | blonde hair | red eyes", ("1girl, blonde hair, red eyes",), "1"),
    Tagged(
        "1girl, very long hair, white tank top, one hand on hip, four arms",
        ("1girl, very long hair, white tank top, one hand on hip, four arms",),
        "1",
    ),
    Tagged("1girl, sousou no frieren, no pupils, no hat", ("1girl, no pupils, sousou no frieren",), "1", "hat"),
    Tagged(
        "1girl, tattoo on neck, scar on face, 2b pencil behind his ear, stormy sea behind her",
        ("1girl, tattoo on neck, scar on face, 2b pencil behind his ear, stormy sea behind her",),
        "1",
    ),
    Tagged("1girl, artist:wlop, watercolor by agnes cecile", ("1girl, artist:wlop, watercolor by agnes cecile",), "1"),
    Tagged("anthro lion, king, red cape, score_9", ("anthro lion, king, red cape, score_9",), "1"),
    Tagged(
        "score_9, score_8_up, anthro fox, solo, blue scarf, snowy forest",
        ("anthro fox, solo, blue scarf, score_9, score_8_up, snowy forest",),
        "1",
    ),
    Tagged(
        "landscape, mountains, lake, no people, sunrise", ("mountains and lake, landscape, sunrise",), "1", "people"
    ),
    Tagged(
        "still life, skull, candle, open book",
        ("skull, still life", "candle, still life", "open book, still life"),
        "1,1,1",
    ),
    Tagged("spaceship, nebula, stars, sci-fi", ("spaceship, nebula, sci-fi, stars",), "1"),
    Tagged(
        "robot, giant robot, destroyed city, science fiction", ("giant robot, destroyed city, science fiction",), "1"
    ),
    Tagged(
        "2girls, (1girl, red hair, armor), (1girl, silver hair, robe), ruins",
        ("1girl, red hair, armor, ruins", "1girl, silver hair, robe, ruins"),
    ),
    Tagged(
        "2girls, cafe BREAK 1girl, brown hair, barista BREAK 1girl, purple hair, customer",
        ("1girl, barista, brown hair, cafe", "1girl, customer, purple hair, cafe"),
    ),
    Tagged(
        "1woman, 1man, woman: curly hair, green sari; man: thin moustache, white kurta",
        ("1woman, curly hair, green sari", "1man, thin moustache, white kurta"),
    ),
    Tagged(
        "1girl, 1dog, girl wearing a red hoodie, the dog is a white samoyed, park",
        ("1girl, red hoodie, park", "1dog is white samoyed, park"),
    ),
    Tagged(
        "2boys, one in white armor, one in black armor, purple sky, yellow grass",
        ("purple sky", "1boy, white armor", "1boy, black armor", "yellow grass"),
        "1;2,1,1;1",
    ),
    Tagged("1girl, 1cat, angry, crying", ("1girl, angry, crying", "1cat")),
    Tagged("two cats, black, white", ("a black cat", "a white cat")),
    Tagged("a cat, black", ("a cat, black",), "1"),
    Tagged("wizard and ogre, wizard on the left, ogre on the right", ("wizard", "ogre")),
    Tagged(
        "A couple, a smiling girl on the left, silver hair, long braid, happy, a young man on the right, blond hair, "
        "grin",
        ("a smiling girl, silver hair, long braid, happy", "a young man, blond hair, grin"),
    ),
    Tagged("2shapes, red circle, blue square, red circle on left", ("red circle", "blue square")),
    Tagged(
        "2girls, green hair, purple hair, matching coats",
        ("1girl, green hair, matching coats", "1girl, purple hair, matching coats"),
    ),
    Tagged("2girls, alice on the left, mary on the right, stage", ("1girl, alice, stage", "1girl, mary, stage")),
    Tagged("pxlstyle, best quality, 1girl, poncho", ("1girl, poncho, pxlstyle, best quality",), "1"),
    Tagged(
        "a portrait of an empress, solemn, ektachrome, unreal engine 4, art by klimt",
        ("an empress, portrait, solemn, ektachrome, unreal engine 4, art by klimt",),
        "1",
    ),
    Tagged(
        "A walrus playing a trumpet. Watercolor in the style of an old travel poster. Wide-angle view.",
        ("A walrus playing a trumpet, Watercolor in the style of an old travel poster, Wide-angle view",),
        "1",
    ),
    Tagged(
        "score_9, score_8_up, score_7_up, two cats, one black and one white",
        ("a black cat, score_9, score_8_up, score_7_up", "a white cat, score_9, score_8_up, score_7_up"),
    ),
    Tagged(
        "1girl, standing, (masterpiece:1.4, best quality), blue dress",
        ("1girl, standing, blue dress, (masterpiece:1.4, best quality)",),
        "1",
    ),
    Tagged(
        "mother and daughter, 2girls, mother: long brown hair; daughter: pigtails, rain",
        ("1girl, mother, long brown hair, rain", "1girl, daughter, pigtails, rain"),
    ),
    Tagged(
        "left girl: white hair; right girl: black hair; 2girls, garden",
        ("1girl, white hair, garden", "1girl, black hair, garden"),
    ),
    Tagged(
        "man and woman, man with fedora and pinstripe suit, woman with flapper dress and pearl necklace, jazz club",
        ("man with fedora and pinstripe suit, jazz club", "woman with flapper dress and pearl necklace, jazz club"),
    ),
    Tagged(
        "elf and dwarf, elf with long silver hair and bow, dwarf wearing heavy iron armor",
        ("elf with long silver hair and bow", "dwarf wearing heavy iron armor"),
    ),
    Tagged("1girl, smile, __weather__, {day|night}", ("1girl, smile, __weather__, {day|night}",), "1"),
    Tagged("1girl, __hair/color__ hair, __clothes__", ("1girl, __hair/color__ hair, __clothes__",), "1"),
    Tagged("1girl, before and after, long hair", ("1girl, long hair, before and after",), "1"),
    Tagged("1girl, paint splatter, headphones", ("1girl, headphones, paint splatter",), "1"),
    Tagged(
        "scenery, no humans, train station, vines, broken glass",
        ("train station, scenery, broken glass, vines",),
        "1",
        "humans",
    ),
    Tagged(
        "duo, anthro, male, fox, orange fur, female, rabbit, grey fur, city",
        ("fox, orange fur, anthro, male, city", "rabbit, female, grey fur, city"),
    ),
    Tagged(
        "anthro, fox, male, orange fur, cat, female, black fur, kitchen",
        ("fox, male, orange fur, anthro, kitchen", "cat, female, black fur, kitchen"),
    ),
    Tagged("1girl, the witcher, white hair, sword", ("1girl, white hair, sword, the witcher",), "1"),
    Tagged("1boy, 1dog, hoodie, corgi, sidewalk", ("1boy, hoodie, sidewalk", "1dog, corgi, sidewalk")),
    Tagged("1girl, 1 dog, hoodie, golden retriever", ("1girl, hoodie", "dog, golden retriever")),
    Tagged("red sports car, tokyo at night, motion blur", ("red sports car, tokyo at night, motion blur",), "1"),
    Tagged("black motorcycle, paris in the rain, 35mm", ("black motorcycle, paris in the rain, 35mm",), "1"),
    Tagged(
        "2boys, king and knight, king on a throne, knight kneeling",
        ("1boy, king on a throne", "1boy, knight, kneeling"),
    ),
    Tagged(
        "2boys, knight kneeling, king sitting on throne, castle",
        ("1boy, knight, kneeling, castle", "1boy, king, sitting on throne, castle"),
    ),
    Tagged(
        "2girls, witch and cat girl, witch stirring cauldron, cat girl sleeping",
        ("1girl, witch, stirring cauldron", "1girl, cat girl, sleeping"),
    ),
    Tagged(
        "2boys, samurai and ninja, samurai in red armor, ninja in black clothes, moonlit rooftop",
        ("1boy, samurai, red armor, moonlit rooftop", "1boy, ninja, black clothes, moonlit rooftop"),
    ),
    Tagged(
        "2girls, mother and daughter, the daughter holding a balloon, the mother smiling",
        ("1girl, mother, smiling", "1girl, daughter, holding balloon"),
    ),
    Tagged(
        "2boys, firefighter, police officer, axe, police uniform, firefighter helmet",
        ("1boy, firefighter, firefighter helmet, axe", "1boy, police officer, police uniform, axe"),
    ),
    Tagged(
        "1girl, 1boy, princess, knight, knight armor, pink dress, sword",
        ("1girl, princess, pink dress, sword", "1boy, knight, knight armor, sword"),
    ),
    Tagged(
        "2girls, maid and noblewoman, the noblewoman in a purple gown, the maid with a white apron",
        ("1girl, maid, white apron", "1girl, noblewoman, purple gown"),
    ),
    Tagged(
        "2girls, witch, knight, the witch wears a black hat, the knight has silver armor",
        ("1girl, witch, black hat", "1girl, knight, silver armor"),
    ),
    Tagged(
        "1boy, 1girl, wizard, princess, the wizard holding a staff, the princess in a pink dress, tower",
        ("1boy, wizard, holding staff, tower", "1girl, princess, pink dress, tower"),
    ),
    Tagged(
        "2girls, angel and demon, white wings, black wings, halo, horns, white robe, red dress, split theme",
        (
            "1girl, angel, white wings, halo, white robe, split theme",
            "1girl, demon, black wings, horns, red dress, split theme",
        ),
    ),
    Tagged("2girls, halo, horns, white dress, black dress", ("1girl, halo, white dress", "1girl, horns, black dress")),
    Tagged("2boys, tall, short, muscular, skinny, gym", ("1boy, tall, muscular, gym", "1boy, short, skinny, gym")),
    Tagged("2boys, old, young, beard, library", ("1boy, old, beard, library", "1boy, young, beard, library")),
    Tagged(
        "2girls, demon horns, angel halo, blonde hair, black hair",
        ("1girl, demon horns, blonde hair", "1girl, angel halo, black hair"),
    ),
    Tagged(
        "3boys, band, guitarist, drummer, vocalist, red mohawk, green hair, bald, leather vest, garage, posters",
        (
            "1boy, guitarist, red mohawk, leather vest, band, garage, posters",
            "1boy, drummer, green hair, leather vest, band, garage, posters",
            "1boy, vocalist, bald, leather vest, band, garage, posters",
        ),
        "1,1,1",
    ),
    Tagged(
        "2boys, bald, beard, sunglasses, blonde hair, tattoos, bar",
        ("1boy, bald, beard, sunglasses, bar", "1boy, blonde hair, tattoos, bar"),
    ),
    Tagged(
        "1boy, 1girl, blonde hair, pointy ears, blue tunic, white dress, tiara, master sword, castle ruins",
        (
            "1boy, blonde hair, pointy ears, blue tunic, master sword, castle ruins",
            "1girl, blonde hair, pointy ears, white dress, tiara, master sword, castle ruins",
        ),
    ),
    Tagged(
        "2girls, white dress, blue shirt, jeans, park", ("1girl, white dress, park", "1girl, blue shirt, jeans, park")
    ),
    Tagged(
        "1girl, 2boys, suit, dress, ballroom",
        ("1girl, dress, ballroom", "1boy, suit, ballroom", "1boy, suit, ballroom"),
        "1,1,1",
    ),
    Tagged(
        "2girls, 1boy, dress, suit, wedding",
        ("1girl, dress, wedding", "1girl, dress, wedding", "1boy, suit, wedding"),
        "1,1,1",
    ),
    Tagged(
        "1girl, 1boy, hoodie, jeans, sundress, straw hat, beach",
        ("1girl, sundress, straw hat, beach", "1boy, hoodie, jeans, beach"),
    ),
    Tagged("1boy, 1girl, armor, gown, tiara, sword", ("1boy, armor, sword", "1girl, gown, tiara, sword")),
    Tagged(
        "2girls, red hair, blonde hair, red dress, shirt, shorts, smile",
        ("1girl, red hair, red dress, smile", "1girl, blonde hair, shirt, shorts, smile"),
    ),
    Tagged(
        "2girls, smile, blush, red hair, glasses, blue hair, hat",
        ("1girl, smile, blush, red hair, glasses", "1girl, smile, blush, blue hair, hat"),
    ),
    Tagged(
        "2girls, long hair, blue eyes, short hair, green eyes",
        ("1girl, long hair, blue eyes", "1girl, short hair, green eyes"),
    ),
    Tagged("western dragon, dragon, red dragon, no humans, flames", ("red western dragon, flames",), "1", "humans"),
    Tagged("2dogs, husky, corgi", ("1dog, husky", "1dog, corgi")),
    Tagged(
        "2dogs, golden retriever, black labrador, park", ("1dog, golden retriever, park", "1dog, black labrador, park")
    ),
    Tagged(
        "3cats, tabby, siamese, calico, sofa",
        ("1cat, tabby, sofa", "1cat, siamese cat, sofa", "1cat, calico cat, sofa"),
        "1,1,1",
    ),
    Tagged("2dogs, husky, snow", ("1dog, husky, snow", "1dog, husky, snow")),
    Tagged("1girl, 2dogs, husky, corgi, park", ("1girl, park", "1dog, husky, park", "1dog, corgi, park"), "1,1,1"),
    Tagged("2birds, crow, dove, branch", ("1bird, crow, branch", "1bird, dove, branch")),
    Tagged("2cats, black cat, white cat", ("1cat, black cat", "1cat, white cat")),
    Tagged("car, vehicle, no humans, street", ("car, vehicle, street",), "1", "humans"),
    Tagged("animal, fox, red fox, snow, forest", ("red fox, animal, snow, forest",), "1"),
    Tagged("castle, birds, moon", ("castle, moon", "birds, moon")),
    Tagged("ancient castle, forest, crows, moon", ("ancient castle, forest, moon", "crows, forest, moon")),
    Tagged(
        "floating island, waterfall, clouds, giant tree, birds",
        ("floating island, waterfall, clouds", "giant tree, waterfall, clouds", "birds, waterfall, clouds"),
        "1,2,1",
    ),
    Tagged(
        "dark tower, red sky, dead trees, lightning, path",
        ("red sky, lightning, path", "dark tower, lightning, path", "dead trees, lightning, path"),
        "1;2,1,1",
    ),
    Tagged(
        "red barn, wheat field, blue sky, tractor",
        ("red barn, wheat field, blue sky", "tractor, wheat field, blue sky"),
    ),
    Tagged(
        "mecha, robot, giant robot, cannon, no humans, destroyed city, fire",
        ("giant robot, mecha, cannon, destroyed city, fire",),
        "1",
        "humans",
    ),
    Tagged("vehicle, car, red sports car, no humans, road", ("red sports car, vehicle, road",), "1", "humans"),
    Tagged("dragon, western dragon, red dragon, no humans, flames", ("red western dragon, flames",), "1", "humans"),
    Tagged("animal, cat, black cat, moon", ("black cat, animal, moon",), "1"),
    Tagged("no humans, aircraft, airplane, jet, clouds", ("jet, aircraft, airplane, clouds",), "1", "humans"),
    Tagged("watercraft, ship, sailing ship, ocean", ("sailing ship, watercraft, ocean",), "1"),
    Tagged("bird, owl, snowy owl, branch", ("bird, owl, snowy owl, branch",), "1"),
    Tagged(
        "fantasy landscape, floating castle, waterfalls, rainbow, giant moon, flying ships, matte painting",
        (
            "floating castle, fantasy landscape, giant moon, matte painting, waterfalls, rainbow",
            "flying ships, fantasy landscape, giant moon, matte painting, waterfalls, rainbow",
        ),
    ),
    Tagged(
        "cozy cabin, snow, pine trees, warm window light, chimney smoke, frozen lake, northern lights",
        ("cozy cabin, snow, warm window light, chimney smoke, frozen lake, northern lights, pine trees",),
        "1",
    ),
    Tagged(
        "abandoned lighthouse, cliffs, stormy sea, seagulls, lightning, oil painting",
        (
            "abandoned lighthouse, stormy sea, lightning, oil painting",
            "cliffs, stormy sea, lightning, oil painting",
            "seagulls, stormy sea, lightning, oil painting",
        ),
        "1,1,1",
    ),
    Tagged(
        "ancient temple, jungle, vines, waterfall, sun rays, stone statues",
        ("ancient temple, jungle, waterfall, sun rays, vines", "stone statues, jungle, waterfall, sun rays, vines"),
    ),
    Tagged(
        "2koma, 1boy, top panel: sleeping in bed, bottom panel: running late for school, toast in mouth",
        ("1boy, sleeping in bed", "1boy, running late for school, toast in mouth"),
        "1;1",
    ),
    Tagged(
        "2koma, 1girl, left panel: crying, right panel: smiling, school uniform",
        ("1girl, crying", "1girl, smiling, school uniform"),
    ),
    Tagged(
        "4koma, 1girl, panel 1: waking up, panel 2: eating breakfast, panel 3: running, panel 4: sleeping in class",
        ("1girl, waking up", "1girl, eating breakfast", "1girl, running", "1girl, sleeping in class"),
        "1;1;1;1",
    ),
    Tagged(
        "comic, 2koma, first panel: cat sleeping, second panel: cat knocking over vase",
        ("cat sleeping, comic", "cat knocking over vase, comic"),
        "1;1",
    ),
    Tagged(
        "2koma, 1girl, upper panel: casual clothes, lower panel: magical girl outfit, wand",
        ("1girl, casual clothes", "1girl, magical girl outfit, wand"),
        "1;1",
    ),
    Tagged(
        "3koma, 1boy, top: planting seed, middle: watering plant, bottom: giant sunflower",
        ("1boy, planting seed", "1boy, watering plant", "1boy, giant sunflower"),
        "1;1;1",
    ),
    Tagged(
        "2koma, 1girl, black hair, top panel: holding umbrella, rain, bottom panel: sunny day, ice cream, manga",
        (
            "1girl, black hair, holding umbrella, rain, manga",
            "1girl, black hair, sunny day, ice cream, manga",
        ),
        "1;1",
    ),
    Tagged(
        "comic, 2koma, 1girl, 1boy, left: arguing, right: hugging",
        ("1girl, 1boy, arguing, comic", "1girl, 1boy, hugging, comic"),
    ),
    Tagged(
        "4koma, 1cat, orange fur, panel 1: sleeping; panel 2: stretching; panel 3: eating fish; panel 4: yawning",
        (
            "1cat, orange fur, sleeping",
            "1cat, orange fur, stretching",
            "1cat, orange fur, eating fish",
            "1cat, orange fur, yawning",
        ),
        "1;1;1;1",
    ),
    Tagged(
        "4 panel comic, 1girl, waking up, eating, drinking, sleeping",
        ("1girl, waking up, comic", "1girl, eating, comic", "1girl, drinking, comic", "1girl, sleeping, comic"),
        "1,1,1;1,1,1",
    ),
    Tagged(
        "2girls, [blonde hair, ponytail, tennis uniform, racket], [brown hair, short hair, soccer uniform, ball], gym",
        (
            "1girl, blonde hair, ponytail, tennis uniform, racket, gym",
            "1girl, brown hair, short hair, soccer uniform, ball, gym",
        ),
    ),
    Tagged(
        "1boy, 1girl, [black hair, suit, tie], [red hair, green dress, necklace], ballroom",
        ("1boy, black hair, suit, tie, ballroom", "1girl, red hair, green dress, necklace, ballroom"),
    ),
    Tagged(
        "2girls, (silver hair, red eyes, black dress), (blonde hair, blue eyes, white dress), garden",
        ("1girl, silver hair, red eyes, black dress, garden", "1girl, blonde hair, blue eyes, white dress, garden"),
    ),
    Tagged(
        "3boys, [red hair, sword], [blue hair, bow], [green hair, staff], forest",
        ("1boy, red hair, sword, forest", "1boy, blue hair, bow, forest", "1boy, green hair, staff, forest"),
        "1,1,1",
    ),
    Tagged(
        "2boys, {black hair, glasses}, {blonde hair, earrings}, classroom",
        ("1boy, black hair, glasses, classroom", "1boy, blonde hair, earrings, classroom"),
    ),
    Tagged(
        "2girls, (masterpiece, best quality), (red hair, blue eyes), hug",
        (
            "1girl, (red hair), (blue eyes), hug, (masterpiece, best quality)",
            "1girl, (red hair), (blue eyes), hug, (masterpiece, best quality)",
        ),
    ),
    Tagged(
        "newest, 2girls, holding hands, (smile, long black hair, kimono), (blush, short pink hair, school uniform)",
        (
            "1girl, smile, long black hair, kimono, holding hands, newest",
            "1girl, blush, short pink hair, school uniform, holding hands, newest",
        ),
    ),
    Tagged(
        "2girls, (red hair, freckles:1.2), (black hair, glasses:1.1), library",
        ("1girl, (red hair:1.2), (freckles:1.2), library", "1girl, (black hair:1.1), (glasses:1.1), library"),
    ),
    Tagged(
        "6+girls, multiple girls, school festival, yukata, food stall, lanterns, night",
        ("6+girls, yukata, school festival, food stall, lanterns, night",),
        "1",
    ),
    Tagged("6+boys, soccer team, uniforms, field", ("6+boys, uniforms, soccer team, field",), "1"),
    Tagged("5+girls, idol group, stage, concert", ("5+girls, stage, concert, idol group",), "1"),
    Tagged("6+girls, 1boy, harem, classroom", ("6+girls, harem, classroom", "1boy, harem, classroom")),
    Tagged(
        "3+girls, red hair, blue hair, swimsuit, beach",
        ("1girl, red hair, swimsuit, beach", "1girl, blue hair, swimsuit, beach", "1girl, swimsuit, beach"),
        "1,1,1",
    ),
    Tagged("2+girls, 2+boys, party", ("2+girls, party", "2+boys, party")),
    Tagged(
        "hatsune miku and kagamine rin, 2girls, aqua hair, blonde hair, stage",
        ("1girl, hatsune miku, aqua hair, stage", "1girl, kagamine rin, blonde hair, stage"),
    ),
    Tagged(
        "goku and vegeta, 2boys, orange gi, blue bodysuit, spiky hair",
        ("1boy, goku, orange gi, spiky hair", "1boy, vegeta, blue bodysuit, spiky hair"),
    ),
    Tagged(
        "asuka and rei hugging, 2girls, red hair, blue hair, plugsuit",
        ("1girl, asuka, hugging, red hair, plugsuit", "1girl, rei, hugging, blue hair, plugsuit"),
    ),
    Tagged(
        "2girls, frieren and fern, white hair, purple hair, holding staff",
        ("1girl, frieren, white hair, holding staff", "1girl, fern, purple hair, holding staff"),
    ),
    Tagged(
        "kirito and asuna holding hands, 1boy, 1girl, black coat, white dress",
        ("1boy, kirito, holding hands, black coat", "1girl, asuna, holding hands, black coat, white dress"),
    ),
    Tagged("2boys, mario and luigi, red hat, green hat", ("1boy, mario, red hat", "1boy, luigi, green hat")),
    Tagged(
        "1boy, 1girl, link and zelda, blue tunic, white dress", ("1boy, link, blue tunic", "1girl, zelda, white dress")
    ),
    Tagged(
        "2girls, saber and rin tohsaka, armor, red sweater, winter",
        ("1girl, saber, armor, red sweater, winter", "1girl, rin tohsaka, armor, red sweater, winter"),
    ),
    Tagged(
        "2girls, Mirela and Tess, Mirela has a silver bob cut and a lab coat, Tess has curly ginger hair",
        ("1girl, Mirela, silver bob cut, lab coat", "1girl, Tess, curly ginger hair"),
    ),
    Tagged(
        "2girls, rock and roll, stage, guitar",
        ("1girl, guitar, rock and roll, stage", "1girl, guitar, rock and roll, stage"),
    ),
    Tagged(
        "2girls, fire and ice, red hair, blue hair", ("1girl, red hair, fire and ice", "1girl, blue hair, fire and ice")
    ),
    Tagged("2girls, love and peace", ("1girl, love and peace", "1girl, love and peace")),
    Tagged("2girls, pen and ink, kimono", ("1girl, kimono, pen and ink", "1girl, kimono, pen and ink")),
    Tagged("2boys, black and white, sparring", ("1boy, sparring, black and white", "1boy, sparring, black and white")),
    Tagged(
        "3girls, luna and stella and flora, blonde hair, black hair, brown hair",
        ("1girl, luna, blonde hair", "1girl, stella, black hair", "1girl, flora, brown hair"),
        "1,1,1",
    ),
    Tagged(
        "1girl, solo focus, 1boy, faceless male, brown hair, blush, office lady, pencil skirt, white shirt",
        (
            "1girl, office lady, pencil skirt, white shirt, solo focus",
            "1boy, faceless male, brown hair, blush, solo focus",
        ),
    ),
    Tagged("1girl, 1boy, office lady, salaryman, train", ("1girl, office lady, train", "1boy, salaryman, train")),
    Tagged(
        "1boy, glasses, 1girl, maid, teapot, mansion",
        ("1boy, glasses, teapot, mansion", "1girl, maid, teapot, mansion"),
    ),
    Tagged(
        "1girl, blonde hair, 1boy, black hair, princess, castle",
        ("1girl, princess, blonde hair, castle", "1boy, black hair, castle"),
    ),
    Tagged(
        "1girl, red hair, 1boy, short hair, schoolgirl, classroom",
        ("1girl, schoolgirl, red hair, classroom", "1boy, short hair, classroom"),
    ),
    Tagged(
        "1girl, red hair, 1boy, black hair, hat, skirt, park",
        ("1girl, red hair, skirt, park", "1boy, black hair, hat, park"),
    ),
    Tagged(
        "1boy, blonde hair, 1girl, glasses, schoolboy, library",
        ("1boy, schoolboy, blonde hair, library", "1girl, glasses, library"),
    ),
    Tagged(
        "couple, park bench, autumn BREAK old man, grey coat, newspaper BREAK old woman, red hat, feeding pigeons",
        (
            "old man, grey coat, newspaper, park bench, autumn",
            "old woman, red hat, feeding pigeons, park bench, autumn",
        ),
    ),
    Tagged(
        "couple, cafe, rain BREAK man, black suit, glasses BREAK woman, red dress, umbrella",
        ("man, black suit, glasses, cafe, rain", "woman, red dress, umbrella, cafe, rain"),
    ),
    Tagged(
        "couple, dinner table, candles BREAK man, black suit, glasses BREAK woman, red dress, wine glass",
        ("man, black suit, glasses, dinner table, candles", "woman, red dress, wine glass, dinner table, candles"),
    ),
    Tagged(
        "couple, beach chair, sunset BREAK 1boy, swim trunks BREAK 1girl, bikini",
        ("1boy, swim trunks, beach chair, sunset", "1girl, bikini, beach chair, sunset"),
    ),
    Tagged(
        "trio, bus stop, rain BREAK boy, yellow raincoat BREAK girl, red umbrella BREAK old man, newspaper",
        (
            "boy, yellow raincoat, bus stop, rain",
            "girl, red umbrella, bus stop, rain",
            "old man, newspaper, bus stop, rain",
        ),
        "1,1,1",
    ),
    Tagged(
        "2girls, goth girl and pastel girl, black dress, pink dress, street",
        ("1girl, goth girl, black dress, street", "1girl, pastel girl, pink dress, street"),
    ),
    Tagged(
        "2girls, cat girl and dog girl, orange hair, brown hair, maid, cafe",
        ("1girl, cat girl, orange hair, cafe", "1girl, dog girl, brown hair, maid, cafe"),
    ),
    Tagged(
        "kitsune girl and oni girl, 2girls, fox ears, horns, shrine, festival, yukata",
        (
            "1girl, kitsune girl, fox ears, horns, yukata, shrine, festival",
            "1girl, oni girl, fox ears, horns, yukata, shrine, festival",
        ),
    ),
    Tagged(
        "2boys, tall boy and short boy, red cap, blue cap", ("1boy, tall boy, red cap", "1boy, short boy, blue cap")
    ),
    Tagged(
        "two wolves, black wolf and white wolf, snow, forest, moon",
        ("a black wolf, snow, forest, moon", "a white wolf, snow, forest, moon"),
    ),
    Tagged("two cats, white cat, orange cat, windowsill", ("a white cat, windowsill", "an orange cat, windowsill")),
    Tagged(
        "2girls, rich girl and poor girl, fur coat, torn dress",
        ("1girl, rich girl, fur coat, torn dress", "1girl, poor girl, fur coat, torn dress"),
    ),
    Tagged(
        "1girl, 1other, robot, repairing, workshop, goggles",
        ("1girl, repairing, goggles, workshop", "1other, robot, repairing, workshop"),
    ),
    Tagged(
        "1girl, 1other, ghost, old mansion, nightgown", ("1girl, nightgown, old mansion", "1other, ghost, old mansion")
    ),
    Tagged("2girls, robot, school uniform", ("1girl, robot, school uniform", "1girl, robot, school uniform")),
    Tagged("score_9, 1girl, robot, neon city", ("1girl, robot, score_9, neon city",), "1"),
    Tagged("1girl, 1boy, muscular female, skinny, gym", ("1girl, muscular female, gym", "1boy, skinny, gym")),
    Tagged("2girls, one with glasses, other with hat, library", ("1girl, glasses, library", "1girl, hat, library")),
    Tagged(
        "2girls, tomboy and girly girl, cap, ribbon, shorts, skirt",
        ("1girl, tomboy, cap, ribbon, shorts", "1girl, girly girl, cap, ribbon, skirt"),
    ),
    Tagged(
        "knight and dragon, 1boy, dragon, sword, shield, cave, fire",
        ("1boy, knight, sword, shield, cave, fire", "dragon, cave, fire"),
    ),
    Tagged(
        "2girls, demon girl and angel girl, black wings, white wings, hugging",
        ("1girl, demon girl, black wings, hugging", "1girl, angel girl, white wings, hugging"),
    ),
    Tagged(
        "1girl, 2cats, black cat, white cat, window, sweater",
        ("1girl, sweater, window", "1cat, black cat, window", "1cat, white cat, window"),
        "1,1,1",
    ),
    Tagged("1girl, hoodie, 1dog, red collar, park", ("1girl, hoodie, park", "1dog, red collar, park")),
    Tagged("1cat, sweater, hat", ("1cat, sweater, hat",), "1"),
    Tagged("2girls, muscular female, petite, gym", ("1girl, muscular female, gym", "1girl, petite, gym")),
    # people whom no count tag counts, and those on the left, on the right and in the middle
    Tagged("duo, wolf, fox, blue eyes, green eyes, forest", ("wolf, blue eyes, forest", "fox, green eyes, forest")),
    Tagged(
        "mother and daughter, kitchen, baking, aprons",
        ("mother, baking, aprons, kitchen", "daughter, baking, aprons, kitchen"),
    ),
    Tagged("cat and dog, cat is black, dog is white", ("black cat", "white dog")),
    Tagged(
        "girl with red hair and boy with black hair, holding hands, sunset",
        ("girl with red hair, holding hands, sunset", "boy with black hair, holding hands, sunset"),
    ),
    Tagged("pikachu and charmander, forest", ("pikachu, forest", "charmander, forest")),
    Tagged(
        "3girls, girl in the middle, blonde hair, black hair, red hair",
        ("1girl, black hair", "1girl, blonde hair", "1girl, red hair"),
        "1,1,1",
    ),
    Tagged("1girl, 2boys, girl in the middle", ("1boy", "1girl", "1boy"), "1,1,1"),
    Tagged(
        "2girls, left girl red hair, right girl blue hair, park", ("1girl, red hair, park", "1girl, blue hair, park")
    ),
    Tagged("left man old, right man young", ("man, old", "man, young")),
    Tagged("1girl, left hand raised", ("1girl, left hand raised",), "1"),
    # what someone wears or holds, in whole phrases
    Tagged(
        "photo of an old sailor, a wide black beret, a vest over a grey shirt, a pipe in his left hand, sharp focus",
        ("an old sailor, a wide black beret, a vest over a grey shirt, a pipe in his left hand, photo, sharp focus",),
        "1",
    ),
    Tagged(
        "1girl, solo, a red scarf, a long coat over a white shirt, a lantern in one hand, snow",
        ("1girl, solo, a red scarf, a long coat over a white shirt, a lantern in one hand, snow",),
        "1",
    ),
    Tagged(
        "a farmer, a straw hat, a carved walking stick in his right hand, highres",
        ("a farmer, a straw hat, a carved walking stick in his right hand, highres",),
        "1",
    ),
    Tagged(
        "2girls, steam BREAK 1girl, plum hair BREAK 1girl, sandy hair, thick hanten over a dark kimono",
        ("1girl, plum hair, steam", "1girl, sandy hair, thick hanten over a dark kimono, steam"),
    ),
    # names that are flowers or trees elsewhere
    Tagged(
        "2girls, lily has red hair and a green dress, kaori has black hair, garden",
        ("1girl, lily, red hair, green dress, garden", "1girl, kaori, black hair, garden"),
    ),
    # buildings of the usual material are scene; a glacier of an odd colour is none
    Tagged("2girls, wooden bridge", ("1girl, wooden bridge", "1girl, wooden bridge")),
    Tagged("2girls, red bridge", ("1girl", "1girl", "red bridge"), "1,1,1"),
    Tagged(
        "turquoise glacier, coral clouds, a wooden sledge",
        ("coral clouds", "a wooden sledge", "turquoise glacier"),
        "1;2,1,1",
    ),
    # places and models with a number; what a clock shows
    Tagged("robot K-7, barcode on arm, hangar 4, highres", ("robot K-7, barcode on arm, hangar 4, highres",), "1"),
    Tagged(
        "woman waiting, gate 12, wall clock showing 9:15, dslr",
        ("woman waiting, gate 12, dslr", "wall clock showing 9:15, gate 12, dslr"),
    ),
    # a mask on a side of the head is worn, a web with dew is scene beside someone; a bust stands by itself
    Tagged("1boy, cat mask on top of head, blue yukata", ("1boy, cat mask on top of head, blue yukata",), "1"),
    Tagged(
        "1girl, elf, drawn arrow, leather bracers, spider web with dew",
        ("1girl, elf, drawn arrow, leather bracers, spider web with dew",),
        "1",
    ),
    Tagged("bronze bust, fern", ("bronze bust", "fern")),
    Tagged(
        "2boys, dario has a red cap, tomas has glasses, bar",
        ("1boy, dario, red cap, bar", "1boy, tomas, glasses, bar"),
    ),
    Tagged(
        "2girls, ren has navy hair down to her hips, a choker, a long coat and platform boots, park",
        ("1girl, ren, navy hair down to hips, a choker, a long coat and platform boots, park", "1girl, park"),
    ),
    Tagged(
        "1girl, red hair, she has a choker, a grey coat and boots, street",
        ("1girl, red hair, choker, grey coat, boots, street",),
        "1",
    ),
    Tagged(
        "1boy, smoke from a chimney, power lines overhead", ("1boy, smoke from a chimney, power lines overhead",), "1"
    ),
    # animals around someone, and what someone has in the foreground
    Tagged(
        "a shepherd girl with a crook in the foreground, sheep grazing around her, a mill in the background, highres",
        ("a mill, highres", "sheep grazing, highres", "a shepherd girl with a crook, highres"),
        "1;1,1,1",
    ),
    # sides of a picture
    Tagged(
        "split screen, 1girl, left side in a school uniform, right side in armor, same woman",
        ("1girl, in a school uniform", "1girl, in armor, same woman"),
    ),
    Tagged(
        "2boys, picture split by a crack, one side angel with white wings, other side demon with black horns",
        (
            "1boy, angel, white wings, picture split by a crack",
            "1boy, demon, black horns, picture split by a crack",
        ),
    ),
    # what tells a number stands by itself
    Tagged("1boy, scoreboard reads 3-1, stadium", ("1boy, stadium", "scoreboard reading 3-1, stadium")),
    Tagged("1girl, sign showing 42", ("1girl", "sign showing 42")),
    # the clothes and parts of the only one, who may be a thing or a name that nobody knows
    Tagged(
        "scarecrow, straw hat, patched dungarees, button eyes, wheat field",
        ("scarecrow, straw hat, patched dungarees, button eyes, wheat field",),
        "1",
    ),
    Tagged("cactus, sunglasses, sombrero, white outline", ("cactus, sunglasses, sombrero, white outline",), "1"),
    Tagged(
        "Marie Antoinette, powdered wig, choker, silk fan, rococo",
        ("Marie Antoinette, powdered wig, choker, silk fan, rococo",),
        "1",
    ),
    Tagged(
        "drum majorette, shako, epaulettes, baton, white boots",
        ("drum majorette, shako, epaulettes, baton, white boots",),
        "1",
    ),
    Tagged("welder, face shield, leather sleeves, sparks", ("welder, face shield, leather sleeves, sparks",), "1"),
    Tagged(
        "elf archer, longbow, leather bracers, gnarled staff with a crystal",
        ("elf archer, longbow, leather bracers, gnarled staff with a crystal",),
        "1",
    ),
    Tagged(
        "barefoot child, oversized sweater, jar of fireflies",
        ("barefoot child, oversized sweater, jar of fireflies",),
        "1",
    ),
    Tagged(
        "baseball catcher, shin guards, chest protector, mitt",
        ("baseball catcher, shin guards, chest protector, mitt",),
        "1",
    ),
    Tagged("ancient oak, gnarled branches, moss, lichen", ("ancient oak, gnarled branches, moss, lichen",), "1"),
    Tagged(
        "hedgehog, peaked cap, pocket watch on a chain, waistcoat",
        ("hedgehog, peaked cap, pocket watch on a chain, waistcoat",),
        "1",
    ),
    Tagged(
        "red panda eating ramen, risograph, 3 color print, two inks",
        ("red panda eating ramen, risograph, 3 color print, two inks",),
        "1",
    ),
    Tagged("2girls, nun, gauntlets, witch, boots", ("1girl, nun, gauntlets", "1girl, witch, boots")),
    Tagged("wolf portrait, snow, moon", ("wolf, portrait, snow, moon",), "1"),
    Tagged(
        "sneaker product shot, translucent sole, lime green laces",
        ("sneaker, translucent sole, lime green laces, product shot",),
        "1",
    ),
    Tagged(
        "porsche 911 rwb, widebody, satin purple wrap, black wheels, low angle",
        ("porsche 911 rwb, widebody, satin purple wrap, black wheels, low angle",),
        "1",
    ),
    Tagged(
        "street food vendor, old man, straw hat, cyberpunk alley",
        ("street food vendor, old man, straw hat, cyberpunk alley",),
        "1",
    ),
    Tagged(
        "samurai in the foreground, burning pagoda in the background, crows in the sky",
        (
            "crows in the sky",
            "burning pagoda",
            "samurai",
        ),
        "1;1;1",
    ),
    Tagged(
        "1girl and her pet dragon, girl with short white hair and goggles, small blue dragon on her shoulder",
        ("small blue pet dragon on her shoulder", "1girl, short white hair, goggles"),
        "7;10",
    ),
    Tagged(
        "2boys, tom on the left, jack on the right, tom has red hair, jack has white hair, dojo",
        (
            "1boy, tom, red hair, dojo",
            "1boy, jack, white hair, dojo",
        ),
    ),
    Tagged(
        "2boys, on the left tall man with eyepatch, on the right short boy with freckles",
        (
            "1boy, tall man, eyepatch",
            "1boy, short boy, freckles",
        ),
    ),
    Tagged(
        "2girls, cafe. The blonde girl in the white sweater is drinking cocoa and the brunette in the green coat "
        "is smiling.",
        (
            "1girl, blonde girl, white sweater, drinking cocoa, cafe",
            "1girl, brunette, green coat, smiling, cafe",
        ),
    ),
    Tagged(
        "photo of a corgi wearing a red bandana, sitting next to a black labrador, autumn park",
        (
            "a corgi wearing a red bandana, sitting, photo, autumn park",
            "a black labrador, photo, autumn park",
        ),
    ),
    Tagged(
        "anime screencap, 1boy, spiky orange hair, black jumpsuit, fighting a giant stone golem with glowing "
        "yellow eyes, canyon",
        (
            "1boy, spiky orange hair, black jumpsuit, fighting, anime screencap, canyon",
            "a giant stone golem with glowing yellow eyes, anime screencap, canyon",
        ),
        "1,2",
    ),
    Tagged(
        "minimalist living room, beige sofa, monstera plant, arched window",
        (
            "beige sofa, minimalist living room, arched window",
            "monstera plant, minimalist living room, arched window",
        ),
    ),
    Tagged(
        "race track, red ferrari, blue mclaren, motion blur",
        (
            "red ferrari, motion blur, race track",
            "blue mclaren, motion blur, race track",
        ),
    ),
    Tagged("1girl, witch hat, jack-o'-lantern, halloween", ("1girl, witch hat, jack-o'-lantern, halloween",), "1"),
    Tagged("sunglasses, cat, beach", ("cat, sunglasses, beach",), "1"),
    Tagged(
        "sunset sky with pink clouds ADDROW snowy mountains with a castle ADDROW frozen lake with two swans",
        (
            "sunset sky with pink clouds",
            "snowy mountains with a castle",
            "frozen lake with two swans",
        ),
        "1;1;1",
    ),
    Tagged(
        "perfume bottle, amber glass, gold cap, white marble slab, product photography",
        (
            "perfume bottle, amber glass, gold cap, product photography",
            "white marble slab, product photography",
        ),
    ),
    Tagged(
        "running shoe, white mesh, neon orange sole, floating",
        ("running shoe, neon orange sole, white mesh, floating",),
        "1",
    ),
    Tagged("white sneakers, red laces, product photo", ("white sneakers, red laces, product photo",), "1"),
    Tagged(
        "1967 fastback coupe, cherry red, chrome bumper, next to a matte black motorcycle, desert",
        (
            "1967 fastback coupe, cherry red, chrome bumper, desert",
            "a matte black motorcycle, desert",
        ),
    ),
    Tagged(
        "2girls, split screen, left side angel girl with white wings and golden halo, right side demon girl "
        "with bat wings and red horns",
        (
            "1girl, angel girl with white wings and golden halo",
            "1girl, demon girl with bat wings and red horns",
        ),
    ),
    Tagged(
        "1boy, armored, glowing blue sword, wolf companion, mountain pass",
        (
            "1boy, armored, glowing blue sword, mountain pass",
            "wolf companion, mountain pass",
        ),
    ),
    Tagged(
        "3girls, band practice, the drummer has green hair, the bassist has a red beanie and the singer wears "
        "a white crop top",
        (
            "1girl, drummer, green hair, band practice",
            "1girl, bassist, red beanie, band practice",
            "1girl, singer, white crop top, band practice",
        ),
        "1,1,1",
    ),
    Tagged(
        "1boy, 1girl, the girl has twin braids and a bunch of sunflowers",
        (
            "1boy",
            "1girl, twin braids, bunch of sunflowers",
        ),
    ),
    Tagged(
        "2girls, cafe ADDCOMM 1girl, barista, brown apron ADDCOL 1girl, customer",
        (
            "2girls, cafe, 1girl, barista, brown apron",
            "2girls, cafe, 1girl, customer",
        ),
    ),
    Tagged(
        "knight, shield with a golden lion, blue surcoat, plate armor, castle",
        ("knight, shield with a golden lion, blue surcoat, plate armor, castle",),
        "1",
    ),
    Tagged(
        "2girls, blonde girl hugs brunette girl, blonde girl wears red sweater, brunette girl wears grey coat, airport",
        (
            "1girl, blonde girl, hugging brunette girl, red sweater, airport",
            "1girl, brunette girl, grey coat, airport",
        ),
    ),
    Tagged(
        "dwarf with braided red beard, mug of ale BREAK elf woman, long blonde hair BREAK orc, scar",
        (
            "dwarf with braided red beard, mug of ale",
            "elf woman, long blonde hair",
            "orc, scar",
        ),
        "1,1,1",
    ),
    Tagged(
        "red apple, green pear, purple grapes, blue plate, still life",
        (
            "red apple, still life",
            "green pear, still life",
            "purple grapes, still life",
            "blue plate, still life",
        ),
        "1,1,1;1,1,1",
    ),
    Tagged(
        "1girl, 1boy, alice and bob, alice has a yellow raincoat, bob has a blue umbrella, flooded street",
        ("1girl, alice, yellow raincoat, flooded street", "1boy, bob, blue umbrella, flooded street"),
        "1,1",
    ),
    Tagged(
        "2girls, elf, dark elf, elf has silver hair, dark elf has purple skin, forest",
        ("1girl, elf, silver hair, forest", "1girl, dark elf, purple skin, forest"),
        "1,1",
    ),
    Tagged(
        "2boys, rivals, first boy white coat and glasses, second boy leather jacket and scar on face, city at night",
        (
            "1boy, first boy, white coat and glasses, rivals, city at night",
            "1boy, second boy, leather jacket and scar on face, rivals, city at night",
        ),
        "1,1",
    ),
    Tagged(
        "2girls, taller girl dark skin, shorter girl pale skin and freckles, cafe",
        ("1girl, taller girl, dark skin, cafe", "1girl, shorter girl, pale skin and freckles, cafe"),
        "1,1",
    ),
    Tagged(
        "1girl, 1wolf, girl in a red cloak riding a huge white wolf, snowy forest",
        ("1girl, red cloak, riding, snowy forest", "1wolf, huge white wolf, snowy forest"),
        "1;2",
    ),
    Tagged(
        "1boy, 1girl, knight, silver armor, princess, pink dress, the knight kneels in front of the "
        "princess, throne room",
        ("1girl, princess, pink dress, throne room", "1boy, knight, silver armor, kneeling, throne room"),
        "1;1",
    ),
    Tagged(
        "1girl, cowgirl, brown hat, riding white horse, desert canyon",
        ("1girl, cowgirl, brown hat, riding, desert canyon", "white horse, desert canyon"),
        "1;1",
    ),
    Tagged(
        "1boy, 1girl, couple walking a shiba inu, riverside path",
        ("1boy, walking, riverside path", "1girl, walking, riverside path", "a shiba inu, riverside path"),
        "1,1,1",
    ),
    Tagged(
        "1boy, samurai in blue armor on the left, giant red oni with iron club on the right, burning village",
        ("1boy, samurai, blue armor, burning village", "giant red oni with iron club"),
        "1,2",
    ),
    Tagged(
        "1girl, dragon, huge red dragon curled up asleep, small girl in nightgown leaning on it, cave",
        ("1girl, small girl, nightgown, leaning, cave", "huge red dragon curled up asleep, cave"),
        "7,20",
    ),
    Tagged(
        "mother and daughter baking cookies, 2girls, mother with long hair and apron, daughter with twintails, kitchen",
        ("1girl, mother, long hair, apron, kitchen", "1girl, daughter, baking cookies, twintails, kitchen"),
        "1,1",
    ),
    Tagged(
        "aqua and ruby at the beach, 2girls, aqua has blue hair, ruby has red hair",
        ("1girl, aqua, blue hair, at the beach", "1girl, ruby, red hair, at the beach"),
        "1,1",
    ),
    Tagged(
        "1boy, 1girl, 1baby, father with beard, mother with long red hair holding baby, living room",
        ("1boy, father, beard, living room", "1girl, mother, long red hair, holding 1baby, living room"),
        "1,1",
    ),
    Tagged(
        "1girl, veterinarian, teal scrubs, examining a retriever puppy, puppy on metal table, clinic",
        ("1girl, veterinarian, teal scrubs, examining, clinic", "a retriever puppy on metal table, clinic"),
        "1,1",
    ),
    Tagged(
        "2girls, girl is short, cheerful, the other girl is tall, gloomy, library",
        ("1girl, short girl, cheerful, library", "1girl, tall girl, gloomy, library"),
        "1,1",
    ),
    Tagged(
        "1girl, 1boy, girl is short, freckled, cheerful, boy is tall, gloomy, pale, library",
        ("1girl, short girl, freckled, cheerful, library", "1boy, tall boy, gloomy, pale, library"),
        "1,1",
    ),
    Tagged(
        "2girls, twintails, bob cut, blue eyes, red eyes, stage",
        ("1girl, twintails, blue eyes, stage", "1girl, bob cut, red eyes, stage"),
        "1,1",
    ),
    Tagged(
        "split screen, 2girls, left side summer, straw hat, right side winter, fur hat",
        ("1girl, summer, straw hat", "1girl, winter, fur hat"),
        "1,1",
    ),
    Tagged(
        "1girl, long green hair, witch hat, riding a broom, black cat with yellow eyes sitting "
        "behind her, village below",
        (
            "black cat with yellow eyes sitting, village below",
            "1girl, long green hair, witch hat, riding a broom, village below",
        ),
        "1;1",
    ),
    Tagged(
        "1girl hoists a giant hammer, a goblin cowers, cave",
        ("1girl, hoisting giant hammer, cave", "a goblin cowering, cave"),
        "1,1",
    ),
    Tagged(
        "masterpiece, 2girls, cafe BREAK 1girl, on the left, red hair, apron BREAK 1girl, on the "
        "right, blue hair, suit",
        ("1girl, red hair, apron, masterpiece, cafe", "1girl, blue hair, suit, masterpiece, cafe"),
        "1,1",
    ),
    Tagged("1girl, bocchi the rock!, guitar", ("1girl, guitar, bocchi the rock!",), "1"),
    Tagged(
        "2girls, train station BREAK ayanami rei, 1girl, light blue hair BREAK katsuragi misato, "
        "1girl, long purple hair",
        (
            "1girl, ayanami rei, light blue hair, train station",
            "1girl, katsuragi misato, long purple hair, train station",
        ),
        "1,1",
    ),
    Tagged(
        "1boy, 1girl, prince, white uniform, golden epaulettes BREAK maid, 1girl, short brown hair, holding teapot",
        ("1boy, prince, white uniform, golden epaulettes", "1girl, short brown hair, holding teapot, maid"),
        "1,1",
    ),
    Tagged(
        "1girl sitting on the left, white hair, 1girl standing on the right, orange hair",
        ("1girl, sitting, white hair", "1girl, standing, orange hair"),
        "1,1",
    ),
    Tagged(
        "2boys, 1girl, dungeon BREAK swordsman, brown hair BREAK dwarf, orange beard, warhammer "
        "BREAK girl, cleric, white robe",
        (
            "1boy, swordsman, brown hair, dungeon",
            "1boy, dwarf, orange beard, warhammer, dungeon",
            "1girl, cleric, white robe, dungeon",
        ),
        "1,1,1",
    ),
    Tagged(
        "two dancers, theater stage BREAK 1girl, white tutu BREAK 1boy, black leotard",
        ("1girl, white tutu, theater stage", "1boy, black leotard, theater stage"),
        "1,1",
    ),
    Tagged(
        "1girl, 1dog, girl in beige coat, corgi wearing red bandana",
        ("1girl, beige coat", "1dog, corgi, red bandana"),
        "1,1",
    ),
    Tagged(
        "1other, 1boy, alphonse elric, edward elric, red cloak",
        ("1other, alphonse elric", "1boy, edward elric, red cloak"),
        "1,1",
    ),
    Tagged(
        "3girls, sisters, eldest with glasses, middle one with orange ponytail, youngest with white ribbons, park",
        (
            "1girl, eldest girl, glasses, park",
            "1girl, middle girl, orange ponytail, park",
            "1girl, youngest girl, white ribbons, park",
        ),
        "1,1,1",
    ),
    Tagged(
        "2boys, orc and dwarf, orc headlocks dwarf, dwarf elbows orc",
        ("1boy, orc, headlocking", "1boy, dwarf, elbowing"),
        "1,1",
    ),
    Tagged(
        "4koma, 2x2 panels, 1boy, blond hair, boy cracks an egg, boy whisks batter, boy burns a pancake, boy cries",
        (
            "1boy, blond hair, boy cracks an egg",
            "1boy, blond hair, boy whisks batter",
            "1boy, blond hair, boy burns a pancake",
            "1boy, blond hair, boy cries",
        ),
        "1,1,1;1,1,1",
    ),
    Tagged(
        "pixel art, 1girl, sword, giant crab with 2 claws, hp bar at 100",
        ("1girl, sword, pixel art, hp bar at 100", "giant crab with 2 claws, pixel art, hp bar at 100"),
        "1,2",
    ),
    Tagged(
        "2cats, one fluffy, orange, grumpy, one sleek, black, curious, rainy day",
        ("1cat, fluffy cat, orange, grumpy, rainy day", "1cat, sleek cat, black, curious, rainy day"),
        "1,1",
    ),
    Tagged(
        "1girl, 1boy, boy in black, girl in white, spotlight",
        ("1girl, in white, spotlight", "1boy, in black, spotlight"),
        "1,1",
    ),
    Tagged(
        "best quality, pirate grins, parrot squawks, ship deck",
        ("pirate grinning, best quality, ship deck", "parrot squawking, best quality, ship deck"),
        "1,1",
    ),
    Tagged(
        "split screen, left side cyberpunk city, neon, android woman, right side medieval village, "
        "candlelight, peasant woman",
        ("cyberpunk city, neon, android woman", "medieval village, candlelight, peasant woman"),
        "1,1",
    ),
    Tagged(
        "abandoned ballroom, chandelier overhead, ballerina in the middle, broken violin in the foreground",
        ("chandelier, abandoned ballroom", "ballerina, abandoned ballroom", "broken violin, abandoned ballroom"),
        "1;1;1",
    ),
    Tagged(
        "1boy, 1girl, chibi, boy juggles oranges, girl strums a ukulele",
        ("1boy, juggling oranges, chibi", "1girl, strumming ukulele, chibi"),
        "1,1",
    ),
    Tagged(
        "2girls, violet has orange hair, rose has green hair",
        ("1girl, violet, orange hair", "1girl, rose, green hair"),
        "1,1",
    ),
    Tagged(
        "1girl (blue braid, bomber jacket), 1boy (red hair, swimsuit), beach",
        ("1girl, blue braid, bomber jacket, beach", "1boy, red hair, swimsuit, beach"),
        "1,1",
    ),
    Tagged(
        "1girl, 1boy, girl with red hair, black suit, boy with grey hair, trench coat",
        ("1girl, red hair, black suit", "1boy, grey hair, trench coat"),
        "1,1",
    ),
    Tagged(
        "masterpiece, floating castle in the sky, field of sunflowers in the foreground, 1girl, white dress",
        (
            "floating castle in the sky, masterpiece",
            "1girl, white dress, masterpiece",
            "field of sunflowers, masterpiece",
        ),
        "1;1;1",
    ),
    Tagged(
        "2girls, split screen, one girl with short blue hair and a hoodie, "
        "the other with long orange hair and a floral dress",
        ("1girl, short blue hair, hoodie, split screen", "1girl, long orange hair, floral dress, split screen"),
        "1,1",
    ),
    Tagged(
        "two men, left: red shirt, jeans, right: blue shirt, black cap",
        ("a man, red shirt, jeans", "a man, blue shirt, black cap"),
        "1,1",
    ),
    Tagged(
        "1boy, 1girl, kneeling knight in plate armor with blue cape, princess in pink gown with gold tiara",
        ("1boy, kneeling knight, plate armor with blue cape", "1girl, princess, pink gown with gold tiara"),
        "1,1",
    ),
    Tagged(
        "2girls, twilight sparkle with purple hair reading a book, fluttershy with pink hair",
        ("1girl, twilight sparkle, purple hair, reading book", "1girl, fluttershy, pink hair"),
        "1,1",
    ),
    Tagged(
        "2girls, smiling maid in black dress, crying nun with a rosary",
        ("1girl, smiling maid, black dress", "1girl, crying nun, rosary"),
        "1,1",
    ),
    Tagged(
        "2people, couple under umbrella, man in grey coat, woman in beige trench coat",
        ("1person, man, grey coat, couple under umbrella", "1person, woman, beige trench coat, couple under umbrella"),
        "1,1",
    ),
    Tagged(
        "1girl, asuka langley, red plugsuit, 1girl, rei ayanami, white plugsuit",
        ("1girl, asuka langley, red plugsuit", "1girl, rei ayanami, white plugsuit"),
        "1,1",
    ),
    Tagged(
        "1boy, baseball uniform, bat, 1girl, cheerleader, pom poms",
        ("1boy, baseball uniform, bat", "1girl, cheerleader, pom poms"),
        "1,1",
    ),
    Tagged("2girls with pink and green hair, cafe", ("1girl, pink hair, cafe", "1girl, green hair, cafe"), "1,1"),
    Tagged(
        "3boys, band, guitarist with mohawk, drummer shirtless, singer with leather jacket",
        ("1boy, guitarist, mohawk, band", "1boy, drummer shirtless, band", "1boy, singer, leather jacket, band"),
        "1,1,1",
    ),
    Tagged(
        "1girl, black dress, standing in front of 1boy, white suit, ballroom",
        ("1boy, white suit, ballroom", "1girl, black dress, standing, ballroom"),
        "1;1",
    ),
    Tagged("1girl, red hair, hugging 1boy, blue hair", ("1girl, red hair, hugging 1boy, blue hair",), "1"),
    Tagged("2girls, school, toast in mouth", ("1girl, toast in mouth, school", "1girl, toast in mouth, school"), "1,1"),
    Tagged("cat and dog, orange cat on the left, brown dog on the right", ("orange cat", "brown dog"), "1,1"),
    Tagged(
        "1other, robot, rusty, single glowing eye, 1girl, small child, yellow raincoat, holding hands",
        (
            "1other, robot, rusty, single glowing eye, holding hands",
            "1girl, small child, yellow raincoat, holding hands",
        ),
        "10,7",
    ),
    Tagged(
        "1girl, 1boy, princess zelda in white dress, link in blue tunic, back-to-back",
        ("1girl, princess zelda, white dress, back-to-back", "1boy, link, blue tunic, back-to-back"),
        "1,1",
    ),
    Tagged(
        "1girl, 1boy, hatsune miku, kagamine len, miku holding leek, len holding banana, stage",
        ("1girl, hatsune miku, holding leek, stage", "1boy, kagamine len, holding banana, stage"),
        "1,1",
    ),
    Tagged(
        "a maid and a butler, 1girl, 1boy, maid with silver hair, butler with black hair",
        ("1girl, maid, silver hair", "1boy, butler, black hair"),
        "1,1",
    ),
    Tagged(
        "2girls, princess peach, princess daisy, garden, pink dress, yellow dress",
        ("1girl, princess peach, pink dress, garden", "1girl, princess daisy, yellow dress, garden"),
        "1,1",
    ),
    Tagged(
        "1girl, asuna (sword art online), 1boy, kirito, black coat, white dress",
        ("1girl, asuna (sword art online), white dress", "1boy, kirito, black coat"),
        "1,1",
    ),
    Tagged(
        "1girl, solo, black cat on her lap, cream sweater",
        ("1girl, solo, cream sweater", "black cat on her lap"),
        "1;1",
    ),
    Tagged(
        "hatsune miku, kagamine rin, 2girls, stage, miku on the left, rin on the right, singing",
        ("1girl, hatsune miku, stage", "1girl, kagamine rin, singing, stage"),
        "1,1",
    ),
    Tagged(
        "1girl, red cap, pikachu on her shoulder, eevee at her feet, tall grass field",
        (
            "pikachu on her shoulder, tall grass field",
            "eevee at her feet, tall grass field",
            "1girl, red cap, tall grass field",
            "eevee at her feet, tall grass field",
        ),
        "1,1,1;1,1,1",
    ),
    Tagged(
        "4girls, rock band, red hair girl with guitar, blue hair girl with bass, green hair girl on drums, "
        "blonde girl singing",
        (
            "1girl, red hair, guitar, rock band",
            "1girl, blue hair, bass, rock band",
            "1girl, green hair on drums, rock band",
            "1girl, blonde girl, singing, rock band",
        ),
        "1,1,1,1",
    ),
)
