"""What does every protocol say about a patient at a site now, and which signatures stand beside it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.judge import Decision, Finding, Protocol, decide
from daybreak.clinical.screening.view import View
from daybreak.knowledge.protocols import NotInForce, protocol, protocol_ids
from daybreak.knowledge.rules import words
from daybreak.knowledge.store import digest_of
from daybreak.web.patients import queries, records
from daybreak.web.patients.models import Details, Patient
from daybreak.web.people.models import Site
from daybreak.web.protocols import queries as adoptions
from daybreak.web.protocols.models import Adoption
from daybreak.web.screening import exceptions
from daybreak.web.screening.exceptions import HOLDS, Standing
from daybreak.web.screening.models import Override


@dataclass(frozen=True, slots=True)
class Judged:
    """Who it is, the chart, every decision in force, and by protocol its adoption (None: for reading only) and exceptions."""

    details: Details
    chart: Chart
    view: View
    as_of: AsOf
    decisions: tuple[Decision, ...]
    adopted: Mapping[str, Adoption | None]
    standings: tuple[Standing, ...]

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

    def open(self, decision: Decision) -> list[Finding]:
        """What stands in the way of a signature: obstacles and open questions without an exception that holds."""
        found = []
        for finding in exceptions.screened(decision):
            beside = self.exception(decision.protocol.id, finding.criterion.name)
            if exceptions.asks_for_one(finding) and not (beside and beside.state == HOLDS):
                found.append(finding)
        return found

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
    chart = records.chart_of(details, records.current(patient))
    as_of = AsOf(at.date(), at)
    view = View(chart, as_of, words())
    decisions = tuple(decide(view, one) for one in in_force(at.date()))
    last = adoptions.newest([site.id])
    adopted = {
        d.protocol.id: adoptions.in_force(last.get((site.id, d.protocol.id)), digest=d.protocol.digest)
        for d in decisions
    }
    by_id = {d.protocol.id: d for d in decisions}
    rows = (
        Override.objects.filter(patient=patient, site=site)
        .select_related("by")
        .prefetch_related("events__by")
        .order_by("-id")
    )
    standings = tuple(exceptions.standing(row, by_id.get(row.protocol)) for row in rows)
    return Judged(details, chart, view, as_of, decisions, adopted, standings)


def in_force(day: date) -> list[Protocol]:
    """Every protocol that has begun by that day."""
    found = []
    for id_ in protocol_ids():
        try:
            found.append(protocol(id_, as_of=day))
        except NotInForce:
            continue
    return found
