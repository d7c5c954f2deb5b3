"""What does a patient's own practice send on the day of the first visit? Two failed trials, one old obstacle, no answers yet."""

from __future__ import annotations

import json
from datetime import date, timedelta

from daybreak.demo.fhir import Record
from daybreak.demo.people import PHQ9, PHQ9_NAME

FAMILY, GIVEN, BIRTH = "Moreau", "Lena", "1984-02-11"


def bundle(today: date) -> bytes:
    """The file, with dates of the last two years."""

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    record = Record("lena", born=BIRTH, sex="female")
    record.condition("F33.2", "Major depressive disorder, recurrent, severe", since=ago(600))
    record.condition("F23", "Brief psychotic disorder", since=ago(4000))
    record.medicine("36437", "sertraline", mg=150, since=ago(590), until=ago(490), why_ended="no effect")
    record.medicine("39786", "venlafaxine", mg=225, since=ago(480), until=ago(360), why_ended="no effect")
    record.medicine("15996", "mirtazapine", mg=30, since=ago(80))
    for value, day in ((21, 590), (20, 490), (20, 480), (18, 360), (19, 3)):
        record.score(PHQ9, PHQ9_NAME, value, ago(day))
    record.score("75626-2", "AUDIT-C total score", 1, ago(3))
    record.score("82667-7", "DAST-10 total score", 0, ago(3))
    return json.dumps(record.bundle()).encode()
