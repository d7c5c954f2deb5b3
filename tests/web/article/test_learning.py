"""Do strangers read what the drug does, in the body and in the street, each sentence with a source that opens?"""

from __future__ import annotations

import re

from tests.web.article.points import journey, page, plain
from tests.web.conftest import browser


def section(text: str, id: str) -> str:
    (found,) = re.findall(rf'<section class="section" aria-labelledby="{id}">(.*?)</section>', text, re.DOTALL)
    return found


def sourced(text: str, within: str, *wanted: str) -> None:
    """Each of these is told there by a sentence with a source, and the source opens."""
    claims = re.findall(r"<li>.*?</li>", within, re.DOTALL)
    for one in wanted:
        told = [claim for claim in claims if one in plain(claim)]
        assert told, one
        for claim in told:
            (n,) = re.findall(r'href="#source-(\d+)"', claim)
            assert re.search(rf'<li id="source-{n}"><a href="https://', text), one


@journey(4)
def test_its_names_in_the_street_and_what_it_does_there(site, of) -> None:
    text = page(browser(), "/learn/")
    misuse = section(text, "misuse")
    sourced(text, misuse, "Special K", "Cat Valium", "slow your breath", "Both forms can be misused")


@journey(6)
def test_what_it_blocks_and_what_nobody_knows(site, of) -> None:
    text = page(browser(), "/learn/")
    brain = section(text, "brain")
    sourced(text, brain, "NMDA receptor", "Most other medicines for depression work in another way", "still not clear")
    assert "Why it helps some people and not others is not known" in plain(brain)
    sourced(text, section(text, "approved"), "off-label")
