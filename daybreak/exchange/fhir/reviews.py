"""Who reviewed which part of the history, and when?"""

from __future__ import annotations

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Code, Coverage, Problem, When
from daybreak.exchange.fhir.draft import Draft
from daybreak.exchange.fhir.record import Record
from daybreak.exchange.fhir.references import reference_of, short

STATUS = frozenset({"current", "retired", "entered-in-error"})
MODE = frozenset({"working", "snapshot", "changes"})
PARTS = frozenset(
    {
        "Condition",
        "AllergyIntolerance",
        "MedicationRequest",
        "MedicationStatement",
        "MedicationDispense",
        "MedicationAdministration",
    }
)


def read_list(record: Record, draft: Draft) -> None:
    """A current snapshot with a known section code and a day is a review.

    An empty list reviews nothing, unless it says that nothing is known. What it names must be there to be read.
    """
    status, mode = record.word("status", STATUS), record.word("mode", MODE)
    if status != "current" or mode != "snapshot" or record.modified:
        return
    domains = record.terms.review(record.concept("code", record.resource.get("code"))[0])
    if not domains:
        return
    entries = record.objects("entry")
    if not entries:
        reason = record.concept("emptyReason", record.resource.get("emptyReason"))[0]
        if not any(c.code == "nilknown" for c in reason):
            return
    on = record.date("date", record.resource.get("date"))[0]
    if not isinstance(on, When) or not on.exact:
        return
    for entry in entries:
        if entry.get("deleted") is not True:
            _look_for(entry.get("item"), record, draft, on)
    by = _person(record, ("source",))
    draft.coverage += [Coverage(domain, on.earliest, by, record.ref) for domain in domains]


def _look_for(item: object, record: Record, draft: Draft, on: When) -> None:
    """A record that the review rests on and that we were not given was not read: its part of the history stays open."""
    reference = reference_of(item)
    if reference is None:
        return
    if found := record.follow(item, kind=""):
        draft.listed[found.ref] = max(on, draft.listed.get(found.ref, on))
        return
    named = short(reference, kind="?")
    if named.partition("/")[0] in PARTS or named.startswith("?"):
        file = record.entry.place.partition("#")[0]
        draft.problems.append(Problem(f"{file}#{named}", Reason("fhir.not-here", {"by": record.ref})))


def nothing_known(
    record: Record, draft: Draft, *, codes: tuple[Code, ...], recorded: When | None, by: tuple[str, ...]
) -> None:
    """A coded "no known …" is a review of that part of the history if it says on which day."""
    if recorded is not None and recorded.exact:
        person = _person(record, by)
        draft.coverage += [Coverage(d, recorded.earliest, person, record.ref) for d in record.terms.no_known(codes)]


def _person(record: Record, fields: tuple[str, ...]) -> str | None:
    """The name beside the first of these references, or the reference itself when there is no name."""
    for field in fields:
        value = record.resource.get(field)
        display = value.get("display") if isinstance(value, dict) else None
        if isinstance(display, str) and display:
            return display
        if reference := reference_of(value):
            return short(reference, kind="Practitioner")
    return None
