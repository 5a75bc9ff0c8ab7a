"""Names groups of keywords after their most searched keyword, and says what a group covers."""

from collections import Counter
from collections.abc import Sequence

from igny8_assets.ai.offline.word_lists import FUNCTION_WORDS
from igny8_assets.ai.offline.wording import capitalised, clip, inline, listed, title_case
from igny8_assets.ai.schemas import AutoClusterInput, AutoClusterOutput, ClusterName, GroupToName, KeywordFacts

_LONGEST_NAME = 120
_LONGEST_DESCRIPTION = 500
_LONGEST_WORD = 30
# A word that nearly all keywords share is the topic itself and tells none of them apart.
_SHARED = 0.8
_MODIFIERS = 4


def name_clusters(asked: AutoClusterInput) -> AutoClusterOutput:
    """Name every group that was asked about, in its order; names differ from one another.

    The words of a description are English whatever the language is.
    """
    taken: set[str] = set()
    return AutoClusterOutput(clusters=[_named(group, taken) for group in asked.groups])


def name_after(keyword: str) -> str:
    """What a cluster is called after this keyword: a title of at most 120 characters."""
    return clip(capitalised(title_case(inline(keyword))), _LONGEST_NAME)


def prevailing_intent(keywords: Sequence[KeywordFacts]) -> str:
    """The intent that most of the keywords bear, or an empty text if none bears any."""
    counts = Counter(str(intent) for keyword in keywords for intent in keyword.intents)
    return min(counts, key=lambda intent: (-counts[intent], intent)) if counts else ""


def telling_words(texts: Sequence[str]) -> list[str]:
    """The words that set some of the keywords apart from the others, the most frequent first."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({word for word in inline(text).split() if _tells(word)})
    limit = max(2.0, _SHARED * len(texts))
    telling = [word for word, count in counts.items() if 1 < count < limit]
    return sorted(telling, key=lambda word: (-counts[word], word))


def _tells(word: str) -> bool:
    return word.lower() not in FUNCTION_WORDS and any(map(str.isalnum, word)) and len(word) <= _LONGEST_WORD


def _named(group: GroupToName, taken: set[str]) -> ClusterName:
    # Compared as they are shown: two long keywords may begin alike.
    names = [name_after(keyword.text) for keyword in group.keywords]
    fresh = next((name for name in names if name.casefold() not in taken), None)
    name = fresh or f"{clip(names[0], _LONGEST_NAME - 15)} {group.id}"
    taken.add(name.casefold())
    return ClusterName(id=group.id, name=name, description=clip(_description(group.keywords), _LONGEST_DESCRIPTION))


def _description(keywords: Sequence[KeywordFacts]) -> str:
    # No figures: keywords come and go, and what shows the description shows them as they are.
    sentences = [f"What people search around “{clip(inline(keywords[0].text), 150)}”."]
    known = {word.rstrip("s") for word in inline(keywords[0].text).split()}
    found = telling_words([keyword.text for keyword in keywords])
    if modifiers := [word for word in found if word.rstrip("s") not in known][:_MODIFIERS]:
        sentences.append(f"They often come with {listed(modifiers)}.")
    if intent := prevailing_intent(keywords):
        sentences.append(f"Prevailing intent: {intent}.")
    return " ".join(sentences)
