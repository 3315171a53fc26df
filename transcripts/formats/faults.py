"""The faults of one interaction, gathered and put into words."""

from typing import Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _

MAX_FAULTS: Final = 200


class Faults:
    """Gathers faults; past MAX_FAULTS it only says that there are more."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: str, message: str) -> None:
        """Note what is wrong with the field that `path` leads to."""
        if len(self.found) < MAX_FAULTS:
            self.found.append(Fault(path, message))
        elif len(self.found) == MAX_FAULTS:
            message = _("and more faults after the first %(n)s") % {"n": MAX_FAULTS}
            self.found.append(Fault("", message))


def not_of(message: str, value: object) -> str:
    """The message with the kind of the value that is there instead."""
    return message % {"kind": kind_of(value)}


def kind_of(value: object) -> str:
    """The JSON name of a value's type, for messages."""
    names = {bool: _("true or false"), int: _("a number"), float: _("a number"), str: _("text")}
    names |= {list: _("a list"), dict: _("an object"), type(None): "null"}
    return names.get(type(value), _("another type"))
