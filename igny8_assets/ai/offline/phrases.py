"""A keyword in the grammatical forms that sentence frames ask for."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from igny8_assets.ai.offline.grammar import NounPhrase, article, noun_phrase, with_article
from igny8_assets.ai.offline.patterns import Pattern, Reading
from igny8_assets.ai.offline.wording import capitalised, listed

_LONGEST_WORDS = 9
_LONGEST_CHARACTERS = 70
_FINAL_YEAR = re.compile(r"(?<!of)(?<!in) ((?:19|20)\d\d)$")
_PRICE_NOUN = re.compile(r"\b(?:prices?|pricing|costs?|fees?)\b", re.IGNORECASE)
# "How fine to grind" asks without being a sentence, so it takes no question mark.
_NO_SENTENCE = re.compile(r"^(?:how \w+|what|when|where|which \w+|why|who) to\b", re.IGNORECASE)
_ACTIVITY = re.compile(
    r"^(?:making|building|choosing|creating|writing|getting|finding|installing|removing|improving|reducing|learning|"
    r"fixing|comparing|buying|using|starting|growing|calculating|storing|"
    r"freezing|replacing|repairing|losing|saving)\b .",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def phrases(reading: Reading, *, commercial: bool) -> dict[str, str]:
    """Turn a keyword into phrases that are right in any English sentence of the frames.

    Args:
        reading: The keyword as it was understood.
        commercial: Whether its readers want to choose something, rather than to understand it.

    Returns:
        `text` (verbatim) and `quoted`; `np` (a noun phrase, never the subject of a verb that shows number), `about`
        (after "about"), `vp` (after "to", "you", "can"), `ving` (an activity) and `named` (for a row of keywords). If
        the keyword is about a thing also `core`, `one`, `many`, `any`, `your`, `right`; `purpose`; for a comparison
        `a`, `b` and `sides`; for a question `ask` and, if it is a whole sentence, `question`. A missing form is a
        missing key: frames that need it are not used.
    """
    text = reading.text
    forms = {"text": text, "quoted": f"“{text}”"}
    if len(text.split()) > _LONGEST_WORDS or len(text) > _LONGEST_CHARACTERS:
        return forms | {
            "np": "this topic",
            "about": "this topic",
            "vp": "look into this topic",
            "ving": "looking into this topic",
        }
    forms |= _sentence_forms(reading, commercial=commercial)
    forms["named"] = forms["quoted"] if forms["about"].startswith("this ") else forms["about"]
    if reading.core and _names_a_thing(reading):
        forms |= _core_forms(noun_phrase(reading.core))
    if reading.purpose:
        forms["purpose"] = reading.purpose
    if reading.sides:
        sides = _sides(reading)
        forms |= {"a": sides[0], "b": sides[-1], "sides": listed(sides)}
    if reading.pattern is Pattern.QUESTION:
        if not _NO_SENTENCE.match(text):
            forms["question"] = capitalised(text) + "?"
        forms["ask"] = forms.get("question", capitalised(text))
    return forms


def _core_forms(core: NounPhrase) -> dict[str, str]:
    forms = {"core": core.bare, "one": core.one, "many": core.many}
    if core.takes_determiner:
        forms |= {"any": f"any {core.bare}", "right": f"the right {core.bare}", "your": f"your {core.bare}"}
    return forms


def _sides(reading: Reading) -> list[str]:
    """The sides with articles where they plainly are one counted thing: "a moka pot" but "pour over"."""
    counted = [with_article(f"use {side}") != f"use {side}" for side in reading.sides]
    if counted[-1] and not counted[0]:
        # "Aluminum vs steel kettle": the sides share their noun, so none of them is whole before it.
        return list(reading.sides)
    pairs = zip(reading.sides, counted, strict=True)
    return [f"{article(side)} {side}" if is_counted else side for side, is_counted in pairs]


def _sentence_forms(reading: Reading, *, commercial: bool) -> dict[str, str]:
    own = _OWN_FORMS.get(reading.pattern)
    return (own and own(reading)) or _plain_forms(reading, commercial=commercial)


def _how_to(reading: Reading) -> dict[str, str]:
    action = with_article(reading.action)
    how = reading.text if reading.text.lower().startswith("how to ") else f"how to {action}"
    return _forms(f"the steps to {action}", how, action, f"learning how to {action}")


def _comparison(reading: Reading) -> dict[str, str]:
    choice = f"between {listed(_sides(reading))}"
    return _forms(f"the choice {choice}", reading.text, f"choose {choice}", f"choosing {choice}")


def _question(reading: Reading) -> dict[str, str]:
    if not reading.core:
        return _forms("this question", "this question", "look into this question", "looking into this question")
    core = noun_phrase(reading.core)
    return _forms(core.one, core.many, f"learn about {core.many}", f"learning about {core.many}")


def _buy(reading: Reading) -> dict[str, str] | None:
    if not reading.action:
        return None
    action = with_article(reading.action)
    verb, _, rest = action.partition(" ")
    doing = {"buy": "buying", "get": "getting", "order": "ordering", "find": "finding", "shop": "shopping"}
    ving = f"{doing[verb.lower()]} {rest}" if verb.lower() in doing else f"setting out to {action}"
    return _forms(f"the decision to {action}", f"where to {action}", action, ving)


def _near(reading: Reading) -> dict[str, str] | None:
    if not reading.core:
        return None
    core = noun_phrase(reading.core)
    np = f"{core.one} near you"
    return _forms(np, f"{core.many} near you", f"find {np}", f"finding {np}")


def _review(reading: Reading) -> dict[str, str] | None:
    if not reading.core:
        return None
    core = noun_phrase(reading.core)
    of_many = "reviews" in reading.text.lower() or core.plural or not core.takes_determiner
    # A single word that is no common noun is most likely a name.
    is_name = " " not in core.bare and with_article(f"use {core.bare}") == f"use {core.bare}"
    np = f"reviews of {core.many if of_many else core.bare if is_name else 'the ' + core.bare}"
    return _forms(np, np, f"read {np}", f"reading {np}")


def _best(reading: Reading) -> dict[str, str]:
    leads = reading.text.lower().startswith(("best", "top", "recommended"))
    best = "the " + _FINAL_YEAR.sub(r" of \1", reading.text if leads else f"best {reading.core or reading.text}")
    if not reading.core:
        return _forms(best, best, f"find {best}", f"finding {best}")
    one = noun_phrase(reading.core + (f" for {reading.purpose}" if reading.purpose else "")).one
    return _forms(best, best, f"choose {one}", f"choosing {one}")


def _price(reading: Reading) -> dict[str, str] | None:
    if not reading.core or not _PRICE_NOUN.search(reading.text):
        return None
    core = noun_phrase(reading.core)
    prices = f"prices for {core.many}"
    return _forms(f"the price of {core.one}", prices, f"compare {prices}", f"comparing {prices}")


def _activity(reading: Reading) -> dict[str, str] | None:
    text = reading.text
    return _forms(text, text, f"start {text}", text) if _ACTIVITY.match(text) else None


def _problem(reading: Reading) -> dict[str, str]:
    np = reading.text if noun_phrase(reading.text).plural else "this problem"
    return _forms(np, np, f"deal with {np}", f"dealing with {np}")


def _definition(reading: Reading) -> dict[str, str] | None:
    np = f"the meaning of {reading.core}"
    return _forms(np, np, f"learn {np}", f"learning {np}") if reading.core else None


def _names_a_thing(reading: Reading) -> bool:
    match reading.pattern:
        case Pattern.CASE_STUDY | Pattern.NEWS:
            return False
        case Pattern.PROBLEM:
            return noun_phrase(reading.text).plural
        case Pattern.THING:
            return not _ACTIVITY.match(reading.text)
    return True


def _plain_forms(reading: Reading, *, commercial: bool) -> dict[str, str]:
    noun = noun_phrase(reading.text if reading.pattern is not Pattern.THING else reading.core)
    verb, doing = {
        Pattern.PRICE: ("look for", "looking for"),
        Pattern.RESOURCE: ("use", "using"),
        Pattern.LIST: ("explore", "exploring"),
        Pattern.ALTERNATIVE: ("look for", "looking for"),
        Pattern.NEWS: ("follow", "following"),
        Pattern.CASE_STUDY: ("read", "reading"),
        Pattern.DEFINITION: ("learn", "learning"),
        Pattern.THING: ("choose", "choosing") if commercial else ("learn about", "learning about"),
    }.get(reading.pattern, ("look for", "looking for"))
    target = noun.many if verb in {"learn about", "explore", "follow"} else noun.one
    return _forms(noun.one, noun.many, f"{verb} {target}", f"{doing} {target}")


def _forms(np: str, about: str, vp: str, ving: str) -> dict[str, str]:
    return {"np": np, "about": about, "vp": vp, "ving": ving}


_OWN_FORMS: Mapping[Pattern, Callable[[Reading], dict[str, str] | None]] = {
    Pattern.HOW_TO: _how_to,
    Pattern.COMPARISON: _comparison,
    Pattern.QUESTION: _question,
    Pattern.BUY: _buy,
    Pattern.NEAR: _near,
    Pattern.REVIEW: _review,
    Pattern.BEST: _best,
    Pattern.PRICE: _price,
    Pattern.THING: _activity,
    Pattern.PROBLEM: _problem,
    Pattern.DEFINITION: _definition,
}
