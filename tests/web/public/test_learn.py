"""Does every sentence of the page lead to its source, and is a picture of 100 people the number beside it?"""

from __future__ import annotations

import re

import pytest

from daybreak.knowledge import education
from daybreak.web.public.learn_views import HIGH, WIDE, _after, _first
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db


def area(path: str) -> int:
    """So many fields lie within an outline of horizontal and vertical lines."""
    x, y = map(int, re.match(r"M(\d+) (\d+)", path).groups())
    corners = [(x, y)]
    for way, to in re.findall(r"([HV])(\d+)", path):
        x, y = (int(to), y) if way == "H" else (x, int(to))
        corners.append((x, y))
    twice = sum(a * d - c * b for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True))
    return abs(twice) // (2 * WIDE * HIGH)


@pytest.mark.parametrize("people", [0, 1, 9, 10, 41, 99, 100])
def test_as_many_people_are_drawn_as_are_said(people) -> None:
    assert (area(_first(people)), area(_after(people))) == (people, 100 - people)


def test_the_sheet_has_fields_and_no_way_to_send_them(site) -> None:
    text = browser().get("/learn/prepare/", secure=True).content.decode()
    assert text.count("<textarea id=") == 8
    assert not re.search(r"<form|<button|<script|<textarea[^>]* name=", text)


def test_every_sentence_leads_to_a_source_that_opens(site) -> None:
    text = browser().get("/learn/", secure=True).content.decode()
    claims = [claim for one in education.sections() for claim in one["claims"]]
    cited = re.findall(r'href="#source-(\d+)"', text)
    listed = re.findall(r'<li id="source-(\d+)"><a href="(https?://[^"]+)" rel="noreferrer">', text)
    assert len(cited) == len(claims) + 1
    assert set(cited) == {n for n, _ in listed}
    assert text.count("read in a summary or a report") == sum(one["standing"] == "secondary" for one in claims)
    assert "41 of 100" in text
    assert "142 of 346 people in the trials" in text
