"""Which records stand in this JSON value, and how is each of them cited?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.records import Problem
from daybreak.exchange.fhir.json_reader import Flaw


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource. `ref` is how it is cited (`Condition/x`), `place` where it stands (`file#Condition/x`)."""

    resource: Mapping[str, Any]
    kind: str
    id: str | None
    ref: str
    place: str
    url: str = ""


def entry_of(resource: Mapping[str, Any], *, kind: str, url: Any, file: str, place: str) -> Entry:
    """A record is cited by its id, failing that by the id in its `fullUrl`, failing that by its place."""
    id_ = resource.get("id")
    url = url if isinstance(url, str) else ""
    if not isinstance(id_, str) or not id_:
        id_ = url.rpartition(":" if url.startswith("urn:") else "/")[2] or None
    ref = f"{kind}/{id_}" if id_ else place
    return Entry(resource, kind, id_, ref, f"{file}#{ref}" if id_ else place, url)


def entries(value: Any, *, file: str) -> tuple[list[Entry], list[Problem]]:
    """The resources of a bundle of any type (bundles within it too), of an array of resources, or of a lone resource.

    Whatever is no resource is a problem; what a bundle says about itself (requests, responses) is none.
    """
    found: list[Entry] = []
    problems: list[Problem] = []
    todo = [(value, "", file)]
    while todo:
        one, url, place = todo.pop()
        if isinstance(one, list) and any(isinstance(x, dict) and "resourceType" in x for x in one):
            todo += [(x, "", f"{file}#entry[{i}]") for i, x in reversed(list(enumerate(one)))]
        elif not isinstance(one, dict):
            problems.append(Problem(place, Reason("fhir.not-fhir", {"given": shown(one)})))
        elif one.get("resourceType") == "Bundle":
            _open_bundle(one, file, place, todo, problems)
        elif isinstance(kind := one.get("resourceType"), str) and kind:
            at = place if place != file else f"{file}#entry[0]"
            found.append(entry_of(one, kind=kind, url=url, file=file, place=at))
        else:
            untyped = Reason("fhir.untyped") if kind is None else Reason("fhir.odd-type", {"given": shown(kind)})
            problems.append(Problem(place, untyped))
    return _current(found, value), problems


def _open_bundle(
    bundle: Mapping[str, Any], file: str, place: str, todo: list[tuple[Any, str, str]], problems: list[Problem]
) -> None:
    listed = bundle.get("entry")
    if listed is not None and not isinstance(listed, list):
        problems.append(Problem(place, Reason("fhir.entries", {"given": shown(listed)})))
        return
    if any(isinstance(x, dict) and x.get("relation") == "next" for x in _list(bundle.get("link"))):
        problems.append(Problem(place, Reason("fhir.one-page")))
    inner = "" if place == file else place.partition("#")[2] + "."
    opened: list[tuple[Any, str, str]] = []
    for i, entry in enumerate(listed or ()):
        at = f"{file}#{inner}entry[{i}]"
        if not isinstance(entry, dict):
            problems.append(Problem(at, Reason("fhir.entry", {"given": shown(entry)})))
        elif entry.get("resource") is not None:
            opened.append((entry["resource"], entry.get("fullUrl") or "", at))
        elif not _only_about_itself(entry):
            problems.append(Problem(at, Reason("fhir.entry-empty")))
    todo += reversed(opened)


def _only_about_itself(entry: Mapping[str, Any]) -> bool:
    request = entry.get("request")
    method = request.get("method") if isinstance(request, dict) else None
    return method in ("DELETE", "GET", "HEAD") or isinstance(entry.get("response"), dict)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _current(found: list[Entry], value: Any) -> list[Entry]:
    """A history bundle holds every version, the newest first, and what was deleted: the first word on each counts."""
    if not isinstance(value, dict) or value.get("type") != "history":
        return found
    by_resource = {id(one.resource): one for one in found}
    decided: set[str] = set()
    kept = []
    for entry in _list(value.get("entry")):
        if not isinstance(entry, dict):
            continue
        request = entry.get("request")
        if isinstance(request, dict) and request.get("method") == "DELETE":
            decided.add(str(request.get("url")))
        elif (one := by_resource.get(id(entry.get("resource")))) and one.ref not in decided:
            decided.add(one.ref)
            kept.append(one)
    return kept


def shown(value: Any) -> str | Term | Reason:
    """A value as a sentence can name it, short."""
    if isinstance(value, Reason):
        return value
    if isinstance(value, Flaw):
        return Reason("fhir.flawed", {"why": value.why})
    if value is None:
        return Term("fhir.empty")
    if isinstance(value, dict):
        return Term("fhir.object")
    if isinstance(value, list | tuple):
        return Term("fhir.list")
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = str(value)
    except ValueError:  # an integer too long to be written
        return Term("fhir.huge")
    text = text if len(text) <= 60 else text[:57] + "…"
    return f'"{text}"' if isinstance(value, str) else text
