"""Does a form ask only what hangs on what was answered, and read only answers?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from daybreak.web.forms import form, makers
from daybreak.web.forms.form import NOT_SAID, Form, Kind, Option, Question
from daybreak.web.refusals import Refused
from tests.web.forms.filling import PHQ

YES, NO = Option("yes", "Yes"), Option("no", "No")


def test_a_question_is_asked_only_after_the_answer_that_it_hangs_on() -> None:
    made = Form(
        "x:y",
        "X",
        "",
        "en",
        (
            Question("a", "A", Kind.CHOICE, (YES, NO)),
            Question("b", "B", Kind.SEVERAL, (YES, NO), after=("a", frozenset({"yes"}))),
            Question("c", "C", Kind.TEXT, after=("b", frozenset({"no"}))),
        ),
    )
    ask = lambda **answers: [one.id for one in form.asked(made, answers)]  # noqa: E731
    assert ask() == ["a"]
    assert ask(a="yes") == ["a", "b"]
    assert ask(a="yes", b="yes no") == ["a", "b", "c"]
    assert ask(a="no", b="yes no") == ["a"]  # what hangs on a question that is not asked is not asked
    assert form.first_open(made, {"a": "yes"}).id == "b"
    assert form.first_open(made, {"a": NOT_SAID}) is None
    assert made.version != Form("x:y", "X", "", "en", made.questions[:2]).version


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.CHOICE, "yes", "yes"),
        (Kind.CHOICE, NOT_SAID, NOT_SAID),
        (Kind.CHOICE, "maybe", None),
        (Kind.CHOICE, "", None),
        (Kind.SEVERAL, "no yes", "yes no"),
        (Kind.SEVERAL, "no maybe", None),
        (Kind.NUMBER, "1,50", "1.5"),
        (Kind.NUMBER, "11", None),
        (Kind.NUMBER, "NaN", None),
        (Kind.NUMBER, "many", None),
        (Kind.DAY, "2024-05", "2024-05"),
        (Kind.DAY, "2024-02-30", None),
        (Kind.DAY, "yesterday", None),
        (Kind.TEXT, " words \n", "words"),
        (Kind.TEXT, "x" * 2001, None),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(kind, typed, kept) -> None:
    question = Question("q", "Q", kind, (YES, NO), low=Decimal(0), high=Decimal(10))
    if kept is None:
        with pytest.raises(Refused):
            form.read(question, typed)
    else:
        assert form.read(question, typed) == kept


def test_every_form_can_be_drawn_in_both_languages() -> None:
    assert PHQ in makers.every()
    for id in makers.every():
        for language in ("en", "zh-Hans"):
            made = makers.form(id, language)
            assert made.questions
            assert len(set(made.ids)) == len(made.ids)
