"""Does a protocol count only where somebody adopted just this wording, and is every change of it shown?"""

from __future__ import annotations

import copy
import re
import time
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from daybreak.knowledge import store
from daybreak.knowledge.protocols import NotInForce, _ground, protocol, protocol_ids
from daybreak.knowledge.store import load
from daybreak.web import ids, zones
from daybreak.web.audit.models import Entry
from daybreak.web.people import actions as people_actions
from daybreak.web.people import second_factor
from daybreak.web.people.models import Person, SecondFactor, Site
from daybreak.web.people.roles import Role
from daybreak.web.protocols import actions, policies, queries, reading, showing
from daybreak.web.protocols.models import ADOPTED, WITHDRAWN, Adoption, Ground
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in

US = "esketamine-nasal-us"
DIGEST = protocol(US, as_of=NOW.date()).digest
SOON = NOW + timedelta(minutes=1)
AN_HOUR = 3600


def adopt(site: Site, by: Person, **other) -> Adoption:
    return actions.adopt(**{"id": US, "digest": DIGEST, "site": site, "by": by, "at": SOON, "key": ids.new(), **other})


def withdraw(site: Site, by: Person, **other) -> Adoption:
    told = {"id": US, "reason": "policy of the board", "site": site, "by": by, "at": SOON, "key": ids.new()}
    return actions.withdraw(**{**told, **other})


@pytest.fixture
def doctor(person) -> Person:
    return person("okafor", Role.PRESCRIBER)


def holds(site: Site, digest: str = DIGEST) -> bool:
    return bool(queries.in_force(queries.newest([site.id]).get((site.id, US)), digest=digest))


def test_an_adoption_is_of_one_wording_at_one_site(site, doctor) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    row = adopt(site, doctor)
    assert (row.kind, row.version, row.by) == (ADOPTED, protocol(US, as_of=NOW.date()).version, doctor)
    assert holds(site)
    assert not holds(other)
    assert not holds(site, digest="0" * 64), "another wording asks again"
    assert Entry.objects.get(action="protocol_adopted").site == site.id


def test_what_the_signer_did_not_see_is_not_adopted(site, doctor) -> None:
    with pytest.raises(Conflict, match="has changed since"):
        adopt(site, doctor, digest="0" * 64)
    assert not Adoption.objects.exists()


def test_what_is_not_in_force_is_not_adopted(site, doctor) -> None:
    long_ago = NOW.replace(year=2018)
    with pytest.raises(Forbidden):
        adopt(site, doctor, at=long_ago)
    with pytest.raises(Refused, match="no such protocol in force"):
        adopt(site, doctor, id="nothing")


def test_a_protocol_before_its_time_is_shown_as_such(site, doctor, monkeypatch) -> None:
    def before(*_, **__):
        raise NotInForce("not yet")

    monkeypatch.setattr("daybreak.web.protocols.policies.protocol", before)
    browser = signed_in(doctor)
    assert "not in force yet" in browser.get("/clinic/protocols/", secure=True).content.decode()
    form = {"site": str(site.id), "digest": "", "act": "adopt", "key": str(ids.new())}
    refused = browser.post(f"/clinic/protocols/{US}/adopt/", form, secure=True)
    assert (refused.status_code, Adoption.objects.count()) == (422, 0)


def test_each_site_reads_and_adopts_on_its_own_day(site, doctor, monkeypatch) -> None:
    """Where a wording begins on the day that it is already in Auckland and not yet in Honolulu, only Auckland has it."""
    late = NOW.replace(hour=11)
    first, second = late.date(), late.date() - timedelta(days=1)
    asked: list[date] = []
    plain = policies.protocol
    monkeypatch.setattr(
        "daybreak.web.protocols.policies.protocol",
        lambda id, *, as_of, **more: asked.append(as_of) or plain(id, as_of=as_of, **more),
    )
    far = [
        Site(id=ids.new(), name=name, zone=zone)
        for name, zone in (("A", "Pacific/Auckland"), ("H", "Pacific/Honolulu"))
    ]
    found = showing.at_sites(US, far, at=late.replace(hour=9), asked=showing.Asked({}, {}))
    assert asked[:2] == [first, second]
    assert [one["site"].name for one in found["sites"]] == ["A", "H"]
    row = adopt(site, doctor)
    Site.objects.filter(pk=site.pk).update(zone="Pacific/Honolulu")
    told = showing.at_sites(US, [Site.objects.get(pk=site.pk)], at=SOON)["sites"][0]
    assert told["on"] == zones.day(row.created, "Pacific/Honolulu").isoformat()


