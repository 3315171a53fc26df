"""The usual formats of transcripts, each with a small example that can be downloaded."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Example:
    """One file under static/examples, what it is, and what to know about it."""

    file: str
    title: str | Promise
    text: str | Promise
    asks: str = ""  # the question that it leaves open, by its name in the formats' answers

    @property
    def path(self) -> str:
        """Its name for the `static` tag."""
        return f"examples/{self.file}"


EXAMPLES: Final = (
    Example(
        "plain-text.txt",
        _("Plain text"),
        _("One line for each turn: who speaks, a colon, and what they say."),
    ),
    Example(
        "table.csv",
        _("Table (CSV)"),
        _(
            "One row for each turn. Columns for the conversation, the speaker and the text are "
            "enough; agent, role and time help. If your columns have other names, you are asked."
        ),
    ),
    Example(
        "captions.vtt",
        _("Captions (WebVTT)"),
        _("What video meetings export, with the speaker in each caption."),
    ),
    Example(
        "subtitles.srt",
        _("Subtitles (SRT)"),
        _("What recorders and transcription tools export. Put the speaker before each line."),
    ),
    Example(
        "chat-export.txt",
        _("Chat export (WhatsApp)"),
        _(
            "The text file of “Export chat”; you are asked for its time zone. Intercom, LiveChat, "
            "Slack, Zoom and others are read too."
        ),
        asks="time_zone",
    ),
    Example(
        "e-mail.eml",
        _("E-mail (EML)"),
        _(
            "A saved e-mail with the replies quoted in it; a mailbox (MBOX) holds "
            "many. You are asked which address is yours, unless your admin has "
            "entered your e-mail domains."
        ),
        asks="roles",
    ),
    Example(
        "zendesk-ticket.json",
        _("Help-desk ticket (JSON)"),
        _(
            "A Zendesk ticket with its comments and users. Freshdesk, Front and Help Scout are "
            "read too."
        ),
    ),
    Example(
        "contact-lens.json",
        _("Speech-to-text result (JSON)"),
        _(
            "Amazon Contact Lens. Also AssemblyAI, Azure, Deepgram, Genesys Cloud, Google, Twilio "
            "and Whisper."
        ),
    ),
    Example(
        "conversation.vcon",
        _("vCon"),
        _("The open standard for conversations, as many phone systems export it."),
    ),
    Example(
        "conversations.jsonl",
        _("Heard's own format (JSON lines)"),
        _(
            "One conversation on each line, the same as the API takes. Nothing is left to ask: "
            "agent, team, times and roles are all named."
        ),
    ),
)
