"""Can everybody use every page: with a screen reader, a keyboard, a small screen, in the dark, in either language?

A page that the URLconf gains is walked too; what it needs beyond an address goes into `tests/browser/pages.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connection
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.clinic import URL, Clinic, Member
from tests.browser.conftest import Machine, Watch, browsers

AXE = """async (rules) => {
    const found = await axe.run(document, {resultTypes: ["violations"], ...rules});
    return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target + " " + n.failureSummary).join(" | "));
}"""
# The pages are the same on both databases; journeys and nasty strings go over both.
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="looked at once, on SQLite")
IN_THE_DARK = {"runOnly": ["color-contrast"]}  # nothing else depends on the colours
# Outline or ring: something must show where one is.
WITHOUT_FOCUS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter(one => one.type !== "hidden" && !one.disabled && one.tabIndex >= 0 && one.checkVisibility())
    .filter(one => {
        one.focus({focusVisible: true});
        const style = getComputedStyle(one);
        return document.activeElement === one
            && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) && style.boxShadow === "none";
    }).map(one => one.outerHTML.slice(0, 120))"""
WIDTH = "() => document.scrollingElement.scrollWidth"


@pytest.fixture(scope="module")
def everybody(clinic: Clinic) -> Member:
    """Somebody who may open every page, in a clinic that has something to show on each."""
    return pages.filled(clinic)


@pytest.fixture(scope="module")
def walker(machine: Machine, everybody: Member) -> Iterator[Callable[[str], tuple[Page, Watch]]]:
    """One browser for each language that goes from page to page, as people do."""
    watch = Watch()
    with browsers(machine, watch) as open_:
        yield cache(lambda language: (open_(everybody, language=language), watch))


@pytest.fixture
def shown(clinic: Clinic, everybody: Member, opened: Callable[..., Page], walker: Any) -> Iterator[Callable[..., Page]]:
    """The page of an address: `shown("/patients/", "en")`."""
    watches: list[Watch] = []

    def show(address: str, language: str) -> Page:
        route = pages.addresses()[address]
        if route in pages.STRANGERS:
            page = opened(language=language)
            if first := pages.STRANGERS[route]:
                first(page, clinic, everybody)
        else:
            page, watch = walker(language)
            watches.append(watch)
            page.set_viewport_size({"width": 1280, "height": 720})
            page.emulate_media(color_scheme="light")
        page.goto(address)
        reached = page.url.removeprefix(URL).split("?")[0]
        assert reached == address, f"{route} leads to {reached}: is it in pages.NO_PAGES, or in pages.STRANGERS?"
        return page

    yield show
    for watch in watches:
        wrong, watch.wrong = watch.wrong, []
        assert wrong == []


LANGUAGES = ("en", "zh-hans")
# A form that was handed over is read in the language in which it was asked.
ASKED_IN_ENGLISH = "/tablet/form/"
# The ordinary tests look at each page in one language, by turns; `make prove` in both.
LOOKS = [
    (address, language)
    for number, address in enumerate(pages.addresses())
    for language in (LANGUAGES if os.environ.get("DAYBREAK_DEEP") == "1" else (LANGUAGES[number % 2],))
    if not address.startswith(ASKED_IN_ENGLISH)
] + [(address, "en") for address in pages.addresses() if address.startswith(ASKED_IN_ENGLISH)]


@pytest.mark.parametrize(("address", "language"), LOOKS)
def test_a_page_is_for_everybody(address: str, language: str, shown: Callable[..., Page]) -> None:
    page = shown(address, language)
    assert page.locator("html").get_attribute("lang").lower() == language
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.title().split("–")[0].strip(), "a title says which page it is"
    assert page.evaluate(WITHOUT_FOCUS) == []
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, {"rules": {"target-size": {"enabled": True}}}) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(AXE, IN_THE_DARK) == []
    for wide in (640, 320):  # twice as large on a screen of 1280, and a phone
        page.set_viewport_size({"width": wide, "height": 640})
        assert page.evaluate(WIDTH) <= wide, f"has to be pushed sideways at {wide} px"
