"""Does a patient sign here for the sum that they read, by the link and on the tablet, and does the state rest on that paper?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.authorisation import actions, queries, signing
from daybreak.web.authorisation.models import Signed, Statement, TakenBack, What
from daybreak.web.authorisation.state import state
from daybreak.web.links.tokens import token
from daybreak.web.outbox.models import Message
from daybreak.web.papers.models import Paper
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.presence import pins
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.authorisation.samples import make
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached

PIN = "271828"


@pytest.fixture
def desk(person):
    return person("dana", Role.FRONT_DESK)


@pytest.fixture
def row(site, desk):
    return make(registered(site, desk), site, desk, id=ids.new())


def asked(row, desk, what=What.SELF_PAY, **told) -> Statement:
    other = {"sum": "450", "currency": "usd", "language": "en", "seen": row.events.count(), "at": NOW, "key": ids.new()}
    return signing.ask(row, what, **{**other, **told}, by=desk)


def sign(statement, **told) -> Signed:
    other = {"name": "Anna Keller", "read": "yes", "drawn": "", "how": "link", "at": NOW, "key": ids.new()}
    return signing.sign(statement, **{**other, **told})


def opened(statement, desk):
    link, client = signing.link(statement, by=desk, at=datetime.now(UTC), key=ids.new()), browser()
    assert client.post(f"/l/{token(link)}/", secure=True).headers["Location"] == "/payment/"
    assert "In which year" in client.get("/payment/", secure=True).content.decode()
    client.post("/payment/", {"year": "1971"}, secure=True)
    return client


def form(client, address, **told):
    page = client.get(address, secure=True).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    return page, {"key": key, "name": "Anna Keller", "read": "yes", "drawn": "M10 20L30 40", **told}


def test_from_the_sum_to_the_signed_paper_by_the_link(row, desk) -> None:
    staff, here = signed_in(desk), f"/patients/{row.patient_id}/authorisations/{row.id}/"
    told = {"do": "sign_ask", "what": "self_pay", "sum": "450.50", "currency": "usd", "language": "en", "seen": "0"}
    told["key"] = str(ids.new())
    for _ in range(2):
        assert staff.post(here, told, secure=True).status_code == 302
    statement = Statement.objects.get()
    assert "450.50 USD" in staff.get(here, secure=True).content.decode()
    reached(row.patient, desk)
    mail = {"do": "sign_mail", "statement": str(statement.id), "key": str(ids.new())}
    assert staff.post(here, mail, secure=True).status_code == 200
    assert Message.objects.get().link.subject == statement.id

    client = opened(statement, desk)
    page, told = form(client, "/payment/")
    assert "450.50 USD" in page
    assert "Keller" not in page
    assert client.get("/payment/paper/", secure=True).status_code == 404
    assert client.post("/payment/", {**told, "read": ""}, secure=True).status_code == 422
    assert client.post("/payment/", {**told, "drawn": "<svg>"}, secure=True).status_code == 422
    for _ in range(2):
        assert client.post("/payment/", told, secure=True).status_code == 302
    event = row.events.get()
    assert (event.what, event.by) == ("self_pay", None)
    assert json.loads(event.told) == {"sum": "450.50", "currency": "USD", "signed_by": "Anna Keller", "language": "en"}
    paper = Paper.objects.get(kind="payment")
    assert (paper.about, paper.by, paper.sha256) == (
        f"authorisation {event.id}",
        None,
        sha256(bytes(paper.bytes)).hexdigest(),
    )
    assert Signed.objects.get().paper == paper
    said = " ".join(one.extract_text() for one in PdfReader(BytesIO(bytes(paper.bytes))).pages)
    for one in ("450.50 USD", "Anna Keller", "by a link"):
        assert one in re.sub(r"\s+", " ", said)
    assert client.get("/payment/paper/", secure=True).content == bytes(paper.bytes)
    assert "Signed by Anna Keller" in client.get("/payment/", secure=True).content.decode()
    line = Entry.objects.get(action="statement_signed")
    assert (line.via, line.who, line.subject) == ("link", None, row.patient_id)
    page = staff.get(here, secure=True).content.decode()
    for one in ("the patient", str(paper.id), paper.sha256[:16]):
        assert one in page
    found = queries.of(row.patient)
    assert queries.paid_by(found, site_id=row.site_id, protocol=row.protocol, day=NOW.date()) == What.SELF_PAY


def test_on_the_tablet_and_in_chinese(row, desk) -> None:
    pins.choose(desk, pin=PIN, again=PIN, at=NOW)
    statement = asked(row, desk, language="zh-Hans")
    client, here = signed_in(desk), f"/patients/{row.patient_id}/authorisations/{row.id}/"
    told = {"do": "sign_tablet", "statement": str(statement.id), "key": str(ids.new())}
    assert client.post(here, told, secure=True).headers["Location"] == "/tablet/payment/"
    page, told = form(client, "/tablet/payment/")
    for one in ("本人自付此项治疗费用", "450 USD", "签字"):
        assert one in page
    for shut in (here, "/tablet/", "/payment/"):
        assert client.get(shut, secure=True).status_code == 403
    assert client.post("/tablet/payment/", told, secure=True).status_code == 302
    assert (Signed.objects.get().how, Entry.objects.get(action="statement_signed").via) == ("tablet", "tablet")
    assert "已于" in client.get("/tablet/payment/", secure=True).content.decode()
    back = client.post("/tablet/back/", {"pin": PIN}, secure=True)
    assert back.headers["Location"] == f"/patients/{row.patient_id}/authorisations/"


def test_only_the_newest_and_only_while_it_follows_is_signed(row, desk) -> None:
    old, key = asked(row, desk), ids.new()
    newer = asked(row, desk, sum="500", key=key)
    assert asked(row, desk, sum="500", key=key) == newer
    client = opened(newer, desk)
    _, told = form(client, "/payment/")
    with pytest.raises(Conflict, match="no longer be signed"):
        sign(old)
    with pytest.raises(Conflict, match="another step"):
        signing.link(old, by=desk, at=NOW, key=ids.new())
    actions.add(row, What.CLOSED, {"text": "moved"}, day=NOW.date(), seen=0, by=desk, at=NOW, key=ids.new())
    late = client.post("/payment/", told, secure=True)
    assert late.status_code == 409
    assert "ask there" in late.content.decode()
    assert not Signed.objects.exists()


def test_what_was_signed_meanwhile_is_noticed_by_staff(row, desk) -> None:
    sign(asked(row, desk))
    with pytest.raises(Conflict, match="another step"):
        actions.add(
            row,
            What.CHECKED,
            {"benefit": "medical", "way": "buy_and_bill"},
            day=NOW.date(),
            seen=0,
            by=desk,
            at=NOW,
            key=ids.new(),
        )
    with pytest.raises(Conflict, match="another step"):
        asked(row, desk, seen=0)
    assert state(row.events.all()).self_pay is not None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Signed.objects.update(name="?")


@pytest.mark.parametrize(
    "told",
    [{"what": What.CLOSED}, {"sum": "0"}, {"sum": "much"}, {"currency": "dollars"}, {"language": "la"}],
)
def test_what_is_no_sum_is_refused(row, desk, told) -> None:
    with pytest.raises(Refused):
        asked(row, desk, **told)
    with pytest.raises(Refused):
        sign(asked(row, desk), name="")


def test_another_site_and_another_role_ask_nobody(row, desk, person, site) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    statement = asked(row, desk)
    for who in (person("eve", Role.FRONT_DESK, at_site=other), person("ada", Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            asked(row, who)
        with pytest.raises(Forbidden):
            signing.link(statement, by=who, at=NOW, key=ids.new())


def test_a_waiting_sum_is_taken_back_once_with_a_reason(row, desk, person, site) -> None:
    staff, here, statement = signed_in(desk), f"/patients/{row.patient_id}/authorisations/{row.id}/", asked(row, desk)
    client, key = opened(statement, desk), ids.new()
    _, late = form(client, "/payment/")
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    with pytest.raises(Forbidden):
        signing.take_back(statement, "x", by=person("eve", Role.FRONT_DESK, at_site=other), at=NOW, key=ids.new())
    told = {"do": "sign_back", "statement": str(statement.id), "key": str(key), "reason": ""}
    for reason in ("", "x" * 1001):
        assert staff.post(here, {**told, "reason": reason}, secure=True).status_code == 422
    assert client.get("/payment/", secure=True).status_code == 200
    for _ in range(2):
        assert staff.post(here, {**told, "reason": "The payer said yes"}, secure=True).status_code == 302
    assert TakenBack.objects.get().reason == "The payer said yes"
    assert Entry.objects.filter(action="statement_back").count() == 1
    page = client.get("/payment/", secure=True).content.decode()
    assert "has taken this back" in page
    assert "drawn" not in page
    assert client.post("/payment/", late, secure=True).status_code == 409
    assert staff.post(here, {**told, "key": str(ids.new()), "reason": "again"}, secure=True).status_code == 409
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TakenBack.objects.update(reason="?")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Statement.objects.update(sum="1")
    signed = asked(row, desk)
    sign(signed)
    with pytest.raises(Conflict):
        signing.take_back(signed, "too late", by=desk, at=NOW, key=ids.new())


def test_a_representative_signs_and_nobody_else(row, desk) -> None:
    for told in (
        {"representative": "Ben Keller"},
        {"ground": "court order"},
        {"representative": "x" * 121, "ground": "y"},
    ):
        with pytest.raises(Refused):
            asked(row, desk, **told)
    asked(row, desk, representative="Ben Keller", ground="Court order of 2026-03-01")
    statement = Statement.objects.get()
    client, here = opened(statement, desk), f"/patients/{row.patient_id}/authorisations/{row.id}/"
    page, told = form(client, "/payment/")
    assert "Court order of 2026-03-01" in page
    assert "Ben Keller" in signed_in(desk).get(here, secure=True).content.decode()
    wrong = client.post("/payment/", told, secure=True)
    assert wrong.status_code == 422
    assert "The representative signs" in wrong.content.decode()
    assert client.post("/payment/", {**told, "name": "ben  keller"}, secure=True).status_code == 302
    paper = Paper.objects.get(kind="payment")
    said = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(BytesIO(bytes(paper.bytes))).pages))
    assert "Signed for the patient by Ben Keller" in said
    assert "Court order of 2026-03-01" in signed_in(desk).get(here, secure=True).content.decode()
