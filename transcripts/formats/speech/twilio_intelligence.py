"""Twilio Conversational Intelligence: the sentences of a transcript.

Roles stand only in the Transcript resource (`channel.participants`), which a file may hold beside
the sentences; without it a channel is a speaker of unknown role. One file is one page of sentences.
"""

import re
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.attribution import with_agents
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, number, objects, text
from transcripts.formats.labels import stated_role
from transcripts.formats.model import Agent, CanonicalTurn, Customer, Parsed
from transcripts.formats.source import Source
from transcripts.formats.speech import talk

NAME: Final = "twilio_intelligence"
ONE_PAGE: Final = gettext_noop(
    "The file is one page of several: other sentences of the call are not in it."
)

_CAPITAL: Final = re.compile(r"(?<=[a-z])([A-Z])")
_SID: Final = re.compile(r"\bGT[0-9a-f]{32}\b")


def recognise(source: Source) -> Likeness | None:
    found = _document(source)
    if any("media_channel" in sentence for sentence in _sentences(found)[:20]):
        return Likeness(
            0.95, gettext_noop("sentences with a media channel, as Twilio Intelligence writes")
        )
    inner = mapping(found)
    if "sentences" in mapping(inner.get("links")) or (
        isinstance(inner.get("sentences"), list) and mapping(inner.get("meta")).get("key")
    ):
        return Likeness(0.9, gettext_noop("a Transcript resource of Twilio Intelligence"))
    return None


def parse(source: Source) -> Parsed:
    found = _document(source)
    inner = mapping(found)
    sentences = _sentences(found)
    if not sentences:
        raise FormatError(
            _("is a Twilio transcript without its sentences, which are a file of their own")
        )
    resource = mapping(inner.get("transcript")) or inner
    participants = {
        text(participant.get("channel_participant")): participant
        for participant in objects(mapping(resource.get("channel")).get("participants"))
    }
    sentences.sort(key=lambda sentence: number(sentence.get("sentence_index")) or 0.0)
    interaction = talk.call(
        [_turn(sentence, participants) for sentence in sentences],
        source,
        external_id=_external_id(resource, mapping(inner.get("meta"))),
        started_at=talk.moment(resource.get("media_start_time")),
        duration_s=talk.seconds(resource.get("duration")),
        language=resource.get("language_code"),
        agent=_agent(list(participants.values())),
        customer=_customer(list(participants.values())),
    )
    notes = (ONE_PAGE,) if _has_more(mapping(inner.get("meta"))) else ()
    named = [
        (text(participant.get("user_id")), text(participant.get("full_name")))
        for participant in participants.values()
    ]
    return talk.parsed(NAME, with_agents(interaction, named), source, notes=notes)


def _document(source: Source) -> Any:
    """The file under the API's keys, which client libraries write in camel case; pages as one."""
    found = talk.document(source)
    if isinstance(found, dict):
        return _snake(found) if "sentences" in found else found
    if not isinstance(found, list) or not all("sentences" in page for page in objects(found)[:20]):
        return [_snake(page) for page in found] if isinstance(found, list) else found
    pages = [_snake(page) for page in objects(found)]
    calls = {_external_id(page, mapping(page.get("meta"))) for page in pages}
    if len(calls - {None}) > 1:
        return found
    first, last = mapping(pages[0].get("meta")), mapping(pages[-1].get("meta"))
    ends = {"next_page_url": last.get("next_page_url")}
    ends["previous_page_url"] = first.get("previous_page_url")
    sentences = [sentence for page in pages for sentence in objects(page.get("sentences"))]
    return {**pages[0], "meta": {**first, **ends}, "sentences": sentences}


def _snake(value: Any) -> Any:
    """A value with all keys in snake case; nested no deeper than JSON is read."""
    if isinstance(value, list):
        return [_snake(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {_CAPITAL.sub(r"_\1", key).lower(): _snake(inner) for key, inner in value.items()}


def _sentences(found: Any) -> list[dict[str, Any]]:
    return objects(found) if isinstance(found, list) else objects(mapping(found).get("sentences"))


def _turn(sentence: dict[str, Any], participants: dict[str, dict[str, Any]]) -> CanonicalTurn:
    channel = text(sentence.get("media_channel"))
    participant = participants.get(channel, {})
    return talk.turn(
        sentence.get("transcript"),
        speaker=text(participant.get("full_name"))
        or talk.label(channel=channel, several_channels=True),
        role=stated_role(text(participant.get("role"))),
        started=talk.seconds(sentence.get("start_time")),
        ended=talk.seconds(sentence.get("end_time")),
    )


def _external_id(resource: dict[str, Any], meta: dict[str, Any]) -> str | None:
    """The transcript's id, which a page of sentences has only in its own address."""
    found = _SID.search(text(resource.get("sid")) or text(meta.get("url")))
    return found[0] if found else None


def _has_more(meta: dict[str, Any]) -> bool:
    return bool(text(meta.get("next_page_url")) or text(meta.get("previous_page_url")))


def _named(participants: list[dict[str, Any]], role: str) -> dict[str, Any]:
    """The one participant of a role; {} where there is none or are several."""
    found = [
        participant
        for participant in participants
        if stated_role(text(participant.get("role"))) == role
    ]
    return found[0] if len(found) == 1 else {}


def _agent(participants: list[dict[str, Any]]) -> Agent | None:
    participant = _named(participants, "agent")
    agent = Agent(
        text(participant.get("user_id")) or None, text(participant.get("full_name")) or None
    )
    return agent if agent != Agent() else None


def _customer(participants: list[dict[str, Any]]) -> Customer | None:
    participant = _named(participants, "customer")
    customer = Customer(
        text(participant.get("user_id")) or None, text(participant.get("full_name")) or None
    )
    return customer if customer != Customer() else None


FORMAT: Final = Format(
    name=NAME,
    title="Twilio Conversational Intelligence",
    extensions=(),
    recognise=recognise,
    parse=parse,
)
