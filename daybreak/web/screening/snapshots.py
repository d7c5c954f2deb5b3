"""What is kept of a decision when it is signed, and is it still what was signed?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from daybreak.clinical.answers import Reason, Term
from daybreak.exchange.decision import decision_json
from daybreak.knowledge.sentences import Language
from daybreak.knowledge.store import ROOT
from daybreak.web import zones
from daybreak.web.patients import payloads
from daybreak.web.patients.kinds import KIND_OF
from daybreak.web.patients.records import of_chart
from daybreak.web.screening.exceptions import HOLDS, Standing
from daybreak.web.screening.judging import Judged


def content(judged: Judged, *, language: Language, second: Sequence[Mapping[str, Any]] = ()) -> str:
    """JSON text of all that was known and said: ids and values to compute with, sentences to read; and the site's rules about
    a `second` signature with who signed them."""
    decisions = []
    for decision in judged.decisions:
        kept = decision_json(decision, judged.chart, as_of=judged.as_of, language=language)
        for line, finding in zip(kept["findings"], decision.findings, strict=True):
            line["reason_values"] = plain(finding.answer.reason.values)
        adopted = judged.adopted[decision.protocol.id]
        kept["adopted"] = {"id": str(adopted.id), "by": adopted.by.display_name} if adopted else None
        kept["stricter"] = [
            {
                "criterion": row.criterion,
                "title": language.word(f"criterion.{row.criterion}"),
                "on": str(zones.day(row.created, judged.zone)),
                "by": row.by.display_name,
                "reason": row.reason,
            }
            for row in judged.here[decision.protocol.id].stricter
        ]
        kept["status_said"] = language.word(f"status.{decision.status}")
        kept["title"] = language.word(f"protocol.{decision.protocol.id}")
        decisions.append(kept)
    whole = {
        "chart": [[KIND_OF[type(one)], json.loads(payloads.written(one))] for one in of_chart(judged.chart)],
        "payload_version": payloads.VERSION,
        "decisions": decisions,
        "origins": dict(judged.origins),
        "second_rules": list(second),
        "exceptions": [_exception(s, language) for s in judged.standings if s.state == HOLDS],
    }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"))


def _exception(standing: Standing, language: Language) -> dict[str, Any]:
    row = standing.row
    return {
        "id": str(row.id),
        "protocol": row.protocol,
        "criterion": row.criterion,
        "title": language.word(f"criterion.{row.criterion}"),
        "code": row.code,
        "reason": row.reason,
        "scope": row.scope,
        "ends_on": str(row.ends_on) if row.ends_on else None,
        "by": row.by.display_name,
        "second": standing.second.by.display_name if standing.second else None,
    }


def plain(value: Any) -> Any:
    """Values of a reason as JSON; terms and reasons keep their ids."""
    if isinstance(value, Reason):
        return {"reason": value.id, "values": plain(value.values)}
    if isinstance(value, Term):
        return {"term": value.id}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def digest(text: str) -> str:
    """The digest of a content."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def knowledge_digest() -> str:
    """The digest of every knowledge file that this process runs with."""
    found = hashlib.sha256()
    for path in sorted(ROOT.rglob("*.yaml")):
        body = path.read_bytes()
        found.update(f"{path.relative_to(ROOT).as_posix()}\0{len(body)}\0".encode() + body)
    return found.hexdigest()
