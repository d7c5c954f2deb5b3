"""What does a decision look like outside: one JSON object for one patient and one protocol?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daybreak.clinical.answers import UNREADABLE, Evidence, Unreadable
from daybreak.clinical.records import AsOf, Chart, When
from daybreak.clinical.screening.judge import Decision, Finding
from daybreak.clinical.screening.trials import Trial
from daybreak.knowledge.sentences import Language


def decision_json(decision: Decision, chart: Chart, *, as_of: AsOf, language: Language) -> dict[str, Any]:
    """The stable shape of a decision: keys may be added, never renamed."""
    protocol = decision.protocol
    patient = chart.patient
    return {
        "patient": {"id": patient.id, "birth_date": _date(patient.birth), "sex": _word(patient.sex)},
        "protocol": {
            "id": protocol.id,
            "version": protocol.version,
            "digest": protocol.digest,
            "as_of": as_of.instant.isoformat() if as_of.instant else as_of.day.isoformat(),
        },
        "status": decision.status,
        "not_yet": decision.not_yet.isoformat() if decision.not_yet else None,
        "trd": _trd(decision, language),
        "adopted": None,
        "findings": [finding_json(f, language) for f in decision.findings],
        "unmapped": [{"resource": u.ref, "code": u.code, "text": u.text, "count": u.count} for u in chart.unmapped],
        "problems": [{"resource": p.place, "text": language.say(p.reason)} for p in chart.problems],
    }


def finding_json(finding: Finding, language: Language) -> dict[str, Any]:
    """One finding. `sources` begins with the criterion's own; the others are those of its numbers and periods."""
    criterion, answer = finding.criterion, finding.answer
    sources = [{"id": criterion.source_id, "where": criterion.source_where, "standing": criterion.standing}]
    sources += [{"id": i, "where": where, "standing": standing} for i, where, standing in criterion.other_sources]
    return {
        "criterion": criterion.name,
        "title": language.word(f"criterion.{criterion.name}"),
        "when": criterion.when,
        "verdict": answer.verdict.value,
        "strength": criterion.strength,
        "reason": language.say(answer.reason),
        "reason_id": answer.reason.id,
        "evidence": [_evidence(e) for e in answer.evidence],
        "missing": list(dict.fromkeys(language.say(m) for m in answer.missing)),
        "sources": sources,
        "override": criterion.override,
        "layer": criterion.layer,
        "review_on": answer.review_on.isoformat() if answer.review_on else None,
    }


def _trd(decision: Decision, language: Language) -> Mapping[str, Any]:
    trd = decision.trd
    return {
        "trd": trd.word,
        "failed": trd.steps.failed,
        "possible": trd.steps.possible,
        "adequate": trd.adequate,
        "rules": trd.rules.id,
        "dose_table": trd.rules.dose_table.id,
        "assumed": [language.say(a) for a in trd.assumed],
        "trials": [trial_json(t, language) for t in trd.trials],
    }


def trial_json(trial: Trial, language: Language) -> dict[str, Any]:
    """One trial; `days` is null when it cannot be known."""
    return {
        "medicine": trial.ingredient,
        "label": trial.label.value,
        "days": trial.days,
        "reason": language.say(trial.reason),
        "note": language.say(trial.note) if trial.note else None,
        "evidence": [_evidence(e) for e in trial.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"resource": evidence.resource, "text": evidence.text, "date": evidence.date}


def _date(when: When | Unreadable | None) -> str | None:
    return str(when) if isinstance(when, When) else None


def _word(word: str | Unreadable | None) -> str | None:
    return None if word is UNREADABLE else word
