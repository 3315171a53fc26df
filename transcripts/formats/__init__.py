"""Bytes to canonical interactions. Pure: no Django, no network, no clock.

    parsed = parse(data, name="monday.vtt")     # FormatError says what is wrong, and where
    interaction = read_canonical(json_object)   # pushed JSON, every fault with its field path

To add a format, write one module with a `FORMAT` (see format.py) and enter it in registry.py.
"""

from transcripts.formats.answers import Answers, Question
from transcripts.formats.attribution import AgentPart, parts_of
from transcripts.formats.canonical import read as read_canonical
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.limits import Limits
from transcripts.formats.model import (
    CHANNELS,
    ROLES,
    Agent,
    CanonicalInteraction,
    CanonicalTurn,
    Customer,
    Json,
    LineError,
    Parsed,
    Pushed,
    SpeakingAgent,
)
from transcripts.formats.registry import FORMATS, Candidate, Recognition, parse, recognise, stream
from transcripts.formats.strict_json import read_json
from transcripts.formats.validation import validate

__all__ = [
    "CHANNELS",
    "FORMATS",
    "ROLES",
    "Agent",
    "AgentPart",
    "Answers",
    "Candidate",
    "CanonicalInteraction",
    "CanonicalTurn",
    "Customer",
    "Format",
    "FormatError",
    "Json",
    "Likeness",
    "Limits",
    "LineError",
    "Parsed",
    "Pushed",
    "Question",
    "Recognition",
    "SpeakingAgent",
    "parse",
    "parts_of",
    "read_canonical",
    "read_json",
    "recognise",
    "stream",
    "validate",
]
