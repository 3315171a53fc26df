"""Names found by a language model: off unless wanted, refused where missing, never on a network."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from devstack.pytest_plugin import process_environment
from qa.organizations.forms import RedactionForm
from qa.organizations.models import Organization
from qa.site import checks
from qa.site.startup import refuse_unsafe_start
from qa.tenancy.base import System
from qa.tenancy.context import tenant
from tests.redaction.test_finder import Finder
from tests.world import interaction_json, make_interaction
from transcripts import names_model
from transcripts.formats import validate
from transcripts.models import Transcript
from transcripts.redaction import redact

ROOT = Path(__file__).resolve().parents[2]
TURNS = [{"role": "customer", "text": "Quennel Byrne rang about it."}]


def kept(organization: Organization) -> str:
    with tenant(organization.pk):
        transcript = Transcript.objects.visible_to(System(organization.pk)).latest("pk")
    return str(transcript.turns[0]["text"])


@pytest.mark.parametrize(
    ("on", "expected"), [(False, TURNS[0]["text"]), (True, "[NAME] rang about it.")]
)
def test_what_comes_in_is_shown_to_the_model_where_it_is_on(
    *,
    larkfield: Organization,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    on: bool,
    expected: str,
) -> None:
    settings.NAMES_MODEL = on
    monkeypatch.setattr(names_model, "load", lambda: Finder("Quennel Byrne"))
    make_interaction(larkfield, turns=TURNS, prescored=False)
    assert kept(larkfield) == expected
    assert ("language model" in str(RedactionForm().fields["kinds"].help_text)) is on


def test_it_is_a_fault_to_want_it_where_it_is_not_installed(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_model, "PACKAGES", ("no_such_package",))
    assert checks.names_model_is_installed(None) == []
    settings.NAMES_MODEL = True
    (fault,) = checks.names_model_is_installed(None)
    assert fault.id == "heard.E005"
    with pytest.raises(Exception, match=r"NAMES_MODEL is on, but .*requirements/names\.txt"):
        refuse_unsafe_start()


@pytest.mark.skipif(names_model.is_installed(), reason="the packages are installed")
@pytest.mark.django_db(transaction=True)
def test_the_web_server_does_not_start_without_it_where_it_is_wanted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import qa.wsgi"],
        cwd=ROOT,
        env={**process_environment(), "NAMES_MODEL": "true"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "requirements/names.txt" in done.stderr.strip().splitlines()[-1]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection can be opened."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.skipif(
    not names_model.is_installed(), reason="requirements/names.txt is not installed"
)
def test_the_real_model_finds_people_without_a_network(offline: None) -> None:
    finder = names_model.load()
    assert names_model.load() is finder
    text = "I spoke to Maria Sanchez in London about order 4471 on Tuesday."
    (spans,) = ([text[slice(*span)] for span in found] for found in finder([text]))
    assert spans == ["Maria Sanchez"]
    assert list(map(list, finder([]))) == []
    pushed = interaction_json(turns=[{"role": "customer", "text": text}])
    clean, counts = redact(validate(pushed), find_names=finder)
    assert clean.turns[0].text == text.replace("Maria Sanchez", "[NAME]")
    assert counts == {"NAME": 1}
