"""The scorecard on the review page: its answers, and what the moments propose as such."""

from django.utils.translation import gettext as _

from qa.core.errors import Refused
from qa.core.http import cleaned
from qa.organizations.access import MemberRequest
from qa.review_page.forms import AnswersForm, ConfirmForm
from qa.review_page.views import Step, deciding
from qa.reviews import answers
from qa.reviews.models import Review
from qa.reviews.proposals import card_of
from scorecards import card


@deciding
def answer(request: MemberRequest, draft: Review) -> Step:
    """Answer questions of the scorecard. What can't be an answer is told, the others are kept."""
    form = AnswersForm(request.POST, of=card_of(draft))
    data = cleaned(form)
    before = card.read_answers(draft.answers)
    fresh = answers.answer_all(
        draft, by=request.membership, answers=form.answers(), revision=data["revision"]
    )
    if form.unfit:
        listed = ", ".join(f"“{text}”" for text in form.unfit)
        said = _("These answers aren’t valid: %(questions)s. The other answers are saved.")
        raise Refused(said % {"questions": listed})
    after = card.read_answers(fresh.answers)
    changed = tuple(pk for pk in {**before, **after} if before.get(pk) != after.get(pk))
    return Step(_("Answer saved."), panel=False, questions=changed)


@deciding
def confirm_proposals(request: MemberRequest, draft: Review) -> Step:
    """What the moments propose is the answer: to one question, or to all that are open."""
    data = cleaned(ConfirmForm(request.POST))
    fresh = answers.confirm_proposals(
        draft, by=request.membership, only=data["question"], revision=data["revision"]
    )
    return Step(_("Suggestions confirmed."), panel=False, questions=tuple(fresh.answers))
