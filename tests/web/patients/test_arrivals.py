"""Does a folder of files go to the right people, twice as once, and does doubt wait for a person?"""

from __future__ import annotations

import copy
import json
import re
from argparse import Namespace
from datetime import timedelta
from importlib import import_module
from io import BytesIO

import pytest

from daybreak.clinical.records import Problem
from daybreak.demo.people import records as demo_records
from daybreak.exchange.fhir import charts
from daybreak.exchange.fhir.apart import OnePerson, people, people_in
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import arrivals, queries, records
from daybreak.web.patients.arrivals import leave, settle, take
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Arrival, Document, Entry, Identifier, Patient, Registration
from daybreak.web.people import actions as people_actions
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

SOON = NOW + timedelta(minutes=1)
DEE = demo_records()[3].bundle()


def file(
    family: str = "Dee", given: str = "Dora", *, id: str = "demo-dee", birth: str = "1988-12-09", number: str = "R-7"
) -> dict:
    """Dee's bundle with a name, an id and an identifier."""
    bundle = json.loads(json.dumps(DEE).replace("demo-dee", id))
    person = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")
    name = [{"family": "Old", "use": "old"}, {"family": family, "given": given.split(), "use": "official"}]
    person |= {"name": name if family else [], "birthDate": birth}
    person["identifier"] = [{"system": "urn:riverside", "value": number}]
    return bundle


def one(bundle: dict) -> OnePerson:
    (found,) = people_in(json.dumps(bundle).encode(), place="x.json")
    assert isinstance(found, OnePerson)
    return found


def bring(site, by, bundle, *, source="Riverside"):
    return take(one(bundle), source=source, site=site, by=by, at=SOON)


def test_somebody_new_is_registered_with_everything_and_twice_is_once(site, nurse) -> None:
    first = bring(site, nurse, file())
    assert (first.outcome, len(first.plan.new)) == ("new", Entry.objects.count())
    registration = Registration.objects.get()
    assert registration.number == "R-7"
    assert queries.details(registration.patient).given_names == "Dora"
    rows = (Entry.objects.count(), Patient.objects.count(), Identifier.objects.count(), Document.objects.count())
    again = bring(site, nurse, file())
    assert (again.outcome, again.plan.new, again.plan.changed) == ("known", [], [])
    assert rows == (
        Entry.objects.count(),
        Patient.objects.count(),
        Identifier.objects.count(),
        Document.objects.count(),
    )


def test_a_newer_file_of_the_source_and_another_source_with_the_same_identifier_go_to_the_same_record(
    site, nurse
) -> None:
    bring(site, nurse, file())
    newer = file()
    newer["entry"] = newer["entry"][:-1]
    assert bring(site, nurse, newer).outcome == "known"
    assert bring(site, nurse, file(id="other-id"), source="Harbour").outcome == "known"
    assert Patient.objects.count() == 1


def test_the_number_of_this_site_with_the_same_birth_date_and_name_is_certain(site, nurse) -> None:
    patient = registered(site, nurse, number="R-7", family_name="Dee", given_names="Dora", birth="1988-12-09")
    assert bring(site, nurse, file()).outcome == "known"
    assert Entry.objects.filter(patient=patient).exists()


@pytest.mark.parametrize(
    ("there", "arriving", "reason"),
    [
        ({"family_name": "Dee", "given_names": "Dora", "birth": "1988-12-09"}, {}, "arrival.look_alike"),
        ({"family_name": "Dee", "given_names": "Dora", "birth": ""}, {}, "arrival.look_alike"),
        ({"number": "R-7"}, {}, "arrival.number_of_another"),
        ({}, {"family": "", "given": ""}, "arrival.no_name"),
        ({}, {"birth": "2099-01-01"}, "arrival.unfit"),
        ({}, {"family": "x" * 300}, "arrival.unfit"),
    ],
)
def test_doubt_waits_once_and_nothing_is_written_to_a_record(site, nurse, there, arriving, reason) -> None:
    registered(site, nurse, **there)
    for _ in range(2):
        taken = bring(site, nurse, file(**arriving))
        assert (taken.outcome, taken.reason) == ("waits", reason)
    assert (Arrival.objects.count(), Entry.objects.count(), Patient.objects.count()) == (1, 0, 1)


