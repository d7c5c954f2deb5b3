"""Does the page say a sum only where it is known, help before prices, and never a total of what is used alone at home?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from daybreak.knowledge.costs import country, sums
from daybreak.web import instant
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(monkeypatch) -> None:
    """A day on which the prices of 2026 count."""
    at(monkeypatch, datetime(2026, 11, 30, 12, tzinfo=UTC))


def at(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(instant, "now", lambda: moment)


def page(lang: str = "en") -> str:
    answer = browser().get(f"/cost/?lang={lang}", secure=True)
    assert answer.status_code == 200
    return answer.content.decode()


def part(text: str, id: str) -> str:
    """The section or card that the heading of this id names."""
    begin = text.index(f'id="{id}"')
    end = text.find("<section", begin)
    return text[begin : end if end > 0 else None]


def test_medicare_has_a_sum_and_says_what_it_is_made_of(site) -> None:
    card = part(page(), "pays-medicare")
    assert "$19,037 to $40,682" in card
    assert "$4,034 to $8,589" in card
    assert "21 to 30 visits" in card


def test_without_two_dated_sources_there_is_no_sum_but_the_questions(site) -> None:
    text = page()
    for id in ("medicaid", "uninsured", "commercial", "self_pay"):
        card = part(text, f"pays-{id}")
        assert "We do not know" in card, id
        assert not re.search(r"\$\d", card), id
    assert "in writing" in part(text, "ask")


def test_after_two_years_nothing_is_known_any_more() -> None:
    known = country("US")
    assert any(one.own for one in sums(known, "medicare", on=date(2028, 1, 1)))
    assert not any(one.own or one.allowed for one in sums(known, "medicare", on=date(2028, 1, 2)))


def test_the_page_forgets_old_prices_by_itself(site, monkeypatch) -> None:
    at(monkeypatch, datetime(2029, 3, 1, 12, tzinfo=UTC))
    text = page()
    assert not re.search(r"\$\d", part(text, "pays-medicare"))
    assert "too old, not counted" in part(text, "prices")


def test_help_and_public_insurance_come_before_what_you_pay_yourself(site) -> None:
    text = page()
    order = ["first", "pays-medicare", "pays-medicaid", "pays-uninsured", "pays-commercial", "pays-self_pay"]
    places = [text.index(f'id="{id}"') for id in order]
    assert places == sorted(places)
    assert "free ride" in part(text, "first")


def test_what_is_used_alone_at_home_stands_after_its_warning_with_no_bar_and_no_total(site) -> None:
    text = page()
    alone = part(text, "apart")
    assert alone.index("FDA") < alone.index("$75 to $200")
    assert "<svg" not in alone
    assert len(re.findall(r"\$[\d,.]*\d", alone)) == 2
    assert "$75" not in text[: text.index('id="apart"')]


def test_every_price_has_its_source_and_a_date_or_the_word_that_it_has_none(site) -> None:
    rows = part(page(), "prices").split("<tr>")[2:]
    assert len(rows) == sum(one["route"] != "home" for one in country("US")["prices"])
    for row in rows:
        assert 'href="http' in row
        assert re.search(r"\d{4}-\d\d-\d\d|no date, not counted", row)


def test_other_treatments_get_no_price_that_is_not_sourced_alike(site) -> None:
    assert not re.search(r"\$\d", part(page(), "others"))


def test_it_is_there_in_chinese(site) -> None:
    text = page("zh-hans")
    assert "4,034 至 8,589 美元" in text
    assert "免费接送" in part(text, "first")
    for said in (*country("US")["rules"], *country("US")["apart"], *country("US")["prices"]):
        words = said.get("says") or said["words"]
        assert words["zh-Hans"] in text
        assert words["en"] not in text
