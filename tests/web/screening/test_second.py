"""Is a hard case final only with two different people's signatures on what both of them saw?"""

from __future__ import annotations

import html
import json
import re
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.patients import actions as patients
from daybreak.web.patients import records
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening import actions, exceptions, hard
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import DOSE, NOT_YET, SecondRule, SecondRuleSigned, SecondSignature, Snapshot
from daybreak.web.tasks.models import Kind, Task
from daybreak.web.tasks.queries import still_open
from tests.clinical.screening.build import condition, observation
from tests.web.conftest import NOW, signed_in
from tests.web.screening.samples import SOON, US, adopted
from tests.web.screening.test_signing import override, psychotic, sign, state


@pytest.fixture
def excepted(site: Site, doctor: Person, evaluator: Person) -> Patient:
    """A patient with an obstacle from which two people signed an exception."""
    adopted(site, doctor)
    found = psychotic(site, doctor)
    actions.second(override(found, site, doctor, "no_psychosis"), by=evaluator, at=SOON, key=ids.new())
    return found


def final(row: Snapshot) -> str:
    row = Snapshot.objects.select_related("second").get(pk=row.pk)
    return hard.state(row, judge(row.patient, row.site, at=SOON))


def second(row: Snapshot, by: Person, **other) -> SecondSignature:
    return actions.second_decision(row, by=by, **({"at": SOON, "key": ids.new()} | other))


def rule(site: Site, by: Person, case: str, needed: bool, **other) -> SecondRule:
    told_ = {"reason": "decided by the board", "at": SOON, "key": ids.new()} | other
    return actions.ask_for_second(case=case, needed=needed, site=site, by=by, **told_)


def also(row: SecondRule, by: Person, **other) -> SecondRuleSigned:
    return actions.sign_rule(row, by=by, **({"at": SOON, "key": ids.new()} | other))


def text(browser, address: str) -> str:
    answer = browser.get(address, secure=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_easy_case_is_final_with_one_signature(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = sign(patient, site, doctor)
    assert (hard.needs(row), final(row)) == ([], hard.FINAL)


def test_a_decision_that_rests_on_an_exception_waits_for_somebody_else(site, doctor, evaluator, excepted) -> None:
    row = sign(excepted, site, doctor)
    assert (hard.needs(row), final(row)) == (["exception"], exceptions.WAITS)
    with pytest.raises(Refused, match="somebody else"):
        second(row, doctor)
    key = ids.new()
    assert second(row, evaluator, key=key) == second(row, evaluator, key=key), "a double click signs once"
    assert final(row) == hard.FINAL
    with pytest.raises(Refused, match="Nothing is to be signed"):
        second(row, evaluator)
    assert Entry.objects.get(action="decision_signed_second").who == evaluator.id


def test_a_record_that_changed_since_the_first_signature_voids_it(site, doctor, evaluator, excepted) -> None:
    row = sign(excepted, site, doctor)
    more = condition("psychosis", text="Schizophrenia", onset="2018-01-01")
    patients.add(excepted, more, by=doctor, at=SOON, key=ids.new())
    assert final(row) == exceptions.VOID
    with pytest.raises(Conflict, match="has changed since the first signature"):
        second(row, evaluator)
    shown = text(signed_in(evaluator), f"/patients/{excepted.id}/screening/signed/{row.id}/")
    assert "Void: the record has changed" in shown
    assert "Sign as the second person" not in shown
    assert "Void: the record has changed" in text(signed_in(evaluator), f"/patients/{excepted.id}/screening/")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PRESCRIBER, Role.EVALUATOR)])
def test_only_the_qualified_sign_second(site, doctor, person, excepted, role) -> None:
    with pytest.raises(Forbidden):
        second(sign(excepted, site, doctor), person("lee", role))


def test_a_contradiction_in_the_record_is_a_hard_case(site, doctor, patient) -> None:
    adopted(site, doctor)
    today = NOW.date().isoformat()
    for kind, value in (("phq-9.item-9", 3), ("c-ssrs-screen.risk", "low")):
        patients.add(patient, observation(kind, value, today), by=doctor, at=SOON, key=ids.new())
    judged = judge(patient, site, at=SOON)
    assert "contradiction" in hard.cases(judged, judged.decision(US), site)


