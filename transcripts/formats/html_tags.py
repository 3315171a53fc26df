"""Tags of HTML: their attributes, and which kind of content the words inside them are."""

import html
import re
from typing import Final

MAX_OPEN: Final = 60  # elements of a kind of their own, inside one another

STAYS: Final = "…"

_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_FORMS: Final = (
    r"\s{name}\s{{0,5}}=\s{{0,5}}"
    r"(?:\"([^\"]{{0,1500}})\"|'([^']{{0,1500}})'|([^\s\"'>]{{1,300}}))"
)
_PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(_FORMS.format(name=name), re.IGNORECASE)
    for name in ("style", "class", "id", "name", "bgcolor", "border", "href", "type")
}


def attribute(tag: str, name: str) -> str:
    """The value of an attribute of a tag; empty where it has none."""
    found = _PATTERNS[name].search(tag)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""


class Kinds:
    """The elements that are open and have a kind, the innermost last."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        self._depths: list[int] = []
        self._stays = ""

    def open(self, name: str, kind: str, *, block: bool = False) -> None:
        """Enter an element. A kind that ends in `…` holds from here to the end of the page."""
        if kind.endswith(STAYS):
            self._stays = self._stays or kind.removesuffix(STAYS)
            return
        if block and self._open and self._open[-1][0] == "p":
            self._leave(len(self._open) - 1)  # a paragraph ends where a block begins
        if name in _VOID:
            return
        if kind and len(self._open) < MAX_OPEN:
            self._open.append((name, kind))
            self._depths.append(1)
            return
        at = self._innermost(name)
        if at is not None:
            self._depths[at] += 1

    def close(self, name: str) -> None:
        """Leave an element, and what was left open inside it."""
        at = self._innermost(name)
        if at is None:
            return
        self._depths[at] -= 1
        if not self._depths[at]:
            self._leave(at)

    def __bool__(self) -> bool:
        return bool(self._open or self._stays)

    def all(self) -> list[str]:
        """The kinds that hold here, the innermost last."""
        inside = [kind for _, kind in self._open]
        return [*inside, self._stays] if self._stays else inside

    def _innermost(self, name: str) -> int | None:
        last = range(len(self._open) - 1, -1, -1)
        return next((at for at in last if self._open[at][0] == name), None)

    def _leave(self, at: int) -> None:
        del self._open[at:], self._depths[at:]
