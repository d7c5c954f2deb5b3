"""Does everything that could not be read have a sentence, in every language, with the values that it needs?"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from daybreak.exchange.fhir import read
from daybreak.knowledge.check import PLACEHOLDER
from daybreak.knowledge.sentences import LANGUAGES
from daybreak.knowledge.store import load
from daybreak.knowledge.terms import terms
from tests.exchange.fhir.build import ANN, LOINC, bundle, chart, coded, resource, said, score, sertraline
from tests.house.tree import modules

ENGLISH = load("sentences")["en"]
WRITTEN = {
    node.value
    for path, tree in modules().items()
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"fhir\.[a-z-]+", node.value)
}
# What takes the id of a sentence with the values for it.
GIVES = {"Reason", "trouble", "NotJson", "_flaw"}


def test_every_id_of_the_reader_has_its_sentence_or_word_and_none_is_left_over() -> None:
    known = {id_ for part in ("sentences", "terms") for id_ in ENGLISH[part] if id_.startswith("fhir.")}
    assert known == WRITTEN


def test_the_reader_gives_the_values_that_its_sentences_need() -> None:
    seen = 0
    for path, tree in modules("daybreak/exchange/fhir").items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in GIVES):
                continue
            id_ = next((a.value for a in node.args if isinstance(a, ast.Constant) and a.value in WRITTEN), None)
            given = {word.arg for word in node.keywords}
            plain = [a for a in node.args if isinstance(a, ast.Dict)]
            given |= {key.value for a in plain for key in a.keys if isinstance(key, ast.Constant)}
            if id_ is None or None in given:  # passed on, or put together elsewhere: said in the other tests
                continue
            seen += 1
            assert set(PLACEHOLDER.findall(ENGLISH["sentences"][id_])) == given, f"{path}:{node.lineno}: {id_}"
    assert seen > 50


QUANTITY = {"unit": "mm[Hg]", "code": "mm[Hg]"}


def pressure(**fields: Any) -> dict[str, Any]:
    return resource("Observation", status="final", code=coded("8480-6", LOINC), **fields)


@pytest.mark.parametrize(
    ("record", "english", "chinese"),
    [
        (
            score(20, status="ready"),
            'The field status is "ready"; final, amended or another status of FHIR is expected.',
            '字段 status 为："ready"；应为 final、amended 或 FHIR 的其他状态。请在原记录处更正。',
        ),
        (
            pressure(valueQuantity={"value": 900, **QUANTITY}),
            "The value of systolic blood pressure is 900; a value from 40 to 300 is expected.",
            "“收缩压”的值为：900；应为 40 至 300 之间的值。请在原记录处更正。",
        ),
        (
            pressure(valueQuantity={"value": 140, "comparator": "<", **QUANTITY}),
            'The value of systolic blood pressure is "<" 140; an exact number is expected.',
            '“收缩压”的值为："<" 140；应为确切的数字。',
        ),
        (
            pressure(valueQuantity={"value": 140, "unit": "stone"}),
            'The unit of systolic blood pressure is "stone"; one of mm[Hg], mmHg',
            '“收缩压”的单位为："stone"；应为 mm[Hg]、mmHg',
        ),
        (
            pressure(valueInteger=140),
            "The value of systolic blood pressure is 140 without a unit; one of mm[Hg], mmHg",
            "“收缩压”的值为：140，没有单位；应为 mm[Hg]、mmHg",
        ),
        (
            sertraline(authoredOn="soon"),
            'The field authoredOn is "soon"; a date such as 2026-01-31, 2026-01 or 2026 is expected.',
            '字段 authoredOn 为："soon"；应为日期，如 2026-01-31、2026-01 或 2026。',
        ),
        (
            resource("Condition", code=7),
            "The field code is 7; an object with coding or text is expected. Correct it where it was recorded.",
            "字段 code 为：7；应为含 coding 或 text 的对象。请在原记录处更正。",
        ),
        (
            resource("Condition", clinicalStatus=[], code={"text": "asthma"}),
            "The field clinicalStatus is a list; an object with coding or text is expected.",
            "字段 clinicalStatus 为：列表；应为含 coding 或 text 的对象。",
        ),
    ],
)
def test_a_problem_names_the_thing_the_value_and_what_was_expected(
    record: dict[str, Any], english: str, chinese: str
) -> None:
    problem = chart(record).problems[0]
    assert said(problem).startswith(english)
    assert said(problem, "zh-Hans").startswith(chinese)


@pytest.mark.parametrize(
    ("content", "chinese"),
    [
        ("", "文件为空；应为 JSON 格式的 FHIR Bundle 或资源。"),
        ("{", "（第 1 行，第 2 列）"),
        (json.dumps(bundle(ANN))[:-1] + ', "type": 1, "total": NaN, "a": 1, "a": 2, "b": 1, "b": 2}', "另有 1 处"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_chinese(tmp_path: Path, content: str, chinese: str) -> None:
    (tmp_path / "a.json").write_text(content)
    problem = next(one for one in read([tmp_path / "a.json"], terms=terms()) if hasattr(one, "reason"))
    assert chinese in said(problem, "zh-Hans")
    assert all(not re.search(r"[{}]|Reason\(|Term\(", said(problem, name)) for name in LANGUAGES)
