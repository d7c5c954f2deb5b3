"""Whose names are worth comparing with a name that is looked for? At most a few hundred, however many patients there are.

The ways go from the narrow to the wide: everybody with every word, everybody with words that sound so, and those who share
its rarest pieces. Each is one question that both databases answer from one index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from daybreak.web.patients import names
from daybreak.web.patients.models import Details, NamePiece, NameWord

MOST = 100  # patients who are alike, those with every word first, and as many who share pieces
BORN = 300  # patients with the same birth date are looked at
COUNTED = 300  # a piece that more patients have is as common as any
SHORTEST = 3  # consonants tell enough to be taken for a name
CHOOSING = 900  # patients are looked at, those with the rarest pieces first


def named(text: str, places: Sequence[UUID], *, births: Collection[str] | None = None) -> tuple[set[UUID], set[UUID]]:
    """Patients of these sites who have every word of that name, or words that sound so; and others to be compared with it.

    With `births` only those who have or had such a birth date.
    """
    if not places:
        return set(), set()
    heard = names.sounds(text)
    told = [names.words(text), heard if sum(len(one) - 1 for one in heard) >= SHORTEST else ()]
    ways = [_with_all(words, places, births) for words in told if words]
    alike = set(ways[0].union(*ways[1:], all=True)[:MOST]) if ways else set()
    near = _near(names.pieces(text), places)
    return alike, set(near if births is None else _born(near, births))


def _born(near: Collection[UUID], births: Collection[str]) -> Iterable[UUID]:
    """Those of them who have or had such a birth date, and others who were certainly born then."""
    rows = Details.objects.values_list("patient", flat=True)
    others = rows.filter(birth__in=[one for one in births if one])
    return rows.filter(patient__in=near, birth__in=births).union(others, all=True)[: MOST + BORN]


def _with_all(words: Collection[str], places: Sequence[UUID], births: Collection[str] | None) -> QuerySet[Any, UUID]:
    first, *rest = sorted(words, key=lambda word: (-len(word), word))[:6]  # the longest is likely to be the rarest
    rows = NameWord.objects.filter(site__in=places, word=first)
    for word in rest:
        same = NameWord.objects.filter(site=OuterRef("site"), word=word, patient=OuterRef("patient"))
        rows = rows.filter(Exists(same))
    if births is not None:
        rows = rows.filter(Exists(Details.objects.filter(patient=OuterRef("patient"), birth__in=births)))
    return rows.values_list("patient", flat=True)


def _near(pieces: Collection[str], places: Sequence[UUID]) -> list[UUID]:
    """Those who share most of the pieces that choose: the rarest ones that occur, until together they are enough."""
    asked = sorted(pieces)[:100]
    counts = dict(zip(asked, _counted(asked, places), strict=True))
    chosen: list[str] = []
    total = 0
    for piece in sorted(asked, key=counts.__getitem__):
        if counts[piece] and (total < CHOOSING or not chosen):
            chosen.append(piece)
            total += counts[piece]
    if not chosen:
        return []
    at_sites = _places(places)
    one = (
        "SELECT patient_id FROM (SELECT patient_id FROM patients_name_piece "
        f"WHERE site_id IN ({at_sites}) AND piece = %s LIMIT {CHOOSING}) AS one_piece"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT patient_id FROM ({' UNION ALL '.join([one] * len(chosen))}) AS all_pieces "
            f"GROUP BY patient_id ORDER BY count(*) DESC, patient_id LIMIT {MOST}",
            _values(chosen, places),
        )
        return [found if isinstance(found, UUID) else UUID(found) for (found,) in cursor.fetchall()]


def _counted(pieces: Sequence[str], places: Sequence[UUID]) -> Sequence[int]:
    if not pieces:
        return []
    one = (
        f"(SELECT count(*) FROM (SELECT 1 FROM patients_name_piece WHERE site_id IN ({_places(places)}) AND piece = %s "
        f"LIMIT {COUNTED}) AS capped)"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([one] * len(pieces))}", _values(pieces, places))
        counts: Sequence[int] = cursor.fetchone()
        return counts


def _places(places: Sequence[UUID]) -> str:
    return ", ".join(["%s"] * len(places))


def _values(pieces: Sequence[str], places: Sequence[UUID]) -> list[object]:
    adapt = NamePiece._meta.get_field("site").get_db_prep_value
    sites = [adapt(place, connection) for place in places]
    return [value for piece in pieces for value in (*sites, piece)]
