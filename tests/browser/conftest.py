"""What does a test in the browser find ready? A clinic that is served, its people, and pages that are watched."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect, sync_playwright

from daybreak.web.people import actions
from daybreak.web.people.models import Person
from tests.browser import chromium
from tests.browser.clinic import PASSWORD, URL, Clinic, Member, own_database, second_site
from tests.browser.tls import Certificate, certificate
from tests.web.conftest import signed_in

PATIENCE = 20_000  # ms for whatever is to come, on a machine with other work
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Machine:
    """The browser, where it will look for the clinic, and the certificate that it will believe."""

    browser: Browser
    port: int
    certificate: Certificate


@pytest.fixture(scope="module")  # as long as it is there, no other test of this process can have a loop of its own
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    program = chromium.found()
    if program is None:
        pytest.skip("needs Chromium on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = certificate(settings.PLACE.host, tmp_path_factory.mktemp("tls"))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright waits for the browser in a loop of this thread; Django takes that for code that must not wait.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=program, args=chromium.arguments(port=port, certificate=found.fingerprint)
        )
        yield Machine(browser, port, found)
        browser.close()


@pytest.fixture(scope="module")
def clinic(
    machine: Machine,
    request: pytest.FixtureRequest,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Clinic]:
    """Dawn, with two sites, served by TLS as `https://clinic.example.org`."""
    name = "_".join([request.path.stem, *filter(None, [os.environ.get("PYTEST_XDIST_WORKER")])])
    folder = tmp_path_factory.mktemp(name)
    with django_db_blocker.unblock(), own_database(name, folder) as address:
        found = Clinic(machine.port, machine.certificate, address, folder / "serve.log")
        try:
            found.start()
            first = actions.found(organisation="Dawn", site="Main Street", rooms=["Room 1"], at=datetime.now(UTC))
            found.sites += [first, second_site(first)]
            yield found
        finally:
            found.stop()


@dataclass
class Watch:
    """What a page did that no page may do: asked another host, complained in the console, broke."""

    wrong: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: Any) -> None:
        about_the_page = "Failed to load resource" in message.text  # a refusal has a status that is an error
        if message.type in ("error", "warning") and not about_the_page:
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{URL}/", "data:", "blob:")):
            self.wrong.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status}: {response.request.method} {response.url}")
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch", "xhr"):
            self.wrong.append(f"{response.status}: {response.request.resource_type} {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Looked at when the test is over."""
    found = Watch()
    yield found
    assert found.wrong == []


@contextmanager
def browsers(machine: Machine, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a browser of its own; afterwards all are closed."""
    contexts: list[BrowserContext] = []

    def open_(who: Member | Person | None = None, *, language: str = "en", **options: Any) -> Page:
        context = machine.browser.new_context(base_url=URL, locale="en-GB", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        cookies = [(settings.LANGUAGE_COOKIE_NAME, language)]
        if who is not None:
            person = who.person if isinstance(who, Member) else who
            cookies.append(
                (settings.SESSION_COOKIE_NAME, signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value)
            )
        context.add_cookies([{"name": name, "value": value, "url": URL} for name, value in cookies])
        page = context.new_page()
        watch.over(page)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def opened(machine: Machine, clinic: Clinic, watch: Watch) -> Iterator[Callable[..., Page]]:
    """A page in a browser of its own: `opened(lee)`, where Lee has just signed in, or `opened()` for a stranger."""
    with browsers(machine, watch) as open_:
        yield open_


def sign_in(page: Page, member: Member) -> None:
    """By the form, with password and code; from wherever the page asks."""
    if "/login/" not in page.url:
        page.goto("/login/")
    page.locator("[name=login]").fill(member.login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("/login/code/"))
    page.locator("[name=code]").fill(member.code())
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)
