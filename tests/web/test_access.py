"""May everybody open only what is declared for them?"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from daybreak.web import ids
from daybreak.web.access import Access, DeclaredAccess
from daybreak.web.audit.models import Entry
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.people.navigation import places
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.roles import Role
from tests.web import everything, staff, who_may
from tests.web.adverse import samples as adverse
from tests.web.authorisation import samples as authorisation
from tests.web.conftest import browser, signed_in
from tests.web.consent import samples as consent
from tests.web.courses import samples as courses
from tests.web.cupboard import samples as cupboard
from tests.web.forms import samples as forms
from tests.web.glass import samples as emergency
from tests.web.letters import samples as letters
from tests.web.papers import samples as papers
from tests.web.patients import samples
from tests.web.reach import samples as reach
from tests.web.referral import samples as referrals
from tests.web.rems import programme
from tests.web.requests import samples as asked
from tests.web.screening import samples as signed
from tests.web.tasks import samples as tasks
from tests.web.treatment import samples as treated

SAMPLES = {
    "<str:token>": "x" * 43,
    "<str:slug>": "harbor",
    "<slug:id>": "esketamine-nasal-us",
    "<uuid:patient_id>": str(samples.PATIENT),
    "<uuid:entry_id>": str(samples.ENTRY),
    "<uuid:arrival_id>": str(samples.ARRIVAL),
    "<uuid:asked_id>": str(samples.ASKED),
    "<uuid:document_id>": str(samples.DOCUMENT),
    "<str:form>": "condition",
    "<slug:protocol>": "esketamine-nasal-us",
    "<slug:criterion>": "major_depression",
    "<uuid:override_id>": str(signed.OVERRIDE),
    "<uuid:snapshot_id>": str(signed.SNAPSHOT),
    "<uuid:way_id>": str(staff.WAY),
    "<uuid:person_id>": str(staff.PERSON),
    "<uuid:opening_id>": str(emergency.OPENING),
    "<uuid:task_id>": str(tasks.TASK),
    "<uuid:paper_id>": str(papers.PAPER),
    "<uuid:sitting_id>": str(forms.SITTING),
    "<uuid:talk_id>": str(consent.TALK),
    "<int:n>": "1",
    "<uuid:booking_id>": str(courses.BOOKING),
    "<uuid:outsider_id>": str(reach.OUTSIDER),
    "<uuid:request_id>": str(asked.REQUEST),
    "<uuid:referral_id>": str(referrals.REFERRAL),
    "<uuid:authorisation_id>": str(authorisation.AUTHORISATION),
    "<uuid:session_id>": str(treated.SESSION),
    "<uuid:adverse_id>": str(adverse.EVENT),
    "<uuid:lot_id>": str(cupboard.LOT),
    "<uuid:take_id>": str(cupboard.TAKE),
    "<str:operation>": "lost",
    "<slug:card>": "seizure",
    "<uuid:letter_id>": str(letters.LETTER),
    "<uuid:kept_id>": str(programme.DOCUMENT),
}


@cache
def routes() -> dict[str, Any]:
    """Every route of the URLconf with its view, however deep."""

    def walk(patterns: Any, before: str) -> Any:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            yield from (
                [(route, pattern.callback)] if isinstance(pattern, URLPattern) else walk(pattern.url_patterns, route)
            )

    return dict(walk(get_resolver().url_patterns, "/"))


def path(route: str) -> str:
    for part, sample in SAMPLES.items():
        route = route.replace(part, sample)
    assert "<" not in route, f"give an example for the part of {route} in SAMPLES"
    return route


def test_every_route_declares_who_may_open_it() -> None:
    for route, view in routes().items():
        access = getattr(view, "access", None)
        assert access, f"{route}: put needs, by_link, everyone, in_the_demo or on_the_tablet above its view"
        said = (access.permission, access.link, access.everyone, access.demo, access.tablet)
        assert sum(map(bool, said)) == 1, route
        assert not access.link or access.link in PURPOSES, route


def test_who_may_open_it_is_said_a_second_time_for_the_tests() -> None:
    """Add a new route to `who_may.py` by hand: then the matrix asks for it as everybody, for everybody's patients."""
    assert set(routes()) == who_may.known()


def test_what_declares_nothing_cannot_be_opened() -> None:
    with pytest.raises(ImproperlyConfigured, match="declares no access"):
        DeclaredAccess(lambda _: None).process_view(RequestFactory().get("/"), lambda _: None, (), {})


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_opens_what_its_permissions_say(person, site, role) -> None:
    client = signed_in(person("lee", role)) if role else browser()
    ines = person("ines", Role.PRESCRIBER)
    everything.fill(site, ines)
    for route, view in routes().items():
        access: Access = view.access
        status = client.get(path(route), secure=True).status_code
        if access.link or access.demo or access.tablet:
            assert status == 404, route
        elif access.permission and role is None:
            assert status == 302, route
        elif access.permission:
            assert (status in (200, 405)) is (access.permission in MAY[role]), route
            assert status in (200, 403, 405), route
        else:
            assert status in (200, 302, 405), route


