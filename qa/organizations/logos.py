"""Pictures that are sent as a logo: what is one, drawn anew. No database here.

Nothing of the file is kept but its pixels: no comment, no place where it was taken, and nothing
that a browser could read as something else. SVG is refused: it may hold scripts.
"""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from qa.core.errors import Refused

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MOST_BYTES: Final = 1024 * 1024  # of the file that is sent
MOST_PIXELS: Final = 16_000_000
SIDE: Final = 256  # the picture is made to fit a square of so many pixels


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    png: bytes

    @property
    def version(self) -> str:
        """Another one for another picture: part of its address, so that browsers may keep it."""
        return sha256(self.png).hexdigest()[:16]


def read_picture(sent: bytes) -> Picture:
    """The picture in this file; refused, in words, if it is none that can be used."""
    if len(sent) > MOST_BYTES:
        raise Refused(_("This picture is larger than 1 MB. Make it smaller and try again."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Picture(_drawn_anew(sent))
    except Refused:
        raise
    except Exception as error:  # a broken file can make a decoder fail in any way
        raise Refused(_("This isn't a PNG, JPEG or WebP picture, or it is damaged.")) from error


def _drawn_anew(sent: bytes) -> bytes:
    with Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
        width, height = picture.size  # known before anything is unpacked
        if width * height > MOST_PIXELS:
            raise Refused(_("This picture has too many pixels. 512 by 512 is plenty."))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
        upright.thumbnail((SIDE, SIDE))
        drawn = Image.frombytes("RGBA", upright.size, upright.tobytes())  # pixels and no more
        out = io.BytesIO()
        drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
