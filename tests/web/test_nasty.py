"""Does everything that somebody types come back as text, in every field of every form, or with a sentence about it?

`DAYBREAK_NASTY` may name a folder with further lists, one string a line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client

from daybreak.web import ids
from daybreak.web.patients.fields import FIELDS
from daybreak.web.people import actions
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from daybreak.web.presence.kept import LEFT_OUT
from tests.web import everything, who_may
from tests.web.conftest import NOW, signed_in
from tests.web.filled import forms
from tests.web.test_access import path, routes

MARK = "zqmark"
NASTY = [  # several that are text in the same way stand in one
    f'"><script>{MARK}()</script>',
    f"<img src={MARK} onerror=alert(1)>'; DROP TABLE patients_patient; --{{{{ {MARK} }}}}{{% load {MARK} %}}%s%n%(name)s{{0}}",
    f"\u202e{MARK}\u2066\u200b\ufeff王{MARK}𠮷 e\u0301 🧠👩‍⚕️ ../../../../etc/passwd?",
    '=HYPERLINK("x")',
    f"{MARK}\0null",
    f"{MARK}\ud83d",
    f"{MARK}\r\nSet-Cookie: x=1",
    MARK * 3000,
    "9" * 400,
    "-0",
    "1e999",
    "NaN",
    "٣",
    "2026-02-30",
    "9999-12-31",
    "   ",
]
# What a database could refuse, or keep otherwise: the second one is asked with these alone, by `make prove` with all. The
# page that is shown after they were kept says the same on both.
STORED = NASTY[1:3] + NASTY[4:6] + NASTY[7:9]
EVERY = connection.vendor == "sqlite" or os.environ.get("DAYBREAK_DEEP") == "1"
ASKED = NASTY if EVERY else STORED
COMES_BACK = [NASTY[0], NASTY[3]]  # neither cut nor cleaned on the way
TEXT = {"text", "tel", "email"}
TYPED_ANEW = LEFT_OUT | {"code"}
HIDDEN = f'"><script>{MARK}()</script>\0' * 200  # whatever is wrong with it, nobody typed it
FORM = "application/x-www-form-urlencoded"
KINDS = {"select", "textarea", "input"}
ON_EVERY_PAGE = "/unlock/"  # asked once, where people have their own page


def further() -> list[str]:
    """The first lines of each further list, so that the run stays short."""
    folder = os.environ.get("DAYBREAK_NASTY")
    files = sorted(Path(folder).glob("*.txt")) if folder else []
    found = [line for file in files for line in file.read_text("utf-8", "replace").splitlines() if line.strip()]
    return found[:: max(1, len(found) // 12)]


class Forms(HTMLParser):
    """Every form of a page: where it goes, its fields with their values, and which of them hold a line or a text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: list[set[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "form":
            self.open = True
            self.found.append((given.get("action") or "", {}))
            self.texts.append(set())
        elif self.open and tag in {*KINDS, "button"} and (name := given.get("name")):
            self.found[-1][1].setdefault(name, given.get("value") or "")
            if tag == "textarea" or (tag == "input" and given.get("type", "text") in TEXT):
                self.texts[-1].add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False


@lru_cache(maxsize=1)
def read(page: str) -> Forms:
    """A page is asked twice."""
    return Forms(page)


def harmless(page: str) -> bool:
    """No tag and no attribute came out of what was typed, and no line of it begins a script."""
    return MARK not in page.casefold() or not any(
        (tag == "script" and not given.get("src"))
        or any(name.startswith("on") or MARK in name for name in given)
        or MARK in tag
        or (tag in ("img", "iframe") and MARK in str(given.get("src")))
        for tag, given in read(page).tags
    )


@pytest.fixture(scope="module")
def ines(django_db_setup: None, django_db_blocker: Any) -> Iterator[Client]:
    """Somebody with every role, in a clinic that has one of everything; made once, because all that is sent is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        site = actions.found(organisation="Dawn", site="Main Street", rooms=["Room 1"], at=NOW)
        told = {"display_name": "Ines", "language": "en", "by": None, "at": NOW, "key": ids.new()}
        link = actions.invite(login="ines", roles=[*Role], site=site, **told)
        someone = Person.objects.get(pk=link.subject)
        everything.fill(site, someone)
        yield signed_in(someone)
        transaction.set_rollback(True)


WITH_FORMS = [
    route
    for route in routes()
    if route not in who_may.POST_ONLY | who_may.DEMO | set(who_may.BY_LINK) | {"/login/code/"}
]


@pytest.mark.django_db
@pytest.mark.parametrize("route", WITH_FORMS)
def test_what_is_typed_is_text(ines: Client, route: str) -> None:
    parts = [route.replace("<str:form>", form) for form in FIELDS] if "<str:form>" in route else [route]
    for address in map(path, parts):
        seen: set[tuple[str, ...]] = set()
        shown = ines.get(address, secure=True)
        if shown.status_code != 200 or not shown["Content-Type"].startswith("text/html"):
            continue
        for action, fields in Forms(shown.content.decode()).found:
            alike = (action, *sorted(fields))  # many small forms of a page are the same one for another row
            if action in who_may.POST_ONLY or alike in seen or (action == ON_EVERY_PAGE and route != "/me/"):
                continue
            seen.add(alike)
            for told in typed(fields):
                with transaction.atomic():
                    body = urlencode(told, errors="surrogatepass")
                    answer = ines.post(action or address, body, content_type=FORM, secure=True, follow=EVERY)
                    transaction.set_rollback(True)
                assert answer.status_code < 500, (address, told)
                page = answer.content.decode()
                assert harmless(page), (address, told)
                if 'id="problems"' in page and not (EVERY and answer.redirect_chain):
                    assert lost(page, told) == set(), (address, told)
                    assert "<title>Problem: " in page


def lost(page: str, told: dict[str, str]) -> set[str]:
    """The fields whose text does not come back in any field of that name; secrets are typed anew."""
    found = read(page)
    alike = [texts for (_, fields), texts in zip(found.found, found.texts, strict=True) if set(fields) == set(told)]
    free = set().union(*alike) - TYPED_ANEW
    held = [pair for form in forms(page, at=datetime.now(UTC)) for pair in form.fields.items()]
    return {name for name, value in told.items() if name in free and value in COMES_BACK and (name, value) not in held}


def typed(fields: dict[str, str]) -> list[dict[str, str]]:
    """Each string in all fields that one types into at once; in each hidden one a long and strange one, and none."""
    kept = {name for name, value in fields.items() if value}  # keys, versions, what a button says
    one_of_each = {name.partition("-")[0]: name for name in sorted(kept)}.values()  # not every statement of a consent
    free = set(fields) - kept
    whole = [{**fields, **dict.fromkeys(free, one)} for one in [*ASKED, *further()] if free]
    return whole + [{**fields, name: one} for name in one_of_each for one in (HIDDEN, "")]


def test_the_check_itself_notices() -> None:
    assert not harmless(f"<p>{NASTY[0]}</p>")
    assert not harmless(f'<input value="{NASTY[0]}">')
    assert harmless(f"<script src=x></script><p>{escape(NASTY[0])}</p>")
