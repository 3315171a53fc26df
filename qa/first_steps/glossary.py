"""What the words on the screens mean: each once, in alphabetical order within its group."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Term:
    """One word. `short` is its meaning in a sentence, also shown on hover; `more` the rest."""

    key: str
    word: Text
    short: Text
    more: Text = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Words that belong together."""

    key: str
    title: Text
    terms: tuple[Term, ...]


CONVERSATION: Final = (
    Term(
        "conversation",
        _("Conversation"),
        _("One call, e-mail thread, chat or video meeting, with its transcript."),
        _("In the API and in exports it is called an interaction."),
    ),
    Term("turn", _("Turn"), _("One stretch of text by one speaker.")),
    Term(
        "cue",
        _("Cue"),
        _("The customer's words that show a feeling."),
        _("A turn has at most one. A request, a fact or a routine thank-you is no cue."),
    ),
    Term(
        "moment",
        _("Moment"),
        _("A feeling that a customer shows, together with the agent's reply to it."),
        _(
            "Everything Heard counts is a moment: “61 % met with empathy” means that share of all "
            "moments."
        ),
    ),
    Term(
        "outcome",
        _("Outcome"),
        _(
            "How the agent's reply met the feeling: with specific empathy, generic empathy, "
            "sympathy only, not at all (missed), or by brushing it off (dismissed)."
        ),
    ),
    Term(
        "empathy",
        _("Empathy"),
        _("The agent says what it is like for the customer."),
        _(
            "Specific empathy fits this customer only: “Three calls for one refund, that must be "
            "exhausting.” Generic empathy would fit anyone: “I understand your frustration.”"
        ),
    ),
    Term(
        "sympathy",
        _("Sympathy"),
        _(
            "The agent expresses regret, on their own behalf or the company's: “I'm "
            "sorry about that.”"
        ),
        _("It doesn't say what it is like for the customer, so it counts for less than empathy."),
    ),
    Term(
        "missed",
        _("Missed"),
        _("The agent's reply passes over the feeling."),
    ),
    Term(
        "dismissed",
        _("Dismissed"),
        _("The reply belittles, blames, contradicts or brushes off the feeling."),
    ),
    Term(
        "volunteered",
        _("Volunteered empathy"),
        _(
            "Empathy where the customer showed no feeling. It counts in the agent's "
            "favour, never against them."
        ),
    ),
    Term(
        "apology",
        _("Bare, completed and repeated apologies"),
        _(
            "A completed apology comes with empathy. A bare one stands by itself; "
            "each later one without empathy is repeated."
        ),
    ),
)
SCORING: Final = (
    Term(
        "pre-score",
        _("Pre-score"),
        _("What Heard finds in a conversation by itself, before anybody has reviewed it."),
        _(
            "It comes with the words it rests on and with how sure it is. Its number, from 0 to "
            "100, is the average of the points of all moments. A person's review always takes its "
            "place."
        ),
    ),
    Term(
        "sure",
        _("“78 % sure”"),
        _("How often the pre-score is right when it says this: here, in 78 of 100 cases."),
        _(
            "Where that is below 50 %, it says “Unsure”, and the moment is never shown as best or "
            "missed."
        ),
    ),
    Term(
        "score",
        _("Score"),
        _("What a review comes to on its scorecard, from 0 to 100."),
        _(
            "Its feelings and the sections of the scorecard count by their weight; a click on the "
            "score shows how it adds up. What nobody has reviewed has a pre-score and no score."
        ),
    ),
    Term(
        "scorecard",
        _("Scorecard"),
        _("The questions that a reviewer answers, and how much each of them counts."),
    ),
    Term(
        "review",
        _("Review"),
        _("One person's scoring of a conversation: every moment, every question, and notes."),
        _("Whoever makes it is the reviewer. When it is submitted, the agent can read it."),
    ),
    Term(
        "blind",
        _("Blind review"),
        _("A review that is made before the pre-score is shown, so that it can't be swayed by it."),
    ),
    Term(
        "second",
        _("Second review"),
        _("Another person's review of the same conversation, to see how far two people agree."),
    ),
    Term(
        "calibration",
        _("Calibration"),
        _(
            "Several reviewers score the same conversations on their own, then compare and agree. "
            "It doesn't affect agents' scores."
        ),
    ),
    Term(
        "acknowledgement",
        _("Acknowledgement"),
        _("The agent's confirmation that they have read a review."),
    ),
    Term(
        "dispute",
        _("Dispute"),
        _(
            "An agent's objection to a moment, an answer or a note of a review. A manager decides "
            "it."
        ),
    ),
    Term(
        "sampling",
        _("Sampling"),
        _("Rules that select which conversations are reviewed, and by whom."),
    ),
)
FIGURES: Final = (
    Term(
        "interval",
        _("“71 % ± 6”"),
        _("The share in what was counted, and how far chance alone may have moved it."),
        _(
            "The true share is very likely (95 %) between 65 % and 77 %. The more moments, the "
            "narrower the range."
        ),
    ),
    Term("n", _("n"), _("How many cases a figure rests on. Below 20 it is a hint, no more.")),
    Term(
        "agreement",
        _("Agreement"),
        _("How often two judgements match: a person's and the pre-score's, or two people's."),
    ),
    Term(
        "kappa",
        _("Kappa"),
        _("Agreement beyond what chance would give: 1 is perfect, 0 no better than chance."),
        _(
            "Two people who always answer “missed” agree often; kappa discounts what chance gives. "
            "Above 0.8 is very good, 0.6 to 0.8 good, below 0.4 poor. Heard shows Cohen's kappa "
            "for two, and Krippendorff's alpha, which is read the same way, for more."
        ),
    ),
    Term(
        "gwet",
        _("Gwet's AC1"),
        _("Like kappa, but steadier where nearly all answers are the same."),
    ),
    Term(
        "drift",
        _("Drift"),
        _("How a reviewer's scores move away from what was agreed on, from session to session."),
    ),
    Term(
        "expected-range",
        _("Expected range"),
        _("Where an agent's share would lie by chance alone, given how few moments there are."),
    ),
)
DATA: Final = (
    Term(
        "redaction",
        _("Redaction"),
        _(
            "Personal data is taken out of a transcript before it is stored; a mark "
            "such as [EMAIL] takes its place."
        ),
    ),
    Term(
        "sample",
        _("Sample conversation"),
        _("An invented conversation to try Heard with. It can be taken out again at any time."),
    ),
)
GROUPS: Final = (
    Group("in-a-conversation", _("In a conversation"), CONVERSATION),
    Group("scoring", _("Scoring and reviews"), SCORING),
    Group("figures", _("Figures"), FIGURES),
    Group("data", _("Data"), DATA),
)
TERMS: Final = {term.key: term for group in GROUPS for term in group.terms}
