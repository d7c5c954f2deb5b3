"""Is every sentence on our pages there in every language, and none written into a page?"""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from daybreak.web.people.roles import Role
from daybreak.web.words import LANGUAGES, known, word, words

WEB = Path(__file__).parents[2] / "daybreak/web"
TEMPLATES = sorted(WEB.rglob("*.html"))
# Said as they are in every language: our name, and the languages' own names.
SAME_EVERYWHERE = {"Daybreak", "– Daybreak", *LANGUAGES.values()}


def test_every_sentence_is_there_in_every_language_with_the_same_values() -> None:
    for id, sentences in words().items():
        assert set(sentences) == set(LANGUAGES), id
        values = {frozenset(name for _, name, *_ in Formatter().parse(text) if name) for text in sentences.values()}
        assert len(values) == 1, id
        assert re.search(r"[\u4e00-\u9fff]", sentences["zh-Hans"]), id
        assert not re.search(r"[\u4e00-\u9fff!]", sentences["en"]), id


def test_no_page_holds_words_of_its_own() -> None:
    address = r"{% block here %}.*?{% endblock %}"
    for file in TEMPLATES:
        bare = re.sub(address + r"|{%.*?%}|{{.*?}}|<!--.*?-->", "", file.read_text("utf-8"), flags=re.S)
        texts = [text.strip() for text in re.findall(r">([^<>]+)<", f">{bare}<")]
        texts += re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]+)"', bare)
        assert [text for text in texts if re.search(r"\w", text) and text not in SAME_EVERYWHERE] == [], file
        assert not re.search(r"<style|<script(?! src)|style=|\son\w+=", bare), (
            f"the policy allows nothing inline: {file}"
        )


def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    source = "\n".join(file.read_text("utf-8") for file in [*TEMPLATES, *WEB.rglob("*.py")])
    used = set(re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", source)) | {
        f"{said}.{role}" for role in Role for said in ("role", "role_may")
    }
    used |= {id for id in words() if id.startswith(("act.", "read."))}  # the next test knows which there must be
    assert set(words()) - used == set()
    named = set(re.findall(r"""(?:{% word |Refused\(|Conflict\(|Forbidden\(|TooOften\()["']([a-z_.]+)["']""", source))
    assert named - set(words()) == set()


def test_what_a_line_of_the_trail_can_tell_of_has_a_sentence() -> None:
    """The sentences of actions (`act.`) and of pages that were read (`read.`) stand in `audit/words.yaml`."""
    source = "\n".join(file.read_text("utf-8") for file in WEB.rglob("*.py"))
    done = set(re.findall(r'trail\.happened\(\s*"(\w+)"', source))
    done |= set(re.findall(r'trail\.wrote\([^)]*?action="(\w+)"', source))
    seen = set(re.findall(r'trail\.read\(\s*"(\w+)"', source))
    assert {f"act.{one}" for one in done} | {f"read.{one}" for one in seen} <= set(words())


def test_another_language_is_english_and_an_unknown_sentence_a_bug() -> None:
    assert [known(code) for code in ("zh-hans", "zh-Hans", "en", "fr", None)] == [
        "zh-Hans",
        "zh-Hans",
        "en",
        "en",
        "en",
    ]
    with pytest.raises(KeyError):
        word("no.such", "en")
