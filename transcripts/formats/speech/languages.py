"""Languages as recognisers name them, to language tags."""

import re
from typing import Any, Final

from transcripts.formats.json_values import text

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")
# Whisper's own names for its languages.
_NAMES: Final = """
english:en chinese:zh german:de spanish:es russian:ru korean:ko french:fr japanese:ja
portuguese:pt turkish:tr polish:pl catalan:ca dutch:nl arabic:ar swedish:sv italian:it
indonesian:id hindi:hi finnish:fi vietnamese:vi hebrew:he ukrainian:uk greek:el malay:ms
czech:cs romanian:ro danish:da hungarian:hu tamil:ta norwegian:no thai:th urdu:ur croatian:hr
bulgarian:bg lithuanian:lt latin:la maori:mi malayalam:ml welsh:cy slovak:sk telugu:te
persian:fa latvian:lv bengali:bn serbian:sr azerbaijani:az slovenian:sl kannada:kn estonian:et
macedonian:mk breton:br basque:eu icelandic:is armenian:hy nepali:ne mongolian:mn bosnian:bs
kazakh:kk albanian:sq swahili:sw galician:gl marathi:mr punjabi:pa sinhala:si khmer:km
shona:sn yoruba:yo somali:so afrikaans:af occitan:oc georgian:ka belarusian:be tajik:tg
sindhi:sd gujarati:gu amharic:am yiddish:yi lao:lo uzbek:uz faroese:fo pashto:ps turkmen:tk
nynorsk:nn maltese:mt sanskrit:sa luxembourgish:lb myanmar:my tibetan:bo tagalog:tl
malagasy:mg assamese:as tatar:tt hawaiian:haw lingala:ln hausa:ha bashkir:ba javanese:jv
sundanese:su cantonese:yue
"""
_CODES: Final = dict(pair.split(":") for pair in _NAMES.split())


def language_tag(value: Any) -> str | None:
    """`en-US` for `en_us`, `en` for `English`; None for what is no language."""
    said = text(value)
    found = _CODES.get(said.casefold(), said)
    return found.replace("_", "-") if _TAG.fullmatch(found) else None
