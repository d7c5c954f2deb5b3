"""Who may do what, from when until when, and what does a repetition change?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.links.models import Link
from daybreak.web.people import actions, grants, queries
from daybreak.web.people.models import Person, RoleGrant, Room, Site
from daybreak.web.people.permissions import MAY, OPERATOR, Permission, may, page_may
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from tests.web.conftest import NOW

SOON = NOW + timedelta(minutes=1)
DEMOGRAPHICS = {Permission.OWN_PAGE, Permission.SEE_TASKS, Permission.FIND_PATIENTS}
TREATS = DEMOGRAPHICS | {
    Permission.REGISTER_PATIENTS,
    Permission.GIVE_ACCESS_LIST,
    Permission.READ_MEDICINES,
    Permission.READ_PATIENTS,
    Permission.WRITE_PATIENTS,
    Permission.AUTHORISATIONS,
    Permission.RECEIVE_REQUESTS,
    Permission.SEE_CALENDAR,
    Permission.BOOK_VISITS,
}
ADMINISTRATOR = {
    Permission.OWN_PAGE,
    Permission.SEE_TASKS,
    Permission.MANAGE_PEOPLE,
    Permission.READ_AUDIT,
    Permission.CALLING_ORDER,
    Permission.REVIEW_GLASS,
    Permission.RECEIVE_REQUESTS,
    Permission.HANDLE_REQUESTS,
    Permission.ARRANGE_CHAIRS,
    Permission.KEEP_RIDES,
}
# Written out once more: a change of the table has to be meant.
EXPECTED = {
    Role.PRESCRIBER: TREATS
    | {
        Permission.READ_SCREENING,
        Permission.SIGN_SCREENING,
        Permission.SECOND_SIGNATURE,
        Permission.ADOPT_PROTOCOL,
        Permission.ASSESS_RISK,
        Permission.READ_ACCESS_LIST,
        Permission.READ_SENSITIVE,
        Permission.CALLING_ORDER,
        Permission.BREAK_GLASS,
        Permission.REVIEW_GLASS,
        Permission.HANDLE_REQUESTS,
        Permission.PLAN_COURSES,
        Permission.USE_CUPBOARD,
        Permission.RUN_SESSIONS,
        Permission.DECIDE_DOSE,
        Permission.KEEP_CUPBOARD,
    },
    Role.NURSE: TREATS
    | {Permission.READ_SCREENING, Permission.BREAK_GLASS, Permission.USE_CUPBOARD, Permission.RUN_SESSIONS},
    Role.EVALUATOR: TREATS
    | {
        Permission.READ_SCREENING,
        Permission.SECOND_SIGNATURE,
        Permission.READ_SENSITIVE,
        Permission.ASSESS_RISK,
    },
    Role.FRONT_DESK: DEMOGRAPHICS
    | {
        Permission.REGISTER_PATIENTS,
        Permission.GIVE_ACCESS_LIST,
        Permission.KEEP_RIDES,
        Permission.AUTHORISATIONS,
        Permission.RECEIVE_REQUESTS,
        Permission.SEE_CALENDAR,
        Permission.BOOK_VISITS,
    },
    Role.PHARMACIST: DEMOGRAPHICS | {Permission.READ_MEDICINES, Permission.USE_CUPBOARD, Permission.KEEP_CUPBOARD},
    Role.RESEARCHER: {Permission.OWN_PAGE},
    Role.ADMINISTRATOR: ADMINISTRATOR,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_what_the_table_says(person, role, permission) -> None:
    someone = person("lee", role)
    assert may(someone, permission, at=SOON) is (permission in EXPECTED[role])


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role)
    assert {Permission.MANAGE_PEOPLE} == OPERATOR, "the operator sees nothing of patients"


def test_a_role_counts_at_its_site_only(person, site) -> None:
    other = actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    admin = person("ada", Role.ADMINISTRATOR)
    assert may(admin, Permission.MANAGE_PEOPLE, at=SOON, site_id=site.id)
    assert not may(admin, Permission.MANAGE_PEOPLE, at=SOON, site_id=other.id)
    with pytest.raises(Forbidden):
        grants.grant_role(admin, Role.NURSE, site=other, by=admin, at=SOON)


def test_a_role_counts_from_its_beginning_to_its_end(person) -> None:
    lee = person("lee", Role.NURSE)
    assert not may(lee, Permission.OWN_PAGE, at=NOW - timedelta(seconds=1))
    grants.disable(lee, by=None, at=SOON)
    assert not may(lee, Permission.OWN_PAGE, at=SOON)
    assert may(lee, Permission.OWN_PAGE, at=NOW), "what held at a moment in the past can still be answered"


def test_ending_a_role_adds_a_version(person) -> None:
    lee = person("lee", Role.NURSE)
    grants.disable(lee, by=None, at=SOON)
    first, last = RoleGrant.objects.order_by("created")
    assert (first.ends, last.ends, last.replaces) == (None, SOON, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(
            id=ids.new(), organisation_id=lee.organisation_id, created=SOON, person=lee, site=first.site, role="nurse",
            starts=NOW, replaces=first,
        )  # fmt: skip


def test_an_administrator_gives_a_role_once(person, site) -> None:
    admin, lee = person("ada", Role.ADMINISTRATOR), person("lee", Role.NURSE)
    grants.grant_role(lee, Role.EVALUATOR, site=site, by=admin, at=SOON)
    assert {grant.role for grant in queries.grants_in_force(lee, at=SOON)} == {"nurse", "evaluator"}
    with pytest.raises(Refused, match="already holds"):
        grants.grant_role(lee, Role.NURSE, site=site, by=admin, at=SOON)
    assert Entry.objects.get(action="role_granted", who=admin.id).site == site.id


def test_a_nurse_cannot_manage_people(person, site, invited) -> None:
    lee = person("lee", Role.NURSE)
    rows = Person.objects.count(), Entry.objects.count()
    for refused in (
        lambda: invited("eve", Role.ADMINISTRATOR, by=lee),
        lambda: grants.grant_role(lee, Role.ADMINISTRATOR, site=site, by=lee, at=SOON),
        lambda: grants.disable(person("ada", Role.ADMINISTRATOR), by=lee, at=SOON),
        lambda: actions.renew_access(Person.objects.get(login="ada"), by=lee, at=SOON),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert Person.objects.count() == rows[0] + 1


def test_the_same_key_answers_as_before(invited) -> None:
    key = ids.new()
    first = invited("lee", Role.NURSE, key=key)
    assert invited("lee", Role.NURSE, key=key).id == first.id
    assert (Person.objects.count(), Link.objects.count()) == (1, 1)
    with pytest.raises(Conflict):
        invited("lee", Role.PRESCRIBER, key=key)


@pytest.mark.parametrize("login", ["LEE", " lee ", "ｌｅｅ"])
def test_a_login_name_is_given_once_however_it_is_typed(invited, login) -> None:
    invited("lee", Role.NURSE)
    with pytest.raises(Refused, match="taken"):
        invited(login, Role.NURSE)


def test_a_person_needs_names(invited) -> None:
    with pytest.raises(Refused, match="Give both"):
        invited(" ", Role.NURSE)


def test_setting_up_again_adds_only_what_is_missing(site) -> None:
    again = actions.found(organisation="Dawn", site="Main Street", rooms=["Room 1", "Room 2"], at=SOON)
    assert again == site
    assert (Site.objects.count(), Room.objects.count()) == (1, 2)
    with pytest.raises(Refused, match="belongs to “Dawn”"):
        actions.found(organisation="Dusk", site="Main Street", rooms=[], at=SOON)


def test_an_action_that_fails_leaves_nothing(invited, monkeypatch) -> None:
    monkeypatch.setattr(actions.link_actions, "make", lambda **_: 1 / 0)
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        invited("lee", Role.NURSE)
    assert (Person.objects.count(), RoleGrant.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_unknown_names_are_answered_with_the_known_ones(person) -> None:
    person("lee", Role.NURSE)
    with pytest.raises(Refused, match="There are: lee"):
        queries.person("leo")
    with pytest.raises(Refused, match="There are: Main Street"):
        queries.site("Harbour")


def test_a_page_goes_by_the_roles_that_let_it_in_and_an_action_by_those_of_now(person) -> None:
    lee = person("lee", Role.NURSE)
    lee.held = (NOW, [])
    assert not page_may(lee, Permission.READ_PATIENTS, at=NOW)
    assert page_may(lee, Permission.READ_PATIENTS, at=SOON), "held at another moment"
    assert may(lee, Permission.READ_PATIENTS, at=NOW)
