"""Are two records of one person read as one after two looks, and is each as it was afterwards?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from daybreak.clinical.records import Condition, Exposure
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.labels.reading import hidden
from daybreak.web.patients import actions, one_person, queries, records
from daybreak.web.patients.models import Entry, Patient
from daybreak.web.people import actions as people
from daybreak.web.people.models import Person, Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def other(site, nurse):
    return registered(site, nurse, number="49", given_names="Ana")


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


def told(by, **more):
    return {"by": by, "at": SOON, "key": ids.new(), **more}


def write(patient, by, text="asthma") -> Entry:
    return actions.add(patient, Condition("", text), **told(by))


def chart(patient):
    """As whoever comes next sees it: `queries.together` is asked once for an instance."""
    return records.chart(Patient.objects.get(pk=patient.pk))


def link(patient, other, first, second_by):
    claim = one_person.claim(patient, other, reason="same birth date, same mother", **told(first))
    one_person.second(claim, **told(second_by))
    return claim


def test_nothing_changes_before_the_second_look_which_is_somebody_elses(patient, other, nurse, ines) -> None:
    write(other, nurse)
    claim = one_person.claim(patient, other, reason="same birth date", **told(nurse))
    assert chart(patient).conditions == ()
    with pytest.raises(Refused, match="Ask a colleague"):
        one_person.second(claim, **told(nurse))
    with pytest.raises(Conflict, match="said this already"):
        one_person.claim(other, patient, reason="again", **told(ines))
    one_person.second(claim, **told(ines))
    with pytest.raises(Conflict, match="second time already"):
        one_person.second(claim, **told(ines))
    assert (
        [one.text for one in chart(patient).conditions] == ["asthma"] == [one.text for one in chart(other).conditions]
    )


def test_a_medicine_that_stands_in_the_other_record_is_confirmed_there(site, patient, other, nurse, ines) -> None:
    said = {"site_id": site.id, "by": None, "at": NOW}
    (row,) = actions.told_by_patient(other, [Exposure("", "Zoloft", ingredients=("sertraline",))], **said)
    link(patient, other, nurse, ines)
    here = Patient.objects.get(pk=patient.pk)
    read = {"on": SOON.date(), "seen": queries.state(here), "confirm": [str(row.id)]}
    found = actions.review(here, ["medicines"], **read, **told(ines))
    assert [(one.kind, one.patient_id) for one in found] == [("exposure", other.pk), ("coverage", patient.pk)]
    assert (found[0].replaces_id, found[0].by) == (row.id, ines)
    with pytest.raises(Conflict, match="changed since"):
        actions.review(here, [], **read, **told(nurse))


def test_a_medicine_of_a_record_at_another_site_is_read_and_confirmed_there(site, patient, nurse, person) -> None:
    hill = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Hill")
    ines, far = person("ines", Role.PRESCRIBER), person("far", Role.PRESCRIBER)
    for one in (ines, far):
        people.give(one, Role.PRESCRIBER, hill, by=None, at=NOW)
    there = registered(hill, far, number="49", given_names="Ana")
    actions.told_by_patient(
        there, [Exposure("", "Zoloft", ingredients=("sertraline",))], site_id=hill.id, by=None, at=NOW
    )
    claim = one_person.claim(patient, there, reason="same birth date", **told(ines))
    one_person.second(claim, **told(far))
    page = signed_in(nurse).get(f"/patients/{patient.id}/review/", secure=True)
    assert "Zoloft" in page.content.decode()
    assert (page.context["waiting"], 'value="all"' in page.content.decode()) == ([], False), "not hers to confirm"
    assert len(signed_in(ines).get(f"/patients/{patient.id}/review/", secure=True).context["waiting"]) == 1


def test_taken_apart_each_has_what_was_written_in_it(patient, other, nurse, ines) -> None:
    write(patient, nurse, "asthma")
    theirs = write(other, nurse, "lupus")
    before = {one.id: chart(one) for one in (patient, other)}
    claim = link(patient, other, nurse, ines)
    assert {one.text for one in chart(other).conditions} == {"asthma", "lupus"}
    part = told(ines, reason="twins")
    assert one_person.part(claim, **part) == one_person.part(claim, **part), "a double click"
    assert {one.id: chart(one) for one in (patient, other)} == before
    with pytest.raises(Conflict, match="taken them apart"):
        one_person.second(claim, **told(ines))
    again = link(patient, other, nurse, ines)
    write(patient, nurse, "migraine")
    actions.correct(theirs, lambda one: Condition(one.ref, "lupus of the skin"), **told(nurse))
    one_person.part(again, reason="twins after all", **told(ines))
    assert {one.text for one in chart(patient).conditions} == {"asthma", "migraine"}
    assert {one.text for one in chart(other).conditions} == {"lupus of the skin"}


def test_three_records_are_one_when_each_is_linked_to_the_next(site, patient, other, nurse, ines) -> None:
    third = registered(site, nurse, number="50")
    write(third, nurse)
    link(patient, other, nurse, ines)
    last = link(other, third, nurse, ines)
    assert len(chart(patient).conditions) == 1
    one_person.part(last, reason="no", **told(nurse))
    assert chart(patient).conditions == ()


def test_whoever_does_not_write_in_both_links_nothing(site, patient, nurse, person) -> None:
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    far = registered(harbour, nurse, number="1")
    for by in (nurse, person("far", Role.NURSE, at_site=harbour), person("dora", Role.FRONT_DESK)):
        with pytest.raises(Forbidden):
            one_person.claim(patient, far, reason="x", **told(by))
    with pytest.raises(Refused, match="itself"):
        one_person.claim(patient, patient, reason="x", **told(nurse))
    with pytest.raises(Refused, match="why"):
        one_person.claim(patient, registered(site, nurse, number="2"), reason="", **told(nurse))


class Apart(TestCase):
    """Whatever was written, and in whatever order: linked and taken apart is as before, and linked is everything."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        some.lists(some.tuples(some.booleans(), some.booleans(), some.sampled_from(["asthma", "lupus", "sertraline"])))
    )
    def test_linking_and_parting_is_as_before(self, written) -> None:
        site = people.found(organisation="Dawn", site="Main Street", rooms=[], at=NOW)
        common = {"roles": [Role.NURSE], "site": site, "language": "en", "by": None, "at": NOW}
        for login in ("lee", "max"):
            people.invite(login=login, display_name=login.title(), key=ids.new(), **common)
        lee, max_ = Person.objects.order_by("login")
        both = [registered(site, lee, number=str(number)) for number in range(2)]
        for first, gone, text in written:
            record = Exposure("", text, ("sertraline",)) if text == "sertraline" else Condition("", text)
            row = actions.add(both[not first], record, **told(lee))
            if gone:
                actions.withdraw(row, reason="wrong", **told(lee))
        before = [chart(one) for one in both]
        claim = link(*both, lee, max_)
        linked = [chart(one) for one in both]
        for part in ("conditions", "exposures"):
            everything = sorted(repr(one) for each in before for one in getattr(each, part))
            assert [sorted(map(repr, getattr(one, part))) for one in linked] == [everything, everything]
        one_person.part(claim, reason="two people", **told(max_))
        assert [chart(one) for one in both] == before


