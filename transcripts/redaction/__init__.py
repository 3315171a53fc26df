"""What must not be stored is replaced by marks before anything is kept. Pure: no Django.

    clean, counts = redact(interaction)      # counts by kind, as {"CARD": 1, "EMAIL": 2}

Marks: [CARD] [IBAN] [SSN] [NINO] [EMAIL] [PHONE] [URL] [SECRET] [NAME]. Redacting twice changes
nothing.
"""

from transcripts.redaction.interactions import redact
from transcripts.redaction.texts import KINDS, redact_text

__all__ = ["KINDS", "redact", "redact_text"]
