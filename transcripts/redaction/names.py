"""The customer's name, where the source gives it, wherever it is said."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

NAME: Final = "NAME"


class CustomerNames:
    """Finds the words of the customer's names in text, whole words, in any case."""

    def __init__(self, names: Iterable[str], keep: Iterable[str] = ()) -> None:
        kept = {word.casefold() for name in keep for word in name.split()}
        words = {w for n in names for w in n.split() if len(w) > 1 and w.casefold() not in kept}
        alternatives = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.I) if words else None

    def redact(self, text: str, counts: Counter[str]) -> str:
        """The text with [NAME] in place of each name."""
        if self._pattern is None:
            return text
        text, found = self._pattern.subn(f"[{NAME}]", text)
        counts[NAME] += found
        return text
