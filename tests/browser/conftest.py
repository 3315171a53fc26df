"""A real Chromium before a real server, with a real worker behind it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from devstack.pytest_plugin import process_environment
from qa.celery import app
from qa.organizations.models import Membership
from tests.world import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
WORKER = [sys.executable, "-m", "celery", "-A", "qa", "worker", "--concurrency", "1"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 20_000  # milliseconds

AT_WORK = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND state <> 'idle'"
)
START_SECONDS = 60
LOOKS = 3  # in a row that find nobody at work

SignIn = Callable[[Membership], Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, once for all tests; without one they are skipped (see tests/guards.py)."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A worker process on the test's database, gone at the end; what earlier tests rang is gone."""
    app.control.purge()
    process = subprocess.Popen(
        WORKER,
        cwd=ROOT,
        env={**process_environment(), "LOG_LEVEL": "ERROR"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + START_SECONDS
    while not app.control.ping(timeout=1.0) and time.monotonic() < end:
        pass  # it loads the engine first
    yield
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def sign_in(chromium: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """`sign_in(dana)` fills in the form as Dana would, in a browser of her own."""
    contexts = []

    def start(member: Membership) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 800}
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("E-mail").fill(member.user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/o/**")
        return page

    yield start
    for context in contexts:
        context.close()
    wait_until_quiet()


def wait_until_quiet() -> None:
    """Until the server has dealt with what closing pages sent: the tables are emptied next."""
    end, quiet = time.monotonic() + PATIENCE / 1000, 0
    while quiet < LOOKS and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(AT_WORK)
            (busy,) = cursor.fetchone()
        quiet = 0 if busy else quiet + 1
        time.sleep(0.1)
