"""General names in tags, of what the tags name more exactly too: "vehicle, car", "bird, owl", "2dogs, husky, corgi"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural, singular
from lib_rpg.planner.language.prompt_tokens import COMMA, COMMA_TOKEN
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, PERSON, class_of, is_adjective, is_ing_verb
from lib_rpg.planner.offline.grammar.nouns import Noun
from lib_rpg.planner.offline.grammar.proper_names import MAKES
from lib_rpg.planner.offline.grammar.verbs import is_verb_form
from lib_rpg.planner.offline.reading.known_things import next_member
from lib_rpg.planner.offline.reading.lookahead import has_own_position
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.state import State

BREEDS = {
    "dog": lex.word_set(
        "retriever corgi husky poodle samoyed shiba labrador beagle dalmatian pug terrier bulldog shepherd collie "
        "dachshund rottweiler doberman chihuahua spaniel greyhound malamute pomeranian akita mastiff hound puppy "
        "setter pointer whippet vizsla weimaraner papillon schnauzer pinscher basenji inu"
    ),
    "cat": lex.word_set("siamese persian tabby calico sphynx shorthair ragdoll kitten bengal"),
    "horse": lex.word_set("palomino stallion mare foal mustang clydesdale friesian appaloosa"),
    "bird": lex.word_set(
        "parrot owl crow raven eagle hawk falcon robin sparrow pigeon dove macaw cockatoo finch penguin swan duck "
        "cardinal jay canary bluebird woodpecker magpie stork pelican albatross vulture condor ostrich emu turkey "
        "chicken rooster hen goose quail pheasant parakeet budgie lark nightingale wren "
        "flamingo peacock hummingbird kingfisher toucan seagull heron"
    ),
    "fish": lex.word_set("shark koi goldfish clownfish carp salmon tuna"),
    "insect": lex.word_set("butterfly bee beetle dragonfly moth ladybug mantis ant"),
    "snake": lex.word_set("cobra python viper rattlesnake anaconda boa"),
    "monkey": lex.word_set("gorilla chimpanzee orangutan baboon macaque ape"),
    "bear": lex.word_set("grizzly panda"),
    "bug": lex.word_set("beetle ant ladybug caterpillar"),
    "dinosaur": lex.word_set("tyrannosaurus triceratops raptor velociraptor stegosaurus"),
}
_MACHINES = lex.word_set("mecha mech robot android")
_NAMES = {
    **BREEDS,
    **{name: _MACHINES - {name} for name in _MACHINES},
    "flower": lex.word_set("rose lily tulip sunflower lotus orchid daisy hydrangea peony hibiscus dandelion poppy"),
    "fruit": lex.word_set("apple orange lemon strawberry banana cherry grape peach pear watermelon pineapple mango"),
    "aircraft": lex.word_set("airplane plane jet helicopter biplane fighter airship bomber"),
    "airplane": lex.word_set("jet biplane fighter bomber"),
    "watercraft": lex.word_set("ship boat sailboat yacht submarine canoe"),
    "spacecraft": lex.word_set("spaceship starship rocket shuttle"),
    "house": lex.word_set("cottage cabin hut villa mansion farmhouse bungalow chalet shack"),
    "boat": lex.word_set("canoe rowboat sailboat yacht dinghy gondola kayak raft trawler"),
    "tree": lex.word_set("oak pine birch maple willow palm fir"),
    "car": lex.word_set("coupe convertible limousine hatchback sedan roadster suv minivan pickup taxi jeep"),
}
_AGES = lex.word_set("old young elderly little poor")
_YOUNG = lex.word_set("boy girl child kid baby toddler schoolboy schoolgirl person")
_SEXES = {"man": lex.WOMEN, "woman": lex.MEN, "lady": lex.MEN, "gentleman": lex.WOMEN}
_GIRLS = lex.word_set("daughter granddaughter sister princess niece schoolgirl bride")
_BOYS = lex.word_set("son grandson brother prince nephew schoolboy groom")
_CLASSES = {
    "vehicle": "vehicle", "building": "building", "weapon": "weapon", "instrument": "instrument", "food": "food",
    "plant": "plant", "furniture": "furniture", "animal": ANIMAL, "creature": ANIMAL, "beast": ANIMAL,
    "monster": ANIMAL, "pet": ANIMAL,
}  # fmt: skip


def name_exactly(state: State, phrase: Noun) -> Thing | None:
    """The one thing whose general or exact name this piece is too; it has the exact one as its name from now on."""
    if (role := _role_before(state, phrase)) is not None:
        role.trailing.append((COMMA_TOKEN, *phrase.words))
        return role
    if not _is_piece(state, phrase) or is_plural(phrase.words[phrase.head].low):
        return None
    for thing in state.reading.things:
        if thing.count != 1 or thing.determiners or thing.tag or thing.host is not None:
            continue
        if is_exact(thing.noun, phrase.noun) and len(thing.words) == 1:
            thing.trailing.append((COMMA_TOKEN, *thing.words))
            thing.words, thing.head = list(phrase.words), phrase.head
            return thing
        behind = state.words.kind(phrase.start - 1) == COMMA and len(state.reading.things) == 1
        if behind and _is_role_of(thing, phrase):
            thing.trailing.append((COMMA_TOKEN, *phrase.words))
            return thing
        if (
            phrase.noun in MAKES and class_of(thing.noun) == "vehicle" and thing.noun not in MAKES
        ):  # "red sports car, ferrari f40"
            thing.trailing.append((COMMA_TOKEN, *phrase.words))
            return thing
        if is_exact(phrase.noun, thing.noun) and (len(phrase.words) == 1 or phrase.words[0].low == "motor"):
            thing.trailing.append((COMMA_TOKEN, *phrase.words))
            return thing
    return None


def _role_before(state: State, phrase: Noun) -> Thing | None:
    """ "a barista pouring milk, young man with round glasses": the one person, of whom it says what they look like."""
    things = state.reading.things
    looks = phrase.bare and len(phrase.words) > 1 and state.words.is_end(phrase.start - 1)
    if not looks or len(things) != 1 or not things[0].determiners or things[0].determiners[-1].low not in ("a", "an"):
        return None
    dressed = state.words.low(phrase.end) in ("with", "in", "wearing")
    return things[0] if dressed and things[0].count == 1 and _is_called(things[0], phrase) else None


def named_generally(state: State, phrase: Noun) -> Thing | None:
    """The one thing that a sentence speaks of by a general name: "a dachshund …. The dog is pleased"."""
    related = state.pending_relation is not None and len(phrase.words) == 1  # "a cottage, and in front of the house"
    if phrase.determiner != "the" or not (state.words.starts_clause(phrase.start) or related) or state.tag_style:
        return None
    if (several := _several_called(state, phrase)) is not None:
        return several
    if is_plural(phrase.words[phrase.head].low) or not {token.low for token in phrase.words[: phrase.head]} <= _AGES:
        return None
    behind = state.words.low(phrase.end)
    told = behind in lex.HAVE or behind in lex.BE or behind in lex.CLOTHED or behind in lex.BEHIND | {"in", "with"}
    acts = told or is_verb_form(state.words, phrase.end, False)
    fitting = [t for t in state.reading.things if is_exact(phrase.noun, t.noun) or (acts and _is_called(t, phrase))]
    if len(fitting) == 2 and (told_apart := _in_order(state, phrase, fitting)) is not None:
        return told_apart
    return fitting[0] if len(fitting) == 1 and fitting[0].count == 1 else None


def _several_called(state: State, phrase: Noun) -> Thing | None:
    """ "a mother and her two daughters, …, the girls in red boots": the only several who can be called so."""
    called = {"girl": _GIRLS, "boy": _BOYS, "child": _GIRLS | _BOYS, "kid": _GIRLS | _BOYS}.get(phrase.noun)
    if called is None or len(phrase.words) > 1 or not is_plural(phrase.words[0].low):
        return None
    found = [thing for thing in state.reading.things if thing.count > 1 and not thing.vague and thing.noun in called]
    return found[0] if len(found) == 1 else None


def _in_order(state: State, phrase: Noun, fitting: Sequence[Thing]) -> Thing | None:
    """ "a doctor and a nurse, the man in white, the woman in blue": one of two of any sex, in their order."""
    words = state.words
    named = [k for k in range(1, len(words)) if words.low(k) in _SEXES and words.low(k - 1) == "the"]
    if [words.low(k) for k in named] not in (["man", "woman"], ["woman", "man"]) or phrase.start + 1 not in named:
        return None
    return fitting[named.index(phrase.start + 1)]


def called_so(state: State, phrase: Noun) -> Thing | None:
    """The one thing that a relation leads to by a general name: "a cottage …, and in front of the house a garden"."""
    if phrase.determiner != "the" or len(phrase.words) > 1:
        return None
    fitting = [thing for thing in state.reading.things if is_exact(phrase.noun, thing.noun) and thing.count == 1]
    return fitting[0] if len(fitting) == 1 else None


def _is_role_of(thing: Thing, phrase: Noun) -> bool:
    """ "street vendor, old man": whether the first piece said what the one person of the picture does."""
    looks = len(phrase.words) > 1 and all(is_adjective(token.low) for token in phrase.words[: phrase.head])
    return looks and not thing.trailing and phrase.noun in _SEXES and _is_called(thing, phrase)


def _is_called(thing: Thing, phrase: Noun) -> bool:
    """Whether someone can be spoken of as "the man" or "the old woman": a grandfather, a nurse, but no girl."""
    if phrase.noun in ("girl", "boy"):
        return thing.noun in (_GIRLS if phrase.noun == "girl" else _BOYS)
    if phrase.words[0].low in ("old", "elderly") and thing.noun in _GIRLS | _BOYS - {"groom"}:
        return False  # "a fisherman and his grandson, the old man in a sweater"
    if (
        phrase.noun not in _SEXES
        or class_of(thing.noun) != PERSON
        or thing.noun in _YOUNG | lex.COMPANIES | _SEXES.keys()
    ):
        return False
    return thing.noun not in _SEXES[phrase.noun]


def of_breed(state: State, phrase: Noun) -> Thing | None:
    """The animal whose breed the piece is: "1dog, beach, golden retriever"; of "2dogs, husky, corgi" each has one."""
    behind = state.words.low(phrase.end)
    said = behind in ("with", "in") or is_ing_verb(behind) or has_own_position(state.words, phrase.end)
    alone = phrase.bare and state.words.is_end(phrase.start - 1)
    if not (alone and state.tag_style and (said or state.words.is_end(phrase.end))):
        return None
    animals = [thing for thing in state.reading.things if phrase.noun in BREEDS.get(thing.tag or thing.noun, ())]
    if len(animals) != 1 or (animals[0].count > 1 and not animals[0].tag):
        return None
    herd = animals[0]
    breeds = [token for token in state.words.tokens if singular(token.low) in BREEDS[herd.tag or herd.noun]]
    return next_member(herd) if len(breeds) == herd.count > 1 else herd


def names_breed(state: State, noun: str) -> bool:
    """Whether the noun is a breed of an animal that was named before: "3cats, siamese, tabby, calico"."""
    return any(noun in BREEDS.get(thing.tag or thing.noun, ()) for thing in state.reading.things)


def _is_piece(state: State, phrase: Noun) -> bool:
    return phrase.bare and state.words.is_end(phrase.start - 1) and state.words.is_end(phrase.end)


def is_exact(general: str, name: str) -> bool:
    """Whether something of this general name can have the other one too."""
    if general == "car" and name in MAKES - {"harley", "vespa"}:
        return True  # "a white Cadillac … the car"
    of = _CLASSES.get(general, "")
    return name in _NAMES.get(general, ()) or (bool(of) and name != general and class_of(name) == of)