def test_withdrawing_is_an_event_and_needs_a_reason(site, doctor) -> None:
    with pytest.raises(Refused, match="not adopted here"):
        withdraw(site, doctor)
    adopt(site, doctor)
    with pytest.raises(Refused, match="Say why"):
        withdraw(site, doctor, reason="  ")
    last = withdraw(site, doctor)
    assert (last.kind, last.replaces.kind) == (WITHDRAWN, ADOPTED)
    assert not holds(site)
    adopt(site, doctor)
    assert holds(site)
    assert Adoption.objects.count() == 3


def test_a_double_click_adopts_once(site, doctor) -> None:
    key = ids.new()
    assert adopt(site, doctor, key=key) == adopt(site, doctor, key=key)
    with pytest.raises(Conflict):
        adopt(site, doctor, key=key, id="esketamine-nasal-eu")
    with pytest.raises(Refused, match="already"):
        adopt(site, doctor)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PRESCRIBER])
def test_only_a_prescriber_of_the_site_adopts(site, person, role) -> None:
    with pytest.raises(Forbidden):
        adopt(site, person("lee", role))


def test_a_prescriber_elsewhere_does_not_adopt_here(site, person) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    with pytest.raises(Forbidden):
        adopt(site, person("ruiz", Role.PRESCRIBER, at_site=other))


def test_what_was_signed_cannot_be_changed(site, doctor) -> None:
    row = adopt(site, doctor)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Adoption.objects.filter(pk=row.pk).update(kind=WITHDRAWN)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Adoption.objects.all()._raw_delete("default")


@pytest.mark.parametrize("id_", protocol_ids())
def test_every_protocol_can_be_read(site, person, id_) -> None:
    nurse = signed_in(person("lee", Role.NURSE))
    page = nurse.get(f"/clinic/protocols/{id_}/", secure=True).content.decode()
    assert page.count("<tr><th scope=") == len(reading.lines(id_, as_of=date.max)) + page.count("<thead>")
    assert "Not adopted at Main Street: for reading only" in page
    assert "Adopt or withdraw" not in page


def test_the_pages_show_who_adopted_and_that_a_change_asks_again(site, doctor, monkeypatch) -> None:
    adopt(site, doctor)
    browser = signed_in(doctor)
    assert (
        "Adopted at Main Street by Okafor on 2026-11-24"
        in browser.get("/clinic/protocols/", secure=True).content.decode()
    )
    another_wording(monkeypatch)
    page = browser.get(f"/clinic/protocols/{US}/adopt/", secure=True).content.decode()
    assert "in another wording: to be adopted again" in page
    assert "<del>age 18 a</del> → <ins>age 21 a</ins>" in page
    assert not holds(site, digest=policies.here(US, (), as_of=NOW.date()).protocol.digest)
    listed = browser.get("/clinic/protocols/", secure=True).content.decode()
    assert "To be adopted again" in listed
    assert "points that differ: 1" in listed


