"""Is everything that is sent twice done once, and answered alike, by every form of every page?

A double click, a refresh, a browser that repeats what it could not finish: the same form with the same key. The forms are
found on the pages and filled in by what these say (`filled.py`).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from daybreak.demo.people import records as demo_records
from daybreak.web.audit.models import Entry
from daybreak.web.flood.models import Tally
from daybreak.web.links.tokens import token
from daybreak.web.once import keys
from daybreak.web.patients.fields import FIELDS
from daybreak.web.people.models import Attempt
from daybreak.web.people.roles import Role
from tests.web import everything, who_may
from tests.web.conftest import browser, signed_in
from tests.web.filled import SAID, forms
from tests.web.screening.samples import adopted
from tests.web.test_access import path, routes

# What closes a door behind itself: the second click meets the closed door.
CLOSES = {
    "/patients/<uuid:patient_id>/tablet/": "the browser is the patient's from then on",
    "/patients/<uuid:patient_id>/consents/<uuid:talk_id>/ tablet": "so it is here",
    "/patients/<uuid:patient_id>/authorisations/<uuid:authorisation_id>/ sign_tablet": "and here",
    "/consent/ leave": "nobody can go back to the page of the one before",
    "/walls/ open": "a display is nobody's screen: whoever opens it is signed out",
    "/shared-care/ leave": "and nobody to the page of a carer",
    "/care/ leave": "nor to a patient's own plan",
    "/signs/ leave": "nor to what was written about their signs",
    "/form/leave/": "nobody can go back to the form of the one before",
}
# Where a form is shown that no filling makes good here, so that its own test has to look at the second sending.
OWN_TEST = {
    "/me/passkeys/new/": "needs a device: tests/browser/test_passkeys.py",
    "/join/": "needs a code of the moment: tests/web/test_sign_in.py",
    "/l/<str:token>/": "test_links.py",
    "/patients/arrivals/": "needs a file: below",
    "/patients/<uuid:patient_id>/import/": "needs a file: below",
    # They write nothing, or a try that is counted on purpose.
    **dict.fromkeys(("/audit/", "/emergency/", "/patients/", "/unlock/"), "asks, and writes nothing"),
}
ALSO = [
    *(f"/clinic/protocols/esketamine-nasal-us/policy/?criterion={one}" for one in ("age", "major_depression")),
    *(f"{path('/sessions/<uuid:session_id>/late/')}?what={one}" for one in ("level", "event")),
]
TAKEN = {200, 302}
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@pytest.fixture
def ines(person: Any, site: Any) -> Client:
    """Somebody with every role, in a clinic that has one of everything."""
    someone = person("ines", *Role)
    someone.password = make_password(SAID["confirm"])
    someone.save(update_fields=["password"])
    everything.fill(site, someone)
    return signed_in(someone)


def addresses() -> Iterator[str]:
    """Every page on which somebody who is signed in may find a form."""
    none = who_may.POST_ONLY | who_may.DEMO | who_may.TABLET | set(who_may.BY_LINK)
    for route in routes():
        if route not in none and "login" not in route:
            yield from (path(route.replace("<str:form>", form)) for form in (FIELDS if "<str:form>" in route else [""]))
    yield from ALSO


def models() -> dict[str, type[Model]]:
    """Every table that may not change by the second sending."""
    return {
        model._meta.db_table: model
        for model in apps.get_models()
        if model not in (Entry, Tally, Attempt) and not issubclass(model, AbstractBaseSession)
    }


def rows(tables: Iterable[str] | None = None) -> dict[str, list[Any]]:
    """All that is in these tables, unnamed in all of them; that a page was read, or who it is asked, is not counted."""
    there = models()
    found = {
        one: list(there[one].objects.order_by("pk").values_list()) for one in (there if tables is None else tables)
    }
    return {**found, "audit": list(lines().order_by("pk").values_list())}


def lines() -> QuerySet[Entry]:
    return Entry.objects.exclude(action__in=["read", "confirmed"])


@contextmanager
def written_to() -> Iterator[set[str]]:
    """The tables among them into which somebody writes meanwhile, whatever it is."""
    there, found = models(), set()

    def noted(execute: Any, sql: str, *told: Any) -> Any:
        if (into := WRITES.match(sql)) and into[1] in there:
            found.add(into[1])
        return execute(sql, *told)

    with connection.execute_wrapper(noted):
        yield found


def by_link() -> Iterator[tuple[Client, str]]:
    """A browser that has opened the link and said the year of birth, and each page that the link leads to."""
    for purpose in dict.fromkeys(who_may.BY_LINK.values()):
        client = browser()
        client.post(f"/l/{token(everything.link(purpose))}/", secure=True)
        for route in (one for one, for_ in who_may.BY_LINK.items() if for_ == purpose):
            client.post(path(route), {"year": SAID["year"]}, secure=True)
            yield client, path(route)


@dataclass
class Found:
    """What was done twice or answered otherwise, the refusals by route, and the routes at which something was written."""

    wrong: list[str] = field(default_factory=list)
    refused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrote: set[str] = field(default_factory=set)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def look(self, client: Client, address: str) -> None:
        """Send each form of the page twice, by each of its buttons; afterwards nothing is changed."""
        page = client.get(address, secure=True)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            return
        for form in forms(page.content.decode(), at=datetime.now(UTC)):
            to = form.action or address
            route = "/" + resolve(to.partition("?")[0]).route
            alike = (route, form.fields.get("about", ""), *sorted(form.fields))
            if route not in who_may.POST_ONLY and alike not in self.seen:
                self.seen.add(alike)
                for told in form.ways():
                    self.send(client, to, route, told)

    def send(self, client: Client, to: str, route: str, told: dict[str, str]) -> None:
        cookies = dict(client.cookies)
        with transaction.atomic():
            with written_to() as wrote:
                first = client.post(to, told, secure=True)
            here, entries = transaction.savepoint(), lines().count()
            with written_to() as wrote_again:
                again = client.post(to, told, secure=True)
            what = f"{route} {told.get('do', '')}".strip()
            then, more = rows(wrote_again) if wrote_again else {}, lines().count()
            transaction.savepoint_rollback(here)  # what was written the second time may have been the same
            if more != entries or (wrote_again and rows(wrote_again) != then):
                self.wrong.append(f"{what}: done twice")
            if answer(again) != answer(first) and what not in CLOSES:
                self.wrong.append(f"{what}: {answer(first)}, then {answer(again)}")
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.update(cookies)
        if first.status_code not in TAKEN:
            self.refused[route].add(str((first.context or {}).get("problems")))
        elif wrote:
            self.wrote.add(route)


def answer(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.get("Location", "")


def test_what_is_sent_twice_is_done_once(ines: Client) -> None:
    found = Found()
    for address in addresses():
        found.look(ines, address)
    for client, address in by_link():
        found.look(client, address)
    assert found.wrong == []
    never = {route: told for route, told in found.refused.items() if route not in found.wrote | set(OWN_TEST)}
    assert never == {}, "fill these in better (filled.py), or name their own test"
    assert len(found.wrote) >= 45, sorted(found.wrote)


def test_a_decision_is_signed_once(person: Any, site: Any) -> None:
    someone = person("ines", *Role)
    everything.fill(site, someone, chart=True)
    adopted(site, someone)
    client, found, board = signed_in(someone), Found(), path("/patients/<uuid:patient_id>/screening/")
    found.look(client, f"{board}sign/?protocol=esketamine-nasal-us")
    assert (found.wrong, found.wrote) == ([], {"/patients/<uuid:patient_id>/screening/sign/"}), found.refused


@pytest.mark.parametrize("page", ["/patients/<uuid:patient_id>/import/", "/patients/arrivals/"])
def test_a_file_is_kept_once(ines: Client, site: Any, page: str) -> None:
    def send() -> tuple[int, str]:
        file = SimpleUploadedFile("x.json", json.dumps(next(iter(demo_records())).bundle()).encode())
        return answer(ines.post(path(page), {"source": "Hill Street", "site": str(site.id), "file": file}, secure=True))

    before, first = rows(), send()
    after = rows()
    assert (first[0], after != before) == (302, True)
    assert (send(), rows()) == (first, after)


def test_the_check_itself_notices(ines: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(keys, "known", lambda *_, **__: None)
    monkeypatch.setattr(keys, "remember", lambda *_, **__: None)
    found = Found()
    found.look(ines, "/requests/")
    assert found.wrong == ["/requests/: done twice"]
