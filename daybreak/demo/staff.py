"""Who works at the demo's clinic, and where? Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

from daybreak.web.people.roles import Role

ORGANISATION = "Dawn Clinic"
HARBOUR, MILL = "Harbour Street", "Mill Lane"
ROOMS = {HARBOUR: ("Room 1", "Room 2", "Room 3"), MILL: ("Garden room", "Corner room")}


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff, with every role at its site."""

    login: str
    name: str
    holds: tuple[tuple[Role, str], ...]
    language: str = "en"


ADMINISTRATOR = "ada.lin"
STAFF = (
    Worker(ADMINISTRATOR, "Ada Lin", ((Role.ADMINISTRATOR, HARBOUR), (Role.ADMINISTRATOR, MILL))),
    Worker("ines.vale", "Dr Ines Vale", ((Role.PRESCRIBER, HARBOUR),)),
    Worker("zhou.ming", "周明", ((Role.PRESCRIBER, HARBOUR), (Role.PRESCRIBER, MILL)), language="zh-Hans"),
    Worker("tomas.brandt", "Dr Tomás Brandt", ((Role.PRESCRIBER, MILL),)),
    Worker("lee.moss", "Lee Moss", ((Role.NURSE, HARBOUR),)),
    Worker("rahel.okafor", "Rahel Okafor", ((Role.NURSE, HARBOUR),)),
    Worker("wang.xia", "王霞", ((Role.NURSE, MILL),), language="zh-Hans"),
    Worker("jun.arai", "Jun Arai", ((Role.EVALUATOR, HARBOUR), (Role.EVALUATOR, MILL))),
    Worker("pat.doyle", "Pat Doyle", ((Role.FRONT_DESK, HARBOUR),)),
    Worker("bea.kovac", "Bea Kovač", ((Role.FRONT_DESK, MILL),)),
    Worker("sami.haddad", "Sami Haddad", ((Role.PHARMACIST, HARBOUR), (Role.PHARMACIST, MILL))),
    Worker("noor.lindqvist", "Noor Lindqvist", ((Role.RESEARCHER, HARBOUR),)),
)


@dataclass(frozen=True, slots=True)
class Team:
    """Who looks after the patients of a site; `second` also signs where two have to."""

    prescriber: Worker
    second: Worker
    nurse: Worker
    evaluator: Worker
    desk: Worker


def _worker(login: str) -> Worker:
    return next(one for one in STAFF if one.login == login)


TEAMS = {
    HARBOUR: Team(*map(_worker, ("ines.vale", "zhou.ming", "lee.moss", "jun.arai", "pat.doyle"))),
    MILL: Team(*map(_worker, ("tomas.brandt", "zhou.ming", "wang.xia", "jun.arai", "bea.kovac"))),
}
