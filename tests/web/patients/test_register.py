"""Who becomes a patient, is anybody registered twice, and is everybody found again?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import queries
from daybreak.web.patients.identity import Identity, Wrong
from daybreak.web.patients.models import Details, NamePiece, Patient, Registration
from daybreak.web.patients.names import pieces
from daybreak.web.patients.register import LookAlike, Stale, correct_details, register
from daybreak.web.patients.search import search
from daybreak.web.people import actions as people
from daybreak.web.people import grants
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW
from tests.web.patients.samples import registered

SOON = NOW + timedelta(minutes=1)
ANNA = Identity("Keller", "Anna", "1971-04-02", "female", "Deutsch", "hears with the left ear")


@pytest.fixture
def desk(person):
    return person("dora", Role.FRONT_DESK)


def enter(site, by, identity=ANNA, *, number="1", not_these=(), key=None) -> Patient:
    return register(identity, number=number, site=site, not_these=not_these, by=by, at=SOON, key=key or ids.new())


def test_the_front_desk_registers_and_every_row_is_in_the_trail(site, desk) -> None:
    patient = enter(site, desk)
    assert queries.details(patient).given_names == "Anna"
    lines = Line.objects.filter(subject=patient.id).order_by("id")
    assert [(line.action, line.who, line.site) for line in lines] == [
        (action, desk.id, site.id) for action in ("patient_added", "details_added", "registered")
    ]


def test_a_double_click_registers_once(site, desk) -> None:
    key = ids.new()
    assert enter(site, desk, key=key) == enter(site, desk, key=key)
    assert Patient.objects.count() == 1
    with pytest.raises(Conflict):
        enter(site, desk, Identity("Keller", "Berta"), key=key)


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.RESEARCHER, Role.ADMINISTRATOR])
def test_others_do_not_register(site, person, role) -> None:
    with pytest.raises(Forbidden):
        enter(site, person("eve", role))
    assert Patient.objects.count() == 0


def test_nobody_registers_at_a_site_where_they_do_not_work(site, desk) -> None:
    other = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    with pytest.raises(Forbidden):
        enter(other, desk)


@pytest.mark.parametrize(
    "other",
    [
        ANNA,
        Identity("Keler", "Ana", "1971-04-02"),
        Identity("Anna", "Keller", "1971-04-02"),
        Identity("Kéllér", "ANNA", "1971"),
        Identity("Keller", "Anna"),
    ],
)
def test_a_look_alike_has_to_be_told_apart(site, desk, other) -> None:
    first = enter(site, desk)
    with pytest.raises(LookAlike) as asked:
        enter(site, desk, other, number="2")
    assert [one.details.patient_id for one in asked.value.found] == [first.id]
    assert enter(site, desk, other, number="2", not_these={first.id}) != first


@pytest.mark.parametrize("other", [Identity("Keller", "Anna", "1972-04-02"), Identity("Zhou", "Wei", "1971-04-02")])
def test_somebody_else_is_no_look_alike(site, desk, other) -> None:
    enter(site, desk)
    enter(site, desk, other, number="2")


def test_a_number_is_given_once_at_a_site(site, desk) -> None:
    enter(site, desk)
    with pytest.raises(Refused, match="number 1 is taken"):
        enter(site, desk, Identity("Zhou"))
    with pytest.raises(Refused, match="needs a number"):
        enter(site, desk, Identity("Zhou"), number="")


def test_every_problem_is_said_not_the_first_alone(site, desk) -> None:
    with pytest.raises(Wrong) as wrong:
        enter(site, desk, Identity("", "x" * 201, "31.4.1971", "f"))
    assert len(wrong.value.problems) == 4
    with pytest.raises(Wrong, match="in the future"):
        enter(site, desk, Identity("Keller", birth="2027"))


def test_correcting_keeps_the_old_version_and_refuses_a_stale_form(site, desk) -> None:
    patient = enter(site, desk)
    shown = queries.details(patient).id

    def correct(identity: Identity, key=None) -> Details:
        return correct_details(patient, identity, seen=shown, by=desk, at=SOON, key=key or ids.new())

    key = ids.new()
    first = correct(Identity("Berger", "Anna", "1971-04-02"), key)
    assert correct(Identity("Berger", "Anna", "1971-04-02"), key) == first, "the same form once more"
    with pytest.raises(Stale, match="Dora changed this") as stale:
        correct(Identity("Keller-Berger", "Anna"))
    assert stale.value.now == first
    assert Details.objects.filter(patient=patient).count() == 2
    assert {one.details.family_name for one in search([site.id], name="Keller")} == {"Berger"}, "earlier name"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"name": "keller"}, {"Keller"}),
        ({"name": "Kellr Anna"}, {"Keller"}),
        ({"name": "Müler"}, {"Müller"}),
        ({"name": "Muller"}, {"Müller"}),
        ({"name": "伟"}, {"周"}),
        ({"name": "周伟"}, {"周"}),
        ({"name": "Smith"}, set()),
        ({"name": "'; drop"}, set()),
        ({"name": "%"}, set()),
        ({"birth": "1971"}, {"Keller", "周"}),
        ({"birth": "1971-04"}, {"Keller"}),
        ({"birth": "2.4.1971"}, {"Keller"}),
        ({"birth": "04/02/1971"}, {"Keller"}),
        ({"birth": "1971年4月2日"}, {"Keller"}),
        ({"birth": "2 Apr 1971", "name": "anna"}, {"Keller"}),
        ({"name": "Kehlar"}, {"Keller"}),
        ({"name": "ana keler"}, {"Keller"}),
        ({"name": "zhou wei"}, {"周"}),
        ({"name": "Wei Zhou"}, {"周"}),
        ({"name": "Zhōu"}, {"周"}),
        ({"name": "zhouwei"}, {"周"}),
        ({"name": "周偉"}, {"周"}),
        ({"name": "Oestergaard"}, {"Østergård"}),
        ({"name": "ostergard"}, {"Østergård"}),
        ({"name": "annemarie"}, {"Østergård"}),
        ({"number": "0049"}, {"Müller"}),
        ({"birth": "1971-0"}, set()),
        ({"birth": "x" * 40}, set()),
        ({"birth": "1971-04-02", "name": "kel"}, {"Keller"}),
        ({"number": "49"}, {"Müller"}),
        ({"number": "4"}, set()),
        ({}, {"Keller", "Müller", "周", "Østergård"}),
    ],
)
def test_patients_are_found(site, nurse, asked, found) -> None:
    registered(site, nurse)
    registered(site, nurse, number="49", family_name="Müller", given_names="Jo", birth="")
    registered(site, nurse, number="50", family_name="周", given_names="伟", birth="1971")
    registered(site, nurse, number="51", family_name="Østergård", given_names="Anne-Marie", birth="1980-01-01")
    names = [one.details.family_name for one in search([site.id], **asked)]
    assert set(names[: len(found)]) == found, "who fits best comes first; who fits a little may follow"
    assert found or not names


def test_the_list_says_why_somebody_was_found(site, desk) -> None:
    patient = enter(site, desk)
    correct_details(
        patient, Identity("Berger", "Anna"), seen=queries.details(patient).id, by=desk, at=SOON, key=ids.new()
    )
    registered(site, desk, number="50", family_name="周", given_names="伟")
    asked = [
        {"name": "berger"},
        {"name": "Keller"},
        {"name": "bergr"},
        {"name": "zhou"},
        {"number": "1"},
        {"birth": "1971"},
    ]
    assert [search([site.id], **one)[0].why.partition(".")[2] for one in asked] == [
        "name",
        "earlier_name",
        "similar",
        "pinyin",
        "number",
        "birth",
    ]


def test_the_exact_name_comes_before_the_similar_ones_and_the_list_is_a_screenful(site, desk) -> None:
    for number in range(40):
        registered(site, desk, number=f"a{number}", family_name="Kellermann", given_names="Anna")
    exact = registered(site, desk, number="z")
    found = search([site.id], name="Anna Keller")
    assert len(found) == 21, "one more than is shown, so that the page knows"
    assert exact.id in [one.details.patient_id for one in found]
    assert found[0].details.patient_id == exact.id


def test_patients_of_other_sites_are_not_found(site, nurse, patient) -> None:
    other = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    registered(other, nurse)
    assert len(search([site.id], name="Keller")) == 1
    assert search([], name="Keller") == []


def test_a_patient_is_there_for_those_who_share_a_site_and_may(site, person, patient) -> None:
    other = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    read = Permission.READ_PATIENTS
    assert queries.patient_for(person("a", Role.PRESCRIBER), patient.id, SOON) == patient
    assert queries.patient_for(person("b", Role.PRESCRIBER, at_site=other), patient.id, SOON) is None
    desk = person("c", Role.FRONT_DESK)
    assert queries.patient_for(desk, patient.id, SOON, permission=read) is None
    assert queries.patient_for(desk, patient.id, SOON, permission=Permission.FIND_PATIENTS) == patient
    assert queries.patient_for(desk, ids.new(), SOON, permission=Permission.FIND_PATIENTS) is None


def test_a_role_at_one_site_reaches_no_patient_of_another(site, person, invited, patient) -> None:
    """A nurse elsewhere who sits at the desk here sees who the patients here are, and no record."""
    other = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    both = person("both", Role.FRONT_DESK)
    admin = person("ada", Role.ADMINISTRATOR, at_site=other)
    grants.grant_role(both, Role.NURSE, site=other, by=admin, at=NOW)
    _, allowed, registrations = queries.opened(both, patient.id, SOON, permission=Permission.FIND_PATIENTS)
    assert Permission.READ_PATIENTS not in allowed
    assert Permission.FIND_PATIENTS in allowed
    assert [one.site for one in registrations] == [site]


def test_pieces_are_the_same_for_the_same_name() -> None:
    assert pieces("Zoë") == pieces("ZOE") == {" zo", "zoe", "oe "}
    assert pieces("王小明") == {"王", "小", "明", "王小", "小明"}
    assert pieces("김민수") == pieces("김민수")
    assert pieces(" -- ") == frozenset()
    assert all(len(piece) <= 3 for piece in pieces("Ǆ ﬃ Straße 𠀀𠀁 é́́"))


def test_rows_are_there_once(site, desk) -> None:
    patient = enter(site, desk)
    assert Registration.objects.filter(patient=patient).count() == 1
    found = NamePiece.objects.filter(patient=patient).values_list("piece", flat=True)
    assert sorted(found) == sorted(pieces("Keller Anna"))
