"""Passwords: to sign in, where an address may have several accounts (ADR 21), and to confirm."""

import re
from typing import Any, Final

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest

from qa.organizations.models import Organization, User
from qa.tenancy.context import directory

BACKEND: Final = "qa.organizations.sign_in.AddressBackend"
TRIED: Final = 2  # passwords that every try computes, however many accounts the address has


class AddressBackend(ModelBackend):
    """Finds the account, of those with this address, whose password was typed.

    Time tells nothing: each account is tried though one was found, and at least TRIED passwords
    are computed, so that who has made an account of an address does not learn of another.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        accounts = list(User.objects.of_address(username))
        right = [account for account in accounts if account.check_password(password)]
        for _ in range(TRIED - len(accounts)):
            make_password(password)
        may = [user for user in right if self.user_can_authenticate(user)]
        return _wanted(may, request) if len(may) > 1 else next(iter(may), None)


def is_own_password(user: User, password: str, *, request: HttpRequest) -> bool:
    """True if somebody who is signed in has typed their own password.

    Wrong ones count as at sign-in: after as many of them none is looked at for as long, and the
    middleware answers. A session left open somewhere is no place to guess.
    """
    credentials = {"username": user.email}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # read by the middleware
        return False
    if user.check_password(password):
        return True
    AxesProxyHandler.user_login_failed(__name__, credentials, request)
    return False


def _wanted(accounts: list[User], request: HttpRequest | None) -> User:
    """Of several accounts with one password that of the organization one was on the way to."""
    following = request.POST.get("next", "") if request else ""
    slug = re.match(r"/o/([\w-]+)/", following)
    with directory():
        there = slug and Organization.objects.filter(slug=slug[1]).first()
    return next(
        (account for account in accounts if there and account.only_in_id == there.pk), accounts[0]
    )


def name_of_only_organization(user: User) -> str:
    """The organization in which this account is good; empty where it is good in all."""
    if user.only_in_id is None:
        return ""
    with directory():
        return Organization.objects.values_list("name", flat=True).get(pk=user.only_in_id)


class MailedLinks(PasswordResetTokenGenerator):
    """Links to set a password, which only mail brings.

    Of another kind than those that admins were handed up to 1.0.0 before invitations: these died.
    """

    key_salt = "heard.password_by_mail"


mailed_links = MailedLinks()
