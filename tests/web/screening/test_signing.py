"""Is a decision signed only as it was shown, under an adopted protocol, and kept as it was?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from daybreak.clinical.records import Chart
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.patients import actions as patients
from daybreak.web.patients import one_person, queries, records
from daybreak.web.patients.models import Document, Patient
from daybreak.web.people import actions as people_actions
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.protocols import actions as protocols
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening import actions, exceptions, snapshots
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import NOT_YET, TREAT, Override, Snapshot
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state as task_state
from tests.clinical.screening.build import cleared, condition, observation
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.screening import samples
from tests.web.screening.samples import SOON, US, adopted, today, told


def sign(patient: Patient, site: Site, by: Person, **other) -> Snapshot:
    given = {"protocol": US, "outcome": TREAT, "review_on": None, "language": "en", "at": SOON, "key": ids.new()}
    given |= {"site": site, "by": by, "seen": judge(patient, site, at=SOON).seen}
    return actions.sign(patient, **{**given, **other})


def override(patient: Patient, site: Site, by: Person, criterion: str, **other) -> Override:
    finding = exceptions.finding_of(judge(patient, site, at=SOON).decision(US), criterion)
    given = {"protocol": US, "criterion": criterion, "code": "benefit_outweighs", "reason": "weighed", "site": site}
    given |= {"seen": finding and exceptions.evidence_digest(finding), "by": by, "at": SOON, "key": ids.new()}
    return actions.override(patient, **{**given, **other})


def state(row: Override) -> tuple[str, tuple[str, ...]]:
    row = Override.objects.get(pk=row.pk)
    found = exceptions.standing(row, judge(row.patient, row.site, at=SOON).decision(row.protocol), day=SOON.date())
    return found.state, found.why


def with_records(site: Site, by: Person, *more, number: str = "7", **fields) -> Patient:
    """A patient whose record is complete, with something more."""
    whole: Chart = cleared()
    for record in more:
        part = {"Condition": "conditions", "Observation": "observations"}[type(record).__name__]
        whole = replace(whole, **{part: (*getattr(whole, part), record)})
    found = registered(site, by, number=number)
    told(found, by, today(replace(whole, **fields)))
    return found


def psychotic(site: Site, by: Person) -> Patient:
    return with_records(site, by, condition("psychosis", text="Psychotic disorder", onset="2019-01-01"))


def test_a_signature_keeps_what_was_known_and_said(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = sign(patient, site, doctor)
    kept = json.loads(row.content)
    decision = next(d for d in kept["decisions"] if d["protocol"]["id"] == US)
    assert (row.status, row.outcome, decision["status"]) == ("eligible", TREAT, "eligible")
    assert decision["adopted"]["by"] == doctor.display_name
    assert decision["protocol"]["digest"] == row.digest == row.adoption.digest
    assert all({"reason", "reason_id", "reason_values"} <= set(f) for f in decision["findings"])
    assert len(kept["chart"]) > 20
    assert snapshots.digest(row.content) == row.content_digest
    assert Entry.objects.get(action="decision_signed").subject == patient.id


def test_the_sentences_are_in_the_signers_language(site, doctor, patient) -> None:
    adopted(site, doctor)
    kept = json.loads(sign(patient, site, doctor, language="zh-Hans").content)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in kept["decisions"][0]["findings"][0]["reason"])


def test_nothing_that_was_signed_can_be_changed(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = sign(patient, site, doctor)
    for change in (
        lambda: Snapshot.objects.filter(pk=row.pk).update(status="not_eligible"),
        lambda: Snapshot.objects.all()._raw_delete("default"),
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            change()


def test_no_signature_under_a_protocol_that_nobody_adopted(site, doctor, patient, monkeypatch) -> None:
    with pytest.raises(Refused, match="Nobody has adopted"):
        sign(patient, site, doctor)
    adopted(site, doctor)
    protocols.withdraw(id=US, reason="policy", site=site, by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Refused, match="Nobody has adopted"):
        sign(patient, site, doctor)
    monkeypatch.setattr(settings, "PLACE", replace(settings.PLACE, profile="demo"))
    assert sign(patient, site, doctor).adoption is None


def test_a_stricter_policy_stops_signatures_until_it_is_adopted_and_stands_in_what_is_signed(
    site, doctor, patient
) -> None:
    adopted(site, doctor)
    line = {"criterion": "adult", "when": "screening", "strength": "absolute", "override": "none", "with": {}}
    line |= {
        "bounds": {"years": "21 a"},
        "source": {"id": "clinic-policy", "where": "here"},
        "standing": "local_policy",
    }
    told = {"id": US, "criterion": "adult", "when": "screening", "line": line, "reason": "our insurer"}
    seen = judge(patient, site, at=SOON).decision(US).protocol.digest
    protocols.ask_more(**told, seen=seen, site=site, by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Refused, match="Nobody has adopted"):
        sign(patient, site, doctor)
    found = judge(patient, site, at=SOON)
    assert found.outdated[US].by == doctor
    digest = found.decision(US).protocol.digest
    protocols.adopt(id=US, digest=digest, site=site, by=doctor, at=SOON, key=ids.new())
    row = sign(patient, site, doctor)
    decision = next(d for d in json.loads(row.content)["decisions"] if d["protocol"]["id"] == US)
    assert [(x["criterion"], x["reason"]) for x in decision["stricter"]] == [("adult", "our insurer")]
    assert row.adoption.overlay_digest
    shown = signed_in(doctor).get(f"/patients/{patient.id}/screening/signed/{row.id}/", secure=True)
    assert "stricter here since 2026-11-24, by Okafor, because: our insurer" in shown.content.decode()


def test_that_nothing_about_suicide_calls_for_somebody_is_never_drawn_as_good(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = sign(patient, site, doctor)
    shown = signed_in(doctor).get(f"/patients/{patient.id}/screening/signed/{row.id}/", secure=True).content.decode()
    (line,) = (one for one in shown.split("<li>") if "Suicide risk has been asked about" in one)
    assert '<span class="verdict verdict-asked">' in line
    assert '<span class="verdict verdict-met">' in shown


def test_what_changed_since_the_page_was_shown_is_not_signed(site, doctor, patient) -> None:
    adopted(site, doctor)
    seen = judge(patient, site, at=SOON).seen
    patients.add(patient, observation("systolic", 190, NOW.date().isoformat()), by=doctor, at=SOON, key=ids.new())
    patients.add(patient, observation("diastolic", 99, NOW.date().isoformat()), by=doctor, at=SOON, key=ids.new())
    with pytest.raises(Conflict, match="has changed since"):
        sign(patient, site, doctor, seen=seen)
    assert not Snapshot.objects.exists()


def test_a_double_click_signs_once(site, doctor, patient) -> None:
    adopted(site, doctor)
    key = ids.new()
    assert sign(patient, site, doctor, key=key) == sign(patient, site, doctor, key=key)
    with pytest.raises(Conflict):
        sign(patient, site, doctor, key=key, outcome=NOT_YET)


def test_not_yet_says_until_when(site, doctor, patient) -> None:
    adopted(site, doctor)
    for day in (None, NOW.date(), NOW.date() - timedelta(days=1)):
        with pytest.raises(Refused, match="which later day"):
            sign(patient, site, doctor, outcome=NOT_YET, review_on=day)
    with pytest.raises(Refused, match=r"2099-01-01 is too far off.*on 2027-11-24 at the latest \(a limit of our own\)"):
        sign(patient, site, doctor, outcome=NOT_YET, review_on=date(2099, 1, 1), condition="x")
    later = NOW.date() + timedelta(days=14)
    with pytest.raises(Refused, match="what the decision waits for"):
        sign(patient, site, doctor, outcome=NOT_YET, review_on=later)
    with pytest.raises(Refused, match="what the decision waits for"):
        sign(patient, site, doctor, outcome=NOT_YET, review_on=later, unmet="adult")
    row = sign(patient, site, doctor, outcome=NOT_YET, review_on=later, condition="wants to talk to her sister")
    assert (row.review_on, row.condition, row.needs_second) == (later, "wants to talk to her sister", "[]")


@pytest.mark.parametrize("wrong", [{"protocol": "nothing"}, {"outcome": "perhaps"}, {"outcome": ""}])
def test_what_was_not_chosen_is_asked_for(site, doctor, patient, wrong) -> None:
    adopted(site, doctor)
    with pytest.raises(Refused, match="not chosen"):
        sign(patient, site, doctor, **wrong)


def test_an_obstacle_stands_in_the_way_until_two_have_signed(site, doctor, evaluator) -> None:
    adopted(site, doctor)
    patient = psychotic(site, doctor)
    with pytest.raises(Refused, match="No history of psychosis"):
        sign(patient, site, doctor)
    row = override(patient, site, doctor, "no_psychosis")
    assert (row.needs_two, state(row)) == (True, (exceptions.WAITS, ()))
    with pytest.raises(Refused, match="stand in the way"):
        sign(patient, site, doctor)
    with pytest.raises(Refused, match="somebody else"):
        actions.second(row, by=doctor, at=SOON, key=ids.new())
    key = ids.new()
    assert actions.second(row, by=evaluator, at=SOON, key=key) == actions.second(row, by=evaluator, at=SOON, key=key)
    assert state(row)[0] == exceptions.HOLDS
    signed = sign(patient, site, doctor)
    assert signed.status == "eligible_with_review", "an exception changes neither verdict nor status"
    kept = json.loads(signed.content)
    assert [(e["criterion"], e["second"]) for e in kept["exceptions"]] == [("no_psychosis", "Vale")]
    with pytest.raises(Refused, match="Nothing is to be signed"):
        actions.second(row, by=evaluator, at=SOON, key=ids.new())


def test_an_exception_is_void_when_its_evidence_changes(site, doctor, evaluator) -> None:
    patient = psychotic(site, doctor)
    row = override(patient, site, doctor, "no_psychosis")
    more = condition("psychosis", text="Schizophrenia", onset="2018-01-01")
    patients.add(patient, more, by=doctor, at=SOON, key=ids.new())
    assert state(row) == (exceptions.VOID, ("evidence",))
    with pytest.raises(Refused, match="Nothing is to be signed"):
        actions.second(row, by=evaluator, at=SOON, key=ids.new())


@pytest.mark.parametrize("by_signing", [True, False], ids=["a decision", "another exception"])
def test_the_task_for_a_void_exception_ends_with_its_reason(site, doctor, by_signing) -> None:
    adopted(site, doctor)
    patient = psychotic(site, doctor)
    row = override(patient, site, doctor, "no_psychosis")
    task = Task.objects.get(source=f"second-signature:{row.pk}")
    more = condition("psychosis", text="Schizophrenia", onset="2018-01-01")
    patients.add(patient, more, by=doctor, at=SOON, key=ids.new())
    assert task_state(task).open
    if by_signing:
        later = SOON.date() + timedelta(days=7)
        sign(patient, site, doctor, outcome=NOT_YET, review_on=later, condition="A second opinion")
    else:
        again = override(patient, site, doctor, "no_psychosis")
        assert task_state(Task.objects.get(source=f"second-signature:{again.pk}")).open
    closed = task_state(task).closed
    assert (closed.result, closed.by) == ("not_needed", doctor)
    assert "has changed since it was signed" in closed.text


def test_what_is_signed_rests_on_every_linked_record_and_all_are_locked(
    site, doctor, person, patient, monkeypatch
) -> None:
    adopted(site, doctor)
    other = registered(site, doctor, number="8", birth="1971-04-02", family_name="Keler")
    about = {"at": SOON, "key": ids.new()}
    claim = one_person.claim(patient, other, reason="same birth date", by=doctor, **about)
    one_person.second(claim, by=person("ines", Role.PRESCRIBER), at=SOON, key=ids.new())
    taken: list[UUID] = []
    monkeypatch.setattr(queries, "locked", lambda model, pk: taken.append(pk) or model.objects.get(pk=pk))
    sign(Patient.objects.get(pk=patient.pk), site, doctor)
    assert taken == sorted([patient.id, other.id])


def test_a_record_that_is_linked_while_one_waits_for_the_lock_stops_the_signature(patient, monkeypatch) -> None:
    now = iter([[patient.id], [patient.id, ids.new()]])
    monkeypatch.setattr(queries, "together", lambda _: next(now))
    with pytest.raises(Conflict, match="has changed"), transaction.atomic():
        queries.locked_together(patient)


def test_an_exception_is_void_when_the_finding_or_the_protocol_changes(site, doctor) -> None:
    patient = psychotic(site, doctor)
    row = override(patient, site, doctor, "no_psychosis")
    decision = judge(patient, site, at=SOON).decision(US)
    other = replace(decision, protocol=replace(decision.protocol, digest="0" * 64))
    assert exceptions.standing(row, other, day=SOON.date()).why == ("protocol",)
    assert exceptions.standing(row, None, day=SOON.date()).why == ("protocol", "verdict", "evidence")
    row.verdict = "unknown"
    assert exceptions.standing(row, decision, day=SOON.date()).why == ("verdict",)


def test_a_withdrawn_exception_no_longer_stands(site, doctor, evaluator) -> None:
    patient = psychotic(site, doctor)
    row = override(patient, site, doctor, "no_psychosis")
    with pytest.raises(Forbidden):
        actions.withdraw(row, by=evaluator, at=SOON, key=ids.new())
    key = ids.new()
    assert actions.withdraw(row, by=doctor, at=SOON, key=key) == actions.withdraw(row, by=doctor, at=SOON, key=key)
    assert state(row)[0] == exceptions.TAKEN_BACK
    with pytest.raises(Refused):
        actions.withdraw(row, by=doctor, at=SOON, key=ids.new())


def test_where_no_exception_is_possible_none_is_taken(site, doctor) -> None:
    patient = with_records(site, doctor, condition("aneurysmal_vascular_disease", text="Aortic aneurysm"))
    with pytest.raises(Refused, match="No exception from this criterion"):
        override(patient, site, doctor, "no_aneurysmal_disease")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"criterion": "adult"}, "no obstacle"),
        ({"criterion": "nothing"}, "no such criterion"),
        ({"protocol": "nothing"}, "no such criterion"),
        ({"reason": " "}, "coded reason"),
        ({"reason": "x" * 2001}, "coded reason"),
        ({"code": "mood"}, "coded reason"),
        ({"seen": "0" * 64}, "has changed since"),
    ],
)
def test_a_wrong_exception_is_refused_with_a_sentence(site, doctor, given, says) -> None:
    patient = psychotic(site, doctor)
    told_ = {"criterion": "no_psychosis", **given}
    with pytest.raises(Refused, match=says):
        override(patient, site, doctor, told_.pop("criterion"), **told_)
    assert not Override.objects.exists()


def test_a_double_click_makes_one_exception(site, doctor) -> None:
    patient = psychotic(site, doctor)
    key = ids.new()
    assert override(patient, site, doctor, "no_psychosis", key=key) == override(
        patient, site, doctor, "no_psychosis", key=key
    )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PRESCRIBER])
def test_only_a_prescriber_signs(site, person, patient, role) -> None:
    someone = person("lee", role)
    with pytest.raises(Forbidden):
        sign(patient, site, someone)
    with pytest.raises(Forbidden):
        override(patient, site, someone, "no_psychosis")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PRESCRIBER, Role.EVALUATOR)])
def test_only_a_prescriber_or_evaluator_signs_second(site, doctor, person, role) -> None:
    row = override(psychotic(site, doctor), site, doctor, "no_psychosis")
    with pytest.raises(Forbidden):
        actions.second(row, by=person("lee", role), at=SOON, key=ids.new())


def test_a_prescriber_of_another_site_signs_nothing_here(site, doctor, person, patient) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    stranger = person("ruiz", Role.PRESCRIBER, at_site=other)
    with pytest.raises(Forbidden):
        sign(patient, site, stranger)


def test_the_samples_are_of_the_day() -> None:
    assert samples.LATER.days > 0


def test_no_treatment_is_signed_on_trials_that_nobody_here_confirmed(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = next(one for one in records.current(patient) if one.kind == "exposure")
    file = Document.objects.create(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=NOW,
        patient=patient,
        by=doctor,
        source="Riverside",
        media_type="application/json",
        sha256="0" * 64,
        bytes=b"{}",
    )
    record = records.record(row)
    imported = records.entry(record, patient=patient, by=doctor, at=NOW, document=file, replaces=row)
    imported.save(force_insert=True)
    text = signed_in(doctor).get(f"/patients/{patient.id}/screening/", secure=True).content.decode()
    assert "confirmed by nobody yet" in text
    with pytest.raises(Refused, match="Nobody here has confirmed these medicines"):
        sign(patient, site, doctor)
    told = {"about": "dose", "of": imported.reference, "value": "30", "key": str(ids.new())}
    answer = signed_in(doctor).post(f"/patients/{patient.id}/screening/", told, secure=True)
    assert (answer.status_code, records.current(patient)[0].origin) != (302, "person")
    assert (
        sign(
            patient, site, doctor, outcome=NOT_YET, review_on=SOON.date() + timedelta(days=7), condition="the trials"
        ).outcome
        == NOT_YET
    )
    patients.correct(imported, lambda one: one, by=doctor, at=SOON, key=ids.new(), action="confirmed")
    assert sign(patient, site, doctor, last=str(Snapshot.objects.get().id)).outcome == TREAT
