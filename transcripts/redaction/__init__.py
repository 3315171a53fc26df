"""What must not be stored is replaced by marks before anything is kept. Pure: no Django.

    clean, counts = redact(interaction)      # counts by kind, as {"CARD": 1, "EMAIL": 2}

Marks: [CARD] [IBAN] [BANK] [SSN] [NINO] [NATIONAL_ID] [DOB] [ADDRESS] [EMAIL] [PHONE] [URL]
[SECRET] [NAME], and [WORD] for what an organization wants taken out (`own=…`, own_words.py).
[BANK] is an account known by sort code or routing number; [NATIONAL_ID] any government's number
that has no mark of its own. Redacting twice changes nothing. `redact(interaction, kinds=…)` leaves
kinds that an organization wants to keep; card numbers are never kept. `find_names=…` asks a finder
from outside for names that nobody introduces (finder.py). `redact_each` takes many at once.
"""

from transcripts.redaction.finder import NameFinder
from transcripts.redaction.interactions import Redacted, redact, redact_each
from transcripts.redaction.marks import ALWAYS
from transcripts.redaction.own_words import OwnWords
from transcripts.redaction.texts import KINDS, redact_text

__all__ = [
    "ALWAYS",
    "KINDS",
    "NameFinder",
    "OwnWords",
    "Redacted",
    "redact",
    "redact_each",
    "redact_text",
]
