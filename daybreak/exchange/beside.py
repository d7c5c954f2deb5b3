"""What stands beside a decision outside: stagings, prompts and payers of one chart, the same under every protocol?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from daybreak.clinical.answers import MET, UNKNOWN, Verdict
from daybreak.clinical.screening.judge import ELIGIBLE, NEEDS_INFORMATION, NOT_ELIGIBLE, REVIEW, Decision
from daybreak.clinical.screening.risk import Noted
from daybreak.clinical.screening.staged import Staged
from daybreak.knowledge.sentences import Language

# A payer's answer is never a clinical finding: it has words of its own.
PAYER_STATUS = {
    ELIGIBLE: "met",
    REVIEW: "met_with_review",
    NOT_ELIGIBLE: "not_met",
    NEEDS_INFORMATION: "unknown",
}


def beside_json(
    staged: Staged,
    claims: Mapping[str, Verdict],
    noted: Iterable[Noted],
    payers: Iterable[Decision],
    *,
    language: Language,
) -> dict[str, Any]:
    """Information that decides nothing: it is added to every line of a patient."""
    msm = staged.msm
    return {
        "staging": {
            "msm": msm.total,
            "msm_parts": list(msm.parts) if msm.parts else None,
            "msm_range": [msm.low, msm.high] if msm.low is not None else None,
            "stage": msm.stage,
            "mgh_s": float(staged.mgh_s),
            "mgh_s_is_lower_bound": True,
            "kim_failures": staged.kim.failures,
            "psychotherapy": [language.say(t.reason) for t in staged.psychotherapy],
        },
        "claims": {id_: None if verdict is UNKNOWN else verdict is MET for id_, verdict in claims.items()},
        "prompts": [
            {
                "id": n.prompt.id,
                "kind": n.prompt.kind,
                "on_record": n.on_record,
                "evidence": [{"resource": e.resource, "text": e.text, "date": e.date} for e in n.evidence],
            }
            for n in noted
        ],
        "payers": [
            {
                "id": d.protocol.id,
                "status": PAYER_STATUS[d.status],
                "open": [f.criterion.name for f in d.findings if f.answer.verdict is not MET],
            }
            for d in payers
        ],
    }
