"""A review by keyboard beside the same one by mouse, and what a key takes on a long call.

    python -m benchmarks.review_day [--reviews 10] [--turns 500] [--rounds 12]

Starts its own PostgreSQL, Redis, web server and Chromium (`chromium` on the PATH), which are gone
afterwards. "Shows" is the time from a key's press until the page has changed, "settled" until the
server's answer is drawn; both are measured in the page. Keyboard and mouse are driven as fast as
the page follows, so their difference is the page's and not that of hands: count keys and clicks.
"""

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.intake import servers
from benchmarks.review_page import LIMIT_KEY, opened, people

# From a key's press to the first change of the page and, for those that ask the server, its answer.
WATCH = """
() => {
  window.timed = {};
  addEventListener("keydown", () => {
    window.timed = { pressed: performance.now() };
  }, { capture: true });
  const changed = () => {
    window.timed.shown ??= performance.now() - window.timed.pressed;
  };
  const what = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(changed).observe(document.getElementById("review"), what);
  document.getElementById("review").addEventListener("change", changed);
  document.addEventListener("htmx:afterRequest", () => {
    window.timed.settled = performance.now() - window.timed.pressed;
  });
}
"""
# A way through the moments that comes back to where it began.
WAY = (("j", "j: the next moment"), ("k", "k: the one before"), ("x", "x: no feeling here"))
WAY = (*WAY, ("u", "u: undo"), ("a", "a: accept"), ("u", "u: undo"))


@contextmanager
def browser_on_a_server() -> Iterator[tuple[Browser, str]]:
    """Chromium, and the address of a web server in this process."""
    from pytest_django.live_server_helper import LiveServer

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop in this thread
    server = LiveServer("localhost")
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            yield chromium, server.url
            chromium.close()
    finally:
        server.stop()


def page_of(browser: Browser, url: str, client: Any) -> Page:
    """A page in which the client's member is signed in."""
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return context.new_page()


def waiting_calls(organization: Any, number: int) -> None:
    """This many short calls in the queue."""
    from tests.world import make_interaction

    for n in range(number):
        make_interaction(organization, external_id=f"day-{n}", source="benchmark")


def reviews(page: Page, number: int) -> list[tuple[str, float, float]]:
    """(by what, keys or clicks, seconds) of a review, the median of so many by either."""
    from tests.browser.hands import Keys, review_by_mouse

    page.goto("/o/measured/queue/")
    keys = Keys(page)
    keys.take()
    rows = []
    for name in ("keyboard", "mouse"):
        counts, times = [], []
        for _ in range(number):
            keys.pressed, start = 0, time.perf_counter()
            clicks = review_by_mouse(page) if name == "mouse" else keys.review() or keys.pressed
            times.append(time.perf_counter() - start)
            counts.append(clicks)
        rows.append((name, statistics.median(counts), statistics.median(times)))
    return rows


def key_times(page: Page, address: str, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds until a key shows and until it is settled, the first round not counted."""
    page.goto(address)
    expect(page.locator("#moment")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH)
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for _, name in WAY}
    for turn in range(rounds + 1):
        for key, name in WAY:
            page.keyboard.press(key)
            page.wait_for_function(
                "window.timed.settled !== undefined && window.timed.shown !== undefined"
            )
            page.wait_for_timeout(50)
            timed = page.evaluate("window.timed")
            if turn:
                found[name][0].append(timed["shown"])
                found[name][1].append(timed["settled"])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reviews", type=int, default=10)
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    with servers(), browser_on_a_server() as (browser, url):
        organization, dana, client = people()
        waiting_calls(organization, 2 * options.reviews)
        days = reviews(page_of(browser, url, client), options.reviews)
        review, _ = opened(organization, dana, options.turns)
        address = f"/o/measured/reviews/{review.pk}/"
        keys = key_times(page_of(browser, url, client), address, options.rounds)
    show(days, keys, options.turns)


def show(
    days: list[tuple[str, float, float]],
    keys: dict[str, tuple[list[float], list[float]]],
    turns: int,
) -> None:
    """Print what was measured."""
    for name, count, seconds in days:
        unit = "keys" if name == "keyboard" else "clicks"
        print(f"a review by {name:10}{count:>6.0f} {unit}, {1000 * seconds:.0f} ms")
    print(f"\n{f'key, {turns} turns':24}{'shows ms':>10}{'slowest':>10}{'settled':>10}{'limit':>8}")
    for name, (shown, settled) in keys.items():
        middle, last = statistics.median(shown), statistics.median(settled)
        print(f"{name:24}{middle:>10.1f}{max(shown):>10.1f}{last:>10.1f}{LIMIT_KEY:>8}")


if __name__ == "__main__":
    main()
