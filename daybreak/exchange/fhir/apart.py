"""Which people stand in these files, each with who they are and with a bundle of their own?"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Problem
from daybreak.exchange.fhir.assemble import ABOUT_A_PATIENT
from daybreak.exchange.fhir.bundle import grouped, without_repeats
from daybreak.exchange.fhir.dates import read_date
from daybreak.exchange.fhir.entries import Entry, entries
from daybreak.exchange.fhir.files import Source, sources, unreadable
from daybreak.exchange.fhir.json_reader import NotJson, parse
from daybreak.exchange.fhir.ndjson import entries_of_lines
from daybreak.exchange.fhir.references import References
from daybreak.knowledge.terms import Terms

SEXES = ("female", "male", "other")


@dataclass(frozen=True, slots=True)
class Identified:
    """Who a file says that somebody is; empty where it does not say. `identifiers` are pairs of system and value."""

    ref: str
    family_name: str = ""
    given_names: str = ""
    birth: str = ""
    sex: str = ""
    language: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Somebody, the JSON bundle of their records, and where it stood."""

    who: Identified
    content: bytes
    place: str


def people(paths: Iterable[Path], *, terms: Terms) -> Iterator[OnePerson | Problem]:
    """Everybody in bundle files, folders and bulk NDJSON folders, one at a time; what cannot be read is a `Problem`."""
    for source in sources(paths):
        if isinstance(source, Problem):
            yield source
        elif source.lines:
            for found in entries_of_lines(source.files, terms=terms):
                yield found if isinstance(found, Problem) else _person(found[1], found[0], source.name)
        else:
            yield from _bundle(source)


def _bundle(source: Source) -> Iterator[OnePerson | Problem]:
    try:
        content = source.files[0].read_bytes()
    except OSError as error:
        yield unreadable(source.files[0], error)
        return
    yield from people_in(content, place=source.name)


def people_in(content: bytes, *, place: str) -> Iterator[OnePerson | Problem]:
    """Everybody in one bundle. The bytes of somebody who is alone in it are kept as they are."""
    try:
        value = parse(content).value
    except NotJson as error:
        yield Problem(place, error.reason)
        return
    listed, problems = entries(value, file=place)
    listed = without_repeats(listed, problems)
    groups = list(grouped(listed, References(listed), problems).values())
    if not groups:
        yield from problems or [Problem(place, Reason("fhir.no-patient"))]
        return
    if len(groups) == 1:
        yield OnePerson(_who(groups[0].entry, groups[0].reference), content, place)
        return
    yield from problems
    shared = [entry for entry in listed if entry.kind != "Patient" and entry.kind not in ABOUT_A_PATIENT]
    for group in groups:
        own = [group.entry] if group.entry else []
        yield _person([*own, *group.records, *shared], group.reference, place)


def _person(listed: list[Entry], ref: str, place: str) -> OnePerson:
    patient = next((entry for entry in listed if entry.kind == "Patient"), None)
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [({"fullUrl": entry.url} if entry.url else {}) | {"resource": entry.resource} for entry in listed],
    }
    content = json.dumps(bundle, ensure_ascii=True, separators=(",", ":"), default=_flawed).encode()
    return OnePerson(_who(patient, ref), content, f"{place}#{ref}")


def _flawed(value: Any) -> float:
    """A value that nobody can rely on (`Flaw`) stays one: NaN is no number of JSON, and the reader says so again."""
    return math.nan


def _who(patient: Entry | None, ref: str) -> Identified:
    if patient is None:
        return Identified(ref)
    resource = patient.resource
    family, given = _name(resource)
    birth = _text(resource.get("birthDate"))[:10]
    sex = _text(resource.get("gender"))
    return Identified(
        ref,
        family,
        given,
        birth if birth and read_date(birth) else "",
        sex if sex in SEXES else "",
        _language(resource),
        tuple(_identifiers(resource)),
    )


def _name(resource: Mapping[str, Any]) -> tuple[str, str]:
    """The official name, else the usual one, else the first that is not an old one."""
    written = [one for one in _list(resource.get("name")) if isinstance(one, Mapping)]
    ranks = {"official": 0, "usual": 1, "old": 4, "maiden": 4, "nickname": 3}
    for one in sorted(written, key=lambda name: ranks.get(_text(name.get("use")), 2)):
        given = " ".join(filter(None, map(_text, _list(one.get("given")))))
        family = _text(one.get("family")) or (_text(one.get("text")) if not given else "")
        if family or given:
            return (family, given) if family else (given, "")
    return "", ""


def _language(resource: Mapping[str, Any]) -> str:
    spoken = [one for one in _list(resource.get("communication")) if isinstance(one, Mapping)]
    for one in sorted(spoken, key=lambda each: each.get("preferred") is not True):
        language = one.get("language")
        if isinstance(language, Mapping):
            codes = [_text(code.get("display") or code.get("code")) for code in _list(language.get("coding"))
                     if isinstance(code, Mapping)]  # fmt: skip
            return next(filter(None, (_text(language.get("text")), *codes)), "")
    return ""


def _identifiers(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in _list(resource.get("identifier")):
        if isinstance(one, Mapping) and (value := _text(one.get("value"))):
            yield _text(one.get("system")), value


def _text(value: Any) -> str:
    return value.strip().replace("\0", "") if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
