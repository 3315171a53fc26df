"""One line of a list of conversations: what it is about, in the source's words or in its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, F, Func, IntegerField, TextField, Value, When

from qa.organizations.models import Membership
from scorecards.choices import UNSURE, Emotion
from transcripts.models import Interaction, Transcript

# A customer's strongest feeling is the first of these: what an agent ought to answer first.
GRAVITY: Final = {
    feeling: place
    for place, feeling in enumerate(
        (
            Emotion.ANGER,
            Emotion.FEAR,
            Emotion.SADNESS,
            Emotion.SUSPICION,
            Emotion.FRUSTRATION,
            Emotion.DISAPPOINTMENT,
            Emotion.CONFUSION,
            Emotion.EXCITEMENT,
            Emotion.HAPPINESS,
            Emotion.RELIEF,
            Emotion.SURPRISE,
            UNSURE,
        )
    )
}
GIVEN: Final = ("subject", "title")  # where a source's metadata may say what it is about
LONGEST: Final = 120  # letters
_CUE = "left((%(expressions)s) ->> 'text', 120)"
_FIRST = (
    "left(jsonb_path_query_first(%(expressions)s,"
    " '$[*] ? (@.role == \"customer\")') ->> 'text', 120)"
)


def titles(
    by: Membership, shown: Sequence[Interaction], cues: Mapping[UUID, int]
) -> dict[UUID, tuple[str, bool]]:
    """What each of these is about, and whether that is quoted from the conversation.

    The subject that its source gave; else the words of the turn in `cues`, which is to be that of
    its strongest moment, and without one the customer's first.
    """
    found = {one.pk: (_given(one), False) for one in shown}
    wanted = [pk for pk, (title, _) in found.items() if not title]
    if not wanted:
        return found
    turns = [When(interaction=pk, then=Value(cues[pk])) for pk in wanted if pk in cues]
    cue: Any = Case(*turns, default=Value(None), output_field=IntegerField())
    said = Func(F("turns"), cue, template=_CUE, arg_joiner=" -> ", output_field=TextField())
    first = Func(F("turns"), template=_FIRST, output_field=TextField())
    rows = Transcript.objects.visible_to(by).filter(interaction__in=wanted)
    for pk, words, opening in rows.values_list("interaction_id", said, first):
        found[pk] = (" ".join((words or opening or "").split()), True)
    return found


def _given(interaction: Interaction) -> str:
    if interaction.subject:
        return interaction.subject[:LONGEST]
    named = (interaction.metadata.get(key) for key in GIVEN)
    return next((text[:LONGEST] for text in named if isinstance(text, str) and text.strip()), "")