def test_a_known_id_with_another_name_or_birth_date_waits(site, nurse) -> None:
    bring(site, nurse, file())
    rows = Entry.objects.count()
    for other in (file("Zhou", "Wei"), file(birth="1961-01-01")):
        assert bring(site, nurse, other).reason == "arrival.unlike"
    assert Entry.objects.count() == rows


def test_one_id_of_two_patients_waits(site, nurse) -> None:
    bring(site, nurse, file())
    bring(site, nurse, file("Zhou", "Wei", id="zhou", number="R-8", birth="1950-01-01"))
    both = file()
    person = next(one["resource"] for one in both["entry"] if one["resource"]["resourceType"] == "Patient")
    person["identifier"].append({"system": "urn:riverside", "value": "R-8"})
    assert bring(site, nurse, both).reason == "arrival.several"


def test_a_person_says_whose_it_is_and_the_next_run_knows(site, nurse) -> None:
    patient = registered(site, nurse, family_name="Dee", given_names="Dora", birth="")
    bring(site, nurse, file())
    arrival = Arrival.objects.get()
    key = ids.new()
    said = {"patient": patient, "by": nurse, "at": SOON, "key": key}
    assert settle(arrival, **said) == settle(arrival, **said), "a double click"
    assert Entry.objects.filter(patient=patient).exists()
    assert not arrivals.waiting([site.id])
    assert bring(site, nurse, file()).outcome == "known"
    newer = file()
    newer["entry"] = newer["entry"][:-1]
    assert bring(site, nurse, newer).outcome == "known"
    with pytest.raises(Conflict, match="Lee has settled it"):
        settle(arrival, reason="of nobody", by=nurse, at=SOON, key=ids.new())


def test_somebody_new_after_all_and_nobody_here(site, nurse) -> None:
    alike = registered(site, nurse, family_name="Dee", given_names="Dora", birth="1988-12-09")
    bring(site, nurse, file())
    bring(site, nurse, file("", "", id="nameless", number="N-1"))
    first, second = arrivals.waiting([site.id])
    settled = settle(
        first,
        identity=Identity("Dee", "Dora", "1988-12-09"),
        number="9",
        not_these=[alike.id],
        by=nurse,
        at=SOON,
        key=ids.new(),
    )
    assert settled.patient not in (None, alike)
    with pytest.raises(Refused, match="of nobody here"):
        settle(second, by=nurse, at=SOON, key=ids.new())
    settle(second, reason="a test of the sender", by=nurse, at=SOON, key=ids.new())
    assert bring(site, nurse, file("", "", id="nameless", number="N-1")).outcome == "set aside"


def test_only_who_registers_and_writes_at_the_site(site, nurse, person) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    for where, who in ((site, person("dora", Role.FRONT_DESK)), (other, nurse)):
        with pytest.raises(Forbidden):
            bring(where, who, file())
    assert (Patient.objects.count(), Arrival.objects.count()) == (0, 0)


def test_a_bundle_of_several_people_is_told_apart_and_a_flawed_value_stays_one(site, nurse) -> None:
    two = copy.deepcopy(file())
    two["entry"] += file("Zhou", "Wei", id="zhou", number="R-8", birth="1950-01-01")["entry"]
    content = json.dumps(two).replace('"birthDate": "1950-01-01"', '"birthDate": NaN')
    found = list(people_in(content.encode(), place="x.json"))
    assert [one.who.family_name for one in found] == ["Dee", "Zhou"]
    assert b"NaN" in found[1].content
    for each in found:
        take(each, source="Riverside", site=site, by=nurse, at=SOON)
    dee, zhou = Patient.objects.order_by("id")
    assert queries.details(zhou).birth == "", "what cannot be relied on is not recorded as known"
    whole, alone = records.chart(dee), bring(site, nurse, file())
    assert (alone.outcome, alone.plan.new) == ("known", [])
    assert whole.exposures


