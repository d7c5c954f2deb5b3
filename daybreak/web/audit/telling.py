"""How is a line of the audit trail told: who did what, about whom, when, from where, sealed or not yet?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from daybreak.web.audit.models import Entry, Seal
from daybreak.web.people.models import Naming, Person, RoleGrant, Room, Site
from daybreak.web.words import word, words

VIA = {
    "web": "audit.via_web",
    "cli": "audit.via_cli",
    "clock": "audit.via_clock",
    "link": "audit.via_link",
    "glass": "audit.via_glass",
    "tablet": "audit.via_tablet",
    "bedside": "audit.via_bedside",
    "text": "audit.via_text",
}


NO_ACTIONS = {"act.other", "act.read_page"}  # sentences for lines that have another action


@dataclass(frozen=True, slots=True)
class Told:
    """One line, ready for a page. `place` is empty until the line is linked into the chain."""

    id: UUID
    at: str
    iso: str
    sentence: str
    where: str
    place: int | None


def told(lines: Sequence[Entry], language: str, *, patient: str = "") -> list[Told]:
    """The lines in words. `patient` names the one patient that they are about; else a short sign stands for each."""
    known = _known(lines, language)
    return [_told(line, known, language, patient=patient) for line in lines]


def sign(patient_id: UUID) -> str:
    """What stands for a patient before those who may not know who it is: the same for the same one, and no more."""
    return patient_id.hex[-8:]


def did(line: Entry) -> str:
    """The id of the sentence about that action; the plainest one when nobody wrote a better one."""
    if line.action == "read" and line.subject is None:
        return "act.read_page"
    return f"act.{line.action}" if f"act.{line.action}" in words() else "act.other"


def actions(language: str) -> list[tuple[str, str]]:
    """The actions that can be looked for, in words."""
    found = [id.removeprefix("act.") for id in words() if id.startswith("act.") and id not in NO_ACTIONS]
    blank = {"who": "…", "what": "…", "patient": "…", "action": "…"}
    return sorted(((one, word(f"act.{one}", language, **blank)) for one in found), key=lambda pair: pair[1])


def _told(line: Entry, known: Mapping[UUID, str], language: str, *, patient: str) -> Told:
    about = patient or (word("audit.patient", language, sign=sign(line.subject)) if line.subject else "")
    values: dict[str, Any] = {
        "who": _who(line, known, language),
        "what": _what(line, known, language),
        "patient": about or word("audit.no_patient", language),
        "action": line.action,
    }
    where = word(VIA.get(line.via, "audit.via_other"), language)
    site = known.get(line.site) if line.site else None
    return Told(
        id=line.id,
        at=f"{localtime(line.at):%Y-%m-%d %H:%M:%S %Z}",
        iso=line.at.isoformat(),
        sentence=word(did(line), language, **values),
        where=f"{where} · {site}" if site else where,
        place=place(line),
    )


def place(line: Entry) -> int | None:
    """Where in the chain the line is linked; None while it is not."""
    try:
        return int(line.seal.place)
    except Seal.DoesNotExist:
        return None


def _who(line: Entry, known: Mapping[UUID, str], language: str) -> str:
    if line.who:
        return known.get(line.who, str(line.who))
    nobody = {"cli": "audit.operator", "clock": "audit.by_itself", "link": "audit.by_link"}
    return word(nobody.get(line.via, "audit.nobody"), language)


def _what(line: Entry, known: Mapping[UUID, str], language: str) -> str:
    """The page that was read, or the name of the person, role or place that it was about."""
    if line.action == "read":
        return word(f"read.{line.object_type}", language) if f"read.{line.object_type}" in words() else line.object_type
    return known.get(line.object_id, "–") if line.object_id else "–"


def _known(lines: Sequence[Entry], language: str) -> dict[UUID, str]:
    """The names of all people, roles and places that these lines speak of."""
    whole = {one for line in lines for one in (line.who, line.site, line.object_id) if one}
    found: dict[UUID, str] = dict(Person.objects.filter(pk__in=whole).values_list("pk", "display_name"))
    found |= dict(Site.objects.filter(pk__in=whole).values_list("pk", "name"))
    found |= dict(Room.objects.filter(pk__in=whole).values_list("pk", "name"))
    about = {line.object_type for line in lines}
    if "people.naming" in about:
        found |= dict(Naming.objects.filter(pk__in=whole).exclude(pk__in=found).values_list("pk", "name"))
    if "people.rolegrant" in about:
        for grant in RoleGrant.objects.filter(pk__in=whole).select_related("person", "site"):
            role = word(f"role.{grant.role}", language)
            found[grant.pk] = f"{grant.person.display_name} ({role}, {grant.site.name})"
    return found
