"""A walk over a list's pages: forward to the last one and back to the first."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from django.test import Client

from qa.core import paging

# Reads an address: its rows, and the addresses of the pages before and after it ("": none).
ReadPage = Callable[[str], tuple[list[str], str, str]]


def use_small_pages(monkeypatch: pytest.MonkeyPatch, size: int = 2) -> None:
    """Let every list of the site show so few rows that a handful of them fill three pages."""
    page_of = paging.page_of

    def small(*args: object, **kwargs: object) -> object:
        return page_of(*args, **{**kwargs, "size": size})  # type: ignore[arg-type]

    monkeypatch.setattr(paging, "page_of", small)


def html_pages(client: Client, row: str) -> ReadPage:
    """How a page for people is read: rows by a regular expression, neighbours by their links."""

    def read(url: str) -> tuple[list[str], str, str]:
        answer = client.get(url)
        assert answer.status_code == 200, url
        page = answer.content.decode()
        rows = list(dict.fromkeys(re.findall(row, page, re.S)))
        prev, after = (
            re.search(rf'<a [^>]*href="([^"]*)" rel="{rel}"', page) for rel in ("prev", "next")
        )
        return rows, *(
            urljoin(url, found[1].replace("&amp;", "&")) if found else "" for found in (prev, after)
        )

    return read


def walk_pages(read: ReadPage, url: str, *, least: int = 3, back: bool = True) -> list[str]:
    """All rows of a list, in order, after a walk over at least three pages there and back.

    No row comes twice, the first page leads nowhere newer and the last nowhere older, and from
    each page one gets to the one before it, up to the first.
    """
    forward, seen = [], set[str]()
    rows, newer, older = read(url)
    assert not newer, "the first page offers newer rows"
    forward.append(rows)
    last = url
    while older:
        assert older not in seen, f"the same page again: {older}"
        seen.add(older)
        last = older
        rows, newer, older = read(last)
        assert rows, f"an empty page: {last}"
        assert newer or not back, f"no way back from page {len(forward) + 1}"
        forward.append(rows)
    assert len(forward) >= least
    found = [row for page in forward for row in page]
    assert len(found) == len(set(found)), "a row stands on two pages"
    if back:
        assert walk_back(read, last) == forward
    return found


def walk_back(read: ReadPage, url: str) -> list[list[str]]:
    """The rows of each page from this one back to the first, the first at the top."""
    rows, newer, _ = read(url)
    pages = [rows]
    while newer:
        rows, newer, older = read(newer)
        assert older, "no way forward from a page that has pages after it"
        pages.insert(0, rows)
    return pages
