"""A keyword in the grammatical forms that sentence frames ask for."""

import re
from functools import lru_cache

from igny8_assets.ai.offline.grammar import NounPhrase, article, noun_phrase, with_article
from igny8_assets.ai.offline.patterns import Pattern, Reading
from igny8_assets.ai.offline.wording import capitalised, listed

_LONGEST_WORDS = 9
_LONGEST_CHARACTERS = 70
_FINAL_YEAR = re.compile(r"(?<!of)(?<!in) ((?:19|20)\d\d)$")
_PRICE_NOUN = re.compile(r"\b(?:prices?|pricing|costs?|fees?|rates?)\b", re.IGNORECASE)
_ACTIVITY = re.compile(
    r"^(?:making|building|choosing|creating|writing|getting|finding|installing|removing|improving|reducing|learning|"
    r"fixing|comparing|buying|using|starting|growing|calculating)\b .",
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
        (after "about"), `vp` (after "to", "you", "can"), `ving` (an activity). Where the keyword is about a thing also
        `core`, `one`, `many`, `any`, `your`, `right`; `purpose`; for a comparison `a`, `b`
        and `sides`; for a question `question`. A missing form is a missing key: frames that need it are not used.
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
    if reading.core and _names_a_thing(reading):
        forms |= _core_forms(noun_phrase(reading.core))
    if reading.purpose:
        forms["purpose"] = reading.purpose
    if reading.sides:
        sides = _sides(reading)
        forms |= {"a": sides[0], "b": sides[-1], "sides": listed(sides)}
    if reading.pattern is Pattern.QUESTION:
        forms["question"] = capitalised(text) + "?"
    return forms


def _core_forms(core: NounPhrase) -> dict[str, str]:
    forms = {"core": core.bare, "one": core.one, "many": core.many}
    if core.takes_determiner:
        forms |= {"any": f"any {core.bare}", "right": f"the right {core.bare}", "your": f"your {core.bare}"}
    return forms


def _sides(reading: Reading) -> list[str]:
    """The sides with articles, if each plainly is one counted thing: "a moka pot" but "pour over"."""
    if all(with_article(f"use {side}") != f"use {side}" for side in reading.sides):
        return [f"{article(side)} {side}" for side in reading.sides]
    return list(reading.sides)


def _sentence_forms(reading: Reading, *, commercial: bool) -> dict[str, str]:  # noqa: PLR0911 one line per pattern
    text, quoted = reading.text, f"“{reading.text}”"
    match reading.pattern:
        case Pattern.HOW_TO:
            action = with_article(reading.action)
            how = text if text.lower().startswith("how to ") else f"how to {action}"
            return _forms(f"the steps to {action}", how, action, f"learning how to {action}")
        case Pattern.COMPARISON:
            choice = f"between {listed(_sides(reading))}"
            return _forms(f"the choice {choice}", text, f"choose {choice}", f"choosing {choice}")
        case Pattern.QUESTION:
            np = f"the question {quoted}"
            return _forms(np, np, f"ask {quoted}", f"asking {quoted}")
        case Pattern.BUY if reading.action:
            action = with_article(reading.action)
            verb, _, rest = action.partition(" ")
            doing = {"buy": "buying", "get": "getting", "order": "ordering", "find": "finding", "shop": "shopping"}
            ving = f"{doing[verb.lower()]} {rest}" if verb.lower() in doing else f"setting out to {action}"
            return _forms(f"the decision to {action}", f"where to {action}", action, ving)
        case Pattern.NEAR if reading.core:
            core = noun_phrase(reading.core)
            np = f"{core.one} near you"
            return _forms(np, f"{core.many} near you", f"find {np}", f"finding {np}")
        case Pattern.REVIEW if reading.core:
            core = noun_phrase(reading.core)
            np = f"reviews of {core.many if 'reviews' in text.lower() or core.plural else 'the ' + core.bare}"
            return _forms(np, np, f"read {np}", f"reading {np}")
        case Pattern.BEST:
            best = text if text.lower().startswith(("best", "top", "recommended")) else f"best {reading.core or text}"
            best = _FINAL_YEAR.sub(r" of \1", best)
            return _forms(f"the {best}", f"the {best}", f"find the {best}", f"finding the {best}")
        case Pattern.PRICE if reading.core and _PRICE_NOUN.search(text):
            core = noun_phrase(reading.core)
            prices = f"prices for {core.many}"
            return _forms(f"the price of {core.one}", prices, f"compare {prices}", f"comparing {prices}")
        case Pattern.THING if _ACTIVITY.match(text):
            return _forms(text, text, f"start {text}", text)
        case Pattern.PROBLEM:
            np = text if noun_phrase(text).plural else f"the problem {quoted}"
            return _forms(np, np, f"deal with {np}", f"dealing with {np}")
        case Pattern.DEFINITION if reading.core:
            np = f"the meaning of {reading.core}"
            return _forms(np, np, f"learn {np}", f"learning {np}")
    return _plain_forms(reading, commercial=commercial)


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
