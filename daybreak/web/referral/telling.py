"""How is a referral told to those who work here?"""

from __future__ import annotations

from typing import Any

from daybreak.web import zones
from daybreak.web.patients.identity import Identity
from daybreak.web.referral.models import NO, NOT_KNOWN, YES, Door, Event, Referral, What
from daybreak.web.referral.state import State
from daybreak.web.tasks.models import Task
from daybreak.web.words import word

RISKS = {YES: "referral.risk_yes", NO: "referral.risk_no", NOT_KNOWN: "referral.risk_not_known"}
DOORS = {
    Door.PHONE: "referral.by_phone",
    Door.FAX: "referral.by_fax",
    Door.LETTER: "referral.by_letter",
    Door.DESK: "referral.at_the_desk",
    Door.WEB: "referral.by_web",
}
HAPPENED = {
    What.LOOKED: "referral.was_looked",
    What.TRIED: "referral.was_tried",
    What.CONTACTED: "referral.was_contacted",
    What.PATIENT: "referral.was_patient",
    What.INTAKE: "referral.was_intake",
    What.PLANNED: "referral.was_planned",
    What.NOTE: "referral.was_note",
    What.ACCEPTED: "referral.was_accepted",
    What.DECLINED: "referral.was_declined",
    What.NO_RESPONSE: "referral.was_no_response",
    What.TOOK_BACK: "referral.was_took_back",
    What.DUPLICATE: "referral.was_duplicate",
}
# What can be said of one that is open, in the order in which it happens.
TO_DO = {
    What.LOOKED: "referral.do_looked",
    What.TRIED: "referral.do_tried",
    What.CONTACTED: "referral.do_contacted",
    What.PLANNED: "referral.do_planned",
    What.NOTE: "referral.do_note",
    What.ACCEPTED: "referral.do_accepted",
    What.DECLINED: "referral.do_declined",
    What.NO_RESPONSE: "referral.do_no_response",
    What.TOOK_BACK: "referral.do_took_back",
    What.DUPLICATE: "referral.do_duplicate",
}


def risks(language: str) -> list[tuple[str, str]]:
    """The answers about suicide, in words."""
    return [(value, word(said, language)) for value, said in RISKS.items()]


def doors(language: str) -> list[tuple[str, str]]:
    """The ways by which staff get a referral, in words."""
    return [(door.value, word(said, language)) for door, said in DOORS.items() if door is not Door.WEB]


def listed(row: Referral, now: State, task: tuple[Task, str] | None, language: str) -> dict[str, Any]:
    """One line of the list."""
    return {
        "row": row,
        "name": name(row),
        "says": word(now.says, language),
        "came": word(DOORS[Door(row.door)], language),
        "at": zones.minute(row.created),
        "due": zones.minute(task[0].due) if task and not now.ended else "",
        "owner": task[1] if task else "",
    }


def name(row: Referral) -> str:
    """Who is referred."""
    return Identity(family_name=row.family_name, given_names=row.given_names).name


def event(one: Event, language: str) -> dict[str, Any]:
    """One thing that was done about it."""
    return {
        "sentence": word(HAPPENED[What(one.what)], language, who=one.by.display_name),
        "at": zones.minute(one.created),
        "text": one.text,
        "told": one.told,
    }
