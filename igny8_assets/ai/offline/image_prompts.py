"""Describes the pictures of a draft from its own title and sections."""

from igny8_assets.ai.offline.choice import ordered
from igny8_assets.ai.offline.wording import clean, clip
from igny8_assets.ai.schemas import (
    GenerateImagePromptsInput,
    GenerateImagePromptsOutput,
    ImagePrompt,
    SectionExcerpt,
)

_LONGEST_ALT, _LONGEST_CAPTION = 125, 150
_LONGEST_SUBJECT = 200
_LONGEST_EXCERPT = 300
_LONGEST_STYLE = 400
_ALT = "Title card reading “{}”"
_VIEWS = (
    "A close view from the side, with the background out of focus.",
    "A view from above on a tidy table.",
    "Hands at work, the face out of the picture.",
    "A calm room with the subject in the middle and soft daylight.",
    "Two or three things side by side, so that the eye can compare them.",
    "A wide view that shows the subject in its everyday place.",
)


def describe_images(asked: GenerateImagePromptsInput) -> GenerateImagePromptsOutput:
    """Describe one picture for every role.

    `featured` shows the title; the roles in the article are spread over its sections in order. The alt text says what
    the offline drawing shows: a card with the caption on it.
    """
    numbers = sorted(_number(role) for role in asked.roles if role != "featured")
    return GenerateImagePromptsOutput(images=[_image(asked, role, numbers) for role in dict.fromkeys(asked.roles)])


def _image(asked: GenerateImagePromptsInput, role: str, numbers: list[int]) -> ImagePrompt:
    title = (
        clip(clean(asked.title), _LONGEST_SUBJECT) or clip(clean(asked.site_name), _LONGEST_SUBJECT) or "This article"
    )
    views = ordered(_VIEWS, title)
    style = clip(clean(asked.image_style), _LONGEST_STYLE).rstrip(".")
    closing = [f"Style: {style}." if style else "", "No text, letters, logos or watermarks."]
    section = _section(asked.sections, role, numbers)
    heading = clip(clean(section.heading), _LONGEST_SUBJECT) if section else ""
    if section is None or not heading:
        sentences = [f"A wide picture for the article “{title}”: its subject in everyday use, with space around it."]
        sentences.append(views[0] if role == "featured" else views[_number(role) % len(views)])
    else:
        sentences = [f"A landscape picture for the part “{heading}” of the article “{title}”."]
        if excerpt := clip(clean(section.excerpt), _LONGEST_EXCERPT):
            sentences.append(f"Show a scene that fits these words: “{excerpt}”.")
        sentences.append(views[_number(role) % len(views)])
    caption = clip(heading or title, _LONGEST_CAPTION)
    return ImagePrompt(
        role=role,
        prompt=" ".join(sentence for sentence in (*sentences, *closing) if sentence),
        alt_text=_ALT.format(clip(caption, _LONGEST_ALT - len(_ALT) + 2)),
        caption=caption,
    )


def _section(sections: list[SectionExcerpt], role: str, numbers: list[int]) -> SectionExcerpt | None:
    """The section for a role: the n-th of as many equal parts of the text as there are pictures in it."""
    if role == "featured" or not sections:
        return None
    parts = max(numbers[-1], 1)
    return sections[min((2 * _number(role) - 1) * len(sections) // (2 * parts), len(sections) - 1)]


def _number(role: str) -> int:
    return 0 if role == "featured" else int(role.rsplit("_", 1)[1])
