"""Is "takes none" said only where the list and today's answers both say it, and is a difference seen?"""

from __future__ import annotations

import pytest

from daybreak.clinical.treatment.other_drugs import Drugs, said


@pytest.mark.parametrize(
    ("listed", "told", "new", "answer", "differs"),
    [
        (False, (False,), False, False, False),
        (False, (), False, False, False),
        (False, (False,), None, None, False),
        (False, (False,), True, None, True),
        (False, (None,), False, None, False),
        (None, (False,), False, None, False),
        (True, (True,), False, True, False),
        (True, (), False, True, False),
        (True, (False, False), False, True, True),
        (True, (False, None), False, True, False),
        (False, (False, True), False, True, True),
        (None, (True,), None, True, False),
    ],
)
def test_yes_by_either_no_by_both_and_unknown_else(listed, told, new, answer, differs) -> None:
    one = Drugs(listed, told, new)
    assert (one.answer, one.differs) == (answer, differs)


def test_who_would_rather_not_say_said_neither() -> None:
    assert [said(one) for one in ("yes", "no", "not_said", None)] == [True, False, None, None]
