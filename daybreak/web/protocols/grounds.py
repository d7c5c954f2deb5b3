"""What do protocols rest on besides their own lines (codes, doses, rule sets, periods), and what of it is different now?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.protocols import GROUND
from daybreak.knowledge.store import digest_of, load
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.people.models import Person
from daybreak.web.protocols import reading
from daybreak.web.protocols.models import Ground

SECTIONS = (*GROUND, "criteria", "periods")
NAMES = ("id", "criterion", "ingredient", "code")  # what an entry of a list is called by, the first that it has
OF_ONE = ("criteria", "protocols")  # entries that count for the protocols alone that name them

Entries = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry that differs: `what` is added, removed or changed; `parts` are (which, before, after); `title` by language."""

    section: str
    name: str
    title: Mapping[str, str]
    what: str
    parts: tuple[tuple[str, str, str], ...] = ()


def now() -> dict[str, Any]:
    """All of it as it is read now."""
    chosen = [{"id": one["id"], "trial_rules": one["trial_rules"]} for one in reading.files()]
    return {section: load(section) for section in SECTIONS} | {"protocols": {"protocols": {"protocols": chosen}}}


@transaction.atomic
def keep(organisation_id: UUID, *, by: Person, at: datetime) -> Ground:
    """The row that holds it as it is read now; of each state there is one."""
    found = now()
    told = {"id": ids.new(), "created": at, "content": json.dumps(found, sort_keys=True, ensure_ascii=False)}
    row, new = Ground.objects.get_or_create(organisation_id=organisation_id, digest=digest_of(found), defaults=told)
    if new:
        trail.wrote(row, action="ground_kept", who=by.id, at=at)
    return row


def moved(since: UUID | None, *, protocol: str, criteria: Collection[str]) -> list[Moved]:
    """What differs since that row was kept, as far as that protocol with these criteria rests on it. Of None: nothing known."""
    if since is None:
        return []
    old, new = _kept(since), entries(now())
    mine = {"criteria": criteria, "protocols": (protocol,)}
    found = []
    for key in sorted({*old, *new}):
        section, name = key
        if section in OF_ONE and name not in mine[section]:
            continue
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        what = "added" if before is None else "removed" if after is None else "changed"
        parts = tuple(_parts(before, after)) if before is not None and after is not None else ()
        found.append(Moved(section, name, (after or before or {}).get("title") or {}, what, parts))
    return found


@lru_cache(maxsize=8)
def _kept(id: UUID) -> Entries:
    """Such a row never changes."""
    return entries(json.loads(Ground.objects.values_list("content", flat=True).get(pk=id)))


def entries(ground: Mapping[str, Any]) -> Entries:
    """Every entry of every list by its section and name, without the lists within it, which are entries of their own."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for section, files in ground.items():
        for file, content in files.items():
            for name, plain in _walk("" if file == section else file, content):
                found[section, name] = plain
    return found


def _walk(name: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    plain = {}
    for key, part in value.items():
        if isinstance(part, list) and part and all(isinstance(one, dict) for one in part):
            for place, one in enumerate(part):
                own = next((str(one[by]) for by in NAMES if by in one), f"{key} {place + 1}")
                yield from _walk(" / ".join(filter(None, (name, own))), one)
        else:
            plain[key] = part
    if plain:
        yield name, plain


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield key, _said(old, without=new), _said(new, without=old)


def _said(value: Any, *, without: Any) -> str:
    """In a few words; of a list or a table only what the other does not have."""
    if isinstance(value, Mapping):
        other = without if isinstance(without, Mapping) else {}
        return ", ".join(f"{key}: {_flat(one)}" for key, one in value.items() if other.get(key) != one) or "–"
    if isinstance(value, list):
        other = without if isinstance(without, list) else []
        return ", ".join(_flat(one) for one in value if one not in other) or "–"
    return "–" if value is None or value == "" else _flat(value)


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
