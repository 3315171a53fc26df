"""A mixed folder dropped at once: its questions answered, and the table of what became of it."""

import base64
import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from qa.organizations.models import Membership
from tests.browser.conftest import SignIn
from tests.fixture_files import FIXTURES

FILES = 40
LARGEST = 200_000
FROM_EACH = 2
# Read in the files themselves: what they are, how many turns they hold, whether they ask.
CERTAIN = {
    "connect_chat/contact_lens_docs_chat_original.json": ("Imported", 31),
    "harper_valley/0002f70f7386445b.json": ("Imported", None),
    "amazon_transcribe/aws_docs_diarization.json": ("Imported", 2),
    "webvtt/podcast_namespace_example.vtt": ("Imported", None),
    "ccai_insights/google_readme_sample.json": ("Imported", None),
    "tnef/letter.tnef": ("Rejected", None),
    "zoom_chat/zoom_meeting001_participants.csv": ("Rejected", None),
}
ASKING = ("amazon_transcribe/aws_docs_diarization.json", "webvtt/podcast_namespace_example.vtt")


def chosen() -> list[Path]:
    """Forty files of every family, those with certain answers first."""
    found = [FIXTURES / name for name in CERTAIN]
    for number in range(FROM_EACH * 2):
        for family in sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir()):
            files = [path for path in sorted(family.iterdir()) if path.stat().st_size < LARGEST]
            found += [file for file in files[number : number + 1] if file not in found]
    return found[:FILES]


def drop(page: Page, files: list[Path]) -> None:
    """Let files fall onto the page, as a hand with a mouse does."""
    sent = [
        {"name": file.name, "data": base64.b64encode(file.read_bytes()).decode()} for file in files
    ]
    carried = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const { name, data } of files) {
                const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
                transfer.items.add(new File([bytes], name));
            }
            return transfer;
        }""",
        sent,
    )
    page.dispatch_event("#upload", "dragenter", {"dataTransfer": carried})
    page.dispatch_event("#upload", "drop", {"dataTransfer": carried})


def asking(page: Page) -> Locator:
    return page.locator("tr[data-status='asks']")


def answer(row: Locator) -> None:
    """Answer whatever the row asks: the first speaker is the customer, the others are agents."""
    for number, choice in enumerate(row.locator(".ask__fields--roles select").all()):
        choice.select_option("customer" if number == 0 else "agent")
    for group in row.locator(".ask__fields:has(input[type=radio])").all():
        group.locator("input[type=radio]").first.check()
    for zone in row.locator("input[name=time_zone]").all():
        zone.fill("Europe/Berlin")
    for piece in row.locator("[data-piece='1']").all():
        piece.get_by_text("Agent", exact=True).click()
        row.get_by_role("button", name="They take turns from 1 on").click()
    for remember in row.get_by_label("Remember this for files like it").all():
        remember.uncheck()
    row.get_by_role("button", name="Import").click()


def results(page: Page) -> dict[str, dict[str, str]]:
    address = page.locator("#uploads-results").evaluate("link => link.href")
    text = page.request.get(address).text()
    return {row["file"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def page(sign_in: SignIn, dana: Membership) -> Page:
    page = sign_in(dana)
    page.goto(f"/o/{dana.organization.slug}/upload/")
    return page


def test_forty_files_dropped_at_once_are_asked_about_and_taken_in(page: Page) -> None:
    files = chosen()
    drop(page, files)
    total = page.locator("#uploads-sum")
    expect(total).to_contain_text(f"{len(files)} files: ", timeout=60_000)
    for name in ASKING:
        row = page.locator("tr", has_text=Path(name).name)
        expect(row).to_contain_text("Who is who?")
    while asking(page).count():  # an answer may open a further question
        row = page.locator(f"#{asking(page).first.get_attribute('id')}")
        asked = row.element_handle()
        answer(row)
        page.wait_for_function("row => !row.isConnected", arg=asked)  # another row is in its place
    expect(asking(page)).to_have_count(0)
    expect(total).not_to_contain_text("an answer")
    table = results(page)
    assert len(table) == len({file.name for file in files})
    assert {row["status"] for row in table.values()} <= {
        "Imported",
        "Partly imported",
        "Already imported",
        "Rejected",
    }
    for name, (status, turns) in CERTAIN.items():
        row = table[Path(name).name]
        assert row["status"] == status, name
        assert turns is None or row["turns"] == str(turns), name
    assert all(row["faults"] for row in table.values() if row["status"] == "Rejected")


def test_three_hundred_small_files_come_in_with_progress(page: Page, tmp_path: Path) -> None:
    for number in range(300):
        talk = f"Agent: Hello, what can I do?\nCustomer: I am worried about order {number}.\n"
        (tmp_path / f"{number:03}.txt").write_text(talk)
    drop(page, sorted(tmp_path.iterdir()))
    whole = page.locator("#uploads-whole")
    expect(whole).to_have_attribute("max", "300")
    expect(page.locator("#uploads-sum")).to_contain_text("300 files: 300 imported", timeout=120_000)
    expect(whole).to_be_hidden()
    assert len(results(page)) == 300


def test_one_answer_is_enough_for_the_files_of_one_source(page: Page, tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"call-{number}.vtt").write_text(
            "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Channel 0>Thanks for calling.\n\n"
            f"00:04.000 --> 00:08.000\n<v Channel 1>I am so angry, this is call {number}!\n"
        )
    drop(page, sorted(tmp_path.iterdir()))
    expect(asking(page)).to_have_count(4)
    first = page.locator("tr", has_text="call-0.vtt")
    first.get_by_label("Channel 0").select_option("agent")
    first.get_by_label("Channel 1").select_option("customer")
    first.get_by_role("button", name="Import").click()
    expect(page.locator("#uploads-sum")).to_contain_text("4 files: 4 imported")


def test_a_refused_file_is_sent_again_corrected(page: Page, tmp_path: Path) -> None:
    wrong, right = tmp_path / "call.json", tmp_path / "corrected.txt"
    wrong.write_text('{"channel": "call"}')
    right.write_text("Agent: Hello.\nCustomer: I am so angry about this!\n")
    drop(page, [wrong])
    row = page.locator("tr[data-status='refused']")
    row.locator("input[type=file]").set_input_files(str(right))
    row.get_by_role("button", name="Try again").click()
    expect(page.locator("tr[data-status='accepted']")).to_contain_text("corrected.txt")
    expect(page.locator("#uploads-sum")).to_contain_text("1 file: 1 imported")
