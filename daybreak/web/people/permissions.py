"""Who may do what? One table from roles to permissions; a grant gives a role at one site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from daybreak.web.people.models import Person, Site
from daybreak.web.people.queries import Held, all_in_force, grants_in_force, roles_held, roles_in_force, roles_of
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden


class Permission(StrEnum):
    """One thing that may be allowed."""

    OWN_PAGE = "own_page"
    SEE_TASKS = "see_tasks"  # the list; each task says what else one needs to see it
    MANAGE_PEOPLE = "manage_people"
    READ_AUDIT = "read_audit"
    FIND_PATIENTS = "find_patients"  # who they are, and nothing of what they have
    REGISTER_PATIENTS = "register_patients"
    READ_MEDICINES = "read_medicines"
    READ_PATIENTS = "read_patients"
    WRITE_PATIENTS = "write_patients"
    READ_SENSITIVE = "read_sensitive"  # entries that bear a label: substance use, psychotherapy, pregnancy
    READ_SCREENING = "read_screening"
    SIGN_SCREENING = "sign_screening"
    SECOND_SIGNATURE = "second_signature"
    ADOPT_PROTOCOL = "adopt_protocol"
    READ_ACCESS_LIST = "read_access_list"  # who read a record
    GIVE_ACCESS_LIST = "give_access_list"  # to the patient, by a link
    BREAK_GLASS = "break_glass"  # open a record of another site in an emergency
    REVIEW_GLASS = "review_glass"
    CALLING_ORDER = "calling_order"  # who is called at a site, and where people are reached
    AUTHORISATIONS = "authorisations"  # what a payer was asked and answered; nothing of what the patient has
    SEE_CALENDAR = "see_calendar"  # who comes when, and where they sit
    BOOK_VISITS = "book_visits"
    PLAN_COURSES = "plan_courses"
    ARRANGE_CHAIRS = "arrange_chairs"
    KEEP_RIDES = "keep_rides"
    RECEIVE_REQUESTS = "receive_requests"  # write down a complaint, or what somebody asks of their own record
    HANDLE_REQUESTS = "handle_requests"  # read and answer them
    USE_CUPBOARD = "use_cupboard"  # see the stock; take, give, waste, bring back and count
    KEEP_CUPBOARD = "keep_cupboard"  # what comes in and goes out, recalls, losses, inventories, patterns
    ASSESS_RISK = "assess_risk"  # close a suicide task with assessment and plan
    RUN_SESSIONS = "run_sessions"  # check in, chart, give the dose, say who may leave
    DECIDE_DOSE = "decide_dose"  # go or delay, and about answers that stop nobody by themselves


_TREATS = frozenset(
    {
        Permission.OWN_PAGE,
        Permission.SEE_TASKS,
        Permission.FIND_PATIENTS,
        Permission.REGISTER_PATIENTS,
        Permission.GIVE_ACCESS_LIST,
        Permission.READ_MEDICINES,
        Permission.READ_PATIENTS,
        Permission.WRITE_PATIENTS,
        Permission.AUTHORISATIONS,
        Permission.SEE_CALENDAR,
        Permission.BOOK_VISITS,
        Permission.RECEIVE_REQUESTS,
    }
)
MAY: dict[Role, frozenset[Permission]] = {
    Role.PRESCRIBER: _TREATS
    | {
        Permission.READ_SCREENING,
        Permission.SIGN_SCREENING,
        Permission.SECOND_SIGNATURE,
        Permission.ADOPT_PROTOCOL,
        Permission.READ_ACCESS_LIST,
        Permission.READ_SENSITIVE,
        Permission.BREAK_GLASS,
        Permission.REVIEW_GLASS,
        Permission.ASSESS_RISK,
        Permission.CALLING_ORDER,
        Permission.PLAN_COURSES,
        Permission.HANDLE_REQUESTS,
        Permission.USE_CUPBOARD,
        Permission.KEEP_CUPBOARD,
        Permission.RUN_SESSIONS,
        Permission.DECIDE_DOSE,
    },
    Role.NURSE: _TREATS
    | {
        Permission.READ_SCREENING,
        Permission.BREAK_GLASS,
        Permission.USE_CUPBOARD,
        Permission.RUN_SESSIONS,
    },
    Role.EVALUATOR: _TREATS
    | {
        Permission.READ_SCREENING,
        Permission.SECOND_SIGNATURE,
        Permission.READ_SENSITIVE,
        Permission.ASSESS_RISK,
    },
    Role.FRONT_DESK: frozenset(
        {
            Permission.OWN_PAGE,
            Permission.SEE_TASKS,
            Permission.FIND_PATIENTS,
            Permission.REGISTER_PATIENTS,
            Permission.GIVE_ACCESS_LIST,
            Permission.KEEP_RIDES,
            Permission.AUTHORISATIONS,
            Permission.SEE_CALENDAR,
            Permission.BOOK_VISITS,
            Permission.RECEIVE_REQUESTS,
        }
    ),
    Role.PHARMACIST: frozenset(
        {
            Permission.OWN_PAGE,
            Permission.SEE_TASKS,
            Permission.FIND_PATIENTS,
            Permission.READ_MEDICINES,
            Permission.USE_CUPBOARD,
            Permission.KEEP_CUPBOARD,
        }
    ),
    Role.RESEARCHER: frozenset({Permission.OWN_PAGE}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OWN_PAGE,
            Permission.SEE_TASKS,
            Permission.MANAGE_PEOPLE,
            Permission.READ_AUDIT,
            Permission.CALLING_ORDER,
            Permission.REVIEW_GLASS,
            Permission.ARRANGE_CHAIRS,
            Permission.KEEP_RIDES,
            Permission.RECEIVE_REQUESTS,
            Permission.HANDLE_REQUESTS,
        }
    ),
}
# Whoever may run commands on the clinic's machine: gives and takes roles, and sees nothing of patients.
OPERATOR: frozenset[Permission] = frozenset({Permission.MANAGE_PEOPLE})


def may(person: Person | None, permission: Permission, *, at: datetime, site_id: UUID | None = None) -> bool:
    """May this person (None: the operator) do it at this site, or, without a site, at any?"""
    return permission in OPERATOR if person is None else _gives(roles_in_force(person, at=at), permission, site_id)


def page_may(person: Person, permission: Permission, *, at: datetime, site_id: UUID | None = None) -> bool:
    """The same for what a page shows, by the roles that let the request in; an action asks `may`, after its lock."""
    return _gives(roles_held(person, at=at), permission, site_id)


def where_they_may(people: Iterable[Person], permission: Permission, *, at: datetime) -> set[tuple[UUID, UUID]]:
    """Which of these hold the permission at which site, by one query: ids of person and site."""
    return {(id, site) for id, role, site in roles_of(people, at=at) if permission in MAY[Role(role)]}


def who_may(permission: Permission, site_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, list[Person]]:
    """By site who holds the permission there, each once; one query."""
    found: dict[UUID, dict[UUID, Person]] = {id: {} for id in site_ids}
    for grant in all_in_force(at=at) if found else ():
        if grant.site_id in found and permission in MAY[Role(grant.role)]:
            found[grant.site_id][grant.person_id] = grant.person
    return {id: list(people.values()) for id, people in found.items()}


def _gives(held: Iterable[tuple[str, UUID]], permission: Permission, site_id: UUID | None) -> bool:
    return any(permission in MAY[Role(role)] and site_id in (None, site) for role, site in held)


def require(person: Person | None, permission: Permission, *, at: datetime, site_id: UUID | None = None) -> None:
    """Forbidden unless `may`."""
    if not may(person, permission, at=at, site_id=site_id):
        raise Forbidden("people.may_not")


def sites_of(person: Person, permission: Permission, *, at: datetime) -> list[Site]:
    """The sites at which the person holds the permission, by name."""
    found = {
        grant.site_id: grant.site for grant in grants_in_force(person, at=at) if permission in MAY[Role(grant.role)]
    }
    return sorted(found.values(), key=lambda site: site.name)


def sites_shown(held: Iterable[Held], permission: Permission) -> list[Site]:
    """The same for a page that shows no more of a site than its name and time, by the roles that let the request in: their
    rows are read no further until somebody asks for more."""
    names = ("id", "name", "zone")
    rows = {one.site_id: (one.site_id, one.site, one.zone) for one in held if permission in MAY[Role(one.role)]}
    return sorted((Site.from_db(None, names, row) for row in rows.values()), key=lambda site: site.name)
