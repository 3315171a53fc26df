"""What is set right in every file that Heard reads, whichever program wrote it.

Turns of single words become what was said; a recording that stands on both channels is kept once;
reactions to messages are no turns. Canonical JSON is taken as its sender states it.
"""

from dataclasses import replace
from typing import Final

from qa.core.reactions import is_reaction
from qa.core.texts import gettext_noop
from transcripts.formats import same_words, single_words
from transcripts.formats.answers import Question
from transcripts.formats.model import CanonicalInteraction, CanonicalTurn, Json, Parsed

REACTIONS: Final = gettext_noop("Reactions are not turns and were left out.")
_BY_TURN: Final = ("continued_turns", "source_turn_sentiment")  # lists about turns, by their place


def settled(parsed: Parsed) -> Parsed:
    """The file with its turns as they were spoken or written."""
    notes = list(parsed.notes)
    kept = tuple(_settled(interaction, notes) for interaction in parsed.interactions)
    if all(new is old for new, old in zip(kept, parsed.interactions, strict=True)):
        return parsed
    asked = parsed.open
    unknown = any(turn.role == "unknown" for interaction in kept for turn in interaction.turns)
    if unknown and Question.ROLES not in asked:
        asked = (*asked, Question.ROLES)
    return replace(parsed, interactions=kept, notes=tuple(dict.fromkeys(notes)), open=asked)


def _settled(interaction: CanonicalInteraction, notes: list[str]) -> CanonicalInteraction:
    turns = single_words.joined(interaction.turns)
    once = same_words.kept_once(turns)
    if once != turns:
        notes.append(same_words.NOTE)
    spoken = _without_reactions(once) if interaction.channel == "chat" else once
    if len(spoken) < len(once):
        notes.append(REACTIONS)
    if spoken == interaction.turns:
        return interaction
    return replace(interaction, turns=spoken, metadata=_metadata(interaction))


def _without_reactions(turns: tuple[CanonicalTurn, ...]) -> tuple[CanonicalTurn, ...]:
    """The turns without reactions; all of them where nobody wrote anything else."""
    spoken = tuple(turn for turn in turns if not is_reaction(turn.text))
    return spoken or turns


def _metadata(interaction: CanonicalInteraction) -> dict[str, Json]:
    return {key: value for key, value in interaction.metadata.items() if key not in _BY_TURN}
