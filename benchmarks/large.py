"""Is a patient found, and shown, as quickly among 100,000 with five million observations as among 100?

`python -m benchmarks.large sqlite|postgres PATIENTS` makes such a clinic, then measures one batch for each line that it reads.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from functools import cache
from typing import Any, TextIO

from benchmarks.measure import Row

IDS = tuple(f"large-{what}-{database}" for database in ("sqlite", "postgres") for what in ("search", "page"))
FEW, MANY = 100, int(os.environ.get("DAYBREAK_BENCH_PATIENTS", "100000"))
OBSERVATIONS = 50  # of each patient
MOST_TIMES = 3
MOST_QUERIES = 15
BATCHES, BATCH = 8, 40


def rows(only: str | None = None) -> list[Row]:
    """Both figures of each database, or the one that is asked for: they come from the same run."""
    return [row(id) for id in IDS if only in (None, id)]


def row(id: str) -> Row:
    """The 95th percentile with many patients, against that with few."""
    _, what, database = id.split("-")
    few, many = (measured(database)[count] for count in (FEW, MANY))
    ours, theirs = _percentile(many[what]), _percentile(few[what])
    queries = max(many[f"{what}_queries"])
    # The usual number: once a minute a page also notes that its session is still used.
    same = statistics.mode(filter(None, many["page_queries"])) == statistics.mode(filter(None, few["page_queries"]))
    return {
        "id": id,
        "what": f"{'search' if what == 'search' else 'patient page'}, 95th percentile, among {MANY:,} patients with "
        f"{MANY * OBSERVATIONS:,} observations, {queries} queries at most",
        "unit": "ms",
        "ours": round(ours * 1000, 1),
        "against": f"the same among {FEW}",
        "theirs": round(theirs * 1000, 1),
        "ratio": round(ours / theirs, 2),
        "goal": f"<= {MOST_TIMES} times, <= {MOST_QUERIES} queries, the same number among {FEW}",
        "reached": ours <= MOST_TIMES * theirs and queries <= MOST_QUERIES and (what == "search" or same),
        "n": len(many[what]),
        "spread": round((max(many[what]) - min(many[what])) / ours, 2),
    }


def _percentile(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


@cache
def measured(database: str) -> dict[int, dict[str, list[Any]]]:
    """Two clinics side by side, asked batch by batch in turn, so that a slow moment of the machine hits both."""
    found: dict[int, dict[str, list[Any]]] = {}
    clinics = {count: _clinic(database, count) for count in (MANY, FEW)}
    try:
        for clinic in clinics.values():
            _line(clinic.stdout)  # it is ready
        for batch in range(BATCHES + 1):
            for count, clinic in clinics.items():
                assert clinic.stdin
                clinic.stdin.write("once more\n")
                clinic.stdin.flush()
                told = json.loads(_line(clinic.stdout))
                if batch:  # the first one warms up
                    for name, values in told.items():
                        found.setdefault(count, {}).setdefault(name, []).extend(values)
    finally:
        for clinic in clinics.values():
            clinic.communicate()
    return found


def _clinic(database: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.large", database, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _line(stream: TextIO | None) -> str:
    assert stream
    told = stream.readline()
    if not told:
        raise RuntimeError("the measured clinic ended; run python -m benchmarks.large sqlite 100 to see why")
    return told


def child(database: str, count: int) -> None:
    """Make it, then for each line on standard input measure a batch and print what it took."""
    from benchmarks import clinic

    home = clinic.make(database=database)
    try:
        client, known = ready(count)
        print("ready", flush=True)
        chance = random.Random(7)
        for _ in sys.stdin:
            print(json.dumps(batch(client, known, chance)), flush=True)
    finally:
        shutil.rmtree(home)


def ready(count: int) -> tuple[Any, list[tuple[str, str, str, str, str]]]:
    """A clinic with that many patients, a browser of a nurse, and whom she may look for: id, names, birth, number."""
    from django.conf import settings
    from django.test import Client

    from benchmarks import clinic, many
    from benchmarks.pages import session
    from daybreak.web.patients.models import Details, Registration
    from daybreak.web.people.models import Person, RoleGrant, Site

    ada = Person.objects.get()
    site = Site.objects.get()
    grant = RoleGrant.objects.get()
    RoleGrant.objects.create(
        **{field.attname: getattr(grant, field.attname) for field in grant._meta.concrete_fields}
        | {"id": many._id(0, random.Random(1)), "role": "nurse"}
    )
    many.fill(patients=count, observations=OBSERVATIONS, site=site, by=ada)
    client = Client(headers={"host": clinic.HOST})
    client.cookies[settings.SESSION_COOKIE_NAME] = session()
    step = max(1, count // 1000)
    numbers = dict(Registration.objects.values_list("patient", "number"))
    people = Details.objects.order_by("id").values_list("patient", "family_name", "given_names", "birth")[::step]
    return client, [(str(id), *who, numbers[id]) for id, *who in people]


def batch(client: Any, known: list[tuple[str, str, str, str, str]], chance: random.Random) -> dict[str, list[Any]]:
    """Searches of every sort and patients' pages: seconds and the numbers of their queries."""
    found: dict[str, list[Any]] = {"search": [], "page": [], "search_queries": [], "page_queries": []}
    for number in range(BATCH):
        id, family, given, birth, mark = chance.choice(known)
        asked = (
            {"name": f"{family} {given}"},
            {"name": f"{given} {family}"},
            {"name": family},
            {"name": f"{given} {family[:2]}{family[3:]}"},
            {"name": f"{family[:4]}", "birth": birth},
            {"name": given, "birth": birth[:4]},
            {"birth": birth},
            {"number": mark},
            {"name": "wang fang"},
            {"name": "zhang"},
        )[number % 10]
        for what, ask in (
            ("search", lambda asked=asked: client.post("/patients/", asked, secure=True)),
            ("page", lambda id=id: client.get(f"/patients/{id}/", secure=True)),
        ):
            begin = time.perf_counter()
            answer = ask()
            found[what].append(time.perf_counter() - begin)
            assert answer.status_code == 200, answer
            found[f"{what}_queries"].append(_queries(ask) if number < 10 else 0)
    return found


def _queries(ask: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask()
    return sum(not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"]) for one in queries)


if __name__ == "__main__":
    child(sys.argv[1], int(sys.argv[2]))
