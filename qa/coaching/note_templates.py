"""Templates of notes: words of the organization's that a reviewer begins a note with."""

from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qa.audit import actions as audit
from qa.coaching.models import CoachingNote, NoteTemplate
from qa.core.errors import Conflict, Refused
from qa.organizations.models import Membership

MOST: Final = 60  # of one organization: they are a list to pick from


def templates_of(by: Membership) -> list[NoteTemplate]:
    """Every template, by its name."""
    return list(NoteTemplate.objects.visible_to(by).order_by("name", "pk"))


@transaction.atomic
def save(
    *, by: Membership, name: str, text: str, kind: str, template: NoteTemplate | None = None
) -> NoteTemplate:
    """Keep a new template, or other words for one."""
    if kind not in CoachingNote.Kind.values:
        raise Refused(_("There is no such type of note."))
    if template is None and NoteTemplate.objects.visible_to(by).count() >= MOST:
        raise Refused(_("There are %(most)s templates already. Remove one first.") % {"most": MOST})
    made = template or NoteTemplate(organization_id=by.organization_id)
    made.name, made.text, made.kind = name, text, kind
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict(_("There is already a template with this name.")) from None
    audit.record(by, "note_template.saved", made, {"name": name})
    return made


@transaction.atomic
def remove(template: NoteTemplate, *, by: Membership) -> None:
    """Take a template off the list; notes that began with it stay."""
    audit.record(by, "note_template.removed", template, {"name": template.name})
    template.delete()
