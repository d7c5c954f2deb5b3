"""What goes to a payer: each of its criteria, what our record says of it, since when and by which source, and what is missing?

Nothing is added to what the record says: unknown is said to be unknown. What bears a label stays here unless the patient
agreed that it is sent. Only the records that a criterion rests on leave, never the whole chart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from daybreak.clinical.answers import MET, NOT_MET, UNKNOWN
from daybreak.clinical.records import AsOf, Chart
from daybreak.clinical.screening.judge import Finding, decide
from daybreak.clinical.screening.view import View
from daybreak.exchange.fhir.apart import Identified
from daybreak.exchange.fhir.claims import Said, preauthorization
from daybreak.exchange.fhir.writer import bundle, provenance, written
from daybreak.knowledge.protocols import payer
from daybreak.knowledge.rules import words
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.sentences import language as spoken
from daybreak.knowledge.store import digest_of, loaded
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.authorisation import ordered
from daybreak.web.authorisation.models import Authorisation
from daybreak.web.authorisation.ordered import Order
from daybreak.web.papers import pdf
from daybreak.web.patients import identity, older, queries, records
from daybreak.web.patients.kinds import ORDINARY, leaving
from daybreak.web.patients.models import PATIENT, Details
from daybreak.web.words import word

VERDICTS = {MET: "packet.met", NOT_MET: "packet.not_met", UNKNOWN: "packet.unknown"}
SHOWN = {MET: "met", NOT_MET: "not-met", UNKNOWN: "unknown"}
# Who can fill a gap: what the front desk knows, what the patient answers on a form, and everything else.
FILLS = {
    "adult": "packet.front_desk",
    "within_age_range": "packet.front_desk",
    "phq9_severe_enough": "packet.patient_form",
}
PRESCRIBER = "packet.prescriber"
DIAGNOSIS = "major_depression"


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion. `kept_back`: it rests on what bears a label, and nothing but its title is said."""

    title: str
    verdict: str
    shown: str
    sentence: str
    evidence: tuple[tuple[str, str, str, bool], ...]  # what, day, reference, only the patient says so
    missing: tuple[str, ...]
    fills: str
    source: str
    kept_back: bool


@dataclass(frozen=True, slots=True)
class Packet:
    """`asked` are criteria that nobody here computes: a person answers them. `seen` changes when what it rests on does."""

    lines: tuple[Line, ...]
    asked: tuple[str, ...]
    order: Order
    details: Details
    chart: Chart
    day: date
    seen: str
    labels: frozenset[str]  # that something of it bears


def packet(
    row: Authorisation, *, language: str, with_labelled: bool, reproductive: bool = False, at: datetime
) -> Packet:
    """What the record says now of the criteria of this authorisation's payer, in that language."""
    leaves = leaving(labelled=with_labelled, reproductive=reproductive)
    details, rows = queries.details(row.patient), records.current(row.patient)
    chart = records.chart_of(details, rows)
    as_of = AsOf(zones.day(at, row.site.zone), at)
    decision = decide(View(chart, as_of, words()), payer(row.payer, as_of=as_of.day))
    labels = {one.reference: older.label(one) for one in rows}
    labelled = {reference: label for reference, label in labels.items() if label != ORDINARY}
    by_patient = {one.reference for one in rows if one.origin == PATIENT}
    say = spoken(language)
    stay = {reference for reference, label in labelled.items() if label not in leaves}
    lines = [_line(one, by_patient, stay, say) for one in decision.findings]
    file = next(one for one in loaded("payers").values() if one["id"] == row.payer)
    told = [
        [f.criterion.name, f.answer.verdict.value, str(f.answer.reason), sorted(map(str, f.answer.evidence))]
        for f in decision.findings
    ]
    used = {labelled[e.resource] for f in decision.findings for e in f.answer.evidence if e.resource in labelled}
    asked = tuple(one[language] for one in file["not_computed"])
    order = _order(row, decision.findings, chart, stay, today=as_of.day)
    rests = {"told": told, "labels": sorted(labelled.items()), "payer": decision.protocol.digest, "order": order.seen}
    return Packet(tuple(lines), asked, order, details, chart, as_of.day, digest_of(rests), frozenset(used))


def _order(
    row: Authorisation, findings: Iterable[Finding], chart: Chart, stay: Collection[str], *, today: date
) -> Order:
    """With the diagnosis that the payer's own criterion rests on, once the record is sure of it."""
    found = next((one.answer for one in findings if one.criterion.name == DIAGNOSIS), None)
    refs = {one.resource for one in found.evidence} if found is not None and found.verdict is MET else set()
    diagnoses = [one for one in chart.conditions if one.ref in refs]
    return ordered.order(row, diagnoses, kept_back=bool(refs & set(stay)), today=today)


def _line(finding: Finding, by_patient: Collection[str], stay: Collection[str], say: Language) -> Line:
    criterion, answer = finding
    title = say.word(f"criterion.{criterion.name}")
    source = _source(criterion.source_id, criterion.source_where)
    if any(one.resource in stay for one in answer.evidence):
        return Line(title, "", "", "", (), (), "", source, kept_back=True)
    evidence = tuple((e.text, e.date or "", e.resource, e.resource in by_patient) for e in answer.evidence)
    missing = tuple(dict.fromkeys(say.say(one) for one in answer.missing))
    fills = "" if answer.verdict is MET else word(FILLS.get(criterion.name, PRESCRIBER), say.language)
    verdict = word(VERDICTS[answer.verdict], say.language)
    sentence = say.say(answer.reason)
    return Line(title, verdict, SHOWN[answer.verdict], sentence, evidence, missing, fills, source, kept_back=False)


