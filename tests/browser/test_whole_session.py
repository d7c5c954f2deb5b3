"""How often does a nurse touch the tablet in a whole treatment, from the check-in to the way home? The browser counts."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

STARTS_WITHIN = 120  # seconds
MOST, CHECK, DOSE, HOME = 25, 2, 3, 5
# What a person answers of the form; the figures are there already.
JUDGED = {
    "first": "no",
    "acceptable_before": "yes",
    "acceptable_after": "yes",
    "sedation": "no",
    "dissociation": "yes",
    "respiratory": "no",
    "serious": "no",
}
THEIRS = 1  # touches of the patient, to whom the tablet is handed for what is private
COUNTS = """
addEventListener("click", (event) => {
  // A label clicks its field once more by itself, and the key that sends a form clicks its button: neither is a touch.
  if (event.isTrusted && event.detail > 0) localStorage.touches = 1 + Number(localStorage.touches || 0);
}, true);
addEventListener("keydown", (event) => { if (event.isTrusted) localStorage.keys = 1 + Number(localStorage.keys || 0); }, true);
"""


class Served:
    """A demo of one patient, at a time of its own: `at(minutes)` after it was made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    @contextmanager
    def at(self, minutes: int) -> Iterator[None]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBREAK", "DJANGO"))}
        words = [sys.executable, "-m", "tests.browser.one_patient", str(self.folder), str(self.port), str(minutes)]
        with (self.folder.parent / "log").open("a") as log:
            running = subprocess.Popen(words, env=kept, stdout=log, stderr=log)
        try:
            until = time.monotonic() + STARTS_WITHIN
            while not self._answers() and time.monotonic() < until:
                assert running.poll() is None, (self.folder.parent / "log").read_text()
                time.sleep(0.3)
            yield
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=60)

    def _answers(self) -> bool:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
        except OSError:
            return False

    def born(self) -> str:
        with closing(sqlite3.connect(self.folder / "daybreak.sqlite3")) as database:
            rows = database.execute("SELECT birth FROM patients_details WHERE family_name = 'Moreau'").fetchall()
        return str(rows[0][0])


def touches(page: Page) -> int:
    return int(page.evaluate("localStorage.touches || 0"))


def tap(page: Page, name: str, *, role: Any = "button") -> None:
    page.get_by_role(role, name=name, exact=True).first.click()


def type_(page: Page, *figures: str) -> None:
    """With the key "next" between them; the field is there already, or is a moment later."""
    expect(page.locator("input:focus")).to_have_count(1)
    for n, figure in enumerate(figures):
        page.keyboard.type(figure)
        if n < len(figures) - 1:
            page.keyboard.press("Enter")


def sent(page: Page) -> Any:
    return page.expect_navigation()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return Served(tmp_path_factory.mktemp("whole") / "demo")


def test_a_whole_treatment_takes_no_more_touches_than_were_promised(machine: Any, served: Served) -> None:
    context = machine.browser.new_context(
        base_url=f"http://127.0.0.1:{served.port}", viewport={"width": 1024, "height": 768}, locale="en-GB"
    )
    context.set_default_timeout(20_000)
    try:
        page = context.new_page()
        with served.at(0):
            page.goto("/demo/")
            page.locator('[aria-label*="Lee Moss"]').click()
            page.goto("/today/")
            page.add_init_script(COUNTS)
            page.reload()
            _, month, day = served.born().split("-")
            before_the_dose(page, day=day, month=month)
        with served.at(7):  # the second device, five minutes after the first
            page.reload()
            tap(page, "Given in full")
            page.wait_for_url(re.compile("/cockpit/"))
        assert touches(page) < MOST
        before = touches(page)
        with served.at(42):  # forty minutes after the first
            page.reload()
            page.locator("#tap-vitals > summary").click()
            expect(page.locator("#vitals-systolic")).to_be_focused()
            type_(page, "142", "88", "76", "97", "15")
            page.locator("#tap-vitals input[name='moaa-s'][value='4']").check()
            page.locator("#tap-vitals input[name='dissociation'][value='1']").check()
            page.locator("#tap-vitals button.button-main").click()
            expect(page.locator("#live-vitals")).to_contain_text("142/88")
            assert touches(page) - before <= 2 * CHECK, "four rows"
        with served.at(58):  # it falls
            page.reload()
            before = touches(page)
            page.locator("#tap-vitals > summary").click()
            expect(page.locator("#vitals-systolic")).to_be_focused()
            type_(page, "131", "82")
            page.locator("#tap-vitals button.button-main").click()
            expect(page.locator("#live-vitals")).to_contain_text("131/82")
            assert touches(page) - before <= CHECK
        with served.at(128):
            page.reload()
            goes_home(page, day=day, month=month)
        total, keys = touches(page) - THEIRS, int(page.evaluate("localStorage.keys"))
        print(f"touches: {total}, keys: {keys}")
        assert total <= MOST, f"{total} touches, {keys} keys"
        with served.at(130):
            files_the_form(page)
    finally:
        context.close()


