"""Which questions can be asked of a chart? Their names, and the functions that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daybreak.clinical.screening import history, measures, medicines, person, resistance, substances
from daybreak.clinical.screening.criteria import Ask, Fact, FactAnswer
from daybreak.clinical.screening.view import View

FACTS: Mapping[str, Callable[..., FactAnswer]] = {
    "age": person.age,
    "alive": person.alive,
    "another_antidepressant": medicines.another_antidepressant,
    "bad_response_to_ketamine": medicines.bad_response_to_ketamine,
    "blood_pressure_controlled": measures.blood_pressure_controlled,
    "breast_feeding": person.breast_feeding,
    "condition": history.condition,
    "failed_adequate_trials": resistance.failed_adequate_trials,
    "history_reviewed": history.history_reviewed,
    "hypersensitive": medicines.hypersensitive,
    "major_depression": history.major_depression,
    "number": measures.number,
    "pregnant": person.pregnant,
    "said": measures.said,
    "severity_at_least": measures.severity_at_least,
    "severity_measured": measures.severity_measured,
    "screened_for_substances": substances.screened_for_substances,
    "substance_use": substances.substance_use,
    "suicide_risk": measures.suicide_risk,
    "suicidal_now": measures.suicidal_now,
    "taking": medicines.taking,
}


def asker(view: View) -> Ask:
    """Ask a view; each question is answered once."""
    answers = view.answers

    def ask(question: Fact) -> FactAnswer:
        known = answers.get(question)
        if known is None:
            known = answers[question] = FACTS[question.name](view, **question.arguments)
        answer: FactAnswer = known
        return answer

    return ask
