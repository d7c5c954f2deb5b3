"""Which decisions need a second person, at which site, and is a signed one final?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.screening.judge import Decision
from daybreak.knowledge.store import loaded
from daybreak.web.people.models import Site
from daybreak.web.screening.exceptions import HOLDS, VOID, WAITS
from daybreak.web.screening.judging import Judged
from daybreak.web.screening.models import SecondRule, Snapshot

FINAL = "final"


def rules(site: Site) -> dict[str, tuple[bool, SecondRule | None]]:
    """For each kind of hard case whether it needs a second signature here, and who said so (None: Daybreak's default)."""
    own = {row.case: row for row in _versions(site) if _holds(row)}
    return {
        case["id"]: (own[case["id"]].needed if case["id"] in own else case["second"], own.get(case["id"]))
        for case in _cases()
    }


def proposed(site: Site) -> dict[str, SecondRule]:
    """What was signed by one person and waits for another, by the kind of hard case."""
    newest = {row.case: row for row in _versions(site)}
    return {case: row for case, row in newest.items() if not _holds(row)}


def told(site: Site) -> list[dict[str, Any]]:
    """Each rule that holds at the site, who signed it and why, for the snapshot of a decision."""
    return [
        {
            "case": case,
            "needed": needed,
            "rule": str(row.id) if row else None,
            "reason": row.reason if row else None,
            "signed_by": [one.by.display_name for one in (row, getattr(row, "signed", None)) if one],
        }
        for case, (needed, row) in rules(site).items()
    ]


def _versions(site: Site) -> list[SecondRule]:
    """The oldest first."""
    return list(SecondRule.objects.filter(site=site).select_related("by", "signed", "signed__by").order_by("id"))


def _holds(row: SecondRule) -> bool:
    return row.needed or hasattr(row, "signed")


def cases(judged: Judged, decision: Decision, site: Site) -> list[str]:
    """The kinds of hard case for which this decision to treat needs a second signature at the site."""
    needed = rules(site)
    given = {reason.id for reason in _reasons(decision)}
    excepted = any(s.state == HOLDS and s.row.protocol == decision.protocol.id for s in judged.standings)
    return [
        case["id"]
        for case in _cases()
        if needed[case["id"]][0]
        and (
            decision.status in case["statuses"]
            or given.intersection(case["reasons"])
            or (case["exceptions"] and excepted)
        )
    ]


def needs(row: Snapshot) -> list[str]:
    """The hard cases for which the signed decision needs a second signature."""
    found: list[str] = json.loads(row.needs_second or "[]")
    return found


def state(row: Snapshot, judged: Judged) -> str:
    """Final; waiting for the second person; or void, because the record has changed since the first signature."""
    if not needs(row) or hasattr(row, "second"):
        return FINAL
    return WAITS if row.seen == judged.seen else VOID


def overtaken(row: Snapshot) -> bool:
    """Was another decision signed since for the same patient, site and protocol? Then nobody signs this one any more."""
    same = Snapshot.objects.filter(patient=row.patient_id, site=row.site_id, protocol=row.protocol)
    return same.filter(pk__gt=row.pk).exists()


def _cases() -> list[Mapping[str, Any]]:
    return list(loaded("signatures")["signatures"]["cases"])


def _reasons(decision: Decision) -> Iterator[Reason]:
    """Every reason of the decision, also those inside the values of another."""
    yield from _within(tuple(f.answer.reason for f in decision.findings))
    yield from _within(tuple(m for f in decision.findings for m in f.answer.missing))
    yield from _within(tuple(trial.reason for trial in decision.trd.trials))


def _within(value: Any) -> Iterator[Reason]:
    if isinstance(value, Reason):
        yield value
        yield from _within(tuple(value.values.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)
