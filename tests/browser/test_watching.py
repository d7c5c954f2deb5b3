"""Does the browser itself say that nobody is monitoring, when the clinic falls silent, behind another tab, and without sound?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from daybreak.web.people.roles import Role
from tests.browser.clinic import Clinic

WITHIN = 5  # seconds
# When the bar came, by the browser's own clock.
NOTED = """
new MutationObserver(() => {
  const bar = document.querySelector("[data-watch]");
  if (bar && !bar.hidden) window.shown ||= Date.now();
}).observe(document, { subtree: true, attributes: true, childList: true });
"""
# A page behind another one, whose own timers a browser has as good as stopped (this one has no windows and never does it itself).
ASLEEP = """
window.setTimeout = window.setInterval = () => 0;
Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
Object.defineProperty(document, "hidden", { get: () => true });
"""
# How often a signal of three tones began.
COUNTS = """
window.heard = 0;
const made = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.heard += 1 / 3; return made.call(this); };
"""
# A browser that lets no sound out, whatever it is asked.
BLOCKS = """
window.AudioContext = class { state = "suspended"; resume() { return new Promise(() => {}); } };
"""


@pytest.fixture(scope="module")
def lee(clinic: Clinic):
    return clinic.member("lee", Role.NURSE)


@contextmanager
def frozen(clinic: Clinic) -> Iterator[float]:
    """The clinic hears nothing and says nothing, as if its machine stood still; since when."""
    assert clinic.process
    main = clinic.process.pid
    processes = [main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())]
    began = time.time()
    for one in processes:
        os.kill(one, signal.SIGSTOP)
    try:
        yield began
    finally:
        for one in processes:
            os.kill(one, signal.SIGCONT)


def _shown(page: Page) -> float:
    """When the bar came; the page allows no script of ours to be waited for, so it is asked again and again."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if found := page.evaluate("window.shown || 0"):
            return float(found)
        page.wait_for_timeout(100)
    raise AssertionError("the bar never came")


@pytest.mark.parametrize("asleep", [False, True])
def test_a_clinic_that_falls_silent_is_not_monitoring(clinic, lee, opened, asleep) -> None:
    page = opened(lee)
    page.add_init_script(NOTED)
    if asleep:
        page.add_init_script(ASLEEP)
    with page.expect_response("**/beat/"):
        page.goto("/sound/")
    bar = page.locator("[data-watch]")
    expect(bar).to_be_hidden()
    if asleep:
        page.context.new_page().bring_to_front()
    with frozen(clinic) as began:
        assert _shown(page) / 1000 - began <= WITHIN
        assert "NOT MONITORING" in page.title()
        assert "Look at the patient" in bar.inner_text()
    expect(bar).to_be_hidden()
    assert "NOT MONITORING" not in page.title()


def test_a_clock_that_stands_still_is_not_monitoring(clinic, lee, opened) -> None:
    page = opened(lee, language="zh-hans")
    page.route("**/beat/", lambda route: route.fulfill(status=200, content_type="text/plain", body="silent\n"))
    page.goto("/sound/")
    expect(page.locator("[data-watch]")).to_contain_text("未在监测")
    expect(page.locator("[data-watch-blocked]")).to_be_hidden()


def test_a_sound_that_the_browser_blocks_is_told_and_counts_as_not_heard(clinic, lee, opened) -> None:
    page = opened(lee)
    page.add_init_script(BLOCKS)
    page.route("**/beat/", lambda route: route.abort())
    page.goto("/sound/")
    expect(page.locator("[data-watch-blocked]")).to_be_visible()
    page.locator("[data-sound-play]").click()
    expect(page.locator("[name=state]")).to_have_value("suspended")
    page.locator("[name=heard][value=yes]").click()
    expect(page.locator("#problems")).to_contain_text("let no sound out")


def test_the_sound_is_tested_and_kept(clinic, lee, opened) -> None:
    page = opened(lee)
    page.goto("/sound/")
    page.locator("[name=heard][value=yes]").click()
    expect(page.locator("#problems")).to_contain_text("let no sound out")
    page.locator("[data-sound-play]").click()
    expect(page.locator("[name=state]")).to_have_value("running")
    page.locator("[name=heard][value=yes]").click()
    expect(page.locator("#tests")).to_be_visible()
    expect(page.locator(".verdict-met")).to_have_text("heard")


def test_an_alarm_that_nobody_has_seen_sounds(clinic, lee, opened) -> None:
    page = opened(lee)
    page.add_init_script(COUNTS)
    page.goto("/sound/")
    page.locator("h1").click()
    shows = "document.body.insertAdjacentHTML('beforeend', '<div id=%s class=%s>x</div>')"
    heard = []
    for id, classes in (
        ("a", "'alarm-open alarm-caution'"),
        ("b", "'tile-alarm tile-unseen'"),
        ("d", "tile-alarm"),
        ("c", "'alarm-open alarm-seen'"),
    ):
        page.evaluate(shows % (id, classes.replace("'", '"')))
        page.wait_for_timeout(1500)
        heard.append(round(page.evaluate("window.heard")))
    assert heard == [1, 2, 2, 2], "once for each that is new; none for one that somebody has seen"
