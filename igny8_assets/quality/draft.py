"""What the checks are given: a draft with its brief, and the other texts of its site."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageFacts:
    """What the checks need of a picture."""

    alt_text: str


@dataclass(frozen=True)
class DraftToCheck:
    """A draft as it is stored, and what it was meant to be.

    `html` is the body; the title is the page's H1 and is not in it. `word_target` is in words. `images` is None while
    no image has been made. `source_text` is all of the brief in which a figure may be found. `fixed_sections` are the
    headings of sections that the site puts under every text: they don't count as likeness.
    """

    title: str
    slug: str
    meta_title: str
    meta_description: str
    html: str
    json_ld: str
    keyphrase: str
    language: str
    word_target: int
    outline_headings: tuple[str, ...]
    finish_reason: str
    images: tuple[ImageFacts, ...] | None = None
    source_text: str = ""
    fixed_sections: tuple[str, ...] = ()

    @property
    def language_code(self) -> str:
        """The language without its region, in lower case: `en` for `en-GB`."""
        return self.language.replace("_", "-").split("-")[0].strip().casefold()


@dataclass(frozen=True)
class OtherText:
    """Another text of the same site; `html` is its body."""

    id: int
    title: str
    keyphrase: str
    html: str
