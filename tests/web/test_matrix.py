"""Does anybody, by any address, see or change what is not theirs?

Every route × who asks × whose object × method, made from the URLconf; what should happen comes from `who_may.py`.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from daybreak.clinical.records import Condition, Exposure
from daybreak.knowledge.protocols import protocol_ids
from daybreak.web import ids
from daybreak.web.adverse.models import Version as AdverseEvent
from daybreak.web.audit.models import Entry
from daybreak.web.authorisation.models import Authorisation
from daybreak.web.consent.models import Talk
from daybreak.web.forms.models import Sitting
from daybreak.web.links.tokens import token
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries, records
from daybreak.web.patients.fields import FIELDS
from daybreak.web.patients.models import Document, HereTooAsked, Patient
from daybreak.web.people import grants
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.roles import Role
from daybreak.web.reach.models import Outsider
from daybreak.web.requests.models import Request as Asked
from daybreak.web.screening.models import Override, Snapshot
from tests.web import everything, staff, who_may
from tests.web.careplan import samples as plans
from tests.web.conftest import NOW, browser, signed_in
from tests.web.letters import samples as letters
from tests.web.patients.samples import PATIENT, registered
from tests.web.referral import samples as referrals
from tests.web.tasks import samples as tasks
from tests.web.test_access import SAMPLES, routes
from tests.web.treatment import samples as treated
from tests.web.who_may import HISTORY, MEDICINE, NAME

HERE, THERE, NOBODYS = "here", "there", "nobody's"  # the two sites, and the patients of each
MARKS = {(site, part): f"Zq{part}{site}" for site in (HERE, THERE) for part in (NAME, MEDICINE, HISTORY)}
MARKS[HERE, NAME] = "Keller"  # of the sample addresses
# Words that are no id: good ones, and one that there is not.
WORDS = {
    "<str:form>": [*FIELDS, "nothing"],
    "<slug:id>": [*protocol_ids(), "nothing"],
    "<slug:protocol>": [*protocol_ids()[:2], "nothing"],
    "<slug:criterion>": ["major_depression", "age", "nothing"],
}
# People belong to the organisation: an administrator of either site sees all of them.
OF_ALL = {"<uuid:person_id>": str(staff.PERSON)}
DEEP = os.environ.get("DAYBREAK_DEEP") == "1"
MOST_SEEN = (
    Role.PRESCRIBER,
    Role.FRONT_DESK,
)  # the others ask from the other site in `make prove`: the same rules mirrored
MIXED = {
    "nurse here, front desk there": {HERE: {Role.NURSE}, THERE: {Role.FRONT_DESK}},
    "administrator here, pharmacist there": {HERE: {Role.ADMINISTRATOR}, THERE: {Role.PHARMACIST}},
}
ACTORS = [
    *(f"{role} {HERE}" for role in Role),
    *(f"{role} {THERE}" for role in Role if DEEP or role in MOST_SEEN),
    *MIXED,
    "whose roles are over",
    "whose session is over",
    "a stranger",
    *(f"link {purpose}" for purpose in dict.fromkeys(who_may.BY_LINK.values())),
]
# The second database is asked by fewer: what is allowed does not depend on it.
SOME = ["prescriber here", "front_desk there", *MIXED, "a stranger"]
EVERY = connection.vendor == "sqlite" or DEEP
# How each address is asked: method, query, what is sent. `make prove` asks in all these ways, `make test` in two.
WAYS = [
    ("GET", "", {}),
    ("GET", "?site={here}", {}),
    ("GET", "?site={there}", {}),
    ("HEAD", "", {}),
    ("POST", "", {}),
    (
        "POST",
        "",
        {"site": "{there}", "key": "{key}", "do": "withdraw", "act": "withdraw", "name": "Keler", "on": "2026"},
    ),
    ("PUT", "", {}),
    ("DELETE", "", {}),
]
ASKED = WAYS if DEEP else [WAYS[0], WAYS[5]]
ANSWERED = {200, 204, 302, 400, 403, 404, 405, 409, 422, 429}


@dataclass
class Actor:
    """Somebody who asks: their roles by site, and their browser."""

    client: Client
    roles: dict[str, set[Role]] = field(default_factory=dict)
    signed_in: bool = True
    link: str = ""

    def may(self, allowed: frozenset[Role], site: str | None = None) -> bool:
        """At that site, or at any."""
        return any(self.roles.get(place, set()) & allowed for place in ([site] if site else self.roles))

    def may_read(self) -> set[str]:
        """The marks that may stand in an answer to them."""
        found = {
            MARKS[site, part] for site, roles in self.roles.items() for role in roles for part in who_may.MAY_READ[role]
        }
        return found | {MARKS[HERE, part] for part in who_may.LINK_READS.get(self.link, ())}


@dataclass(frozen=True)
class Objects:
    """The two patients, with one of each thing that has an address of its own."""

    sites: dict[str, Site]
    ids: dict[str, str]  # of the other patient, by the part of the route


@dataclass(frozen=True)
class Request:
    """One address of a route: whose object it names (None when it names none), and whether its words are good ones."""

    address: str
    whose: str | None
    good: bool


@pytest.fixture
def objects(site: Site, person: Any) -> Objects:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    ines = person("ines", Role.PRESCRIBER)
    everything.fill(site, ines)
    mine = Patient.objects.get(pk=PATIENT)
    theirs = registered(other, ines, number="B7", family_name=MARKS[THERE, NAME], given_names="Berta")
    found = {"<uuid:patient_id>": str(theirs.id)}
    for patient, where in ((mine, HERE), (theirs, THERE)):
        for record in (
            Exposure("MedicationStatement/q", MARKS[where, MEDICINE], ingredients=("sertraline",)),
            Condition("Condition/q", MARKS[where, HISTORY]),
        ):
            row = records.entry(record, patient=patient, by=ines, at=NOW)
            row.save(force_insert=True)
    found["<uuid:entry_id>"] = str(row.id)
    kept = {"document": Document, "override": Override, "snapshot": Snapshot, "paper": Paper, "sitting": Sitting}
    kept["asked"] = HereTooAsked
    kept |= {"outsider": Outsider, "authorisation": Authorisation, "request": Asked}
    kept["talk"] = Talk
    kept["adverse"] = AdverseEvent
    for part, model in kept.items():
        copy = model.objects.get(patient=mine)
        told = {"site": other, "reason": MARKS[THERE, HISTORY], "source": MARKS[THERE, HISTORY]}
        told |= {"root": ids.new(), "name": MARKS[THERE, NAME]} if model is Outsider else {}
        told |= {"pk": (id := ids.new()), "root": id} if model is AdverseEvent else {}
        told |= {"family_name": MARKS[THERE, NAME], "reason": "moved"} if model is HereTooAsked else {}
        for name, value in {"pk": ids.new(), "patient": theirs, **told}.items():
            if hasattr(copy, name):
                setattr(copy, name, value)
        if isinstance(copy, Snapshot):
            content = json.loads(copy.content)
            content["decisions"][0]["title"] = MARKS[THERE, HISTORY]
            copy.content = json.dumps(content)
        copy.save(force_insert=True)
        found[f"<uuid:{part}_id>"] = str(getattr(copy, "root", copy.pk))
    found["<uuid:session_id>"] = str(treated.make(theirs, other, ines, id=ids.new()).id)
    plans.plan(theirs, other, ines)
    found["<uuid:letter_id>"] = str(letters.make(theirs, other, ines, id=ids.new()).id)
    sent = referrals.made(other, family_name=MARKS[THERE, NAME], why=MARKS[THERE, HISTORY])
    found["<uuid:referral_id>"] = str(sent.id)
    task = tasks.made(other, ines, patient=theirs, permission=Permission.SEE_TASKS)
    return Objects({HERE: site, THERE: other}, {**found, "<uuid:task_id>": str(task.id)})


def requests(route: str, others: dict[str, str]) -> Iterator[Request]:
    """Each address of the route. What the other patient has none of is nobody's."""

    def choices(part: str) -> list[tuple[str, str | None, bool]]:
        if not part.startswith("<uuid:"):
            return [(value, None, value != "nothing") for value in WORDS.get(part, [SAMPLES[part]])]
        mine: tuple[str, str | None, bool] = (SAMPLES[part], None if part in OF_ALL else HERE, True)
        return (
            [mine, (others[part], THERE, True), (str(ids.new()), NOBODYS, True)]
            if part in others
            else [mine, (str(ids.new()), NOBODYS, True)]
        )

    parts = re.findall(r"<[^>]+>", route)
    for chosen in itertools.product(*map(choices, parts)):
        address = route
        for part, (value, _, _) in zip(parts, chosen, strict=True):
            address = address.replace(part, value, 1)
        owners = {whose for _, whose, _ in chosen if whose}
        whose = None if not owners else owners.pop() if len(owners) == 1 else NOBODYS
        yield Request(address, whose, all(good for _, _, good in chosen))


