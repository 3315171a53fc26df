"""Counting by hand, and reading pages as a person would: links, tables, chart data."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from qa.organizations.models import Membership, Organization
from tests.scored import scored

Browser = Callable[[Membership | None], Client]

HAND = (
    # days ago, agent, team, channel, moments
    (1, "a-1", "Billing", "call", (("anger", "empathy", 2), ("fear", "empathy", 1))),
    (2, "a-1", "Billing", "chat", (("anger", "missed", 0), ("relief", "sympathy_only", 0))),
    (3, "a-2", "Sales", "call", (("fear", "dismissed", 0), ("happiness", "empathy", 2))),
    (4, None, None, "email", (("sadness", "missed", 0),)),
    (40, "a-1", "Billing", "call", (("anger", "empathy", 1), ("anger", "missed", 0))),
)


@pytest.fixture
def by_hand(engine: None, larkfield: Organization) -> Organization:
    """Nine moments that are easy to count: seven of the last four weeks, two from before."""
    for days, agent, team, channel, moments in HAND:
        name = {"a-1": "Alex Finch", "a-2": "Bo Reed"}.get(agent or "", "")
        scored(
            larkfield,
            *moments,
            days_ago=days,
            agent=agent or "",
            name=name,
            team=team,
            channel=channel,
        )
    return larkfield


class Links(HTMLParser):
    """The text of every link and every table cell."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._table: list[list[str]] | None = None
        self._href, self._in_cell = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self._href = given.get("href") or ""
            self.links.append((self._href, ""))
        if tag == "table" and given.get("id"):
            self._table = self.tables.setdefault(str(given["id"]), [])
        if tag == "tr" and self._table is not None:
            self._table.append([])
        if tag in {"td", "th"} and self._table is not None:
            self._in_cell = True
            self._table[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = ""
        if tag in {"td", "th"}:
            self._in_cell = False
            if self._table:
                self._table[-1][-1] = self._table[-1][-1].strip()
        if tag == "table":
            self._table = None

    def handle_data(self, data: str) -> None:
        if self._href:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)
        if self._in_cell and self._table:
            self._table[-1][-1] += data


def parsed(html: str) -> Links:
    links = Links()
    links.feed(html)
    return links


def page_json(html: str, name: str) -> Any:
    match = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', html)
    assert match, name
    return json.loads(match[1])


def walk(browser: Client, address: str) -> int:
    """How many moments a list shows on all of its pages."""
    shown, seen = 0, 0
    while address:
        page = browser.get(address)
        assert page.status_code == 200
        shown += len(page.context["moments"])
        older = page.context["page"].older_url
        address = urlsplit(address).path + older if older else ""
        seen += 1
        assert seen < 50
    return shown