def test_what_it_rests_on_is_kept_and_the_difference_shown(site, doctor, monkeypatch) -> None:
    """A code more in a value set, another dose, another rule set, another period: each with what it was and what it is."""
    adopt(site, doctor)
    other = next(id_ for id_ in protocol_ids() if id_ != US)
    adopt(site, doctor, id=other, digest=protocol(other, as_of=NOW.date()).digest)
    assert Ground.objects.count() == 1, "of each state one row"
    honest = store.load
    dose = honest("dose_tables")["atrq"]["minimum"]["sertraline"]
    changed = {
        section: copy.deepcopy(honest(section)) for section in ("conditions", "dose_tables", "periods", "criteria")
    }
    thyroid = changed["conditions"]["alongside"]["concepts"][0]
    thyroid["icd10cm"] = [*thyroid["icd10cm"], "E89.0"]
    changed["dose_tables"]["atrq"]["minimum"]["sertraline"] = "<b>75</b>"
    next(one for one in changed["periods"]["periods"]["periods"] if one["id"] == "history")["days"] = 364
    used = {line["criterion"] for line in reading.lines(US, as_of=NOW.date())}
    for one in changed["criteria"]["criteria"]["criteria"]:
        one["change"]["en"] = "Ask again."
    for module in ("knowledge.protocols", "web.protocols.grounds"):
        monkeypatch.setattr(
            f"daybreak.{module}.load", lambda section, root=store.ROOT: changed.get(section) or honest(section)
        )
    forget()
    browser = signed_in(doctor)
    page = browser.get(f"/clinic/protocols/{US}/adopt/", secure=True).content.decode()
    assert "in another wording: to be adopted again" in page
    assert "icd10cm: <del>–</del> → <ins>E89.0</ins>" in page
    assert f"<del>sertraline: {dose}</del> → <ins>sertraline: &lt;b&gt;75&lt;/b&gt;</ins>" in page
    assert "days: <del>365</del> → <ins>364</ins>" in page
    assert page.count("what the criterion asks: changed") == len(used), "those of other protocols are not named"
    assert "was not kept when this was adopted" not in page
    with CaptureQueriesContext(connection) as asked:
        listed = browser.get("/clinic/protocols/", secure=True).content.decode()
    assert len(asked) <= 15
    assert listed.count("E89.0") == 2
    browser.cookies["__Host-language"] = "zh-hans"
    assert "诊断清单" in browser.get(f"/clinic/protocols/{US}/", secure=True).content.decode()
    adopt(site, doctor, digest=policies.here(US, (), as_of=NOW.date()).protocol.digest)
    assert Ground.objects.count() == 2


def test_beside_a_changed_criterion_stands_that_the_rest_was_not_kept(site, doctor, monkeypatch) -> None:
    """So it is with what was adopted before its ground was kept: somebody who signs again knows what they do not see."""
    with monkeypatch.context() as before:
        before.setattr(actions.grounds, "keep", lambda *_, **__: SimpleNamespace(id=None))
        adopt(site, doctor)
    another_wording(monkeypatch)
    for page in (f"/clinic/protocols/{US}/adopt/", f"/clinic/protocols/{US}/", "/clinic/protocols/"):
        shown = signed_in(doctor).get(page, secure=True).content.decode()
        assert ("21 a" in shown, "was not kept when this was adopted" in shown) == (True, True), page


def test_the_same_wording_after_a_withdrawal_has_no_difference(site, doctor) -> None:
    adopt(site, doctor)
    withdraw(site, doctor)
    page = signed_in(doctor).get(f"/clinic/protocols/{US}/adopt/", secure=True).content.decode()
    assert "Changed since it was adopted" not in page


def another_wording(monkeypatch, id_: str = US, **parts) -> None:
    """From now on the knowledge says something else about who is an adult; `parts` are of that line."""
    files = copy.deepcopy(store.load("protocols"))
    file = next(one for one in files.values() if one["id"] == id_)
    adult = next(line for line in file["criteria"] if line["criterion"] == "adult")
    adult.update(parts or {"bounds": {"years": "21 a"}})
    honest = store.load

    def load(section: str, root: Path = store.ROOT) -> dict[str, Any]:
        return files if section == "protocols" else honest(section, root)

    for module in ("knowledge.protocols", "knowledge.overlay", "web.protocols.reading"):
        monkeypatch.setattr(f"daybreak.{module}.load", load)
    forget()


def forget() -> None:
    for remembered in (protocol, policies._written, _ground):
        remembered.cache_clear()


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What one test made of the knowledge is not another's."""
    yield
    forget()


def test_the_form_adopts_with_a_step_up(site, doctor) -> None:
    fresh, old = signed_in(doctor), signed_in(doctor, began=time.time() - AN_HOUR)
    form = {"site": str(site.id), "digest": DIGEST, "act": "adopt", "key": str(ids.new())}
    refused = old.post(f"/clinic/protocols/{US}/adopt/", {**form, "confirm": "not it"}, secure=True)
    assert (refused.status_code, Adoption.objects.count()) == (422, 0)
    assert "Neither your password nor a code" in refused.content.decode()
    for _ in range(2):
        assert fresh.post(f"/clinic/protocols/{US}/adopt/", form, secure=True).status_code == 302
    assert Adoption.objects.count() == 1
    form |= {"act": "withdraw", "reason": "<b>why</b>", "key": str(ids.new())}
    assert fresh.post(f"/clinic/protocols/{US}/adopt/", form, secure=True).status_code == 302
    assert "&lt;b&gt;why&lt;/b&gt;" in fresh.get(f"/clinic/protocols/{US}/", secure=True).content.decode()


