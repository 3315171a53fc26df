"""Which mails a program wrote: absence notes, acknowledgements, bounces.

Headers say so (RFC 3834 and what stood in for it before), or the subject does; a header that also
lists and help desks set on people's words counts together with the subject only.
"""

import re
import tomllib
from pathlib import Path
from typing import Final

from transcripts.formats.mail.addresses import address_of, label
from transcripts.formats.mail.mime import Part

_WORDS: Final = tomllib.loads(Path(__file__).with_name("automatic_words.toml").read_text("utf-8"))
_PREFIXES: Final = tuple(_WORDS["subjects"]["begin"])
_RECEIPTS: Final = tuple(_WORDS["subjects"]["receipt"])
_SAYS_SO: Final = re.compile(
    r"x-(?:mail-?)?auto-?(?:reply|respond|responder|response|generated|answer|replied)"
    r"(?!-suppress)(?:-\w+)?|x-ms-exchange-inbox-rules-loop|x-vacation|x-fc-machinegenerated"
    r"|x-autoreply-\w+"
)
_PRECEDENCES: Final = frozenset({"bulk", "junk", "list"})
_BRACKETED: Final = re.compile(r"^(?:\s*\[[^\[\]]{1,60}\]\s*)?\W*")


def automatic_role(root: Part) -> str:
    """`system` for a report of delivery, `bot` for what else a program wrote, else nothing."""
    headers = root.headers
    sender = address_of(label(headers.raw("from"))).partition("@")[0]
    if root.kind == "multipart/report" or sender in ("mailer-daemon", "postmaster"):
        return "system"
    submitted = headers.value("auto-submitted").split(" ")[0]
    if submitted not in ("", "no") or _said_by_header(root):
        return "bot"
    if _begins(headers.text("subject"), _PREFIXES):
        return "bot"
    sent_by_rule = headers.value("precedence") in _PRECEDENCES or "x-auto-response-suppress" in (
        headers.names()
    )
    receipt = any(words in headers.text("subject").casefold() for words in _RECEIPTS)
    return "bot" if sent_by_rule and receipt else ""


def _said_by_header(root: Part) -> bool:
    headers = root.headers
    if headers.raw("return-path").replace(" ", "") == "<>":
        return True  # nobody is to answer it
    if headers.value("precedence").replace("-", "_") == "auto_reply":
        return True
    if "rules agent" in headers.raw("x-ms-exchange-generated-message-source").lower():
        return True
    stated = (name for name in headers.names() if _SAYS_SO.fullmatch(name))
    return any(headers.value(name) not in ("no", "false", "0", "none") for name in stated)


def _begins(subject: str, words: tuple[str, ...]) -> bool:
    return _BRACKETED.sub("", subject.casefold(), count=1).startswith(words)
