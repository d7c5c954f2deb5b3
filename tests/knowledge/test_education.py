"""Can somebody with eight years of school read what we say about the treatment, and open what it stands on?"""

from __future__ import annotations

import re

import pyphen
import pytest

from daybreak.knowledge import education
from daybreak.knowledge.check import problems_of
from daybreak.knowledge.store import load
from daybreak.knowledge.validate import Invalid

GRADE = 8
# The only words that are left out are what is sold under a name; ketamine and the other medicines count as they are.
PRODUCTS = {"spravato", "ketalar"}
PARTS = pyphen.Pyphen(lang="en_US")


def syllables(word: str) -> int:
    """The larger of two counts, by hyphenation and by groups of vowels: the measure errs towards hard. Figures by digits."""
    if word.isdigit():
        return len(word)
    sounds = re.sub(r"(?<=[^aeiouyl])e$", "", word.lower())
    return max(len(PARTS.positions(word)) + 1, len(re.findall(r"[aeiouy]+", sounds)), 1)


def grade(text: str) -> float:
    """Flesch and Kincaid's grade of a text."""
    sentences = [one for one in re.split(r"[.?]+(?:\s|$)", text) if one.strip()]
    words = [one for one in re.findall(r"[A-Za-z]+|\d+", text) if one.lower() not in PRODUCTS]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def said(section) -> str:
    return " ".join(
        [
            section["words"]["en"],
            *(one["words"]["en"] for one in section["claims"]),
            section.get("lacks", {}).get("en", ""),
        ]
    )


def test_the_measure_tells_a_hard_text_from_an_easy_one() -> None:
    assert syllables("ketamine") == 3
    assert syllables("depression") == 3
    assert grade("You sit in a chair. A nurse is with you.") < 3
    assert grade("Contraindications necessitate comprehensive cardiovascular evaluation preceding administration.") > 20


@pytest.mark.parametrize("section", education.sections(), ids=lambda one: one["id"])
def test_each_section_is_at_most_of_the_eighth_grade(section) -> None:
    assert grade(said(section)) <= GRADE


def test_what_has_to_be_told_is_told() -> None:
    assert [one["id"] for one in education.sections()] == [
        *("trd", "two", "approved", "brain", "session", "effects", "misuse", "not", "talking", "others")
    ]
    assert all(any(claim.get("first") for claim in one["claims"]) for one in education.sections())


@pytest.mark.parametrize(
    ("n", "of", "people"), [(142, 346, 41), (21, 222, 9), (0, 222, 0), (222, 222, 100), (1, 8, 13)]
)
def test_so_many_of_a_hundred(n, of, people) -> None:
    assert education.of_100(n, of) == people


def test_a_claim_without_a_source_that_opens_does_not_pass(folder, edit) -> None:
    edit("education.yaml", "id: sforzini-2022", "id: comp006")
    assert "education/trd/meaning: the source 'comp006' has no address to open" in problems_of(folder)
    edit("education.yaml", "source: {id: star-d, where: remission by step}, standing: study", "standing: study")
    with pytest.raises(Invalid, match="source"):
        load("education", folder)


def test_our_own_view_and_more_people_than_there_were_do_not_load(folder, edit) -> None:
    edit("education.yaml", "standing: study", "standing: local_policy")
    with pytest.raises(Invalid, match="would be our own view"):
        load("education", folder)
    edit("education.yaml", "standing: local_policy", "standing: study")
    edit("education.yaml", "spray: 142", "spray: 347")
    with pytest.raises(Invalid, match="more people than there were: far"):
        load("education", folder)
    edit("education.yaml", "drawn: [far", "drawn: [near")
    with pytest.raises(Invalid, match="not among the rows: near"):
        load("education", folder)
