"""The words in a vCon's bodies: plain, HTML or a mail's parts; bare, as JSON or as base64url."""

import base64
import binascii
from typing import Any, Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.chats import messages as chat
from transcripts.formats.chats.messages import ChatLog
from transcripts.formats.errors import FormatError
from transcripts.formats.html_text import html_to_text
from transcripts.formats.json_values import mapping, objects, text
from transcripts.formats.mail.messages import read_mail
from transcripts.formats.mail.replies import split_html_reply, split_reply
from transcripts.formats.strict_json import read_json

_MAIL: Final = ("multipart/", "message/rfc822")
_WORDS: Final = ("text", "body", "message", "content")
_MAX_SIGNATURES: Final = 3  # of one vCon within another


def opened(value: Any, reading: ChatLog) -> dict[str, Any]:
    """The vCon itself, out of its signatures; FormatError if it is encrypted or no object."""
    vcon = mapping(value)
    for __ in range(_MAX_SIGNATURES):
        if "ciphertext" in vcon:
            raise FormatError(_("is an encrypted vCon; decrypt it before you send it"))
        if "payload" not in vcon or not ("signatures" in vcon or "signature" in vcon):
            break
        reading.note(gettext_noop("The signature of the file was not checked."))
        vcon = mapping(_payload(vcon["payload"]))
    if not vcon:
        raise FormatError(_("is no vCon"), expected=_("a JSON object with parties and dialog"))
    return vcon


def media_type(dialog: dict[str, Any]) -> str:
    """The type of a body in lower case, with its parameters; under the old key too."""
    return text(dialog.get("mediatype")) or text(dialog.get("mimetype"))


def is_mail(dialog: dict[str, Any]) -> bool:
    """True if a text is a mail: by its type, its Message-ID, or its application."""
    kind = media_type(dialog).casefold()
    return kind.startswith(_MAIL) or bool(text(dialog.get("message_id")))


def words_of(dialog: dict[str, Any], reading: ChatLog) -> str:
    """What was written in one text dialog; of a mail, what is not quoted."""
    body = decoded(dialog)
    if body is None:
        if text(dialog.get("url")):
            reading.note(
                gettext_noop("Words kept outside the file are not fetched and were left out.")
            )
        return ""
    kind = media_type(dialog).casefold().partition(";")[0].strip()
    said = _plain(body)
    if kind.startswith(_MAIL):
        head = "" if kind == "message/rfc822" else f"Content-Type: {media_type(dialog)}\n\n"
        return read_mail(f"{head}{said}".encode("utf-8", "replace")).reply.text
    if kind == "text/html":
        return split_html_reply(said).text if is_mail(dialog) else html_to_text(said)
    if kind and not kind.startswith("text/") and kind != "application/json":
        reading.note(chat.MEDIA)
        return ""
    return split_reply(said).text if is_mail(dialog) else said


def decoded(holder: dict[str, Any]) -> Any:
    """The body of a dialog, an analysis or an attachment: text or JSON; None if there is none."""
    body = holder.get("body")
    encoding = text(holder.get("encoding")).casefold()
    if not isinstance(body, str):
        return body
    if encoding == "base64url":
        body = _bytes(body).decode("utf-8", "replace")
    if encoding == "json" or body.lstrip()[:1] in ("{", "["):
        try:
            return read_json(body, constants=True)
        except FormatError:
            return body
    return body


def _plain(body: Any) -> str:
    if isinstance(body, str):
        return body.strip()
    if isinstance(body, list):
        return "\n".join(filter(None, (_plain(part) for part in objects(body))))
    found = mapping(body)
    return next((text(found[key]) for key in _WORDS if text(found.get(key))), "")


def _payload(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    try:
        return read_json(_bytes(text(value)), constants=True)
    except FormatError as error:
        message = _("has a signed payload that can't be read: %(reason)s")
        raise FormatError(message % {"reason": error.reason}) from None


def _bytes(value: str) -> bytes:
    bare = "".join(value.split()).rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        raise FormatError(_("has a body that is not base64url, though it says so")) from None
