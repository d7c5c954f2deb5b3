"""How long does it take to check a million lines of the audit trail, and how much memory?

`python -m benchmarks.audit LINES` makes and checks that many in a process of its own and prints what it took.
"""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.measure import Row

IDS = ("audit-verify", "audit-verify-memory")
FEW, MANY = 100_000, 1_000_000
AT_MOST_SECONDS = 60
MOST_TIMES_THE_MEMORY = 1.1
TURNS = 5


def rows(only: str | None = None) -> list[Row]:
    """Both figures, or the one that is asked for: they come from the same two runs."""
    if only not in (None, *IDS):
        return []
    few, many = measured(FEW), measured(MANY)
    times = sorted(many["seconds"])
    middle, floor = times[len(times) // 2], sorted(many["floor"])[len(times) // 2]
    both: list[Row] = [
        {
            "id": "audit-verify",
            "what": f"check {MANY:,} linked lines of the audit trail, SQLite",
            "unit": "s",
            "ours": round(middle, 2),
            "against": "reading them and one HMAC for each",
            "theirs": round(floor, 2),
            "ratio": round(middle / floor, 2),
            "goal": f"<= {AT_MOST_SECONDS} s",
            "reached": middle <= AT_MOST_SECONDS,
            "n": len(times),
            "spread": round((times[-1] - times[0]) / middle, 3),
        },
        {
            "id": "audit-verify-memory",
            "what": f"most memory while checking {MANY:,} lines",
            "unit": "MB",
            "ours": round(many["megabytes"], 1),
            "against": f"{FEW:,} lines",
            "theirs": round(few["megabytes"], 1),
            "ratio": round(many["megabytes"] / few["megabytes"], 2),
            "goal": f"<= {MOST_TIMES_THE_MEMORY} times",
            "reached": many["megabytes"] <= MOST_TIMES_THE_MEMORY * few["megabytes"],
            "n": 1,
            "spread": 0.0,
        },
    ]
    return [row for row in both if only in (None, row["id"])]


def measured(lines: int) -> dict[str, Any]:
    """What a process of its own took."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.audit", str(lines)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def child(lines: int) -> None:
    """Make the lines, check them in turns, print seconds and memory."""
    from benchmarks import clinic

    home = clinic.make()
    try:
        fill(lines)
        from daybreak.web.audit.verify import verify

        seconds, floor = [], []
        for _ in range(TURNS):
            start = time.perf_counter()
            report = verify(at=datetime.now(UTC))
            seconds.append(time.perf_counter() - start)
            assert report.sealed >= lines, report
            assert not report.broken, report
            floor.append(bare())
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "floor": floor, "megabytes": most}))
    finally:
        shutil.rmtree(home)


def fill(lines: int) -> None:
    """Lines as the clinic writes them, linked as the clock links them."""
    from daybreak.web import ids
    from daybreak.web.audit import sealer, trail
    from daybreak.web.audit.models import Entry

    batch = 10_000
    who, now = ids.new(), datetime.now(UTC)
    for start in range(0, lines, batch):
        Entry.objects.bulk_create(
            trail.entry("read", content={}, object_type="chart", object_id=ids.new(), who=who, at=now, subject=who)
            for _ in range(min(batch, lines - start))
        )
        sealer.seal(now, at=datetime.now(UTC))


def bare() -> float:
    """Seconds for reading every line and its link with the database's own module, and one HMAC."""
    import hmac

    from django.db import connection

    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_seal JOIN audit_entry ON audit_entry.id = entry_id ORDER BY place")
        while found := cursor.fetchmany(1000):
            for line in found:
                hmac.digest(b"key", repr(line).encode(), hashlib.sha256)
    return time.perf_counter() - start


if __name__ == "__main__":
    child(int(sys.argv[1]))
