"""Does each question that the source article puts to a clinic stand on a page for strangers, and does a card answer it?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from daybreak.knowledge import card
from daybreak.web import ids
from daybreak.web.card import actions, queries
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from tests.web.article.points import journey, journeys, page, plain
from tests.web.conftest import NOW, browser
from tests.web.rems.samples import over
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]
CHECK, LATER = "/clinics/check/", timedelta(days=100)
STATED = {
    "evaluator-training": "A psychiatrist of twelve years",
    "treating-training": "A psychiatrist for mood disorders",
    "substance-plan": "We help with it first",
    "price": "450 dollars",
    "insurance": "We ask your plan",
}
READ: dict[str, str] = {}  # what strangers read is made once: the journeys only read it


@pytest.fixture
def read(db, request) -> dict[str, str]:
    """The page of questions, and the card of a site before it wrote anything down and after it treated one person.

    One is too few to be published, so the same card is read once more as if one were enough.
    """
    if not READ:
        site, roe = request.getfixturevalue("site"), request.getfixturevalue("person")("roe", Role.PRESCRIBER)
        made = {"check": page(browser(), CHECK), "before": page(browser(), "/clinics/")}
        made["empty"] = published(site, roe, NOW)
        session, nurse = request.getfixturevalue("session"), request.getfixturevalue("nurse")
        at = over(session, nurse, request.getfixturevalue("noon")) + LATER
        for measure, text in STATED.items():
            told = {"text": text, "evidence": "on file", "until": (at + timedelta(days=30)).date()}
            actions.state(site, measure, **told, by=roe, at=at, key=ids.new())
        made["treated"], made["clinics"] = published(site, roe, at), page(browser(), "/clinics/")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("daybreak.knowledge.card.small", lambda: 1)
            made["counted"] = published(site, roe, at)
        READ.update(made)
    return READ


def published(site: Site, by, at) -> str:
    document = queries.document(site, queries.answered(site, at=at), by=by.display_name, slug=queries.slug(site), at=at)
    actions.publish(site, seen=actions.digest_of(document), by=by, at=at, key=ids.new())
    return page(browser(), f"/clinics/{queries.slug(site)}/")


def answer(shown: str, question: str) -> str:
    """What stands beside that question on a card."""
    (found,) = re.findall(rf"<dt>{re.escape(question)}</dt>\s*<dd>(.*?)</dd>", shown, re.DOTALL)
    return plain(found)


# ---------- the questions ----------
NONE, FEW = "not recorded", "too few to tell"


def stated(text: str) -> tuple[str, str]:
    return "stated, signed", text


@journeys(
    11,
    {
        "evaluation-who": ("yes", "For 1 of 1 people treated here, a prescriber had signed the decision"),
        "evaluation-qualified": stated(STATED["evaluator-training"]),
        "evaluation-time": (NONE, ""),
        "evaluation-contact": ("no", "For 0 of 1 people treated, a letter had left before"),
        "evaluation-misuse": stated(STATED["substance-plan"]),
        "evaluation-same": ("yes", "For 1 of 1 people treated, whoever signed the decision also had the course"),
        "experience-qualified": stated(STATED["treating-training"]),
        "experience-numbers": ("counted", "1 treatments of 1 people"),
        "experience-results": (NONE, ""),
        "experience-registry": ("no", "0 of 1 people treated agreed"),
        "experience-during": ("no", "Before 0 of 1 treatments there was a complete score"),
        "experience-after": ("no", "After 0 of 1 courses the patient was heard of"),
        "experience-coordinate": (NONE, ""),
        "administration-vein": ("counted", "0 of 1 treatments were by vein"),
        "administration-pump": (NONE, ""),
        "administration-during": (NONE, ""),
        "administration-over": (NONE, ""),
        "administration-often": (NONE, ""),
        "administration-standard": ("yes", "In 1 of 1 treatments every step met the written rules"),
        "administration-vitals": ("no", "In 0 of 1 treatments a monitor was connected"),
        "administration-mind-during": ("yes", "In 1 of 1 treatments dissociation or distress was charted"),
        "administration-mind-after": ("no", "After 0 of 1 treatments the patient was heard of"),
        "cost-price": stated(STATED["price"]),
        "cost-insurance": stated(STATED["insurance"]),
        "cost-rounds": (NONE, ""),
    },
)
def test_strangers_find_the_question_and_what_the_records_of_a_clinic_say(read, case, request) -> None:
    kind, sentence = case
    place = request.node.callspec.id.removeprefix("point-11-")
    ((of_card, words),) = re.findall(rf'<li data-ask="{place}" data-of-card="([^"]*)">(.*?)</li>', read["check"])
    assert words.rstrip().endswith("?")
    question = next(one["words"]["en"] for one in card.data()["questions"] if one["id"] == of_card)
    assert answer(read["empty"], question).startswith(NONE), "without a record it is no good answer"
    counted = answer(read["counted"], question)
    assert counted.startswith(kind)
    assert sentence in counted
    shown = answer(read["treated"], question)
    assert shown.startswith((FEW, NONE) if kind != stated("")[0] else kind)
    assert not re.search(r"\b[01] of 1\b", shown), "one person is too few to be told of"


@journey(9)
def test_clinics_are_not_alike_and_strangers_can_tell(read, of) -> None:
    """Who screens for both is told by the records; half of it is no yes; no clinic stands first for what it says."""
    (one,) = re.findall(r'<section class="ask" data-question="screening".*?</section>', read["check"], re.DOTALL)
    assert re.findall(r'name="screening-([a-z]+)" data-need', one) == ["suicide", "substance"]
    question = "Are suicidal thoughts and substance use both asked about before the first dose?"
    assert answer(read["empty"], question).startswith(NONE)
    assert re.match(r"(yes|no) For [01] of 1 people treated", answer(read["counted"], question))
    assert (
        read["before"].count('href="/clinics/main-street/'),
        read["clinics"].count('href="/clinics/main-street/'),
    ) == (0, 1)


@journey(16)
def test_whatever_strangers_are_told_names_its_source(read, of) -> None:
    asked = re.findall(r'<section class="ask" data-question="([a-z]+)".*?</section>', read["check"], re.DOTALL)
    sources = re.findall(r'data-why>.*?<p class="source">(.*?)</p>', read["check"], re.DOTALL)
    assert len(sources) == len(asked) > 0
    for one in sources:
        assert ": " in plain(one) or plain(one).startswith("Our own view; we could read no source"), one
    assert any('href="https://' in one for one in sources), "some can be opened"
    assert any("about 2021" in plain(one) for one in sources), "the article itself is named where it is all there is"
