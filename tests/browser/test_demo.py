"""Does README's way from the demo's first page to a signed decision lead there, in a real browser?"""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import one_demo

STARTS_WITHIN = 120  # seconds


@pytest.fixture(scope="module")
def address(machine: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a demo is run."""
    folder: Path = tmp_path_factory.mktemp("demo")
    one_demo.copy(tmp_path_factory, folder / "house")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "daybreak", "demo", "--folder", str(folder / "house"), "--port", str(port)],
            env=one_demo.surroundings(),
            stdout=log,
            stderr=log,
        )
    try:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and not _answers(port):
            assert running.poll() is None, (folder / "log").read_text()
            time.sleep(0.3)
        assert (folder / "house").stat().st_mode & 0o777 == 0o700
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=60)


def _answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
    except OSError:
        return False


@pytest.fixture
def fresh(machine: Any, address: str) -> Iterator[Callable[..., Page]]:
    """A page in a browser that has never been here."""
    contexts = []

    def open_(**options: Any) -> Page:
        contexts.append(machine.browser.new_context(base_url=address, locale="en-GB", **options))
        contexts[-1].set_default_timeout(20_000)
        page: Page = contexts[-1].new_page()
        return page

    yield open_
    for context in contexts:
        context.close()


def be(page: Page, name: str) -> None:
    page.get_by_role("link", name="Be somebody else").click()
    page.get_by_role("button", name=f"Sign in as {name}").first.click()


def find(page: Page, name: str, *, opens: str) -> None:
    page.get_by_role("link", name="Patients", exact=True).first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=opens).click()
    page.get_by_role("link", name="Screening board").click()


def test_from_the_first_page_to_a_signed_decision(fresh) -> None:
    page = fresh()
    page.goto("/")
    page.get_by_role("link", name="Sign in to work here").first.click()
    page.get_by_role("button", name="Sign in as Dr Ines Vale, Prescriber").click()
    find(page, "kaur", opens="Kaur Simran")
    page.get_by_role("link", name="Sign the decision").click()
    page.get_by_role("link", name="Esketamine nasal spray, United States, treatment-resistant depression").click()
    page.get_by_role("radio", name="Treatment may be offered").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("treatment may be offered, signed by Dr Ines Vale")

    be(page, "Jun Arai, Evaluator")
    find(page, "obrien", opens="O’Brien-Núñez Seán")
    page.get_by_role("link", name="waits for a second signature").first.click()
    page.get_by_role("button", name="Sign as the second person").click()
    expect(page.get_by_role("main")).to_contain_text("Jun Arai")

    be(page, "Ada Lin, Administrator")
    page.get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("main")).to_contain_text("Dr Ines Vale signed a decision")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_to_choose_from_can_be_read_by_everybody(fresh, scheme, width) -> None:
    page = fresh(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto("/demo/")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.get_by_text("Demo: made-up patients")).to_be_visible()
