"""vCons as compact JWS: three base64url parts with dots between, one file or one a line.

Five parts are a compact JWE, which is encrypted. The parts are only taken apart here: signatures
are not checked, and what is in the payload is read like that of any signed vCon.
"""

import base64
import binascii
import re
from typing import Any, Final

from transcripts.formats.errors import FormatError
from transcripts.formats.json_values import mapping
from transcripts.formats.source import Source
from transcripts.formats.strict_json import read_json

_TOKEN: Final = re.compile(r"[\w-]++\.[\w-]*+\.[\w-]*+(?:\.[\w-]*+\.[\w-]*+)?", re.ASCII)
_START: Final = re.compile(r"\s*\"?[\w-]{8,}", re.ASCII)
_JWE_PARTS: Final = 5
_HEADER_LIMIT: Final = 64 * 1024  # characters; certificates may stand in it


def compact(source: Source) -> list[dict[str, Any]]:
    """Each token of the file as the same thing in JSON; empty if it holds anything else."""
    if source.starts_like_json or not _START.match(source.text[:200]):
        return []
    lines = source.text.strip().strip('"').split()
    for tokens in (lines, ["".join(lines)]):  # one a line, or one that a mailer has wrapped
        if all(map(_is_token, tokens)):
            return [_as_json(token.split(".")) for token in tokens]
    return []


def _is_token(token: str) -> bool:
    """True if these are parts with dots between, the first of which is a JOSE header."""
    if not _TOKEN.fullmatch(token):
        return False
    first = token.partition(".")[0]
    if len(first) > _HEADER_LIMIT:
        return False
    try:
        header = read_json(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (binascii.Error, ValueError, FormatError):
        return False
    return "alg" in mapping(header)


def _as_json(parts: list[str]) -> dict[str, Any]:
    if len(parts) == _JWE_PARTS:
        return {"protected": parts[0], "ciphertext": parts[3]}
    return {"protected": parts[0], "payload": parts[1], "signature": parts[2]}