def post(client, where, **said):
    key = re.search(r'name="key" value="([^"]+)"', client.get(where, secure=True).content.decode())
    return client.post(where, said | ({"key": key[1]} if key else {"key": str(ids.new())}), secure=True)


def test_compare_claim_second_look_and_part_on_the_page(patient, other, nurse, ines) -> None:
    write(other, nurse, "lupus")
    here = f"/patients/{patient.id}/same-person/"
    first, second = signed_in(nurse), signed_in(ines)
    assert "49" in first.get(here, secure=True).content.decode()
    compared = post(first, here, do="compare", other=str(other.id)).content.decode()
    assert "differs" in compared
    assert "lupus" in compared
    assert "Say in at most 1000" in post(first, here, do="claim", other=str(other.id)).content.decode()
    assert post(first, here, do="claim", other=str(other.id), reason="same mother").url == here
    claim = str(one_person.claims(patient)[0].id)
    waiting = first.get(here, secure=True).content.decode()
    assert "Another person has to look" in waiting
    assert "I have compared them" not in waiting
    assert "same mother" in second.get(here, secure=True).content.decode()
    assert post(second, here, do="second", claim=claim).url == here
    page = first.get(f"/patients/{patient.id}/", secure=True).content.decode()
    assert "lupus" in page
    assert "From the other record of this person" in page
    assert "read as one with this one" in page
    assert post(second, here, do="part", claim=claim, reason="twins").url == here
    assert "lupus" not in first.get(f"/patients/{patient.id}/", secure=True).content.decode()
    assert post(first, here, do="part", claim=claim, reason="x").status_code == 404
    assert post(first, here, do="compare", other="x").status_code == 404


def test_a_label_of_the_other_record_hides_there_too(patient, other, nurse, ines) -> None:
    use = Condition("", "alcohol", concepts=frozenset({"substance_use_disorder"}))
    row = actions.add(other, use, **told(ines))
    assert row.sensitivity == "substance_use"
    link(patient, other, nurse, ines)
    seen = Patient.objects.get(pk=patient.pk)
    assert row.id in hidden(seen, by=nurse, allowed=frozenset())
    assert queries.together(seen) == [patient.id, other.id]


def test_who_reads_one_record_stands_in_the_trail_of_both(patient, other, nurse, ines) -> None:
    link(patient, other, nurse, ines)
    before = set(Line.objects.values_list("id", flat=True))
    client = signed_in(nurse)
    for page in ("", "screening/"):
        assert client.get(f"/patients/{patient.id}/{page}", secure=True).status_code == 200
    new = Line.objects.filter(action="read", who=nurse.id).exclude(id__in=before)
    assert sorted((line.object_type, line.subject) for line in new) == sorted(
        (what, record.id) for what in ("patient", "screening") for record in (patient, other)
    )
