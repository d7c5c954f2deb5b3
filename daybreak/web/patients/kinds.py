"""Which kinds of entry does a patient's record have, and which clinical record is each?"""

from __future__ import annotations

from enum import StrEnum

from daybreak.clinical import records
from daybreak.clinical.answers import Unreadable
from daybreak.clinical.records import When
from daybreak.knowledge.labels import label


class Kind(StrEnum):
    """One kind of entry. `PERSON` is what an imported file says about who the patient is."""

    PERSON = "person"
    CONDITION = "condition"
    EXPOSURE = "exposure"
    OBSERVATION = "observation"
    ALLERGY = "allergy"
    KETAMINE = "ketamine"
    THERAPY = "therapy"
    EPISODE = "episode"
    COVERAGE = "coverage"
    ENCOUNTER = "encounter"
    UNMAPPED = "unmapped"
    PROBLEM = "problem"


Record = (
    records.Patient
    | records.Condition
    | records.Exposure
    | records.Observation
    | records.Allergy
    | records.KetamineExposure
    | records.Therapy
    | records.Episode
    | records.Coverage
    | records.Encounter
    | records.Unmapped
    | records.Problem
)
RECORD_OF: dict[Kind, type[Record]] = {
    Kind.PERSON: records.Patient,
    Kind.CONDITION: records.Condition,
    Kind.EXPOSURE: records.Exposure,
    Kind.OBSERVATION: records.Observation,
    Kind.ALLERGY: records.Allergy,
    Kind.KETAMINE: records.KetamineExposure,
    Kind.THERAPY: records.Therapy,
    Kind.EPISODE: records.Episode,
    Kind.COVERAGE: records.Coverage,
    Kind.ENCOUNTER: records.Encounter,
    Kind.UNMAPPED: records.Unmapped,
    Kind.PROBLEM: records.Problem,
}
KIND_OF = {record: kind for kind, record in RECORD_OF.items()}
# What a pharmacist has to know.
MEDICINES = frozenset({Kind.EXPOSURE, Kind.KETAMINE, Kind.ALLERGY})

ORDINARY, SUBSTANCE_USE, PSYCHOTHERAPY, REPRODUCTIVE = "ordinary", "substance_use", "psychotherapy", "reproductive"
SENSITIVITIES = (ORDINARY, SUBSTANCE_USE, PSYCHOTHERAPY, REPRODUCTIVE)
# What may bear a label. Medicines may not: whoever looks for interactions has to see them all.
LABELLED = frozenset({Kind.CONDITION, Kind.THERAPY, Kind.OBSERVATION})


def reference(record: Record) -> str:
    """What the record calls itself; a review is named by its source, a problem by its place."""
    if isinstance(record, records.Coverage):
        return record.source
    return record.place if isinstance(record, records.Problem) else record.ref


def aspect(record: Record) -> str:
    """What tells records apart that come from one resource: the parts of a panel, the drugs of a mixture."""
    for name in ("domain", "drug", "kind", "code"):
        if found := getattr(record, name, None):
            return str(found)
    return ""


def when(record: Record) -> When | Unreadable | None:
    """The time that the record tells of: where it begins, failing that when it was recorded."""
    if isinstance(record, records.Coverage):
        return records.on(record.reviewed_on)
    for name in ("start", "when", "onset", "recorded"):
        if isinstance(found := getattr(record, name, None), When):
            return found
    return None


def sensitivity(record: Record) -> str:
    """Which label the entry gets."""
    found = None
    if isinstance(record, records.Therapy):
        found = label(therapy=record.kind if isinstance(record.kind, str) else "")
    elif isinstance(record, records.Condition):
        certain = record.concepts if isinstance(record.concepts, frozenset) else frozenset()
        found = label(conditions=certain | record.possible)
    elif isinstance(record, records.Observation):
        found = label(observation=record.kind)
    return found or ORDINARY


def leaving(*, labelled: bool, reproductive: bool) -> frozenset[str]:
    """Which labels go along when something leaves: the patient agrees to pregnancy by itself, to the others together."""
    together = {SUBSTANCE_USE, PSYCHOTHERAPY} if labelled else set()
    return frozenset({ORDINARY, *together, *([REPRODUCTIVE] if reproductive else [])})