def test_which_cases_are_hard_is_the_sites_policy_with_its_reason(site, doctor, evaluator, person, excepted) -> None:
    assert {case: needed for case, (needed, _) in hard.rules(site).items()} == {
        "exception": True,
        "contradiction": True,
        "with_review": False,
    }
    one = rule(site, doctor, "exception", needed=False)
    assert hard.needs(sign(excepted, site, doctor)) == ["exception"], "one person alone switches nothing off"
    with pytest.raises(Refused, match="so already"):
        rule(site, doctor, "exception", needed=False)
    with pytest.raises(Refused, match="You signed first"):
        also(one, doctor)
    with pytest.raises(Forbidden):
        also(one, person("nora", Role.NURSE))
    key = ids.new()
    assert also(one, evaluator, key=key) == also(one, evaluator, key=key)
    row = sign(excepted, site, doctor)
    assert hard.needs(row) == []
    (kept,) = [told for told in json.loads(row.content)["second_rules"] if told["rule"]]
    assert (kept["case"], kept["needed"], kept["rule"]) == ("exception", False, str(one.id))
    assert kept["signed_by"] == [doctor.display_name, evaluator.display_name]
    shown = text(signed_in(doctor), f"/patients/{excepted.id}/screening/signed/{row.id}/")
    assert f"{doctor.display_name}, {evaluator.display_name}" in shown
    rule(site, doctor, "with_review", needed=True)
    assert hard.needs(sign(excepted, site, doctor)) == ["with_review"]
    with pytest.raises(Refused, match="so already"):
        rule(site, doctor, "with_review", needed=True)
    with pytest.raises(Refused, match="Say why"):
        rule(site, doctor, "with_review", needed=False, reason=" ")
    with pytest.raises(Forbidden):
        rule(site, person("lee", Role.NURSE), "with_review", needed=False)


def test_the_page_of_rules_takes_a_signed_change(site, doctor) -> None:
    browser = signed_in(doctor)
    page = text(browser, "/clinic/second-signatures/")
    assert "which nobody here has signed" in page
    form = {"site": site.id, "case": "with_review", "needed": "yes", "reason": "two pairs of eyes", "key": ids.new()}
    assert browser.post("/clinic/second-signatures/", form, secure=True).status_code == 302
    assert "two pairs of eyes" in text(browser, "/clinic/second-signatures/")


def test_one_signature_is_enough_only_when_two_have_signed_that(site, doctor, evaluator, person) -> None:
    here, other = "/clinic/second-signatures/", signed_in(evaluator)
    form = {"site": site.id, "case": "exception", "needed": "no", "reason": "small team", "key": ids.new()}
    assert other.post(here, form, secure=True).status_code == 403, "an evaluator changes no rule"
    assert signed_in(doctor).post(here, form, secure=True).status_code == 302
    assert "Sign too" not in text(signed_in(doctor), here)
    assert "Sign too" in text(other, here)
    assert hard.rules(site)["exception"][0] is True
    assert "signed that a kind of hard case needs one signature only" in text(other, "/tasks/")
    assert "a kind of hard case needs" not in text(signed_in(doctor), "/tasks/")
    proposed = hard.proposed(site)["exception"]
    signs = {"site": site.id, "rule": proposed.id, "key": ids.new()}
    assert signed_in(evaluator, began=time.time() - 600).post(here, signs, secure=True).status_code == 422
    elsewhere = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    far = signed_in(person("fay", Role.EVALUATOR, at_site=elsewhere))
    assert far.post(here, signs, secure=True).status_code == 404
    rule(site, doctor, "exception", needed=True)
    assert other.post(here, signs, secure=True).status_code == 409, "it was taken back meanwhile"
    again = rule(site, doctor, "exception", needed=False)
    assert other.post(here, {**signs, "rule": again.id, "key": ids.new()}, secure=True).status_code == 302
    assert hard.rules(site)["exception"][0] is False
    assert "a kind of hard case needs" not in text(other, "/tasks/")
    rule(site, doctor, "exception", needed=True)
    assert hard.rules(site)["exception"][0] is True, "asking for more takes one person"


