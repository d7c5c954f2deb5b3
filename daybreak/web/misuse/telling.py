"""How is what was seen, tested and said told on a page?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from daybreak.clinical.followup.misuse import Standing
from daybreak.knowledge import misuse as knowledge
from daybreak.web import ids, zones
from daybreak.web.misuse import queries
from daybreak.web.misuse.models import NONE, Answer, Result, Review, Sign, Test
from daybreak.web.words import word

STANDING = {
    Standing.COUNTS: ("misuse.counts", "caution"),
    Standing.TREATMENT: ("misuse.treatment", "met"),
    Standing.EXPLAINED: ("misuse.explained", "met"),
    Standing.ASK: ("misuse.ask", "unknown"),
}
RESULTS = {
    Result.EXPECTED: ("misuse.expected", "met"),
    Result.UNEXPECTED: ("misuse.unexpected", "caution"),
    Result.UNCLEAR: ("misuse.unclear", "unknown"),
    Result.DECLINED: ("misuse.declined", "unknown"),
}


def sign(id: str, language: str) -> str:
    known_sign = knowledge.signs().get(id)
    return known_sign["words"][language] if known_sign else id


def explanations(language: str) -> list[tuple[str, str]]:
    return [(id, one["words"][language]) for id, one in knowledge.explanations().items()]


def seen(row: Sign, standing: Standing, language: str) -> dict[str, Any]:
    said, shape = STANDING[standing]
    last = queries.explained(row)
    words = {**dict(explanations(language)), NONE: word("misuse.none", language)}
    said_of = words.get(last.what, last.what) if last else ""
    sure = row.earliest == row.latest
    return {
        "id": row.id,
        "sign": sign(row.sign, language),
        "when": zones.minute(row.earliest)
        if sure
        else word("misuse.some_time", language, day=zones.today(row.earliest)),
        "standing": word(said, language),
        "shape": shape,
        "explanation": ""
        if last is None
        else said_of
        if last.what == NONE
        else word("misuse.comes_of", language, what=said_of),
        "explained_by": last.by.display_name if last else "",
        "explained_text": last.text if last else "",
        "text": row.text,
        "by": row.by.display_name,
        "site": row.site.name,
        "key": ids.new(),
    }


def test(row: Test, language: str) -> dict[str, str]:
    said, shape = RESULTS[Result(row.result)]
    return {
        "day": row.day.isoformat(),
        "what": row.what,
        "result": word(said, language),
        "shape": shape,
        "text": row.text,
        "by": row.by.display_name,
    }


def said(rows: Iterable[Review | Answer], language: str) -> list[dict[str, str]]:
    """Reviews and what the patient said, the newest first."""
    found = sorted(rows, key=lambda one: one.created, reverse=True)
    return [
        {
            "what": word(_title(one), language),
            "text": one.text,
            "by": one.by.display_name if one.by else "",
            "at": zones.minute(one.created),
        }
        for one in found
    ]


def _title(row: Review | Answer) -> str:
    if isinstance(row, Answer):
        return "misuse.patient_said"
    return "misuse.was_talked" if row.talked else "misuse.was_not_talked"
