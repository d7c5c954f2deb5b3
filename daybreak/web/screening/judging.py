"""What does every protocol say about a patient at a site now, and which signatures stand beside it?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch

from daybreak.clinical.answers import Evidence
from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.judge import Decision, Finding, decide
from daybreak.clinical.screening.view import View
from daybreak.knowledge.protocols import NotInForce, protocol_ids
from daybreak.knowledge.rules import words
from daybreak.knowledge.store import digest_of
from daybreak.web import zones
from daybreak.web.patients import queries, records
from daybreak.web.patients.models import PERSON, Details, Patient
from daybreak.web.people.models import Site
from daybreak.web.protocols import policies
from daybreak.web.protocols import queries as adoptions
from daybreak.web.protocols.models import ADOPTED, Adoption, Stricter
from daybreak.web.protocols.policies import Here
from daybreak.web.screening import exceptions
from daybreak.web.screening.exceptions import HOLDS, Standing
from daybreak.web.screening.models import Override, OverrideEvent


@dataclass(frozen=True, slots=True)
class Judged:
    """Who it is, the chart, the entry behind each of its records (by reference), every decision in force, and by protocol
    how it holds at the site, its adoption (None: for reading only), the adoption of another wording if that is why, and the
    exceptions."""

    details: Details
    chart: Chart
    entries: Mapping[str, UUID]
    view: View
    as_of: AsOf
    decisions: tuple[Decision, ...]
    here: Mapping[str, Here]
    adopted: Mapping[str, Adoption | None]
    outdated: Mapping[str, Adoption]
    standings: tuple[Standing, ...]
    origins: Mapping[str, str] = field(
        default_factory=dict
    )  # by reference, where nobody here answers for it: IMPORT, PATIENT
    unconfirmed: Collection[str] = (
        frozenset()
    )  # and of medicines, from a file or the patient, for which nobody here answers
    zone: str = "UTC"  # of the site
    state: int = 0  # of the record, as `patients.queries.state` counts it

    def decision(self, protocol_id: str) -> Decision | None:
        """The decision under that protocol; None when it is not in force."""
        return next((d for d in self.decisions if d.protocol.id == protocol_id), None)

    def exception(self, protocol_id: str, criterion: str) -> Standing | None:
        """The newest exception from that criterion that nobody withdrew."""
        return next(
            (
                s
                for s in self.standings
                if (s.row.protocol, s.row.criterion) == (protocol_id, criterion) and s.state != exceptions.TAKEN_BACK
            ),
            None,
        )

    def stricter(self, protocol_id: str, finding: Finding) -> Stricter | None:
        """What the site itself asks for in that criterion, if its policy is in force."""
        found = self.here[protocol_id]
        return None if found.unfit else found.line(finding.criterion.name, finding.criterion.when)

    def open(self, decision: Decision) -> list[Finding]:
        """What stands in the way of a signature: obstacles and open questions without an exception that holds."""
        found = []
        for finding in exceptions.screened(decision):
            beside = self.exception(decision.protocol.id, finding.criterion.name)
            if exceptions.asks_for_one(finding) and not (beside and beside.state == HOLDS):
                found.append(finding)
        return found

    def resting_on_unconfirmed(self, decision: Decision) -> list[Evidence]:
        """The trials behind this decision for which nobody here answers yet, each once."""
        found = (e for f in exceptions.screened(decision) for e in f.answer.evidence if e.resource in self.unconfirmed)
        return list({e.resource: e for e in found}.values())

    def marks(self, decision: Decision) -> dict[str, str]:
        """For each finding that decides, a mark that is another one when the verdict or its evidence is."""
        return {
            f.criterion.name: f"{f.answer.verdict.value}-{exceptions.evidence_digest(f)[:10]}"
            for f in exceptions.screened(decision)
        }

    @property
    def seen(self) -> str:
        """A digest of all that a signer looks at: another one means that the page is out of date."""
        return digest_of(
            {
                "decisions": [
                    [d.protocol.id, d.protocol.digest, d.status]
                    + [
                        [f.criterion.name, f.answer.verdict.value, exceptions.evidence_digest(f)]
                        for f in exceptions.screened(d)
                    ]
                    for d in self.decisions
                ],
                "adopted": sorted(str(row.id) for row in self.adopted.values() if row),
                "exceptions": [[str(s.row.id), s.state] for s in self.standings],
            }
        )


def judge(patient: Patient, site: Site, *, at: datetime) -> Judged:
    """Read the record as it is now and decide by every protocol that is in force."""
    details = queries.details(patient)
    rows, state = records.current_with_state(patient)
    chart = records.chart_of(details, rows)
    entries = {row.reference: row.id for row in rows}
    origins = {row.reference: row.origin for row in rows if row.origin != PERSON}
    today = zones.day(at, site.zone)
    as_of = AsOf(today, at)
    view = View(chart, as_of, words())
    here = in_force(site, today)
    decisions = tuple(decide(view, one.protocol) for one in here.values())
    last = {id_: row for (_, id_), row in adoptions.newest([site.id]).items()}
    adopted = {id_: _adopted(one, last.get(id_)) for id_, one in here.items()}
    outdated = {id_: row for id_, row in last.items() if row.kind == ADOPTED and not adopted.get(id_)}
    by_id = {d.protocol.id: d for d in decisions}
    overrides = (
        Override.objects.filter(patient=patient, site=site)
        .select_related("by")
        .prefetch_related(Prefetch("events", OverrideEvent.objects.select_related("by")))
        .order_by("-id")
    )
    standings = tuple(exceptions.standing(row, by_id.get(row.protocol), day=today) for row in overrides)
    return Judged(
        details,
        chart,
        entries,
        view,
        as_of,
        decisions,
        here,
        adopted,
        outdated,
        standings,
        origins,
        frozenset(row.reference for row in rows if records.unconfirmed_medicine(row)),
        site.zone,
        state,
    )


def in_force(site: Site, day: date) -> dict[str, Here]:
    """Every protocol that has begun by that day, as it holds at the site."""
    rows = policies.lines_of([site.id])
    found = {}
    for id_ in protocol_ids():
        try:
            found[id_] = policies.here(id_, rows.get((site.id, id_), ()), as_of=day)
        except NotInForce:
            continue
    return found


def _adopted(here: Here, last: Adoption | None) -> Adoption | None:
    """Nothing is adopted while the site's own policy does not fit."""
    return None if here.unfit else adoptions.in_force(last, digest=here.protocol.digest)
