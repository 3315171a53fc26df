"""The French catalogue: whole, and the compiled file is what was compiled from it."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FRENCH = Path(__file__).resolve().parents[1] / "locale" / "fr" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")
LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?(".*")$')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def entries(domain: str) -> Iterator[dict[str, str]]:
    """The fields of each text in a catalogue; msgstr0 and msgstr1 where it is counted."""
    for block in (FRENCH / f"{domain}.po").read_text().split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            assert not line.startswith("#, fuzzy"), "a guess that nobody has confirmed"
            if found := LINE.match(line):
                name = (found[1] or "") + (found[2] or "") or name
                fields[name] = fields.get(name, "") + ast.literal_eval(found[3])
        if fields.get("msgid"):
            yield fields


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_translated_with_the_values_that_it_names(domain: str) -> None:
    wrong = []
    for one in entries(domain):
        said = [one[name] for name in one if name.startswith("msgstr")]
        named = set(PLACEHOLDER.findall(one["msgid"] + one.get("msgid_plural", "")))
        if not all(said) or any(not set(PLACEHOLDER.findall(text)) <= named for text in said):
            wrong.append(one["msgid"])
    assert not wrong


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_file_is_that_of_the_catalogue(domain: str) -> None:
    with (FRENCH / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for one in entries(domain):
        context, text = one.get("msgctxt"), one["msgid"]
        if "msgid_plural" in one:
            assert compiled.ngettext(text, one["msgid_plural"], 1) == one["msgstr0"]
            assert compiled.ngettext(text, one["msgid_plural"], 5) == one["msgstr1"]
        else:
            found = compiled.pgettext(context, text) if context else compiled.gettext(text)
            assert found == one["msgstr"]
