"""Finds whom a verb is directed at: "a cat facing a dog", "smiling at a policeman", "playing chess with an alien"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import is_plural
from lib_rpg.planner.language.prompt_tokens import NUMBER
from lib_rpg.planner.offline.grammar.cursor import Words
from lib_rpg.planner.offline.grammar.finite_verbs import is_infinitive
from lib_rpg.planner.offline.grammar.kinds import PART, PERSON, class_of, is_animate, is_held
from lib_rpg.planner.offline.grammar.nouns import Noun, noun
from lib_rpg.planner.offline.grammar.verbs import is_participle
from lib_rpg.planner.offline.reading.lookahead import names_part
from lib_rpg.planner.offline.reading.model import Thing
from lib_rpg.planner.offline.reading.referents import all_animate

CONFRONTS = lex.word_set(
    "facing fighting attacking battling confronting looking staring glaring watching dueling besieging racing chasing "
    "pursuing overtaking kneeling bowing standing dancing meeting greeting interviewing following examining "
    "inspecting photographing filming sketching teaching scolding lecturing guarding saluting arresting handcuffing "
    "interrogating admiring hunting stalking cornering pestering serving herding training tempting startling scaring "
    "frightening surprising blocking dodging conducting challenging taunting teasing mocking threatening ambushing "
    "serenading courting wooing rescuing capturing "
    "punching kicking biting slaying stabbing shooting zapping lassoing sniffing licking helping assisting treating "
    "healing bandaging shaving welcoming approaching visiting consoling instructing coaching measuring defeating "
    "kidnapping comforting tickling annoying blessing crowning knighting applauding judging ignoring imitating"
)
_RAIDS = lex.word_set(
    "attacking besieging battling fighting chasing pursuing circling destroying smashing crushing ramming ransacking "
    "raiding robbing burgling looting boarding storming wrecking toppling encircling sinking guarding plundering "
    "pillaging invading demolishing hijacking devouring swarming trampling engulfing hitting swallowing gulping"
)  # also what has no life has a place of its own
STRIKES = lex.word_set("colliding crashing bumping smashing slamming ramming")
_CRASHES = STRIKES | lex.word_set("plowing ploughing")
_INTO = lex.word_set("with into against")
_TOWARDS = lex.word_set("at before to against")  # "looking at a mouse", "kneeling before a queen"
_TURNED = lex.word_set(
    "at before to for against towards toward after"
)  # "smiling at a policeman", "singing for a king"
_BEHIND_THE_LENS = lex.word_set("viewer camera photographer lens")  # "looks straight at the viewer"
_GOALS = lex.LARGE | lex.word_set("island castle mountain volcano portal gate door")
_GOING = lex.word_set("after to toward towards")
_LEADS = lex.word_set("to for from after toward towards at before")
_HAULS = lex.word_set("pulling towing lifting pushing hauling guiding escorting dragging rescuing")
_GAMES = lex.word_set("chasing kicking flying pursuing")
_SIGNS = lex.word_set(
    "barking growling hissing roaring "
    "waving smiling talking bowing winking grinning nodding shouting yelling whispering singing laughing"
)
_LOOKS = lex.word_set("looking staring gazing peering glaring pointing")
_RAIDED = frozenset({"vehicle", "building", "artifact", "container", "furniture", "plant", "object"})
_UP_OR_DOWN = lex.word_set("up down back over across out")
_NO_MEETING = lex.word_set(
    "leading belonging turning changing transforming praying waiting searching"
)  # "turning to a frog"
_HANDS = lex.word_set("hand hands paw arm shoulder")
_TOGETHER = lex.word_set(
    "having playing dancing fighting talking arguing sharing dueling chatting battling racing dining drinking "
    "shaking trading gambling sparring debating boxing haggling bargaining negotiating quarreling quarrelling flirting "
    "wrestling bickering arguing competing"
)


def other_actor(words: Words, i: int, verb: str, actors: Sequence[Thing]) -> tuple[int, int] | None:
    """The end of the verb at i, and where the other one is named; None where it is the actor's own, or a crowd.

    verb: its -ing form.
    """
    if words.low(i + 1) == "by" and is_participle(words, i):
        agent = noun(words, i + 2)  # "a bride lifted by two groomsmen"
        return (i + 1, i + 2) if agent is not None and _is_someone_else(agent) else None
    crashes = verb in _CRASHES and words.low(i + 1) in _INTO
    engines = all(class_of(actor.noun) == "vehicle" for actor in actors)
    confronts = verb in CONFRONTS or verb in _RAIDS or crashes or (engines and verb in _HAULS)
    end, start = (i + 1, i + 2) if crashes else _end_and_start(words, i, confronts)
    if _is_game(words, end, verb, actors):
        return end, end
    if not confronts and (start == end or not verb.endswith("ing") or verb in _NO_MEETING):
        return None
    other = noun(words, start)
    if other is None or names_part(other) or not actors or other.noun in _BEHIND_THE_LENS:
        return None
    if other.bare and any(actor.determiners or actor.tag for actor in actors):
        return None  # but "samurai duels skeleton"
    taught = start > end or is_infinitive(words, other.end)  # "teaching his son to ride a bicycle"
    if other.determiner in lex.POSSESSIVES and not (class_of(other.noun) == PERSON and taught):
        return None
    if is_animate(other.noun):
        make = any(token.kind == NUMBER for token in other.words)  # "a Porsche racing against a 1969 Mustang"
        own = (
            all_animate(actors) or (engines and verb in _RAIDS | _HAULS) or verb in _SIGNS or _are_names(actors) or make
        ) and (confronts or other.noun not in lex.COMPANIES)
        return (end, start) if own else None
    raids = crashes or (verb in _RAIDS and start == end)
    if raids and other.count is not None and class_of(other.noun) in _RAIDED:
        return end, start  # "an octopus attacks an old ship", "a taxi collides with a fruit cart"
    seen = verb in _LOOKS and start > end and other.determiner in ("a", "an") and not is_held(other.noun)
    if seen and class_of(other.noun) in _RAIDED:
        return end, start  # "a goose looking at a typewriter"
    nouns = [other.noun, *(actor.noun for actor in actors)]
    if words.low(start - 1) in _GOING and (other.noun in _GOALS or _is_goal(words, start, other)):
        return end, start  # "a raft drifts toward an island", "a bride runs after a bus"
    ride = confronts and all(class_of(low) == "vehicle" for low in nouns)
    return (end, start) if ride else None  # "a speedboat racing a ferry"


def _is_goal(words: Words, start: int, other: Noun) -> bool:
    """ "(a boat sailing towards) a rubber duck": whether a thing by itself is where someone goes."""
    toward = words.low(start - 1) in ("toward", "towards") and other.determiner in ("a", "an")
    return toward and class_of(other.noun) not in ("", PART, "phenomenon", "place", "object")


def _is_game(words: Words, i: int, verb: str, actors: Sequence[Thing]) -> bool:
    """ "two dogs chase a frisbee", "two kids fly a kite": whether several share the one thing at i."""
    toy = noun(words, i) if verb in _GAMES and sum(actor.count for actor in actors) > 1 else None
    return toy is not None and toy.count == 1 and not toy.bare and toy.determiner not in lex.POSSESSIVES


def _are_names(actors: Sequence[Thing]) -> bool:
    """ "Godzilla fighting a giant robot"."""
    return all(not actor.determiners and actor.words[0].text[0].isupper() for actor in actors)


def _is_someone_else(other: Noun) -> bool:
    """Whether it is a person or an animal with an article or a number, who is no part of the one before."""
    given = not other.bare and other.determiner not in lex.POSSESSIVES and other.noun not in _BEHIND_THE_LENS
    return given and is_animate(other.noun) and not names_part(other)


def leads_to_someone(words: Words, i: int) -> bool:
    """ "(sliding a latte across the counter) to a customer": whether the preposition at i leads to someone else."""
    other = noun(words, i + 1) if words.low(i) in _LEADS else None
    dressed = other is not None and words.low(other.end) in ("in", "with", "wearing")
    if other is not None and dressed and class_of(other.noun) == PERSON and other.noun not in _BEHIND_THE_LENS:
        return True  # "(reading a book) to her brother in blue pajamas"
    kin = other is not None and other.determiner in lex.POSSESSIVES and words.low(i) in ("to", "for")
    if other is not None and kin and class_of(other.noun) == PERSON and not is_plural(other.words[-1].low):
        return True  # "(saying goodbye) to his wife"
    if other is None or not _is_someone_else(other):
        return False
    crowd = any(token.low == "of" for token in other.words) or other.vague.endswith(" of")  # "to a queue of children"
    return crowd or other.noun not in lex.COMPANIES - {"couple"}


def _end_and_start(words: Words, i: int, confronts: bool) -> tuple[int, int]:
    """The end of the verb, and past its preposition: "smiling | at | a policeman", "holding the hand | of | a bear"."""
    worn = class_of(words.low(i + 2)) == PART and words.low(i + 1) in lex.ARTICLES
    if (words.low(i + 2) in _HANDS or worn) and words.low(i + 3) == "of":
        return i + 3, i + 4  # also "eating the ribbon of a sleeping musician"
    if words.low(i + 1) in _HANDS and words.low(i + 2) == "of":
        return i + 2, i + 3  # "holding hand of her daughter"
    owner = noun(words, i + 4) if words.low(i + 1) == "the" and words.low(i + 3) == "of" else None
    someone = owner is not None and owner.determiner in ("a", "an") and class_of(owner.noun) == PERSON
    if owner is not None and someone and words.low(owner.end) in ("with", "in", "wearing"):
        return i + 3, i + 4  # "refills the coffee of a trucker with a grey beard"
    end = i + 1 + (words.low(i + 1) in _UP_OR_DOWN)
    leads = _TOWARDS if confronts and end == i + 1 else _TURNED
    return end, end + (words.low(end) in leads)


def act_together(actor: Thing, link: str = "with") -> bool:
    """Whether who comes behind "with" does the same: "an astronaut playing chess with an alien"."""
    said = (token for segment in actor.trailing for token in (segment[:1] if link == "with" else segment))
    return any(token.low in _TOGETHER for token in said)  # "in white fighting" against somebody