def before_the_dose(page: Page, *, day: str, month: str) -> None:
    with sent(page):
        page.get_by_role("link", name=re.compile("Moreau")).first.click()
    with sent(page):
        tap(page, "Begin the session")
    type_(page, day, month)
    with sent(page):
        page.keyboard.press("Enter")
    with sent(page):
        tap(page, "I have asked all: mark “nothing to report” where nothing is marked")
    assert page.get_by_role("radio", checked=True).count() == 13, "what has two good answers is answered by hand"
    page.locator("input[name=pressure_tablet][value=none]").check()
    page.locator("input[name=breath_test][value=none_here]").check()
    with sent(page):
        tap(page, "Keep the answers as marked")
    # The first is tapped by the patient; whether they feel safe at home was asked in an earlier treatment of the series.
    for answer in ("I cannot become pregnant", "No"):
        with sent(page):
            tap(page, answer)
    type_(page, "128", "80", "70", "98", "14")
    with sent(page):
        page.keyboard.press("Enter")
    before = touches(page)
    with sent(page):
        page.locator("button[value=clear]").click()
    with sent(page):
        page.locator("button[value=time_out]").click()
    with sent(page):
        tap(page, "Given in full")
    assert touches(page) - before <= DOSE


def goes_home(page: Page, *, day: str, month: str) -> None:
    page.locator("#live-next a").click()
    type_(page, "130", "82", "98")
    page.locator("input[name='moaa-s'][value='5']").check()
    page.locator("input[name='dissociation'][value='0']").check()
    with sent(page):
        tap(page, "I have asked all: mark “nothing to report” where nothing is marked")
    page.locator("input[name=suicide_leaving][value=no]").check()
    page.locator("#day").click()
    type_(page, day, month)
    before = touches(page)
    with sent(page):
        page.keyboard.press("Enter")
    assert page.locator("#why-not li").all_inner_texts() == []
    with sent(page):
        page.locator("button[value=home]").click()
    expect(page.get_by_role("main")).to_contain_text("Went home")
    assert touches(page) - before <= HOME


def files_the_form(page: Page) -> None:
    """With the keyboard alone: what is to be judged is judged, no figure is typed, and the proof takes it off the list."""
    page.reload()
    with sent(page):
        press(page, page.get_by_role("link", name="Monitoring form (REMS)").first)
    expect(page.get_by_role("main")).to_contain_text("56 mg")
    for question, answer in JUDGED.items():
        press(page, page.locator(f"input[name='q-{question}'][value='{answer}']"), "Space")
    press(page, page.locator("input[name='q-ready']").first, "Space")
    if page.locator("[name=confirm]").count():
        told = re.search(r"demo(?:-[a-z2-7]{4}){3}", page.content())  # the demo says it beside the field
        page.locator("[name=confirm]").fill(told[0] if told else "")
    assert Axe().run(page).response["violations"] == []
    with sent(page):
        press(page, page.get_by_role("button", name="Sign the form"))
    expect(page.get_by_role("main")).to_contain_text("Not filed yet")
    press(page, page.locator("input[name=how][value=portal]"), "Space")
    page.locator("#reference").focus()
    page.keyboard.type("PMF-1042")
    page.locator("#proof").set_input_files({"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    assert Axe().run(page).response["violations"] == []
    with sent(page):
        press(page, page.locator("button[value=file]"))
    expect(page.get_by_role("main")).to_contain_text("PMF-1042")
    page.goto("/rems/")
    expect(page.get_by_role("main")).to_contain_text("No form is owed.")


def press(page: Page, what: Locator, key: str = "Enter") -> None:
    what.focus()
    page.keyboard.press(key)
