"""Who looked at one patient's record, when, and why: the trail in plain words, a day and a person at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from daybreak.web import zones
from daybreak.web.audit import queries
from daybreak.web.audit.models import Entry
from daybreak.web.glass.models import Opening
from daybreak.web.links.models import CARE_SHARED, LETTER, REFERRAL, TRANSFER, LinkEvent
from daybreak.web.people.models import Person, RoleGrant
from daybreak.web.words import word

LINES = 500  # of the trail on one page; many of them are one line here
SEEN, WROTE, SIGNED, SHARED = "readers.seen", "readers.wrote", "readers.signed", "readers.shared"
GAVE, COUNTED = "readers.gave", "readers.counted"
FOUND, TWO_SITES = "readers.found", "readers.two_sites"
# Whose links the patient does not hold.
OTHERS = {
    REFERRAL: "readers.referrer",
    TRANSFER: "readers.other_clinic",
    LETTER: "letters.reader",
    CARE_SHARED: "careplan.reader",
}
THEIRS = {  # only behind such a link
    "referral_status": REFERRAL,
    "receipt": TRANSFER,
    "transfer.receipt": TRANSFER,
    **dict.fromkeys(("letter_page", "letter_taken", "letters.step"), LETTER),
    **dict.fromkeys(("shared_plan", "careplan.line", "careplan.checked"), CARE_SHARED),
}
LISTS = ("patient_search", "patient_look_alikes", "patient_elsewhere")  # they show who somebody is, at most
# By what an action begins with. Whatever is not named here was seen or done with the record.
BEGINS = {
    "entry_": WROTE,
    "details_": WROTE,
    "label_": WROTE,
    "document_": WROTE,
    "import": WROTE,
    "reviewed": WROTE,
    "registered": WROTE,
    "patient_": WROTE,
    "decision_": SIGNED,
    "override_": SIGNED,
    "link_": SHARED,
    "registry_given": GAVE,
    "registry_counted": COUNTED,
    "here_too_": TWO_SITES,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One person on one day, on the clock of the page: what they did, how often, from when to when, and why they could."""

    day: str
    name: str
    did: list[str]
    times: str
    why: str


@dataclass(frozen=True, slots=True)
class Readers:
    """A page of them, the newest first. `before` leads to the next one; None: there are no older ones."""

    rows: list[Reader]
    before: UUID | None


def readers(patient_id: UUID, language: str, *, before: UUID | None = None) -> Readers:
    """Everybody in the trail of that patient. A fixed number of questions to the database, however long it is."""
    lines, older = queries.page(queries.Asked(subject=patient_id), before=before, most=LINES)
    who = {line.who for line in lines if line.who}
    names = dict(Person.objects.filter(pk__in=who).values_list("pk", "display_name"))
    grants = list(RoleGrant.objects.filter(person__in=who, replaced_by__isnull=True).select_related("site"))
    openings = list(Opening.objects.filter(patient=patient_id, by__in=who))
    opened = [
        line.object_id for line in lines if line.via == "link" and line.object_type == LinkEvent._meta.label_lower
    ]
    purposes = dict(LinkEvent.objects.filter(pk__in=opened).values_list("pk", "link__purpose"))
    grouped: dict[tuple[str, UUID | None, str, str], list[Entry]] = {}
    for line in lines:
        purpose = purposes.get(line.object_id) or THEIRS.get(line.object_type, "")
        holder = OTHERS.get(purpose, "readers.by_link") if line.via == "link" else line.via
        grouped.setdefault((f"{zones.today(line.at)}", line.who, line.via, holder), []).append(line)
    rows = [
        Reader(
            day=day,
            name=names.get(person, "?") if person else _nobody(holder, language),
            did=_did(of_day, language),
            times=_times(of_day),
            why=_why(person, via, of_day[0].at, grants, openings, language),
        )
        for (day, person, via, holder), of_day in grouped.items()
    ]
    return Readers(rows, lines[-1].id if older else None)


def _did(lines: Sequence[Entry], language: str) -> list[str]:
    counts: dict[str, int] = {}
    for line in lines:
        seen = FOUND if line.object_type in LISTS else SEEN
        kind = next((kind for begins, kind in BEGINS.items() if line.action.startswith(begins)), seen)
        counts[kind] = counts.get(kind, 0) + 1
    return [word(kind, language, count=count) for kind, count in counts.items()]


def _times(lines: Sequence[Entry]) -> str:
    first, last = (f"{localtime(line.at):%H:%M}" for line in (lines[-1], lines[0]))
    return first if first == last else f"{first}–{last}"


def _nobody(holder: str, language: str) -> str:
    """`holder`: the sentence about whoever held the link; else the way by which it came."""
    said = holder if holder.startswith("readers.") else {"cli": "readers.operator"}.get(holder, "readers.by_itself")
    return word(said, language)


def _why(
    person: UUID | None,
    via: str,
    at: datetime,
    grants: Sequence[RoleGrant],
    openings: Sequence[Opening],
    language: str,
) -> str:
    """In an emergency, with its reason; else the work that the person did then, and where."""
    if via == "glass":
        code = next((one.code for one in openings if one.by_id == person and one.created <= at <= one.ends), "other")
        return word("readers.emergency", language, reason=word(f"glass.code_{code}", language))
    held = [one for one in grants if one.person_id == person and one.starts <= at and (not one.ends or at < one.ends)]
    roles = [
        word("people.role_at", language, role=word(f"role.{one.role}", language), site=one.site.name) for one in held
    ]
    return ", ".join(dict.fromkeys(roles))