def of_them(actor: Actor, route: str, others: dict[str, str]) -> list[Request]:
    """The addresses that this one is asked for. A door that is shut to them whatever lies behind it is tried with one thing
    that is there and one that is not; `make prove` tries it with all."""
    every = list(requests(route, others))
    shut = route in who_may.BY_ROLE and not (actor.signed_in and actor.may(who_may.BY_ROLE[route]))
    return every[:: len(every) - 1] if shut and not DEEP and len(every) > 2 else every


@pytest.fixture
def actor(request: pytest.FixtureRequest, objects: Objects, person: Any) -> Actor:
    """One of ACTORS."""
    name: str = request.param
    if name in MIXED:
        (first,), (then,) = MIXED[name].values()
        someone = person("lee", first, at_site=objects.sites[HERE])
        grants.grant_role(someone, then, site=objects.sites[THERE], by=None, at=NOW)
        return Actor(signed_in(someone), MIXED[name])
    if name == "whose roles are over":
        someone = person("lee", Role.PRESCRIBER)
        grants.disable(someone, by=None, at=NOW + timedelta(seconds=1))
        return Actor(signed_in(someone))
    if name == "whose session is over":
        return Actor(signed_in(person("lee", *Role), began=1.0), signed_in=False)
    if name == "a stranger":
        return Actor(browser(), signed_in=False)
    if name.startswith("link "):
        client, purpose = browser(), name.removeprefix("link ")
        opened = client.post(f"/l/{token(everything.link(purpose))}/", secure=True)
        assert opened.status_code == 302
        return Actor(client, signed_in=False, link=purpose)
    role, where = name.split()
    return Actor(signed_in(person("lee", Role(role), at_site=objects.sites[where])), {where: {Role(role)}})