def test_bulk_lines_become_one_bundle_for_each_patient(tmp_path, site, nurse) -> None:
    resources = [
        one["resource"] for bundle in (file(), file("Zhou", "Wei", id="zhou", number="R-8")) for one in bundle["entry"]
    ]
    for kind in {one["resourceType"] for one in resources}:
        lines = "".join(json.dumps(one) + "\n" for one in resources if one["resourceType"] == kind)
        (tmp_path / f"{kind}.ndjson").write_text(lines)
    (tmp_path / "broken.json").write_text("{")
    found = list(people([tmp_path], terms=terms()))
    assert [isinstance(one, Problem) for one in found].count(True) == 1
    taken = [take(one, source="Riverside", site=site, by=nurse, at=SOON) for one in found if isinstance(one, OnePerson)]
    assert [one.outcome for one in taken] == ["new", "new"]
    alone = charts(file(), terms=terms(), place="x")[0]
    assert sorted(map(repr, records.chart(Patient.objects.order_by("id")[0]).exposures)) == sorted(
        map(repr, alone.exposures)
    )


def test_a_medicine_that_stands_in_a_line_of_its_own_goes_with_the_patient(tmp_path) -> None:
    (tmp_path / "all.ndjson").write_text(
        "\n".join(
            json.dumps(one)
            for one in (
                {"resourceType": "Patient", "id": "a", "name": [{"text": "Ann"}]},
                {"resourceType": "Medication", "id": "m", "code": {"text": "sertraline"}},
                {
                    "resourceType": "MedicationRequest",
                    "id": "r",
                    "status": "active",
                    "intent": "order",
                    "subject": {"reference": "Patient/a"},
                    "medicationReference": {"reference": "Medication/m"},
                },
            )
        )
    )
    (ann,) = people([tmp_path], terms=terms())
    assert ann.who.family_name == "Ann"
    assert b"sertraline" in ann.content


# --- the command and the pages


def run(folder, *, dry: bool = False, source: str = "Riverside") -> int:
    told = {"paths": [folder], "site": "Main Street", "by": "lee", "source": source, "dry_run": dry}
    return import_module("daybreak.cli.import").run(Namespace(**told))


def test_the_command_says_what_it_does_and_a_dry_run_does_nothing(tmp_path, site, nurse, capsys, monkeypatch) -> None:
    monkeypatch.setattr("daybreak.web.start.begin", lambda: None)
    (tmp_path / "a.json").write_text(json.dumps(file()))
    (tmp_path / "b.json").write_text("nothing")
    assert run(tmp_path, dry=True) == 3
    assert (
        "Nothing was written. It would be: 0 known, 1 new, 0 waits, 0 set aside, 1 unreadable"
        in capsys.readouterr().out
    )
    assert (Patient.objects.count(), Line.objects.filter(action="registered").count()) == (0, 0)
    assert run(tmp_path) == 3
    told = capsys.readouterr()
    assert "0 known, 1 new" in told.out
    assert "Dee" not in told.out + told.err, "no name on the operator's screen"
    assert run(tmp_path) == 3
    assert "known: 0 entries added, 0 changed" in capsys.readouterr().out


def test_a_file_that_is_too_large_is_named_and_the_rest_is_brought_in(
    tmp_path, site, nurse, capsys, monkeypatch
) -> None:
    monkeypatch.setattr("daybreak.web.start.begin", lambda: None)
    (tmp_path / "a.json").write_text(json.dumps(file()) + " " * 200_000)
    (tmp_path / "b.json").write_text(json.dumps(file("Okonkwo", id="other", birth="1990-01-02", number="R-8")))
    monkeypatch.setattr("daybreak.web.patients.imports.LARGEST", 150_000)
    assert run(tmp_path) == 3
    told = capsys.readouterr()
    assert "a.json: The file has 1 MB" in told.err
    assert "0 known, 1 new, 0 waits, 0 set aside, 1 unreadable" in told.out
    assert Registration.objects.get().number == "R-8"
    assert run(tmp_path / "b.json", source="x" * 300) == 2, "what is wrong with all of them stops at once"


@pytest.fixture
def client(nurse):
    return signed_in(nurse)


def post(client, where, **told):
    page = client.get(where, secure=True).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    return client.post(where, told | ({"key": key[1]} if key else {}), secure=True)