def test_no_signature_or_rule_can_be_changed(site, doctor, evaluator, excepted) -> None:
    second(sign(excepted, site, doctor), evaluator)
    also(rule(site, doctor, "exception", needed=False), evaluator)
    for model in (SecondSignature, SecondRule, SecondRuleSigned):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            model.objects.update(by=doctor)
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_it_says_everywhere_that_it_is_not_final_until_it_is(site, doctor, evaluator, excepted) -> None:
    row = sign(excepted, site, doctor)
    here = f"/patients/{excepted.id}/screening/"
    first, other = signed_in(doctor), signed_in(evaluator)
    for page in (here, f"{here}signed/{row.id}/"):
        assert "not final: waits for a second signature" in text(first, page), page
    assert "it rests on an exception" in text(other, "/waiting/")
    assert "Sign as the second person" not in text(first, f"{here}signed/{row.id}/")
    shown = text(other, f"{here}signed/{row.id}/")
    form = {"key": re.search('name="key" value="([^"]*)"', shown).group(1)}
    for _ in range(2):  # a double click, or back and again
        assert other.post(f"{here}signed/{row.id}/", form, secure=True).status_code == 302
    assert SecondSignature.objects.count() == 1
    for page in (here, f"{here}signed/{row.id}/"):
        assert "not final" not in text(first, page)
        assert "second signature by Vale" in text(first, page)
    assert "it rests on an exception" not in text(other, "/waiting/")


def test_a_not_yet_stands_in_the_list_by_day_until_something_follows(site, doctor, patient) -> None:
    adopted(site, doctor)
    later = NOW.date() + timedelta(days=14)
    sign(patient, site, doctor, outcome=NOT_YET, review_on=later, condition="talks to <b>her</b> sister")
    page = text(signed_in(doctor), "/waiting/")
    assert f"{later}" in page
    assert "talks to &lt;b&gt;her&lt;/b&gt; sister" in page
    sign(patient, site, doctor)
    assert f"{later}" not in text(signed_in(doctor), "/waiting/")


def test_an_exception_for_one_dose_has_a_last_day_and_is_void_after_it(site, doctor) -> None:
    patient = psychotic(site, doctor)
    for wrong in (None, SOON.date() - timedelta(days=1)):
        with pytest.raises(Refused, match="until when it holds"):
            override(patient, site, doctor, "no_psychosis", scope=DOSE, ends_on=wrong)
    row = override(patient, site, doctor, "no_psychosis", scope=DOSE, ends_on=SOON.date())
    assert state(row)[0] == exceptions.WAITS
    decision = judge(patient, site, at=SOON).decision(US)
    tomorrow = exceptions.standing(row, decision, day=SOON.date() + timedelta(days=1))
    assert (tomorrow.state, tomorrow.why) == (exceptions.VOID, ("ended",))
    page = text(signed_in(doctor), f"/patients/{patient.id}/screening/exceptions/")
    assert "one dose" in page
    assert f"until {SOON.date()}" in page


def test_what_changed_since_the_page_was_opened_is_named_and_nothing_typed_is_lost(site, doctor, patient) -> None:
    adopted(site, doctor)
    browser, here = signed_in(doctor), f"/patients/{patient.id}/screening/sign/"
    shown = text(browser, here)
    form = dict(re.findall(r'<input type="hidden" name="(key|seen|protocol|site)" value="([^"]*)"', shown))
    latest = actions.last_review(site, at=SOON)
    assert f"On {latest} at the latest: a limit of our own" in shown
    answer = browser.post(
        here, form | {"outcome": "not_yet", "condition": "<kept>", "review_on": "2099-01-01"}, secure=True
    )
    page = answer.content.decode()
    assert (answer.status_code, "2099-01-01 is too far off" in page) == (422, True)
    assert all(f'value="{kept}"' in page for kept in ("2099-01-01", "&lt;kept&gt;"))
    assert 'value="not_yet" required checked' in page
    marks = re.search(r'name="marks" value="([^"]*)"', shown).group(1).replace("&quot;", '"')
    patients.add(patient, condition("psychosis", text="Psychotic disorder"), by=doctor, at=SOON, key=ids.new())
    form |= {"marks": marks, "outcome": "not_yet", "condition": "kept words"}
    form["review_on"] = str(NOW.date() + timedelta(days=7))
    answer = browser.post(here, form, secure=True)
    page = answer.content.decode()
    assert (answer.status_code, Snapshot.objects.count()) == (409, 0)
    changed = page[page.index("What changed since") : page.index("What is signed")]
    assert "psychosis" in changed.lower()
    assert "pregnan" not in changed.lower()
    assert 'value="kept words"' in page
    assert (
        json.loads(marks).keys()
        == judge(patient, site, at=SOON).marks(judge(patient, site, at=SOON).decision(US)).keys()
    )


