"""Which entries of an earlier intake does a new one take the place of? As their next version: nothing is lost."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

from daybreak.clinical import records as clinical
from daybreak.web.patients import payloads, queries, records
from daybreak.web.patients.kinds import KIND_OF, Record
from daybreak.web.patients.models import PATIENT, Entry, Patient


def news(patient: Patient, said: Iterable[Record]) -> list[tuple[Record, Entry | None]]:
    """Of what is said now what was not said before, each with the entry that it replaces.

    That is one that the patient told of the same thing and nobody confirmed. What a person confirmed stays, and what the
    patient says otherwise stands beside it. An entry that is not mentioned again stays too: silence takes nothing back.
    """
    versions = [one for one in queries.read_anew(patient) if one.patient_id == patient.pk]
    following = {one.replaces_id: one for one in versions}
    waiting: dict[Hashable, list[tuple[Entry, str]]] = {}
    confirmed: set[str] = set()
    for one in versions:
        if one.origin != PATIENT:
            continue
        last, record = one, records.record(one)
        while last.id in following:
            last = following[last.id]
        if hasattr(last, "withdrawal"):
            continue
        if last is one:
            waiting.setdefault(_thing(record), []).append((one, _plain(record)))
        elif last.origin != PATIENT:
            confirmed.add(_plain(record))
    found: list[tuple[Record, Entry | None]] = []
    for record in said:
        if isinstance(record, clinical.Observation):
            found.append((record, None))  # a new answer on a new day
        elif before := waiting.get(_thing(record)):
            entry, plain = before.pop(0)
            if plain != _plain(record):
                found.append((record, entry))
        elif _plain(record) not in confirmed:
            found.append((record, None))
    return found


def _thing(record: Record) -> Hashable:
    """What it is about: two records of one thing have the same."""
    kind = KIND_OF[type(record)]
    text = getattr(record, "text", "").casefold()
    match record:
        case clinical.Exposure():
            return kind, record.ingredients or text
        case clinical.Therapy():
            return kind, record.kind
        case clinical.KetamineExposure():
            return kind, record.drug
        case clinical.Condition():
            return kind, record.concepts, text
        case clinical.Episode():
            return kind
    return kind, text


def _plain(record: Record) -> str:
    """What it says, without when it was written."""
    empty = {name: value for name, value in (("ref", ""), ("recorded", None)) if hasattr(record, name)}
    return payloads.written(replace(record, **empty))