def _source(id: str, where: str) -> str:
    found = next(one for file in loaded("sources").values() for one in file["sources"] if one["id"] == id)
    return f"{found['title']}, {where}"


def letter(
    row: Authorisation,
    made: Packet,
    *,
    answers: dict[int, str],
    member: str,
    dose: str,
    note: str,
    language: str,
    by: str,
) -> bytes:
    """The paper: who asks for what for whom, every criterion, what a person answered, and what is missing."""

    def say(id: str, **values: str) -> str:
        return word(id, language, **values)

    who, treatment = identity.of(made.details), spoken(language).word(f"protocol.{row.protocol}")
    blocks = [
        pdf.facts(
            (say("authorisation.payer"), title(row, language)),
            (say("authorisation.treatment"), treatment),
            (say("authorisation.paper_patient"), who.name),
            (say("patients.birth"), who.birth or "–"),
        ),
        pdf.paragraph(say("packet.opening", treatment=treatment)),
        pdf.heading(say("packet.ordered")),
        pdf.facts(
            *(
                (one.title, one.value or say("packet.gap", who=one.fills))
                for one in ordered.facts(made.order, member=member, dose=dose, language=language)
            )
        ),
    ]
    if note:
        blocks.append(pdf.paragraph(note))
    for line in made.lines:
        blocks.append(pdf.heading(line.title))
        if line.kept_back:
            blocks.append(pdf.paragraph(say("packet.kept_back")))
            continue
        blocks.append(pdf.paragraph(f"{line.verdict}. {line.sentence}"))
        if line.evidence:
            rows = [
                (text + (f" ({say('packet.as_told')})" if told else ""), day or "–")
                for text, day, _, told in line.evidence
            ]
            blocks.append(pdf.table([say("packet.evidence"), say("packet.day")], rows))
        if line.missing:
            blocks.append(pdf.points(*line.missing))
        blocks.append(pdf.paragraph(say("packet.asked_by", source=line.source)))
    if made.asked:
        blocks.append(pdf.heading(say("packet.asked_more")))
        blocks.append(
            pdf.facts(*((one, answers.get(n) or say("packet.no_answer")) for n, one in enumerate(made.asked)))
        )
    blocks += [pdf.notice(say("packet.closing")), pdf.line(say("packet.confirmed_by"), by)]
    told: pdf.Told = {"title": say("packet.title"), "footer": row.site.name, "blocks": blocks}
    return pdf.make(told, language=language, on=made.day)


def title(row: Authorisation, language: str) -> str:
    """The payer, as it is called."""
    return spoken(language).word(f"payer.{row.payer}") if row.payer else row.payer_name


def claim(
    row: Authorisation,
    made: Packet,
    *,
    id: UUID,
    answers: dict[int, str],
    member: str,
    dose: str,
    by: str,
    at: datetime,
) -> bytes:
    """The same as FHIR: the claim, and the records that the criteria rest on."""
    refs = {reference for line in made.lines for _, _, reference, _ in line.evidence}
    chart = _only(made.chart, refs)
    patient = f"Patient/{row.patient_id}"
    who = identity.of(made.details)
    told = Identified(patient, who.family_name, who.given_names)
    bare = bundle(chart, terms=terms(), at=at, who=told)
    there = {f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in bare["entry"]}
    typed = {"member": member, "dose": dose}
    said = [
        Said(one.title, one.value or word("packet.gap", "en", who=one.fills))
        for one in ordered.facts(made.order, **typed, language="en")
    ]
    said += [
        Said(one.title, word("packet.kept_back", "en") if one.kept_back else f"{one.verdict}. {one.sentence}",
             tuple(dict.fromkeys(r for _, _, r, _ in one.evidence if r in there)))
        for one in made.lines
    ]  # fmt: skip
    said += [Said(asked, answers.get(n) or word("packet.no_answer", "en")) for n, asked in enumerate(made.asked)]
    treatment = spoken("en").word(f"protocol.{row.protocol}")
    asks = preauthorization(
        said,
        ordered.claimed(made.order, **typed, treatment=treatment, country=row.site.organisation.country),
        id=str(id),
        patient=patient,
        payer=title(row, "en"),
        provider=row.site.name,
        created=made.day,
        terms=terms(),
    )
    from_us = provenance(id=f"{id}-by", targets=[f"Claim/{id}", *sorted(there)], by=by, site=row.site.name, at=at)
    return written(bundle(chart, terms=terms(), at=at, who=told, more=[*asks, from_us]))


def _only(chart: Chart, refs: Collection[str]) -> Chart:
    """The chart with nothing in it but these records."""
    parts = ("conditions", "exposures", "observations", "allergies", "ketamine", "therapies", "encounters")
    kept = {part: tuple(one for one in getattr(chart, part) if one.ref in refs) for part in parts}
    coverage = tuple(one for one in chart.coverage if one.source in refs)
    return replace(chart, **kept, coverage=coverage, episode=None, unmapped=(), problems=())
