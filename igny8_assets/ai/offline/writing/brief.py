"""A brief as the writer sees it: its topics understood, its length settled."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from igny8_assets.ai.offline.patterns import Pattern, read_keyword
from igny8_assets.ai.offline.phrases import phrases
from igny8_assets.ai.offline.wording import capitalised, clean
from igny8_assets.ai.schemas import ContentBriefInput
from igny8_assets.vocabulary import ContentStructure, ContentType, Intent

_SHORTEST = 480
_CHOICE_INTENTS = {Intent.COMMERCIAL, Intent.TRANSACTIONAL}
_CHOICE_STRUCTURES = {ContentStructure.BUYERS_GUIDE, ContentStructure.REVIEW, ContentStructure.ROUND_UP}
_CHOICE_TYPES = {ContentType.LANDING_PAGE, ContentType.PRODUCT_PAGE, ContentType.CATEGORY_PAGE}
_DOING_STRUCTURES = {ContentStructure.HOW_TO, ContentStructure.TUTORIAL, ContentStructure.CASE_STUDY}
_LONGER = re.compile(r"\b(?:longer|too short|more (?:detail|depth|words|text)|thin|expand|lengthen)\b", re.IGNORECASE)
_SHORTER = re.compile(r"\b(?:shorter|too long|shorten|cut (?:it )?down|less text|wordy|concise)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Topic:
    """One keyword that the draft treats; `commercial` if its searchers want to choose something."""

    text: str
    pattern: Pattern
    slots: dict[str, str]
    commercial: bool

    @property
    def theme(self) -> str:
        """The name of its frames."""
        if self.pattern is Pattern.THING:
            return "thing-choosing" if self.commercial else "thing-learning"
        return str(self.pattern)


@dataclass(frozen=True)
class Brief:
    """What the draft is to be."""

    asked: ContentBriefInput

    @property
    def structure(self) -> ContentStructure:
        """How the text is built."""
        return self.asked.content_structure

    @cached_property
    def commercial(self) -> bool:
        """Whether its readers want to choose something, rather than to understand or do it."""
        if self.structure in _CHOICE_STRUCTURES or self.asked.content_type in _CHOICE_TYPES:
            return True
        return self.structure not in _DOING_STRUCTURES and bool(_CHOICE_INTENTS & set(self.asked.intents))

    @cached_property
    def title(self) -> str:
        """The title on one line."""
        return clean(self.asked.title)

    @cached_property
    def topic(self) -> Topic:
        """The keyphrase."""
        topic = _topic(self.asked.keyphrase, commercial=self.commercial)
        site = clean(self.asked.site_name)
        return replace(topic, slots=topic.slots | {"site": site}) if site else topic

    @cached_property
    def supporting(self) -> tuple[Topic, ...]:
        """The other keywords, each once, in the brief's order."""
        seen = {_key(self.topic.text)}
        topics = []
        for keyword in self.asked.supporting_keywords:
            intents = set(keyword.intents)
            choosing = bool(_CHOICE_INTENTS & intents) if intents else self.commercial
            topic = _topic(keyword.text, commercial=choosing)
            if _key(topic.text) not in seen:
                seen.add(_key(topic.text))
                topics.append(topic)
        return tuple(topics)

    @cached_property
    def words(self) -> int:
        """Words to aim at, after what the reviewer said about the last version's length."""
        reason = self.asked.rejection_reason or ""
        factor = 1.3 if _LONGER.search(reason) else 0.75 if _SHORTER.search(reason) else 1.0
        return max(_SHORTEST, round(self.asked.word_target * factor))

    @cached_property
    def seed(self) -> str:
        """What varies the choice of words: another topic or another rejection gives another text."""
        asked = self.asked
        return "\x1f".join((asked.keyphrase, asked.title, asked.content_structure, asked.rejection_reason or ""))


def _topic(keyword: str, *, commercial: bool) -> Topic:
    reading = read_keyword(keyword)
    slots = dict(phrases(reading, commercial=commercial))
    slots["label"] = capitalised(reading.text)
    if reading.pattern is Pattern.HOW_TO:
        slots["how"] = capitalised(slots["about"] if slots["about"].startswith("how") else reading.text)
    return Topic(reading.text, reading.pattern, slots, commercial)


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
