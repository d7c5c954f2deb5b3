"""Does an entry bear the label that the file says, and no other one?"""

from __future__ import annotations

import pytest

from daybreak.knowledge.labels import label
from daybreak.knowledge.store import loaded


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"therapy": "psychotherapy"}, "psychotherapy"),
        ({"therapy": "tms"}, None),
        ({"conditions": {"substance_use_disorder", "pregnancy"}}, "substance_use"),
        ({"conditions": {"pregnancy"}}, "reproductive"),
        ({"conditions": frozenset()}, None),
        ({"observation": "audit-c.total"}, "substance_use"),
        ({"observation": "pregnancy_status"}, "reproductive"),
        ({"observation": "phq-9.total"}, None),
        ({}, None),
    ],
)
def test_the_first_rule_that_fits_gives_the_label(told, found) -> None:
    assert label(**told) == found


def test_every_condition_that_is_named_is_one_that_we_know() -> None:
    known = {one["id"] for file in loaded("conditions").values() for one in file["concepts"]}
    named = {one for rule in loaded("labels")["labels"]["labels"] for one in rule.get("conditions", ())}
    assert named <= known
