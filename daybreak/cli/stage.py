"""Judge antidepressant trials and stage treatment resistance.

Each line of FILE (or of standard input) is one treatment history as a JSON object. Each readable line gives one line of
JSON: the trials with their reasons, the TRD answer, the Maudsley stage and others.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from daybreak.cli.ndjson import WRONG_USAGE, Unreadable, objects
from daybreak.clinical.answers import MET, Verdict
from daybreak.clinical.screening.staged import claimed, stage
from daybreak.exchange.trial_cases import Misread, case
from daybreak.knowledge.rules import claims_rules, default_rules, models, trial_rules
from daybreak.knowledge.sentences import LANGUAGES, Language, language
from daybreak.knowledge.terms import terms

EXAMPLE = """example:
  echo '{"episode_start": "2024-01-01", "index": "2025-01-01", "severity": "moderate", "courses": [
    {"drug": "sertraline", "dose": 100, "start": "2024-02-01", "end": "2024-04-10", "improvement": 10}]}' | tr -d '\\n' |
    daybreak stage

`--rules` changes the answer at the top level only; `alt` always gives the three other published rule sets."""

# the keys of `alt` that other programs rely on, and the rule sets they stand for
ALTERNATIVES = {"lt50_28d": "canadian-lt50-28d", "le25_42d": "mgh-atrq-le25-42d", "lt25_56d": "comp006-lt25-56d"}
CLAIMS = "cepeda-2018"
EXPECTED = "one JSON object with episode_start, index, severity and courses"


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak stage` takes."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="NDJSON file; - or nothing: standard input"
    )
    parser.add_argument("--rules", metavar="ID", help="rule set for the answer; a wrong one lists them all")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the reasons")


def run(args: Namespace) -> int:
    """Stage every line. 0: all were read; 2: no such rule set; 3: something could not be read, the rest was done."""
    known = trial_rules()
    if args.rules is not None and args.rules not in known:
        print(f"daybreak stage: --rules {args.rules}: not one of {', '.join(sorted(known))}", file=sys.stderr)
        return WRONG_USAGE
    rules = args.rules or default_rules().id
    words = language(args.lang)
    today = datetime.now(UTC).date()

    def answer(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unreadable("JSON, but not an object")
        try:
            read = case(value, terms=terms(), today=today)
        except Misread as error:
            raise Unreadable(str(error)) from error
        return staged(read, rules=rules, words=words) | _named(value)

    return objects(args.file, answer, command="stage", expected=EXPECTED)


def _named(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in ("id", "name") if key in value}


def staged(read: Any, *, rules: str, words: Language) -> dict[str, Any]:
    """The answer for one case, with the keys that other programs rely on."""
    known = trial_rules()
    history = read.history
    result = stage(history, rules=known[rules], models=models())
    trd, msm = result.trd, result.msm
    proxies = {id_: claimed(history, rule=rule, models=models()) for id_, rule in claims_rules().items()}
    return {
        "trd": trd.word,
        "failed": trd.steps.failed,
        "possible": trd.steps.possible,
        "adequate": trd.adequate,
        "failed_drugs": trd.failed_medicines,
        "per_drug": {t.ingredient: [t.label.value, t.days] for t in trd.trials},
        "reasons": {t.ingredient: _reasons(t, words) for t in trd.trials},
        "rules": rules,
        "dose_table": trd.rules.dose_table.id,
        "msm": msm.total,
        "msm_parts": list(msm.parts) if msm.parts else None,
        "msm_range": [msm.low, msm.high] if msm.low is not None else None,
        "stage": msm.stage,
        "mgh_s": float(result.mgh_s),
        "mgh_s_is_lower_bound": True,
        "staging_days": {"msm": models().msm_rules.minimum_days, "mgh_s": models().mgh_rules.minimum_days},
        "kim": {"failures": result.kim.failures, "resistant": result.kim.resistant},
        "psychotherapy": [
            {"adequate": _flag(t.adequate), "failed": _flag(t.failed), "reason": words.say(t.reason)}
            for t in result.psychotherapy
        ],
        "claims_rule": _flag(proxies[CLAIMS]),
        "claims_rules": {id_: _flag(verdict) for id_, verdict in proxies.items()},
        "alt": {key: stage(history, rules=known[id_], models=models()).trd.word for key, id_ in ALTERNATIVES.items()},
        "unmapped": list(read.unmapped),
    }


def _reasons(trial: Any, words: Language) -> list[str]:
    notes = (trial.reason, trial.note) if trial.note else (trial.reason,)
    return [words.say(note) for note in notes]


def _flag(verdict: Verdict) -> bool | None:
    """True, False, or None when it cannot be told."""
    return None if verdict is Verdict.UNKNOWN else verdict is MET