@pytest.mark.parametrize("role", Role)
def test_the_menu_leads_to_every_page_of_the_clinic_that_one_may_open(role) -> None:
    """Those about one thing, and the invitation, are behind a page of the menu."""
    own = {one for one, roles in who_may.BY_ROLE.items() if one.startswith("/clinic/") and role in roles}
    led_to = {address for address, _ in places([(role, ids.new())]) if address.startswith("/clinic/")}
    assert led_to == {one for one in own if "<" not in one} - {"/clinic/people/invite/"}


def test_a_refusal_and_a_reading_are_in_the_audit_trail(person) -> None:
    lee, ada = person("lee", Role.NURSE), person("ada", Role.ADMINISTRATOR)
    before = Entry.objects.count()
    assert signed_in(lee).get("/audit/", secure=True).status_code == 403
    page = signed_in(ada).get("/audit/", secure=True)
    assert "person_invited" in page.content.decode()
    assert [(entry.action, entry.who) for entry in Entry.objects.order_by("id")[before:]] == [
        ("refused", lee.id),
        ("read", ada.id),
    ]


def test_reading_pages_changes_nothing_but_the_audit_trail(person) -> None:
    client = signed_in(person("ada", Role.ADMINISTRATOR))
    from django.apps import apps

    def rows() -> dict[str, list[Any]]:
        return {
            model._meta.label: list(model.objects.order_by("pk").values_list())
            for model in apps.get_models()
            if model is not Entry
        }

    before = rows()
    for route in routes():
        client.get(path(route), secure=True)
    assert rows() == before


def test_every_answer_has_the_headers(person) -> None:
    clients = signed_in(person("ada", Role.ADMINISTRATOR)), browser()
    answers = []
    style = "/static/daybreak/daybreak.css"  # its file is closed last: that closes the database too
    for route, client in itertools.product([*routes(), "/nowhere/", style], clients):
        answer = client.get(path(route), secure=True)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, route
        assert "unsafe" not in policy, route
        assert "frame-ancestors 'none'" in policy, route
        assert answer["X-Content-Type-Options"] == "nosniff", route
        assert answer["X-Frame-Options"] == "DENY", route
        assert answer["Referrer-Policy"] == "same-origin", route
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload", route
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", route
        assert "camera=()" in answer["Permissions-Policy"], route
        assert route.startswith("/static/") or answer["Cache-Control"] == "no-store", route
        for cookie in answer.cookies.values():
            assert cookie["secure"], route
            assert cookie["httponly"], route
            assert cookie["samesite"] in ("Lax", "Strict"), route
            assert cookie.key.startswith("__Host-" if cookie["path"] == "/" else "__Secure-"), route
        if route == style:
            answers.append(answer)
    for answer in answers:
        answer.close()


def test_without_tls_nothing_is_shown(db) -> None:
    for route in routes():
        answer = browser().get(path(route))
        if route == "/healthz":
            assert answer.status_code == 200
        else:
            said = (answer.status_code, answer.headers.get("Location"))
            assert said == (301, f"https://clinic.example.org{path(route)}"), route


def test_no_form_is_taken_from_another_site(db, person) -> None:
    client = signed_in(person("ada", Role.ADMINISTRATOR))
    client.handler.enforce_csrf_checks = True
    for route in routes().keys() - {"/texts/"}:  # no browser's door: who comes there shows a secret
        answer = client.post(path(route), secure=True)
        assert answer.status_code in (403, 405), route
        assert answer.status_code == 405 or "too long" in answer.content.decode(), route


def test_another_host_is_not_answered(db) -> None:
    assert browser(host="evil.example").get("/login/", secure=True).status_code == 400


@pytest.mark.parametrize("method", ["trace", "put", "delete", "patch"])
def test_other_methods_are_refused(db, method) -> None:
    for route in ("/login/", "/l/x/", "/me/"):
        assert getattr(browser(), method)(route, secure=True).status_code in (302, 405)


def test_permissions_are_all_used() -> None:
    declared = {view.access.permission for view in routes().values()} - {None}
    within_a_page = {
        Permission.READ_MEDICINES,
        Permission.READ_SENSITIVE,
        Permission.ASSESS_RISK,
        Permission.PLAN_COURSES,
        Permission.DECIDE_DOSE,
    }
    assert declared | within_a_page == set(Permission)
