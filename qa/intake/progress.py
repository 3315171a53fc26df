"""How far the interactions of uploaded files have come, as the upload page and REST tell it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext

from qa.intake.kept import until
from qa.reviews.visibility import hidden_in_summaries
from qa.tenancy.base import Actor
from scorecards.choices import Outcome
from scorecards.models import Moment, PreScore
from transcripts.formats import FORMATS
from transcripts.models import Interaction, InteractionQuerySet, UploadedFile

FAULTS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """A file, and how far its interactions have come."""

    file: UploadedFile
    states: dict[str, int]
    outcomes: list[tuple[str, int, int]]
    unscored: list[str]
    unnamed: int = 0  # conversations of which nobody knows whose they are
    hidden: int = 0  # for blind readings: what was found in these is not told
    unfit: int = 0  # conversations whose pre-score says that they can't be scored
    alike: int = 0  # files that ask the same, itself among them
    asks_like: str = ""  # the name of one further up that asks the same

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self.states.get(Interaction.Status.RECEIVED, 0)

    @property
    def failed(self) -> int:
        return self.states.get(Interaction.Status.FAILED, 0)

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def format_title(self) -> str:
        known = FORMATS.get(self.file.format)
        return gettext(known.title) if known else self.file.format

    @property
    def scored(self) -> int:
        """Count what is there with a pre-score that says something."""
        return self.done - self.failed - self.unfit

    @property
    def left_out(self) -> bool:
        return self.file.left_out_at is not None

    @property
    def needs_file(self) -> str:
        """Say why the file itself is asked for; empty where what is kept is enough."""
        if self.file.status != UploadedFile.Status.ASKS or self.file.source:
            return str(self.file.summary.get("needs_file", ""))
        return str(self.file.summary.get("needs_file", "answer"))  # nothing is kept of it

    @property
    def kept_until(self) -> datetime:
        """When what is kept of a file that asks is gone."""
        return until(self.file)

    @property
    def filled(self) -> list[str]:
        """What a person said of it that the file itself does not say."""
        return list(self.file.summary.get("filled", []))

    def with_alike(self, number: int, *, like: str = "") -> Self:
        """Add how many files ask the same, and which of them stands further up."""
        return replace(self, alike=number, asks_like=like)

    @property
    def first_faults(self) -> list[dict[str, Any]]:
        """Faults that a list shows at once."""
        return list(map(_said, self.file.faults[:FAULTS_SHOWN]))

    @property
    def other_faults(self) -> list[dict[str, Any]]:
        """Faults that a list shows when asked."""
        return list(map(_said, self.file.faults[FAULTS_SHOWN:]))


def _said(fault: dict[str, Any]) -> dict[str, Any]:
    """A fault as it is shown; what the site wrote by itself is put into the reader's language."""
    return {**fault, "message": gettext(fault["message"])}


def progress(files: Iterable[UploadedFile], *, by: Actor) -> list[Progress]:
    """Tell how far each file has come; always the same number of queries."""
    listed = list(files)
    pks = [file.pk for file in listed]
    states: dict[UUID, dict[str, int]] = {pk: {} for pk in pks}
    outcomes: dict[UUID, list[tuple[str, int, int]]] = {pk: [] for pk in pks}
    unscored: dict[UUID, list[str]] = {pk: [] for pk in pks}
    mine = Interaction.objects.visible_to(by).filter(file__in=pks)
    for pk, status, count in mine.values_list("file", "status").annotate(n=Count("pk")):
        states[pk][status] = count
    moments = Moment.objects.visible_to(by).current().filter(interaction__file__in=pks)
    moments = moments.exclude(hidden_in_summaries(by, "interaction__"))
    kinds = moments.values_list("interaction__file", "outcome", "strength").annotate(n=Count("pk"))
    for pk, *found in sorted(kinds.order_by(), key=_best_first):
        outcomes[pk].append(tuple(found))
    scored = PreScore.objects.visible_to(by).current().filter(interaction__file__in=pks)
    unfit = scored.filter(scorable=False)
    unfit_counts: Counter[UUID] = Counter()
    for pk, reasons in unfit.values_list("interaction__file", "result__fitness__reasons"):
        unscored[pk] += reasons
        unfit_counts[pk] += 1
    kept = mine.filter(hidden_in_summaries(by)).values_list("file").annotate(n=Count("pk"))
    hidden = dict(kept)
    nobody = dict(without_agent(pks, by=by).order_by().values_list("file").annotate(n=Count("pk")))
    return [
        Progress(
            file,
            states[file.pk],
            outcomes[file.pk],
            unscored[file.pk],
            nobody.get(file.pk, 0),
            hidden.get(file.pk, 0),
            unfit_counts[file.pk],
        )
        for file in listed
    ]


def without_agent(files: Iterable[UUID], *, by: Actor) -> InteractionQuerySet:
    """The interactions of these files that are nobody's."""
    mine = Interaction.objects.visible_to(by).filter(file__in=files)
    return mine.filter(agent=None).order_by("pk")


def _best_first(row: tuple[UUID, str, int, int]) -> tuple[int, int]:
    return Outcome.values.index(row[1]), -row[2]