def test_the_whole_decision_stands_beside_the_signature(site, doctor, patient) -> None:
    adopted(site, doctor)
    page = text(signed_in(doctor), f"/patients/{patient.id}/screening/sign/")
    judged = judge(patient, site, at=SOON)
    decision = judged.decision(US)
    rested = {e for finding in exceptions.screened(decision) for e in finding.answer.evidence}
    assert any(e.resource in judged.entries for e in rested)
    for e in rested:
        assert html.escape(e.text) in page
        assert f"{e.resource}<" not in page, "what it is, never what the record calls it"
        if e.resource in judged.entries:
            assert f'href="/patients/{patient.id}/entries/{judged.entries[e.resource]}/"' in page
    assert page.count('<span class="verdict verdict-met">') >= len(exceptions.screened(decision))


def test_a_signature_asks_who_is_there_once_more(site, doctor, patient) -> None:
    adopted(site, doctor)
    old = signed_in(doctor, began=time.time() - 3600)
    shown = text(old, f"/patients/{patient.id}/screening/sign/")
    assert 'name="confirm"' in shown
    form = dict(re.findall(r'<input type="hidden" name="(key|seen|protocol|site)" value="([^"]*)"', shown))
    refused = old.post(
        f"/patients/{patient.id}/screening/sign/", form | {"outcome": "treat", "confirm": "no"}, secure=True
    )
    assert (refused.status_code, Snapshot.objects.count()) == (422, 0)


def waiting(kind: Kind) -> list[Task]:
    return list(still_open(Task.objects.filter(kind=kind)))


def test_a_second_signature_is_a_task_until_it_is_given(site, doctor, evaluator, excepted) -> None:
    assert waiting(Kind.SIGNATURE) == []  # the exception has both
    row = sign(excepted, site, doctor)
    (task,) = waiting(Kind.SIGNATURE)
    assert (task.patient, task.where) == (excepted, f"/patients/{excepted.id}/screening/signed/{row.id}/")
    assert text(signed_in(evaluator), "/tasks/").count(f'href="/tasks/{task.id}/"') == 1
    second(row, evaluator)
    assert waiting(Kind.SIGNATURE) == []


def test_an_exception_that_is_withdrawn_asks_nobody_any_more(site, doctor) -> None:
    row = override(psychotic(site, doctor), site, doctor, "no_psychosis")
    assert len(waiting(Kind.SIGNATURE)) == 1
    actions.withdraw(row, by=doctor, at=SOON, key=ids.new())
    assert waiting(Kind.SIGNATURE) == []


def test_a_not_yet_is_a_task_of_its_signer_until_something_follows(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = sign(patient, site, doctor, outcome=NOT_YET, review_on=SOON.date() + timedelta(days=9), condition="bloods")
    (task,) = waiting(Kind.REVIEW)
    assert (task.owner, task.due.date(), row.review_on) == (doctor, row.review_on, row.review_on)
    sign(patient, site, doctor)
    assert waiting(Kind.REVIEW) == []


def test_a_hard_case_that_another_decision_overtook_is_signed_by_nobody(site, doctor, evaluator, excepted) -> None:
    row = sign(excepted, site, doctor)
    sign(excepted, site, doctor, outcome=NOT_YET, review_on=SOON.date() + timedelta(days=9), condition="bloods")
    with pytest.raises(Conflict, match="Another decision"):
        second(row, evaluator)
    assert not SecondSignature.objects.exists()


def test_an_exception_and_a_signed_decision_say_what_they_rest_on_and_lead_there(
    site, doctor, evaluator, excepted
) -> None:
    entry = next(row for row in records.current(excepted) if row.kind == "condition" and "psychosis" in row.payload)
    link = f'href="/patients/{excepted.id}/entries/{entry.id}/">'
    page = text(signed_in(doctor), f"/patients/{excepted.id}/screening/exception/{US}/no_psychosis/")
    assert link in page
    assert entry.reference not in page
    row = sign(excepted, site, doctor)
    patients.withdraw(entry, reason="wrong", by=doctor, at=SOON + timedelta(minutes=1), key=ids.new())
    page = text(signed_in(doctor), f"/patients/{excepted.id}/screening/signed/{row.id}/")
    assert link in page, "as it was when it was signed"
    assert entry.reference not in page
