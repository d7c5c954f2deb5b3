"""Has every reason and every word that the rules can produce a sentence, in every language, with the values that it needs?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.records import DOMAINS, AsOf, Chart
from daybreak.clinical.screening.trials import Label
from daybreak.exchange.decision import decision_json
from daybreak.knowledge.check import PLACEHOLDER
from daybreak.knowledge.sentences import LANGUAGES, Language, language, number
from daybreak.knowledge.store import load
from tests.agreement.charts import charts
from tests.agreement.test_unknowns import decisions
from tests.clinical.screening.build import DAY
from tests.house.tree import modules

# Where reasons are made: all rules, and why nothing is drawn of a concentration.
MADE = ("daybreak/clinical", "daybreak/web/levels/reckoned.py")
CLINICAL = {path: tree for path, tree in modules("daybreak").items() if path.startswith(MADE)}
ENGLISH = load("sentences")["en"]

# Ids that are put together at run time, with everything they can become. A new one has to be listed here.
STATES = ("ever", "active", "recent")
DYNAMIC = {
    "f'condition.{state}'": [f"condition.{s}" for s in STATES],
    "f'condition.{state}-open'": [f"condition.{s}-open" for s in STATES],
    "f'psychotherapy.{words}'": [f"psychotherapy.{w}" for w in ("failed", "helped", "outcome-unknown")],
    "f'change.other_{part}'": [f"change.other_{p}" for p in ("scale", "edition", "recall")],
}
# Values that `evaluate` adds to the reason of a comparison.
COMPARED = {"test", "bound"}


def ids_written() -> Iterator[tuple[str, str]]:
    """Every text in clinical that looks like the id of a reason, and those that are put together."""
    kinds = {id_.partition(".")[0] for id_ in ENGLISH["sentences"]}
    for path, tree in CLINICAL.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                kind, dot, rest = node.value.partition(".")
                if dot and kind in kinds - {"medicine"} and re.fullmatch(r"[a-z_-]*[a-z]", rest):
                    yield path, node.value
            elif isinstance(node, ast.JoinedStr) and (text := ast.unparse(node)) in DYNAMIC:
                yield from ((path, id_) for id_ in DYNAMIC[text])


def reason_calls() -> Iterator[tuple[str, ast.FunctionDef | ast.Module, ast.Call]]:
    for path, tree in CLINICAL.items():
        scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        for scope in scopes or [tree]:
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                    yield path, scope, node


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_id_in_the_rules_has_a_sentence(name: str) -> None:
    known = next(f for f in load("sentences").values() if f["language"] == name)
    found = sorted({id_ for _, id_ in ids_written()})
    lacking = [i for i in found if i not in known["sentences"] and i not in known["terms"]]
    assert lacking == []
    assert len(found) > 100


def test_every_sentence_can_be_reached() -> None:
    written = {id_ for _, id_ in ids_written()}
    kinds = ("board.", "claims.", "fhir.", "medicine.", "policy.", "staging.")
    elsewhere = {i for i in ENGLISH["sentences"] if i.startswith(kinds)} | {"all"}
    assert set(ENGLISH["sentences"]) - written - elsewhere == set()


def test_what_is_put_together_is_listed_here() -> None:
    for path, _, call in reason_calls():
        first = call.args[0]
        if isinstance(first, ast.JoinedStr):
            assert ast.unparse(first) in DYNAMIC, f"{path}:{call.lineno}: list what {ast.unparse(first)} can become"


def keys_of(node: ast.expr, scope: ast.AST) -> set[str] | None:
    """The names of the values that an expression gives, where they can be told from the code alone."""
    if isinstance(node, ast.Dict):
        found: set[str] = set()
        for key, value in zip(node.keys, node.values, strict=True):
            inner = {key.value} if isinstance(key, ast.Constant) else keys_of(value, scope)
            if inner is None:
                return None
            found |= {str(k) for k in inner}
        return found
    if isinstance(node, ast.Name):
        given = [n.value for n in ast.walk(scope) if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == node.id]
        sets = [keys_of(value, scope) for value in given]
        return set.union(*(s for s in sets if s)) if sets and None not in sets else None
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "by":
        return {"domain", "on", "by"}
    return None


def test_the_values_of_a_sentence_are_those_that_the_code_gives() -> None:
    """Where the code says plainly which values it gives. The others are proven by saying them, below."""
    seen = 0
    for path, scope, call in reason_calls():
        if not isinstance(call.args[0], ast.Constant):
            continue
        given = keys_of(call.args[1], scope) if len(call.args) > 1 else set()
        if given is None:
            continue
        seen += 1
        needed = set(PLACEHOLDER.findall(ENGLISH["sentences"][call.args[0].value])) - COMPARED
        assert needed <= given, f"{path}:{call.lineno}: '{call.args[0].value}' needs {sorted(needed - given)}"
    assert seen > 80


@given(charts())
def test_every_decision_can_be_said_in_every_language(whole: Chart) -> None:
    for decision in decisions(whole):
        for name in LANGUAGES:
            said = decision_json(decision, whole, as_of=AsOf(DAY), language=language(name))
            texts = [text for f in said["findings"] for text in (f["reason"], f["title"], *f["missing"])]
            assert not [text for text in texts if re.search(r"[{}]|None|UNREADABLE|Term\(|Decimal", text)]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_word_has_its_word(name: str) -> None:
    spoken = language(name)
    fixed = {n.args[0].value for tree in CLINICAL.values() for n in ast.walk(tree) if _is_term(n)}  # type: ignore[attr-defined]
    kinds = {
        "domain": DOMAINS,
        "concept": [c["id"] for f in load("conditions").values() for c in f["concepts"]],
        "observation": [k["id"] for k in load("observations")["observations"]["kinds"]],
        "class": [c["id"] for f in load("medicines").values() for c in f["classes"]],
        "medicine": [m["id"] for f in load("medicines").values() for m in f["medicines"]],
        "medicine.class-of:": [],
        "rules": load("trial_rules"),
        "criterion": [c["id"] for c in load("criteria")["criteria"]["criteria"]],
        "change": [c["id"] for c in load("criteria")["criteria"]["criteria"]],
        "protocol": load("protocols"),
        "about": load("protocols"),
        "dose-note": [note["id"] for one in load("dosing")["dosing"]["ladders"] for note in one["notes"]],
        "status": ("eligible", "eligible_with_review", "not_eligible", "needs_information"),
        "payer": ("met", "met_with_review", "not_met", "unknown"),
        "strength": ("absolute", "required", "relative", "caution"),
        "override": ("none", "prescriber", "two_signatures"),
        "standing": ("label", "statute", "guideline", "study", "secondary", "local_policy"),
        "verdict": ("met", "not_met", "unknown"),
        "trd": ("yes", "no", "indeterminate"),
        "sex": ("female", "male", "other"),
        "bound": {name for p in load("protocols").values() for line in p["criteria"] for name in line["bounds"]},
        "way": ("higher", "lower", "none"),
    }
    words = fixed | {f"{kind}.{id_}" for kind, ids in kinds.items() for id_ in ids}
    assert len(fixed) > 5
    for word in sorted(words):
        assert spoken.word(word)
    for label in Label:
        assert label.value


def _is_term(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Term"
        and isinstance(node.args[0], ast.Constant)
    )


def test_the_boards_words_stand_in_every_language() -> None:
    for path, tree in modules("daybreak/cli").items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"board\.[a-z_]+", node.value)
            ):
                for name in LANGUAGES:
                    file = next(f for f in load("sentences").values() if f["language"] == name)
                    assert node.value in file["terms"] | file["sentences"], f"{path}: {node.value} in {name}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("140"), "140"),
        (Decimal("1E+2"), "100"),
        (Decimal("37.50"), "37.5"),
        (Decimal("24.99"), "24.9"),
        (Decimal("-0.05"), "-0"),
        (Decimal("33.333"), "33.3"),
        (Decimal("0"), "0"),
    ],
)
def test_numbers_as_people_write_them(value: Decimal, text: str) -> None:
    assert number(value).replace("-0", "-0") == text


def say(values: dict[str, Any], name: str = "en") -> str:
    return language(name).say(Reason("person.died", values))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 6, 15), "Died (2026-06-15)."),
        (None, "Died (?)."),
        ("", "Died (?)."),
        ((), "Died (none)."),
        (("a", "b", "a"), "Died (a, b)."),
        (Term("test.at_least"), "Died (at least)."),
        ((Term("test.at_least"), Term("test.below")), "Died (at least, below)."),
        (Reason("person.alive"), "Died (No record of death)."),
        ((Reason("person.alive"), Reason("pregnancy.recorded")), "Died (No record of death; Pregnancy is on record)."),
        (Decimal("12.0"), "Died (12)."),
        (3, "Died (3)."),
    ],
)
def test_values_in_a_sentence(value: Any, text: str) -> None:
    assert say({"on": value}) == text


def test_a_value_that_is_missing_is_a_bug() -> None:
    with pytest.raises(KeyError):
        say({})


def test_sentences_begin_with_a_capital_and_chinese_is_chinese() -> None:
    domains = (Term("domain.medicines"),)
    assert language("en").say(Reason("review.none", {"domains": domains})).startswith("Nobody has")
    assert say({"on": date(2026, 6, 15)}, "zh-Hans") != say({"on": date(2026, 6, 15)})


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="language 'fr' is not one of en, zh-Hans"):
        Language("fr")
