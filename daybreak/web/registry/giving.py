"""How do the facts of volunteers leave the clinic: by a named person, without names, each use in the trail of whose they are?

The files lie under another name until the lines of the audit trail are committed, and get their own only then: nothing that has
left is without its line. Somebody who took their agreement back before is not in it; what left earlier stays where it is.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from daybreak.clinical.treatment.events import Outcome
from daybreak.knowledge import adverse
from daybreak.knowledge.outcomes import joined_age
from daybreak.knowledge.store import loaded
from daybreak.outcomes.deidentified import GIVEN, Given, dictionary, given, left_out
from daybreak.web.audit import trail
from daybreak.web.forms.models import Mode
from daybreak.web.patients.models import SEXES, Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.registry.stored import rows, today


def looked(sites: Collection[Site], *, at: datetime) -> Given:
    """What would leave now."""
    return given(
        dict(rows(sites, at=at)),
        known=known(),
        today=today(sites, at=at),
        joined_age=joined_age(),
        draw=lambda: uuid4().hex,
    )


@transaction.atomic
def _give(sites: Collection[Site], part: Path, *, to: str, seen: int, by: Person, at: datetime) -> Given:
    for site in sites:
        require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    found = looked(sites, at=at)
    if not found.whose:
        raise Refused("registry.no_volunteers")
    if len(found.whose) != seen:
        raise Conflict("registry.changed", n=len(found.whose), seen=seen)
    for one in Patient.objects.filter(pk__in=[UUID(id) for id in found.whose]).order_by("pk"):
        trail.happened("registry_given", who=by.id, at=at, to=one, subject=one.pk)
    _write(found, part, to=to, by=by)
    return found


def give(sites: Collection[Site], folder: Path, *, to: str, seen: int, by: Person, at: datetime) -> Given:
    """Write the folder, which is not there yet. `seen`: how many people somebody was shown before they confirmed it."""
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir(mode=0o700)
    try:
        found = _give(sites, part, to=to, seen=seen, by=by, at=at)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return found


def known() -> Mapping[str, Collection[str]]:
    """By column the words that may stand there: those of our own files and of our own code."""
    protocols = loaded("protocols")
    return {
        "sex": SEXES,
        "protocol": set(protocols),
        "product": {one["product"] for one in protocols.values()},
        "route": {one["route"] for one in protocols.values()},
        "phase": {each["phase"] for one in loaded("schedules")["schedules"]["schedules"] for each in one["phases"]},
        "outcome": {one.value for one in Outcome},
        "scale": set(loaded("scales")),
        "door": {one.value for one in Mode},
        "term": set(adverse.terms()),
        "grade": set(adverse.choices("grades")),
        "serious": ("yes", "no", "unknown"),
    }


def _write(found: Given, folder: Path, *, to: str, by: Person) -> None:
    for table, those in found.rows.items():
        _table(folder / f"{table}.csv", list(GIVEN[table]), those)
    told = dictionary()
    _table(folder / "dictionary.csv", list(told[0]), told)
    report: dict[str, Any] = {
        "people": len(found.whose),
        "who": "those who agreed to the registry, and had not taken it back",
        "to": to,
        "given_by": by.display_name,
        "left_out": left_out(),
        "words_left_out": dict(found.left),
        "dictionary": told,
        "not_proven": "Only what is on a list is given. Nobody has tested whether somebody could be recognised by it.",
    }
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _table(path: Path, names: Sequence[str], those: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(those)
