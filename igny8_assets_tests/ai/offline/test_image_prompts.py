"""Descriptions of pictures."""

from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.ai.offline.image_prompts import describe_images
from igny8_assets.ai.schemas import GenerateImagePromptsInput, GenerateImagePromptsOutput, ImagePrompt, SectionExcerpt
from igny8_assets_tests.ai.offline.strategies import keyword_texts

ROLES = ["featured", *(f"in_article_{number}" for number in range(1, 10))]


def described(roles: list[str], headings: list[str], title: str = "How to Descale a Kettle") -> list[ImagePrompt]:
    asked = GenerateImagePromptsInput(
        language="en",
        site_name="Bean There",
        title=title,
        image_style="flat colours, soft light",
        sections=[SectionExcerpt(heading=heading, excerpt=f"About {heading}.") for heading in headings],
        roles=roles,
    )
    return describe_images(asked).images


def test_the_featured_picture_shows_the_title() -> None:
    (image,) = described(["featured"], ["Before you start"])
    assert image.caption == "How to Descale a Kettle"
    assert image.alt_text == "Title card reading “How to Descale a Kettle”"
    assert "flat colours, soft light" in image.prompt


def test_pictures_in_the_article_are_spread_over_its_sections() -> None:
    images = described(["in_article_1", "in_article_2"], ["a", "b", "c", "d"])
    assert [image.caption for image in images] == ["b", "d"]


def test_a_prompt_speaks_of_its_own_section() -> None:
    (image,) = described(["in_article_1"], ["Rinse the kettle"])
    assert "Rinse the kettle" in image.prompt
    assert "About Rinse the kettle." in image.prompt


def test_a_draft_without_sections_still_gets_its_pictures() -> None:
    assert [image.caption for image in described(["in_article_1"], [])] == ["How to Descale a Kettle"]


@given(
    roles=st.lists(st.sampled_from(ROLES), min_size=1, max_size=10, unique=True),
    headings=st.lists(keyword_texts, max_size=6),
    title=st.text(max_size=300),
)
def test_every_role_gets_one_valid_description(roles: list[str], headings: list[str], title: str) -> None:
    images = described(roles, headings, title)
    assert [image.role for image in images] == roles
    answer = GenerateImagePromptsOutput(images=images)
    assert GenerateImagePromptsOutput.model_validate_json(answer.model_dump_json()) == answer
