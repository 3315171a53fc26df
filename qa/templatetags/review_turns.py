"""The turns of a draft, put together here and not by a template.

A call has hundreds of turns, most of them plain. A template draws one in half a millisecond, which
is the time of the whole page. Notes, and what became of a moment, are still drawn by templates.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.dateformat import format as format_date
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qa.templatetags.agents import role_word
from qa.templatetags.look import seconds
from scorecards.reading import ReadTurn, Stretch

register = template.Library()


@register.simple_tag(takes_context=True)
def review_turns(context: template.Context, turns: Iterable[ReadTurn]) -> SafeString:
    """Draw turns with their tools, evidence, moments and notes."""
    here, interaction = escape(context["here"]), escape(context["interaction_page"])
    drawn = [_turn(context, turn, here, interaction) for turn in turns]
    return mark_safe("".join(drawn))  # noqa: S308  every word went through escape


def _turn(context: template.Context, turn: ReadTurn, here: str, interaction: str) -> str:
    index, moment = turn.index, turn.moment
    swap = ' hx-swap-oob="true"' if context.get("oob") else ""
    return (
        f'<li class="turn turn--{escape(turn.role)}{" turn--moment" if moment else ""}"'
        f' id="turn-{index}"{swap}>'
        f'<a class="turn__time" href="#turn-{index}"{_start(turn)}><span class="visually-hidden">'
        f"{_numbered(_('Turn %(n)s'), index)} </span>{_time(turn)}</a>"
        f'<div class="turn__who">{_who(turn)}{_marks(context, turn, here)}'
        f"{_tools(context, turn, here, interaction)}</div>"
        f'<p class="turn__text" data-turn="{index}">{"".join(map(_stretch, turn.stretches))}</p>'
        f"{_asides(context, turn)}{_notes(context, turn)}</li>"
    )


def _start(turn: ReadTurn) -> str:
    """Where the recording has this turn, in seconds."""
    return f' data-start="{turn.started_s:g}"' if turn.started_s is not None else ""


def _time(turn: ReadTurn) -> str:
    if turn.started_s is not None:
        return seconds(turn.started_s)
    if turn.sent_at:
        return format_date(localtime(turn.sent_at), "H:i")
    return f'<span aria-hidden="true">{turn.index + 1}</span>'


def _who(turn: ReadTurn) -> str:
    if turn.role == "unknown":
        left_open = escape(_("speaker not known"))
        return f'{escape(turn.who)} <span class="turn__unknown">{left_open}</span>'
    if turn.who.lower() == turn.role:
        return escape(turn.who)
    return f'{escape(turn.who)} <span class="turn__role">{escape(role_word(turn.role))}</span>'


def _tools(context: template.Context, turn: ReadTurn, here: str, interaction: str) -> str:
    index = turn.index
    if context["page"].review.calibrates:  # no notes, and its speakers stay as they are
        interaction = ""
    add = (
        f'<a class="turn__add" href="{here}?add={index}" hx-get="{here}?add={index}">'
        f"{escape(_('Add a moment'))}</a>"
        if turn.role == "customer" and not turn.moment
        else ""
    )
    speaker = _worded(_("Speaker"), _numbered(_("Speaker of turn %(n)s"), index))
    note = _worded(_("Note"), _numbered(_("Note on turn %(n)s"), index))
    rest = (
        f'<a href="{interaction}?turn={index}#turn-{index}">{speaker}</a>'
        f'<a href="{here}?note={index}#turn-{index}" data-note="{index}">{note}</a>'
    )
    return f'<span class="turn__tools">{rest if interaction else ""}{add}</span>'


def _worded(shown: str, read: str) -> str:
    """A short word for the eye, and the whole one for those who hear the page."""
    seen = f'<span aria-hidden="true">{escape(shown)}</span>'
    return f'{seen}<span class="visually-hidden">{read}</span>'


def _numbered(words: str, index: int) -> str:
    return escape(words % {"n": index + 1})


def _stretch(stretch: Stretch) -> str:
    text = escape(stretch.text)
    if not stretch.spans:
        return text
    feeling = f' data-emotion="{escape(stretch.emotion)}"' if stretch.emotion else ""
    title = f' title="{escape(stretch.title)}"' if stretch.title else ""
    return f'<mark class="{escape(stretch.css)}"{feeling}{title}>{text}</mark>'


def _marks(context: template.Context, turn: ReadTurn, here: str) -> str:
    if not turn.moment:
        return ""
    at = f"{here}?moment={turn.index}"
    link = (
        f'<a class="turn__moment" href="{at}" hx-get="{at}">'
        f'<span class="visually-hidden">{escape(_("Moment"))} </span>{turn.moment.number}</a>'
    )
    state = _part("reviews/_state.html", context, one=turn.moment)
    return f'<span class="turn__marks">{link}{state}</span>'


def _asides(context: template.Context, turn: ReadTurn) -> str:
    return _part("_asides.html", context, asides=turn.asides) if turn.asides else ""


def _notes(context: template.Context, turn: ReadTurn) -> str:
    drawn = [_part("reviews/_note.html", context, pinned=pinned) for pinned in turn.notes]
    half = context["page"].note_drafts.get(turn.index)
    if half is not None or context.get("noting") == turn.index:
        drawn.append(_part("reviews/_note_form.html", context, turn=turn, half=half))
    return "".join(drawn)


def _part(name: str, context: template.Context, **values: Any) -> str:
    with context.push(**values):
        found: Any = get_template(name)
        return str(found.template.render(context))