def test_a_password_steps_up_for_five_minutes(site, doctor) -> None:
    doctor.set_password("five words that fit together")
    doctor.save()
    browser = signed_in(doctor, began=time.time() - AN_HOUR)
    page = f"/clinic/protocols/{US}/adopt/"
    assert 'name="confirm"' in browser.get(page, secure=True).content.decode()
    form = {"site": str(site.id), "digest": DIGEST, "act": "adopt", "key": str(ids.new())}
    done = browser.post(page, {**form, "confirm": "five words that fit together"}, secure=True)
    assert done.status_code == 302
    assert 'name="confirm"' not in browser.get(page, secure=True).content.decode()
    assert Entry.objects.filter(action="confirmed", who=doctor.id).count() == 1


def test_a_code_steps_up_once(site, doctor) -> None:
    factor = SecondFactor.objects.create(
        id=ids.new(),
        organisation_id=doctor.organisation_id,
        created=NOW,
        person=doctor,
        key=second_factor.newest_key(),
        nonce=ids.new(),
    )
    page = f"/clinic/protocols/{US}/adopt/"
    form = {"site": str(site.id), "digest": DIGEST, "act": "adopt", "key": str(ids.new())}
    otp = pyotp.TOTP(second_factor.secret(nonce=factor.nonce))
    code = otp.now()
    wrong = f"{(int(code) + 1) % 1000000:06}"
    first, other = (signed_in(doctor, began=time.time() - AN_HOUR) for _ in range(2))
    assert first.post(page, {**form, "confirm": wrong}, secure=True).status_code == 422
    assert first.post(page, {**form, "confirm": f"{code[:3]} {code[3:]}"}, secure=True).status_code == 302
    assert other.post(page, {**form, "confirm": code}, secure=True).status_code == 422, "a code is used once"
    assert Entry.objects.filter(action="sign_in_failed", who=doctor.id).count() == 2


def test_too_many_wrong_confirmations_have_to_wait(site, doctor) -> None:
    browser = signed_in(doctor, began=time.time() - AN_HOUR)
    form = {"site": str(site.id), "digest": DIGEST, "act": "adopt", "key": str(ids.new()), "confirm": "123456"}
    answers = [browser.post(f"/clinic/protocols/{US}/adopt/", form, secure=True).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.parametrize("broken", [{"site": "x"}, {"key": "x"}, {"digest": ""}, {"act": ""}])
def test_a_broken_form_is_refused_with_a_sentence(site, doctor, broken) -> None:
    form = {"site": str(site.id), "digest": DIGEST, "act": "withdraw", "key": str(ids.new()), **broken}
    answer = signed_in(doctor).post(f"/clinic/protocols/{US}/adopt/", form, secure=True)
    assert answer.status_code in (400, 403, 409, 422)
    assert 'role="alert"' in answer.content.decode()
    assert not Adoption.objects.exists()


def test_two_days_are_compared(site, person) -> None:
    nurse = signed_in(person("lee", Role.NURSE))
    page = nurse.get(f"/clinic/protocols/{US}/compare/?old=2019-03-05&new=2025-01-21", secure=True).content.decode()
    assert "Takes another antidepressant" in page
    assert "removed" in page
    same = nurse.get(f"/clinic/protocols/{US}/compare/?old=2025-02-01&new=2025-03-01", secure=True).content.decode()
    assert "nothing differs" in same
    wrong = nurse.get(f"/clinic/protocols/{US}/compare/?old=yesterday&new=%3Cb%3E", secure=True)
    assert (wrong.status_code, "<b>" in wrong.content.decode()) == (422, False)


def test_an_unknown_protocol_is_no_page(site, doctor) -> None:
    for page in ("", "compare/", "adopt/"):
        assert signed_in(doctor).get(f"/clinic/protocols/nothing/{page}", secure=True).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_in_both_languages(site, doctor, language) -> None:
    browser = signed_in(doctor)
    for page in ("", f"{US}/", f"{US}/compare/", f"{US}/adopt/"):
        text = browser.get(
            f"/clinic/protocols/{page}", secure=True, headers={"accept-language": language}
        ).content.decode()
        assert (len(re.findall("[\u4e00-\u9fff]", text)) > 20) is (language == "zh-hans")


def test_every_source_of_a_protocol_is_in_the_list() -> None:
    named = {line["source"]["id"] for data in load("protocols").values() for line in data["criteria"]}
    assert named <= set(reading.sources())
