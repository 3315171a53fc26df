"""The words of a Slack message: mentions by name, links by their words, entities decoded."""

import re
from collections.abc import Mapping
from typing import Any, Final

from transcripts.formats.json_values import objects, text

_REFERENCE: Final = re.compile(r"<([^<>\n]{1,4000})>")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def words(message: dict[str, Any], names: Mapping[str, str]) -> str:
    """What a message says; a bot's attachments where its own text is empty."""
    said = text(message.get("text"))
    if not said:
        attached = objects(message.get("attachments"))
        parts = (
            text(attachment.get("text")) or text(attachment.get("fallback"))
            for attachment in attached
        )
        said = "\n".join(part for part in parts if part)
    shown = _REFERENCE.sub(lambda found: _shown(found[1], names), said)
    for entity, character in _ENTITIES:
        shown = shown.replace(entity, character)
    return shown.strip()


def _shown(reference: str, names: Mapping[str, str]) -> str:
    target, _, label = reference.partition("|")
    mark, rest = target[:1], target[1:]
    if mark == "@":
        return f"@{label or names.get(rest, rest)}"
    if mark == "#":
        return f"#{label or names.get(rest, rest)}"
    if mark == "!":
        special = label or rest.partition("^")[0]
        return special if special.startswith("@") or rest.startswith("date") else f"@{special}"
    return label or target.removeprefix("mailto:")
