"""Whose chart, exception and signed decision stand behind the addresses of the tests that walk through every page?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from daybreak.clinical.records import Chart, Coverage, Observation, When, on
from daybreak.knowledge.protocols import protocol
from daybreak.knowledge.sentences import language
from daybreak.web import ids
from daybreak.web.patients import records
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.protocols import actions as protocols
from daybreak.web.screening import snapshots
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import Override, Snapshot
from tests.clinical.screening.build import DAY, cleared
from tests.web.conftest import NOW

US = "esketamine-nasal-us"
OVERRIDE = UUID("0193f000-0000-7000-8000-000000000004")
SNAPSHOT = UUID("0193f000-0000-7000-8000-000000000005")
LATER = NOW.date() - DAY  # the charts of the clinical tests are of June; here it is November
SOON = NOW + timedelta(minutes=1)


def today(chart: Chart) -> Chart:
    """The same chart with its newest answers and reviews as old as they were then."""

    def moved(record: Any) -> Any:
        if isinstance(record, Coverage):
            return replace(record, reviewed_on=record.reviewed_on + LATER)
        if isinstance(record, Observation) and isinstance(record.when, When):
            return replace(record, when=on(record.when.earliest + LATER))
        return record

    return replace(
        chart,
        observations=tuple(map(moved, chart.observations)),
        coverage=tuple(map(moved, chart.coverage)),
    )


def told(patient: Patient, by: Person, chart: Chart | None = None) -> None:
    """Write a chart into the record of the patient, by rows alone; without one: everything asked, nothing in the way."""
    for record in records.of_chart(chart or today(cleared())):
        if record is not (chart.patient if chart else None) and type(record).__name__ != "Patient":
            records.entry(record, patient=patient, by=by, at=NOW).save(force_insert=True)


def adopted(site: Site, by: Person, id: str = US) -> None:
    digest = protocol(id, as_of=NOW.date()).digest
    protocols.adopt(id=id, digest=digest, site=site, by=by, at=NOW, key=ids.new())


def make(patient: Patient, site: Site, by: Person) -> None:
    """An exception and a signed decision."""
    common = {"organisation_id": site.organisation_id, "created": NOW, "patient": patient, "site": site, "by": by}
    Override.objects.create(
        id=OVERRIDE,
        protocol=US,
        protocol_digest="0" * 64,
        criterion="major_depression",
        verdict="unknown",
        evidence_digest="0" * 64,
        scope="course",
        needs_two=True,
        code="other",
        reason="to be seen",
        **common,
    )
    content = snapshots.content(judge(patient, site, at=SOON), language=language("en"))
    Snapshot.objects.create(
        id=SNAPSHOT,
        protocol=US,
        version="2025-01-21",
        digest="0" * 64,
        knowledge_digest="0" * 64,
        status="eligible",
        outcome="treat",
        language="en",
        content=content,
        content_digest=snapshots.digest(content),
        **common,
    )
