"""Initials: short, stable, and never read aloud."""

import pytest
from django.template import Context, Template

from qa.templatetags.look import TINTS, initials, tint_of


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dana Reyes", "DR"),
        ("Ana Maria de la Cruz", "AC"),
        ("Łukasz", "Ł"),
        ("  jo   o'neil ", "JO"),
        ("Bramblewick (empty)", "BE"),
        ("佐藤 健", "佐健"),
        ("—", "?"),
        ("", "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_name_keeps_its_tint_in_any_case_and_spacing() -> None:
    assert tint_of("Dana Reyes") == tint_of(" dana  REYES ") == 1
    assert {tint_of(f"Person {number}") for number in range(200)} == set(range(1, TINTS + 1))


def test_the_tag_hides_initials_from_screen_readers() -> None:
    drawn = Template('{% avatar "<Eve> Ng" %}').render(Context())
    assert (
        drawn.strip()
        == f'<span class="avatar" data-tint="{tint_of("<Eve> Ng")}" aria-hidden="true">EN</span>'
    )
