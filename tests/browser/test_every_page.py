"""Can everybody use every page: with a screen reader, a keyboard, a small screen, in the dark, in either language?

A page that the URLconf gains is walked too; what it needs beyond an address goes into `tests/browser/pages.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connection
from playwright.sync_api import Page, TimeoutError

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
# Types into the first form that has room for it what fits nowhere, past the browser's own checks, and sends it.
MISTYPED = """(typed) => {
    const typable = "input:not([type]), input:is([type=text], [type=tel], [type=email], [type=password]), textarea";
    const form = [...document.querySelectorAll("main form")].find(
        (one) => one.method === "post" && one.querySelector(typable) && one.checkVisibility());
    if (!form) return false;
    form.noValidate = true;
    for (const one of form.querySelectorAll(typable)) {
        one.removeAttribute("maxlength");
        one.value = typed;
    }
    (form.querySelector("button:not([type=button])") || form).click();
    return true;
}"""
FOCUS = """() => [document.activeElement.id, document.activeElement.getAttribute("aria-describedby") || ""]
    .some((ids) => ids.split(" ").includes("problems"))"""


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
DEEP = os.environ.get("DAYBREAK_DEEP") == "1"
# What was handed over is read in the language in which it was asked.
ASKED_IN_ENGLISH = ("/tablet/form/", "/tablet/payment/")
# The ordinary tests look at each page in one language, by turns; `make prove` in both.
LOOKS = [
    (address, language)
    for number, address in enumerate(pages.addresses())
    for language in (LANGUAGES if DEEP else (LANGUAGES[number % 2],))
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
    page.evaluate("scrollTo(0, 0)")  # back from the last of them: what stays in sight lies over nothing here
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, {"rules": {"target-size": {"enabled": True}}}) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(AXE, IN_THE_DARK) == []
    for wide in (640, 320):  # twice as large on a screen of 1280, and a phone
        page.set_viewport_size({"width": wide, "height": 640})
        assert page.evaluate(WIDTH) <= wide, f"has to be pushed sideways at {wide} px"


@pytest.mark.parametrize("address", list(pages.addresses()) if DEEP else pages.MISTYPED)
def test_a_page_that_shows_problems_is_for_everybody(address: str, shown: Callable[..., Page]) -> None:
    """What is wrong is announced, has the focus or describes the field that has it, and fits on a phone."""
    page = shown(address, "en")
    if not page.evaluate(MISTYPED, "W" * 5000):
        pytest.skip("nothing to type into")
    with suppress(TimeoutError):
        page.locator("#problems").wait_for(timeout=2000 if DEEP else 20_000)
    if address not in pages.MISTYPED and page.locator("#problems").count() == 0:
        pytest.skip("nothing was wrong with it")
    assert page.locator("#problems[role=alert] li").count() >= 1
    assert page.title().startswith("Problem:")
    assert page.evaluate(FOCUS)
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, {"rules": {"target-size": {"enabled": True}}}) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(WIDTH) <= 320


def test_a_problem_is_joined_to_its_field(shown: Callable[..., Page]) -> None:
    page = shown("/patients/new/", "en")
    page.evaluate(MISTYPED, "2026-02-30")
    field = page.locator("main [name=birth][aria-invalid=true]")
    field.wait_for()
    said = (field.get_attribute("aria-describedby") or "").split()
    assert "2026-02-30" in page.locator(f"#{said[0]}").inner_text()
    assert "birth-hint" in said
    assert field.input_value() == "2026-02-30"
    assert page.locator("[name=given_names][aria-invalid]").count() == 0
