"""How are a patient's treatments told in a record that leaves: one line each on paper, and what was given for another system?"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from daybreak.exchange.fhir.resources import Json
from daybreak.exchange.fhir.treatment import given
from daybreak.knowledge import sessions
from daybreak.knowledge.sentences import language as spoken
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.chronicle.actions import told_of
from daybreak.web.cockpit.figures import PRESSURE, figure
from daybreak.web.cockpit.of_session import said_dose
from daybreak.web.papers import pdf
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.treatment import queries
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

HEAD = (
    "copies.day",
    "authorisation.treatment",
    "chronicle.given",
    "chronicle.highest",
    "chronicle.worst",
    "chronicle.how",
)


def blocks(patient: Patient, language: str) -> Iterable[pdf.Block]:
    """The newest first: what was given, the highest pressure, what was seen at its worst, and how it ended."""
    rows = [_row(one, language) for one in queries.of(patients.together(patient))]
    yield pdf.heading(word("chronicle.treatments", language))
    head = [word(one, language) for one in HEAD]
    yield pdf.table(head, rows, widths=(5, 8, 5, 5, 7, 5)) if rows else pdf.paragraph(word("chronicle.none", language))


def resources(patient: Patient) -> list[Json]:
    """Each visit, what was given in it, and what went wrong, the oldest first."""
    every = reversed(queries.of(patients.together(patient)))
    return [one for now in every for one in given(told_of(now, labelled=False, of=patient), terms=terms())]


def _row(now: Now, language: str) -> list[str]:
    session, state = now.session, now.state
    outcome = sessions.ends()[state.outcome]["title"][language] if state.outcome else word("chronicle.open", language)
    return [
        zones.day(session.created, session.site.zone).isoformat(),
        spoken(language).word(f"protocol.{session.protocol}"),
        " + ".join(said_dose(one) for one in state.exposures) or "–",
        _highest(now),
        _worst(now, language),
        outcome,
    ]


def _highest(now: Now) -> str:
    found = [[figure(one, part) for part in PRESSURE] for one in now.state.checks if one.row == "pressure"]
    known = [both for both in found if None not in both]
    high = max(known, key=lambda both: both[0] or Decimal(0), default=None)
    return f"{high[0]}/{high[1]}" if high else "–"


def _worst(now: Now, language: str) -> str:
    """Every graded row that was ever above nothing, at its highest; how awake somebody was at its lowest."""
    worst: dict[str, int] = {}
    for one in now.state.checks:
        line = sessions.rows().get(one.row, {})
        if line.get("levels") and isinstance(one.value, int):
            choose = min if one.row == "moaa-s" else max
            worst[one.row] = choose(one.value, worst.get(one.row, one.value))
    found = [
        f"{sessions.rows()[row]['title'][language]} {value}" for row, value in worst.items() if value or row == "moaa-s"
    ]
    return ", ".join(found) or "–"
