"""Valid answers to the text functions, made from what was asked and different for every question."""

import random
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256

from pydantic import BaseModel

from igny8_assets.ai.keyword_groups import GroupKeywordsInput, GroupKeywordsOutput, Joining, NewGroup
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    AutoClusterOutput,
    ClusterName,
    ContentBriefInput,
    ContentBriefOutput,
    ContentJoinInput,
    ContentJoinOutput,
    ContentMendInput,
    ContentSectionInput,
    ContentSectionOutput,
    Draft,
    FaqEntry,
    GenerateIdeasInput,
    GenerateIdeasOutput,
    GenerateImagePromptsInput,
    GenerateImagePromptsOutput,
    Idea,
    ImagePrompt,
    Lead,
    OutlineEntry,
)
from igny8_assets.vocabulary import ContentStructure, ContentType


def _listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(",")]


SUBJECTS = _listed("you,most people,a beginner,the careful buyer,every household,a good shop,the maker,an expert")
VERBS = _listed("can compare,will notice,should check,often keeps,may test,wants to know,rarely forgets,learns about")
OBJECTS = _listed(
    """the material,the weight,the price,the warranty,the size,the care it needs,the daily use,the noise,the colour,
    the spare parts,the delivery,the first week,the small print,the room it takes,the tools,the alternatives"""
)
ENDINGS = _listed(
    """before the decision,after a month,at home,in the shop,with a friend,on a quiet day,without hurry,step by step,
    for the long run,when the season changes,on a small budget,with a simple list"""
)
META = _listed(
    """what to know,what to check before you decide,how to choose well,what to keep for every day at home,and which
    small things make the large difference,in the end,for you and yours"""
)


def valid_answer(asked: BaseModel) -> BaseModel:
    """An answer that keeps to the schema and is about what was asked; the same question gets the same answer."""
    chance = random.Random(sha256(asked.model_dump_json().encode()).digest())
    answers: dict[type[BaseModel], Callable[..., BaseModel]] = {
        GroupKeywordsInput: _groups,
        AutoClusterInput: _cluster_names,
        GenerateIdeasInput: _ideas,
        ContentBriefInput: _brief,
        ContentSectionInput: _section,
        ContentJoinInput: _join,
        ContentMendInput: _mend,
        GenerateImagePromptsInput: _image_prompts,
    }
    return answers[type(asked)](asked, chance)


def _groups(asked: GroupKeywordsInput, chance: random.Random) -> GroupKeywordsOutput:
    """Keywords that share a word with a cluster's root join it; the others are together by their longest word."""
    joins, groups = defaultdict[int, list[int]](list), defaultdict[str, list[int]](list)
    for keyword in asked.keywords:
        words = keyword.text.split()
        home = next((one.id for one in asked.clusters if set(words) & set(one.root_keyword.split())), None)
        if home is None:
            groups[max(words, key=len)].append(keyword.id)
        else:
            joins[home].append(keyword.id)
    return GroupKeywordsOutput(
        joins=[Joining(cluster_id=home, keyword_ids=ids) for home, ids in joins.items()],
        groups=[NewGroup(keyword_ids=ids) for ids in groups.values() if len(ids) > 1],
        alone=[ids[0] for ids in groups.values() if len(ids) == 1],
    )


def _cluster_names(asked: AutoClusterInput, chance: random.Random) -> AutoClusterOutput:
    return AutoClusterOutput(
        clusters=[
            ClusterName(
                id=group.id,
                name=group.keywords[0].text[:110].title(),
                description=f"What people want to know about {group.keywords[0].text}."[:500],
            )
            for group in asked.groups
        ]
    )


def _ideas(asked: GenerateIdeasInput, chance: random.Random) -> GenerateIdeasOutput:
    structures = chance.sample(list(ContentStructure), k=len(ContentStructure))
    leading = asked.keywords[: asked.ideas_wanted]
    return GenerateIdeasOutput(
        ideas=[
            Idea(
                title=f"{keyword.text[:100].capitalize()}: {structures[place]} ({keyword.id})",
                description=f"Answers what searchers of {keyword.text} want to know.",
                content_type=ContentType.BLOG_POST,
                content_structure=structures[place],
                keyword_ids=[other.id for other in asked.keywords[place :: len(leading)]],
            )
            for place, keyword in enumerate(leading)
        ]
    )


