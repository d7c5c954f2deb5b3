"""Who is the patient of a chart?"""

from __future__ import annotations

from daybreak.clinical.answers import UNREADABLE, Term, Unreadable
from daybreak.clinical.records import Patient, When
from daybreak.exchange.fhir.record import Record

GENDERS = frozenset({"female", "male", "other", "unknown"})


def read_patient(record: Record) -> Patient:
    """Birth (it may be partial), recorded sex, and whether the patient died."""
    sex = record.word("gender", GENDERS)
    return Patient(
        id=record.entry.id or record.ref,
        ref=record.ref,
        birth=record.date("birthDate", record.resource.get("birthDate"))[0],
        sex=None if sex == "unknown" else sex,
        deceased=_deceased(record),
    )


def _deceased(record: Record) -> When | bool | Unreadable | None:
    flag = record.resource.get("deceasedBoolean")
    if flag is not None and not isinstance(flag, bool):
        return record.wrong("deceasedBoolean", flag, Term("fhir.boolean"))
    died = record.dated("deceased").start
    if died is UNREADABLE:  # a date of death was written: only the day is unknown
        return True
    if died is not None and flag is False:
        return record.trouble("fhir.died-and-not")
    return flag if died is None else died


def absent_patient(reference: str) -> Patient:
    """Somebody whom records name but whose own record is not there."""
    id_ = reference.partition("/_history/")[0].rstrip("/").replace("urn:uuid:", "/").rpartition("/")[2]
    return Patient(id=id_, ref=f"Patient/{id_}")
