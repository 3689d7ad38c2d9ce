"""Finds the noun in a name of several words: the last one, but "a mouse named Pip", "a Boeing 747", "Captain Finch"."""

from __future__ import annotations

from collections.abc import Sequence

from lib_rpg.planner.language import words as lex
from lib_rpg.planner.language.inflection import singular
from lib_rpg.planner.language.lexicon import is_abstract_noun, is_common_verb
from lib_rpg.planner.language.prompt_tokens import NUMBER, WORD, Token
from lib_rpg.planner.offline.grammar.kinds import ANIMAL, class_of, is_adjective
from lib_rpg.planner.offline.grammar.numbers import model_length

_NAMED = ("named", "called")
TITLES = lex.word_set(
    "captain professor doctor doc sergeant lieutenant commander colonel major admiral inspector detective agent "
    "officer sheriff chef baron baroness count countess duke duchess lord lady sir dame prince princess king queen "
    "emperor empress pope bishop friar sister brother uncle aunt auntie grandma grandpa granny mother father master "
    "mistress madame mister mr mrs ms dr miss sensei saint nurse pilot judge mayor president knight wizard witch"
)


MAKES = lex.word_set(
    "harley ferrari porsche lamborghini camaro tesla cadillac chevy vespa bmw mercedes audi toyota honda volkswagen "
    "ford mustang corvette dodge chrysler subaru nissan mazda volvo jeep lincoln rolls-royce bentley fiat "
    "citroen peugeot renault datsun lexus bugatti maserati chevrolet pontiac buick mclaren"
)


def head_of(name: Sequence[Token]) -> int:
    """Which word of a name is the noun itself."""
    named = next((k for k in range(1, len(name) - 1) if name[k].low in _NAMED), 0)
    if named:
        return named - 1
    painted = next((k for k in range(1, len(name) - 1) if name[k].low in ("painted", "dyed", "tinted")), 0)
    if painted and class_of(name[painted - 1].low) and is_adjective(name[-1].low):
        return painted - 1  # "a wooden door painted mint green"
    last = len(name) - 1
    if not last:
        return 0
    made = next((k for k in range(len(name)) if name[k].low in MAKES), last)
    if class_of(name[last].low) != "vehicle" and made < last:
        return made  # "a 1957 Chevrolet Bel Air"
    if last and name[last].low == "full" and class_of(name[last - 1].low):
        return last - 1  # "a grey sofa full of pillows"
    if length := model_length(name[-3:]) or name[last].kind == NUMBER:
        return last - length
    return last - has_title(name)


def has_title(name: Sequence[Token]) -> bool:
    """Whether the last word is what someone is called whose title is before it: "Captain Finch", "professor orlo"."""
    if len(name) < 2 or name[-1].kind != WORD:
        return False
    title, called = name[-2], name[-1]
    if class_of(title.low) == ANIMAL and title.text.islower():
        return called.text[0].isupper() and not called.text.isupper()  # "my corgi Biscuit"
    if title.low not in TITLES:
        return False
    if title.text[0].isupper() and called.text[0].isupper():
        return class_of(called.low) in ("", ANIMAL)
    return not is_ordinary(called.low)


def is_proper(token: Token) -> bool:
    """Whether it is written as a name, and is no ordinary word: "Emma", "Lucas"."""
    return token.text[0].isupper() and not token.text.isupper() and not is_ordinary(singular(token.low))


_LISTED = lex.SCENE_WORDS | lex.MEDIA | lex.QUALITY_WORDS | lex.PLAIN_VERBS | lex.ADJECTIVES


def is_ordinary(low: str) -> bool:
    """Whether it is in a list of words, as few names are."""
    return bool(class_of(low)) or low in _LISTED or is_adjective(low) or is_common_verb(low) or is_abstract_noun(low)