def _brief(asked: ContentBriefInput, chance: random.Random) -> ContentBriefOutput:
    phrase = asked.keyphrase
    count = max(2, round(asked.word_target / 220))
    return ContentBriefOutput(
        audience=f"People who want to know about {phrase}.",
        outline=[
            OutlineEntry(
                heading=f"{phrase[:80].capitalize()}: part {place}"
                if place % 2
                else f"Look at {_object(chance)} ({place})",
                level=2,
                points=[_sentence(chance)],
                words=max(30, asked.word_target // (count + 1)),
            )
            for place in range(1, count + 1)
        ],
        questions=[f"What is {phrase[:150]} good for?"],
        link_ids=[candidate.id for candidate in asked.link_candidates[:2]],
    )


def _section(asked: ContentSectionInput, chance: random.Random) -> ContentSectionOutput:
    brief, entry = asked.brief, asked.brief.outline[asked.section]
    links = "".join(f" See [{target.title}]({target.id})." for target in brief.links[asked.section :][:1])
    body = f"{_sentence(chance)} This is where {brief.keyphrase} counts. {_paragraphs(chance, entry.words)}{links}"
    return ContentSectionOutput(body=body)


def _join(asked: ContentJoinInput, chance: random.Random) -> ContentJoinOutput:
    phrase, share = asked.brief.keyphrase, asked.brief.outline[0].words
    return ContentJoinOutput(
        title=f"{phrase.capitalize()[:90]}: what you should know",
        meta_title=_grown(f"{phrase.capitalize()[:45]}:", " ".join(META).split(), 50),
        meta_description=_grown(f"{phrase.capitalize()[:90]}:", " ".join(META).split(), 130) + ".",
        introduction=f"Here is what matters about {phrase}. {_paragraphs(chance, share // 2)}",
        leads=[Lead(section=1, sentence="So much for that; now to the next.")] if len(asked.sections) > 1 else [],
        faq_heading="Frequently asked questions",
        faq=[FaqEntry(question=question, answer=_paragraphs(chance, 30)) for question in asked.brief.questions],
        conclusion_heading="Conclusion",
        conclusion=_paragraphs(chance, max(share // 2 - 30, 20)),
    )


def _mend(asked: ContentMendInput, chance: random.Random) -> Draft:
    """Every section written anew."""
    sections = [
        section.model_copy(update={"body": f"{_paragraphs(chance, entry.words)} So much for {asked.brief.keyphrase}."})
        for section, entry in zip(asked.draft.sections, asked.brief.outline, strict=False)
    ]
    return asked.draft.model_copy(update={"sections": sections})


def _image_prompts(asked: GenerateImagePromptsInput, chance: random.Random) -> GenerateImagePromptsOutput:
    return GenerateImagePromptsOutput(
        images=[
            ImagePrompt(
                role=role,
                prompt=f"A bright picture about {asked.title[:200]} ({role}), {asked.image_style[:200]}.",
                alt_text=f"{_object(chance).capitalize()} on a wooden table, {role.replace('_', ' ')}",
                caption=_sentence(chance)[:150],
            )
            for role in asked.roles
        ]
    )


def _grown(text: str, words: list[str], least: int) -> str:
    """The text with as many of the words as make it at least so many characters long."""
    for word in words:
        if len(text) >= least:
            break
        text += f" {word}"
    return text


def _object(chance: random.Random) -> str:
    return chance.choice(OBJECTS)


def _sentence(chance: random.Random) -> str:
    words = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {_object(chance)} {chance.choice(ENDINGS)}."
    return words[0].upper() + words[1:]


def _paragraphs(chance: random.Random, words: int) -> str:
    """About so many words in paragraphs of five sentences."""
    sentences: list[str] = []
    written = 0
    while written < words or not sentences:
        sentences.append(_sentence(chance))
        written += len(sentences[-1].split())
    return "\n\n".join(" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5))
