"""What did somebody tell of an adverse event, can it be so, and how is it kept?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daybreak.clinical.treatment import adverse as fold
from daybreak.clinical.treatment.adverse import ANSWERS, NO, UNKNOWN, YES, Course, When
from daybreak.knowledge import adverse
from daybreak.web import zones
from daybreak.web.people.models import Site
from daybreak.web.refusals import Refused

LONGEST = 4000
CANNOT_BE = {
    "not_yet": "adverse.not_yet",
    "ends_before": "adverse.ends_before",
    "not_over": "adverse.not_over",
    "death_and_none": "adverse.death_and_none",
}
SERIOUS = {YES: "adverse.is_serious", NO: "adverse.not_serious", UNKNOWN: "adverse.serious_unknown"}
ONE_OF = {"grade": "grades", "related": "related", "action": "actions", "outcome": "outcomes"}


@dataclass(frozen=True, slots=True)
class Told:
    """As it was told; "" is not known. `onset` and `end`: a day, or a day and an hour at the site. `dose`: the number of the
    session's event before it; `evidence`: the lines of the session that stood beside it when it was told."""

    term: str = ""
    text: str = ""
    onset: str = ""
    end: str = ""
    course: str = Course.UNKNOWN.value
    grade: str = ""
    serious: Mapping[str, str] = field(default_factory=dict)
    related: str = ""
    action: str = ""
    treated: str = ""
    outcome: str = ""
    dose: int | None = None
    evidence: tuple[str, ...] = ()


def written(told: Told) -> str:
    """As JSON."""
    return json.dumps(asdict(told), ensure_ascii=False, sort_keys=True)


def read(text: str) -> Told:
    """From what was written."""
    found = json.loads(text)
    return Told(**{**found, "evidence": tuple(found["evidence"])})


def typed(sent: Mapping[str, str], *, evidence: tuple[str, ...]) -> Told:
    """From the fields of the form. An end that is told says that it is over."""
    onset, end = (_moment(sent, one) for one in ("onset", "end"))
    course = sent.get("course") or Course.UNKNOWN
    dose = sent.get("dose", "")
    return Told(
        onset=onset,
        end=end,
        course=Course.ENDED.value if end and course == Course.UNKNOWN else str(course),
        serious={one: sent.get(f"serious-{one}") or fold.UNKNOWN for one in adverse.serious()},
        dose=int(dose) if dose.isascii() and dose.isdigit() and len(dose) < len("999999") else None,
        evidence=evidence,
        **{one: sent.get(one, "") for one in ("term", "text", "treated", *ONE_OF)},
    )


def _moment(sent: Mapping[str, str], name: str) -> str:
    on, clock = sent.get(f"{name}_day", ""), sent.get(f"{name}_time", "")
    if clock and not on:
        raise Refused("adverse.which_day", in_field=f"{name}_day")
    return f"{on}T{clock}" if clock else on


def when(text: str, zone: str) -> When | None:
    """Between which moments that is; a day alone is all of it. Refused when it is neither. None: not known."""
    if not text:
        return None
    if "T" in text:
        at = zones.meant(text, zone)
        return When(at, at)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise Refused("posted.no_day", typed=text[:30]) from None
    return When(zones.midnight(on, zone), zones.midnight(on + timedelta(days=1), zone))


def shown(text: str, zone: str) -> str:
    """The same as it stands on a page."""
    found = when(text, zone)
    if found is None or "T" not in text:
        return text
    return f"{found.earliest.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def folded(told: Told, zone: str) -> fold.Told:
    """As it is judged."""
    return fold.Told(
        onset=when(told.onset, zone),
        end=when(told.end, zone),
        course=Course(told.course),
        grade=told.grade,
        outcome=told.outcome,
        serious=told.serious,
    )


def serious(told: Told) -> str:
    """Yes, no or unknown."""
    return fold.serious(told.serious, adverse.serious())


def name(told: Mapping[str, Any] | Told, language: str) -> str:
    """What it is called: by its term, or in words of its own."""
    found = told if isinstance(told, Told) else Told(**told)
    term = adverse.terms().get(found.term)
    return str(term["words"][language]) if term else found.text


def check(told: Told, *, site: Site, doses: frozenset[int], at: datetime) -> None:
    """Refused when it says nothing, when an answer is none of the answers, or when it contradicts itself."""
    if told.term and told.term not in adverse.terms():
        raise Refused("adverse.which_term", in_field="term", typed=told.term[:40])
    if not (told.term or told.text):
        raise Refused("adverse.say_what", in_field="text")
    for one in ("text", "treated"):
        if len(getattr(told, one)) > LONGEST:
            raise Refused("adverse.too_long", in_field=one, most=LONGEST)
    for one, question in ONE_OF.items():
        answer = getattr(told, one)
        if answer and answer not in adverse.choices(question):
            raise Refused("adverse.no_answer", in_field=one, typed=answer[:40])
    for criterion, answer in told.serious.items():
        if criterion not in adverse.serious() or answer not in ANSWERS:
            raise Refused("adverse.no_answer", in_field=f"serious-{criterion}"[:40], typed=answer[:40])
    if told.course not in list(Course):
        raise Refused("adverse.no_answer", in_field="course", typed=told.course[:40])
    if told.dose is not None and told.dose not in doses:
        raise Refused("adverse.which_dose", in_field="dose")
    for problem in fold.contradictions(folded(told, site.zone), adverse.death(), at):
        raise Refused(CANNOT_BE[problem])
