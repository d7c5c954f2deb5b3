"""What does a clinic with very many patients have in its tables? (seeded; the same row shapes as the actions write)

The rows go past forms and actions straight into the tables: `fill(patients=100_000, observations=50)` takes minutes, not days.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection, models

from daybreak.clinical.records import Allergy, Condition, Coverage, Exposure, Observation, on
from daybreak.web.patients import names, records
from daybreak.web.patients.kinds import Record
from daybreak.web.patients.models import Details, Entry, NamePiece, NameWord, Patient, Registration
from daybreak.web.people.models import Person, Site

SEED = 20261124
BEGAN = datetime(2016, 1, 4, 8, 0, tzinfo=UTC)
FIRST, LAST = date(2016, 1, 4), date(2026, 10, 1)
OLDEST, YOUNGEST = date(1936, 1, 1), date(2008, 1, 1)
AT_ONCE = 20_000
SYLLABLES = ("ba", "bren", "da", "del", "fi", "gar", "hol", "ka", "kel", "ler", "lin", "ma", "mor", "na", "ner", "o", "pet",
             "ra", "rik", "sa", "sen", "son", "ta", "ti", "tor", "va", "ven", "wil", "yo", "zim")  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅小云飞雪鹏浩宇欣怡子涵晨曦"
# What a patient has beside the observations.
OTHERS: tuple[Record, ...] = (
    Condition(
        "", "major depressive disorder", concepts=frozenset({"mdd"}), clinical="active", verification="confirmed"
    ),
    Exposure("", "sertraline", ("sertraline",), kind="form", status="ended", stop="no effect", dose=Decimal(150)),
    Exposure("", "venlafaxine", ("venlafaxine",), kind="form", status="active", dose=Decimal(225)),
    Allergy("", "penicillin"),
    Coverage("conditions", reviewed_on=date(2026, 9, 1), by="Ada", source=""),
)
READINGS = tuple(("phq-9", Decimal(n)) for n in range(28)) + tuple(("weight", Decimal(n)) for n in range(50, 120))


def fill(*, patients: int, observations: int, site: Site, by: Person) -> None:
    """Write that many patients of the site, each with so many observations on as many days."""
    chance = random.Random(SEED)
    people = list(_people(patients, chance))
    common = {"organisation_id": site.organisation_id, "created": BEGAN}
    ids = [_id(n, chance) for n in range(patients)]
    with _unchecked():
        _write(Patient, ({"id": id, **common} for id in ids))
        who = ({"family_name": f, "given_names": g, "birth": b, "sex": "female", "by_id": by.id} for f, g, b in people)
        _write(Details, ({"id": id, "patient_id": id, **one, **common} for id, one in zip(ids, who, strict=True)))
        numbers = ({"number": f"{n:06d}", "site_id": site.id, "by_id": by.id} for n in range(patients))
        _write(
            Registration, ({"id": id, "patient_id": id, **one, **common} for id, one in zip(ids, numbers, strict=True))
        )
        stored = [names.stored(f"{family} {given}") for family, given, _ in people]
        for model, name, part in ((NamePiece, "piece", 0), (NameWord, "word", 1)):
            pairs = ((id, text) for id, parts in zip(ids, stored, strict=True) for text in parts[part])
            _write(model, ({"patient_id": id, "site_id": site.id, name: text} for id, text in pairs))
        _write(Entry, _entries(ids, observations, chance, site, by))


def _people(count: int, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Family name, given names, birth date: some names are much commoner than others, a fifth is Chinese."""
    family = ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3)))).title() for _ in range(6000)]
    given = ["".join(chance.choices(SYLLABLES, k=2)).title() for _ in range(600)]
    for _ in range(count):
        born = OLDEST + timedelta(days=chance.randrange((YOUNGEST - OLDEST).days))
        if chance.random() < 0.2:
            yield chance.choice(SURNAMES), "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2)))), born.isoformat()
        else:
            yield _common(family, chance), _common(given, chance), born.isoformat()


def _common(every: list[str], chance: random.Random) -> str:
    return every[int(len(every) * chance.random() ** 3)]


def _entries(
    ids: list[str], observations: int, chance: random.Random, site: Site, by: Person
) -> Iterator[dict[str, Any]]:
    """A row as `records.entry` makes it for each reading, with another key, day and patient."""
    patient = Patient(id=ids[0], organisation_id=site.organisation_id)
    marked = on(date(1999, 9, 9))
    readings = [Observation("REF", kind, value, marked) for kind, value in READINGS]
    templates = [_row(records.entry(one, patient=patient, by=by, at=BEGAN)) for one in readings]
    others = [_row(records.entry(one, patient=patient, by=by, at=BEGAN)) for one in OTHERS]
    days = [(FIRST + timedelta(days=n)).isoformat() for n in range((LAST - FIRST).days)]
    number = len(ids)
    for id in ids:
        for template in others:
            number += 1
            yield template | {"id": _id(number, chance), "patient_id": id, "reference": f"x/{number}"}
        for _ in range(observations):
            number += 1
            key, day, template = _id(number, chance), chance.choice(days), chance.choice(templates)
            ref = f"Observation/{key}"
            payload = template["payload"].replace("1999-09-09", day).replace('"REF"', f'"{ref}"')
            yield template | {"id": key, "patient_id": id, "happened": day, "payload": payload, "reference": ref}


def _id(number: int, chance: random.Random) -> str:
    """Version 7 as `ids.new` makes it, in the order of the numbers."""
    return f"{int(BEGAN.timestamp() * 1000) + number // 4096:012x}7{number % 4096:03x}8{chance.getrandbits(60):015x}"


def _row(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _write(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """All columns of the table, a blank one where the row says nothing, by the fastest way that the database has."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.BigAutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    empty = {field.attname: None if field.null else "" for field in fields}
    known: dict[Any, Any] = {}

    def value(field: models.Field[Any, Any], given: Any) -> Any:
        if given is None or isinstance(given, str):
            return given
        if given not in known:
            known[given] = field.get_db_prep_save(given, connection)
        return known[given]

    every = (tuple(value(field, {**empty, **row}[field.attname]) for field in fields) for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            while some := list(islice(every, AT_ONCE)):
                marks = ", ".join(["?"] * len(fields))
                cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", some)
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for one in every:
                copy.write_row(one)


class _unchecked:
    """Without looking up every reference: the rows are right by construction. Ends with what the database would do by itself."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys = OFF")
                cursor.execute("BEGIN")
            else:
                cursor.execute("SET session_replication_role = replica")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("COMMIT")
                cursor.execute("PRAGMA foreign_keys = ON")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                cursor.execute("SET session_replication_role = DEFAULT")
                cursor.execute("VACUUM ANALYZE")