def test_several_files_are_brought_looked_at_and_settled(client, site, nurse) -> None:
    alike = registered(site, nurse, family_name="Dee", given_names="Dora", birth="1988-12-09")
    files = [BytesIO(json.dumps(one).encode()) for one in (file(), file("Zhou", "Wei", id="zhou", number="R-8"))]
    broken = BytesIO(b"{")
    broken.name = "broken.json"
    answer = client.post(
        "/patients/arrivals/", {"source": "Riverside", "site": site.id, "file": files, "folder": [broken]}, secure=True
    )
    assert "broken.json: It is not JSON" in answer.content.decode()
    assert Entry.objects.count() == 0, "nothing is added before somebody says so"
    dee, zhou = arrivals.waiting([site.id])
    page = client.get(f"/patients/arrivals/{dee.id}/", secure=True).content.decode()
    assert "Somebody who is registered looks like this person" in page
    assert "amitriptyline" in page, "the file is shown before it is added"
    assert post(client, f"/patients/arrivals/{dee.id}/", do=str(alike.id)).url == f"/patients/{alike.id}/"
    new = post(client, f"/patients/arrivals/{zhou.id}/", do="new", family_name="Zhou", given_names="Wei", number="R-8")
    assert new.status_code == 302
    assert "No file waits" in client.get("/patients/arrivals/", secure=True).content.decode()
    assert "Lee has settled it" in client.get(f"/patients/arrivals/{zhou.id}/", secure=True).content.decode()


def test_the_page_says_what_is_missing_and_keeps_what_was_typed(client, site, nurse) -> None:
    assert "No file was chosen" in post(client, "/patients/arrivals/", source="Riverside").content.decode()
    arrival = leave(one(file()), source="Riverside", site=site, by=nurse, at=SOON)
    assert leave(one(file()), source="Riverside", site=site, by=nurse, at=SOON) == arrival
    here = f"/patients/arrivals/{arrival.id}/"
    empty = post(client, here, do="new", family_name="", given_names="Dodo", number="R-7")
    assert (empty.status_code, "Dodo" in empty.content.decode()) == (422, True)
    aside = post(client, here, do="aside")
    assert "why the file is of nobody here" in aside.content.decode()
    assert post(client, here, do="x").status_code == 400
    assert post(client, here, do="new", family_name="Dee", number="R-7", **{"not": "x"}).status_code == 400
    assert post(client, here, do=str(ids.new())).status_code == 404


def test_files_of_another_site_do_not_exist(client, site, nurse, person) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    far = person("far", Role.NURSE, at_site=other)
    arrival = leave(one(file()), source="Riverside", site=other, by=far, at=SOON)
    assert client.get(f"/patients/arrivals/{arrival.id}/", secure=True).status_code == 404
    assert "Dee" not in client.get("/patients/arrivals/", secure=True).content.decode()


def test_that_somebody_of_another_site_fits_is_said_and_not_who(client, site, nurse, person) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    far = person("far", Role.NURSE, at_site=other)
    registered(other, far, family_name="Dee", given_names="Dorabella", birth="1988-12-09")
    arrival = leave(one(file()), source="Riverside", site=site, by=nurse, at=SOON)
    here = f"/patients/arrivals/{arrival.id}/"
    typed = {"do": "new", "family_name": "Dee", "given_names": "Dora", "birth": "1988-12-09", "number": "R-7"}
    page = post(client, here, **typed).content.decode()
    assert "A patient of another site fits" in page
    assert not any(hidden in page for hidden in ("Dorabella", "Harbour"))
    assert post(client, here, **typed, **{"else": "yes"}).status_code == 302


def test_what_is_sensitive_in_a_waiting_file_is_closed_to_who_did_not_bring_it(client, site, nurse, person) -> None:
    bundle = file()
    subject = {"reference": "Patient/demo-dee"}
    code = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F10.20"}], "text": "drinks a bottle"}
    bundle["entry"].append({"resource": {"resourceType": "Condition", "id": "c", "subject": subject, "code": code}})
    here = f"/patients/arrivals/{leave(one(bundle), source='Riverside', site=site, by=nurse, at=SOON).id}/"
    told = {
        who.login: signed_in(who).get(here, secure=True).content.decode()
        for who in (nurse, person("other", Role.NURSE), person("okafor", Role.PRESCRIBER))
    }
    assert {login for login, page in told.items() if "drinks a bottle" in page} == {"lee", "okafor"}
    assert word("labels.hidden", "en") in told["other"], "that something is there is said"
    assert "amitriptyline" in told["other"]
