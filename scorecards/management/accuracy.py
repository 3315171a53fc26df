"""Figures of accuracy as people read them in a terminal; no text of any transcript is in them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from scorecards.empathy.evaluate import Count, Report, SignErrors
from scorecards.empathy.evaluate_moments import MomentReport, ReviewsReport
from scorecards.empathy.figures import Bin, Confusion, Figure, LabelFigures

WIDTH: Final = 36  # of what a figure is of
READ_THIS: Final = """\
Measured: the engine reads the interactions of confirmed reviews afresh, and is compared with what
people confirmed: at which of the customer's turns there is a moment, which feeling it is, what
became of it, and whether empathy was generic or specific. "Missed" are moments that only people
see (they added them), "extra" those that only the engine sees (they rejected them).
Blind reviews were judged before the pre-score was shown, and count as they were then. Whoever sees
a pre-score first is swayed by it: figures of the other reviews are better than the engine is,
above all for the engine whose pre-scores were shown. Only the blind ones say how good it is."""


def pairs_lines(report: Report, whole: MomentReport | None, known_as: str) -> Iterator[str]:
    """The report on labelled pairs: all of it for the whole, the main figures for each part.

    `whole` is that on the moments of whole interactions, where the file names them.
    """
    yield f"{known_as}, 95 % intervals in brackets, n cases"
    yield from _whole("All", report)
    yield from _parts(report)
    if report.at_true_rates is not None:
        yield from _whole("At true rates: pairs picked at random", report.at_true_rates)
        yield from _parts(report.at_true_rates, "At true rates, ")
    if whole is not None:
        yield from _moments("Moments of whole interactions", whole, "interactions")


def reviews_lines(report: ReviewsReport, known_as: str) -> Iterator[str]:
    """The report on confirmed reviews: blind ones first."""
    yield f"{known_as}, on {report.reviews} confirmed reviews"
    yield "95 % intervals in brackets, n cases"
    yield ""
    yield READ_THIS
    if report.made_on:
        yield "Made on pre-scores of: " + "; ".join(
            f"{name} ({number})" for name, number in report.made_on.items()
        )
    for title, part in (
        ("Judged blind", report.blind),
        ("With the pre-score in view", report.shown),
        ("Whether blind is not known", report.not_known),
    ):
        if part is None:
            yield from ("", f"{title}: no reviews")
        else:
            yield from _moments(title, part)
            for channel, inner in part.channels.items():
                yield from _moments(f"{title}, channel {channel}", inner, short=True)


def _parts(report: Report, of: str = "") -> Iterator[str]:
    for kind, parts in (("channel", report.channels), ("source", report.sources)):
        for name, part in parts.items():
            title = f"{of}{kind} {name}"
            yield from _main(title[0].upper() + title[1:], part)


def _main(title: str, report: Report) -> Iterator[str]:
    """The figures that every part has."""
    yield ""
    yield f"{title}: {report.pairs} pairs of {report.conversations} conversations"
    yield _line("outcome of the reply, kappa", report.outcome_kappa)
    yield _line("outcome with its cue, kappa", report.moment_kappa)
    yield _line("twelve-way emotion, kappa", report.emotion_kappa)
    yield from _labels(report.labels)
    yield _signs(report.sign_errors)
    for kind, error in report.calibration_error.items():
        yield _line(f"calibration error, {kind}", error)


def _whole(title: str, report: Report) -> Iterator[str]:
    yield from _main(title, report)
    yield from _labels(report.emotions)
    for kind, counted in report.counts.items():
        yield from _counts(kind, counted)
    yield from _confusion("outcomes of the reply", report.outcomes)
    yield from _confusion("emotions", report.emotion_confusion)
    for kind, bins in report.reliability.items():
        yield from _reliability(kind, bins)


def _moments(
    title: str, report: MomentReport, of: str = "reviews", *, short: bool = False
) -> Iterator[str]:
    yield ""
    yield f"{title}: {report.reviews} {of}, {report.customer_turns} customers' turns"
    if report.not_scorable:
        yield f"  left out, as the engine does not score them: {report.not_scorable} {of}"
    yield from _labels({"moments": report.moments})
    yield f"  {'missed':<{WIDTH}} {report.missed}"
    yield f"  {'extra':<{WIDTH}} {report.extra}"
    yield "  of the moments that both see"
    yield _line("  outcome, kappa", report.outcome_kappa_of_seen)
    yield _line("  emotion, kappa", report.emotion_kappa_of_seen)
    yield _line("  empathy generic or specific, kappa", report.strength_kappa_of_seen)
    yield "  of all customers' turns"
    yield _line("  outcome or no moment, kappa", report.moment_kappa)
    yield _line("  twelve-way emotion, kappa", report.emotion_kappa)
    yield from _labels({**report.outcomes, **report.strengths})
    yield _signs(report.sign_errors)
    yield _line("calibration error, outcome", report.calibration_error)
    if short:
        return
    yield from _labels(report.emotions)
    for kind, counted in report.counts.items():
        yield from _counts(kind, counted)
    yield from _confusion("outcomes", report.outcome_confusion)
    yield from _confusion("emotions", report.emotion_confusion)
    yield from _reliability("outcome", report.reliability)


def _line(name: str, figure: Figure) -> str:
    return f"  {name:<{WIDTH}} {_shown(figure)}"


def _labels(labels: Mapping[str, LabelFigures]) -> Iterator[str]:
    for name, one in labels.items():
        figures = {"precision": one.precision, "recall": one.recall, "F1": one.f1}
        if all(figure.few for figure in figures.values()):
            numbers = f"n={one.recall.n} labelled, {one.precision.n} found"
            yield f"  {name:<{WIDTH}} too few  {numbers}"
        else:
            yield from (_line(f"{name}, {what}", figure) for what, figure in figures.items())


def _signs(errors: SignErrors) -> str:
    line = _line("good and bad feelings mixed up", errors.share)
    good, bad = errors.good_called_bad, errors.bad_called_good
    return f"{line} ({good} good called bad, {bad} bad called good)"


def _counts(kind: str, counted: Mapping[str, Count]) -> Iterator[str]:
    yield f"  {kind + ', how many':<{WIDTH}} {'labelled':>8} {'found':>8}"
    for name, count in counted.items():
        yield f"    {name:<{WIDTH - 2}} {count.labelled:>8} {count.found:>8}"


def _confusion(what: str, table: Confusion) -> Iterator[str]:
    """A row for each labelled value, a column for each found one."""
    wide = 14
    yield f"  {what}: labelled (rows) and found (columns)"
    yield f"    {'':<{wide}}" + "".join(f"{value:>{wide + 1}}" for value in table.values)
    for value, row in zip(table.values, table.counts, strict=True):
        yield f"    {value:<{wide}}" + "".join(f"{count:>{wide + 1}}" for count in row)


def _reliability(kind: str, bins: Iterable[Bin]) -> Iterator[str]:
    yield f"  how sure of {kind}, and how often right"
    for held in bins:
        yield (
            f"    sure {held.low:.1f} and more: {held.said:.2f} on average, "
            f"right {held.right:.2f}, n={held.n}"
        )


def _shown(figure: Figure) -> str:
    """The figure; too few cases to lean on are said to be too few, and no figure is shown."""
    if figure.few:
        return f"too few  n={figure.n}"
    if figure.value is None or figure.low is None:
        return f"none  n={figure.n}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]  n={figure.n}"
