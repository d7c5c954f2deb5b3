"""Whose is each record of one bundle?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Chart, Patient, Problem
from daybreak.exchange.fhir.assemble import ABOUT_A_PATIENT, chart_of
from daybreak.exchange.fhir.entries import Entry, entries
from daybreak.exchange.fhir.references import References, is_web, plain, reference_of, short
from daybreak.knowledge.terms import Terms

NOT_A_PERSON = frozenset({"Group", "Device", "Location", "Organization", "Practitioner", "Medication", "Substance"})
NOBODY = Reason("fhir.nobody")  # the record says not whose it is


@dataclass(slots=True)
class Group:
    """One patient's records; `entry` is None when the patient's own record is not there."""

    entry: Entry | None
    reference: str
    records: list[Entry] = field(default_factory=list)


def charts(bundle: Mapping[str, Any], *, terms: Terms, place: str) -> list[Chart]:
    """The charts of every patient in a bundle (or a lone resource). `place` names it in problems, usually its file.

    When there is nobody in it, what went wrong stands in the chart of an unnamed patient.
    """
    found, problems = charts_and_problems(dict(bundle), terms=terms, place=place)
    if problems and not found:
        return [Chart(Patient(id="", ref=place), problems=tuple(problems))]
    return found


def charts_and_problems(value: Any, *, terms: Terms, place: str) -> tuple[list[Chart], list[Problem]]:
    """The charts, in the order of their first record, or the problems when there is no chart to carry them.

    What belongs to nobody is a problem of every patient of the bundle, since it may be theirs.
    """
    listed, problems = entries(value, file=place)
    listed = without_repeats(listed, problems)
    references = References(listed)

    def find(reference: str, seen_from: Entry, kind: str) -> Entry | None:
        return references.find(reference, seen_from=seen_from, kind=kind)

    groups = grouped(listed, references, problems)
    if not groups:
        return [], problems or [Problem(place, Reason("fhir.nothing"))]
    read = [
        chart_of(g.entry, g.reference, g.records, terms=terms, find=find, problems=problems) for g in groups.values()
    ]
    return read, []


def grouped(listed: list[Entry], references: References, problems: list[Problem]) -> dict[Any, Group]:
    """The records of each patient in the bundle, in the order of the first one."""
    groups: dict[Any, Group] = {}
    owners: dict[str, Group | None] = {}
    for entry in listed:
        if entry.kind == "Patient":
            groups.setdefault(id(entry), Group(entry, entry.ref))
        elif entry.kind == "OperationOutcome":
            problems += outcome(entry)
        elif entry.kind in ABOUT_A_PATIENT:
            reference = subject_of(entry.resource)
            if reference is None:
                problems.append(Problem(entry.place, NOBODY))
                continue
            address = references.address(reference, seen_from=entry)
            if address.startswith("#"):
                address = entry.place + address
            if address not in owners:
                owners[address] = _owner(entry, reference, address, references, groups)
            group = owners[address]
            if group is not None:
                group.records.append(entry)
    return groups


def _owner(
    entry: Entry, reference: str, address: str, references: References, groups: dict[Any, Group]
) -> Group | None:
    """The group of the patient meant; None when the subject is no person (a device, a group)."""
    if reference.startswith("#"):
        return groups.setdefault(address, Group(_contained(entry, reference[1:]), address))
    patient = references.find(reference, seen_from=entry, kind="Patient")
    if patient is None:
        if short(address, kind="Patient").partition("/")[0] in NOT_A_PERSON:
            return None
        return groups.setdefault(address, Group(None, address))
    if patient.kind != "Patient":
        return None if patient.kind in NOT_A_PERSON else groups.setdefault(address, Group(None, address))
    return groups.setdefault(id(patient), Group(patient, patient.ref))


def _contained(entry: Entry, id_: str) -> Entry | None:
    contained = entry.resource.get("contained")
    for inner in contained if isinstance(contained, list) else ():
        if isinstance(inner, dict) and inner.get("id") == id_ and inner.get("resourceType") == "Patient":
            return Entry(inner, "Patient", id_, f"{entry.ref}#{id_}", entry.place)
    return None


def subject_of(resource: Mapping[str, Any]) -> str | None:
    """The reference to the patient; None when nobody is named."""
    subject = resource.get("subject")
    return reference_of(resource.get("patient") if subject is None else subject)


def outcome(entry: Entry) -> list[Problem]:
    """What a server said went wrong instead of, or beside, the records."""
    issues = entry.resource.get("issue")
    said = []
    for issue in issues if isinstance(issues, list) else ():
        if isinstance(issue, dict) and issue.get("severity") in ("fatal", "error"):
            details = issue.get("details")
            words = issue.get("diagnostics") or (details.get("text") if isinstance(details, dict) else None)
            known = words[:200] if isinstance(words, str) else ""
            said.append(Reason("fhir.server", {"words": known}) if known else Reason("fhir.server-wordless"))
    return [Problem(entry.place, one) for one in said]


def without_repeats(listed: list[Entry], problems: list[Problem]) -> list[Entry]:
    """The same record twice is one record. Different records with one id are a problem; of patients the first holds."""
    known: dict[tuple[str, str], Entry] = {}
    kept = []
    for entry in listed:
        server = "/".join(plain(entry.url).split("/")[:-2]) if is_web(entry.url) else ""
        first = known.setdefault((entry.ref, server), entry)
        if first is not entry:
            if _same(first, entry):
                continue
            if entry.kind == "Patient" or entry.kind in ABOUT_A_PATIENT:
                problems.append(Problem(entry.place, Reason("fhir.one-id", {"record": entry.ref})))
            if entry.kind == "Patient":
                continue
        kept.append(entry)
    return kept


def _same(a: Entry, b: Entry) -> bool:
    try:
        return a.resource == b.resource
    except RecursionError:
        return False