def expected(actor: Actor, route: str, one: Request, method: str, query: str) -> tuple[set[int], bool]:
    """The statuses that may be answered, and whether it is theirs to ask."""
    if route in who_may.DEMO | who_may.TABLET:
        return {404}, False
    if route in who_may.OPEN:
        return ANSWERED, True
    if route in who_may.BY_LINK:
        theirs = actor.link == who_may.BY_LINK[route]
        return (ANSWERED if theirs else {404, 405}), theirs
    roles = who_may.BY_ROLE[route]
    if not actor.signed_in:
        return {302}, False
    if not actor.may(roles):
        return {403}, False
    if method in ("PUT", "DELETE"):
        return {405}, False
    reachable = one.whose != NOBODYS and (route in who_may.ANY_SITE or actor.may(roles, one.whose))
    if one.whose and not reachable:
        return ({404} if method == "GET" and route not in who_may.POST_ONLY else {404, 405}), False
    if method != "GET" or route in who_may.POST_ONLY:
        return ANSWERED, True
    certain = one.good and not query and "<slug:criterion>" not in route
    return ({404} if not one.good else {200} if certain else {200, 404}), True


def ask(actor: Actor, address: str, method: str, told: dict[str, str], *, keep: bool) -> HttpResponse:
    """The answer; the cookies are afterwards what they were, and unless `keep` the database too."""
    cookies = dict(actor.client.cookies)
    with transaction.atomic():
        answer = getattr(actor.client, method.lower())(address, told, secure=True)
        if not keep:
            transaction.set_rollback(True)
    actor.client.cookies.clear()
    actor.client.cookies.update(cookies)
    return answer


def rows() -> dict[str, int]:
    """How many there are of everything that may not change when somebody is refused."""
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model is not Entry and not issubclass(model, AbstractBaseSession)
    }


def wrong(actor: Actor, objects: Objects, of: Iterable[str]) -> list[str]:
    """What was answered otherwise than it should be, and what was told to somebody who may not read it."""
    found = []
    for route in of:
        for one, (method, query, told) in itertools.product(of_them(actor, route, objects.ids), ASKED):
            places = {"here": objects.sites[HERE].id, "there": objects.sites[THERE].id, "key": ids.new()}
            asked = one.address + query.format(**places)
            statuses, theirs = expected(actor, route, one, method, query)
            answer = ask(actor, asked, method, {k: v.format(**places) for k, v in told.items()}, keep=not theirs)
            if answer.status_code not in statuses:
                found.append(f"{method} {asked} ({one.whose}): {answer.status_code}, expected {statuses}")
            said = ("" if answer.streaming else answer.content.decode("utf-8", "replace")) + str(answer.headers)
            readable = actor.may_read() if theirs else set()
            if one.whose in (HERE, THERE):  # on the page of one patient stands nothing of another
                readable &= {mark for (where, _), mark in MARKS.items() if where == one.whose}
            found += [
                f"{method} {asked}: tells {mark}" for mark in MARKS.values() if mark in said and mark not in readable
            ]
    return found


@pytest.mark.parametrize("actor", ACTORS if EVERY else SOME, indirect=True)
def test_nobody_sees_or_changes_what_is_not_theirs(actor: Actor, objects: Objects) -> None:
    before = rows()
    assert wrong(actor, objects, routes()) == []
    assert rows() == before


@pytest.mark.parametrize("actor", ["nurse here"], indirect=True)
def test_a_site_that_nobody_looks_at_would_be_noticed(actor: Actor, objects: Objects, monkeypatch: Any) -> None:
    everywhere = dict.fromkeys((site.id for site in objects.sites.values()), MAY[Role.NURSE])
    monkeypatch.setattr(queries, "by_site", lambda _: everywhere)
    found = "\n".join(wrong(actor, objects, ["/patients/<uuid:patient_id>/review/"]))
    assert "200, expected {404}" in found
    assert f"tells {MARKS[THERE, NAME]}" in found


def test_it_is_asked_often_enough() -> None:
    others = {part: "x" for part in SAMPLES if part.startswith("<uuid:") and part not in OF_ALL}
    stranger, everybody = Actor(browser(), signed_in=False), Actor(browser(), {HERE: set(Role)})
    most, least = (sum(len(of_them(one, route, others)) for route in routes()) for one in (everybody, stranger))
    assert most * len(WAYS) * len(ACTORS) >= 100_000  # by `make prove`
    assert DEEP or least < most
    assert least * len(ASKED) * len(ACTORS) >= 15_000
