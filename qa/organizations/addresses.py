"""E-mail addresses as they are compared: one spelling each, in plain ASCII."""

from django.utils.translation import gettext as _

from qa.core.errors import Refused


def fold(email: str) -> str:
    """The one spelling of an address: small letters, the domain as DNS has it.

    A letter that only looks like another, or that some program takes for another, is refused:
    databases and mail servers disagree about those, and the mailbox may be somebody else's.
    """
    local, _at, domain = email.strip().rpartition("@")
    try:
        plain = domain.lower().encode("idna")
        exact = domain.isascii() or plain.decode("idna") == domain.lower()
    except UnicodeError:
        plain, exact = b"", False
    if not (local.isascii() and local and plain and exact):
        raise Refused(_("This address can't be used. Write it in plain letters, without accents."))
    return f"{local.lower()}@{plain.decode()}"


def same(email: str, folded: str) -> bool:
    """True if an account's address is this folded one."""
    try:
        return fold(email) == folded
    except Refused:
        return False
