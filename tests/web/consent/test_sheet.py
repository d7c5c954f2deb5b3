"""Does the blank sheet of a consent hold all that is read and asked, no answer, and the lines of the signature on one page?"""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from daybreak.knowledge.store import digest_of
from daybreak.web.audit.models import Entry
from daybreak.web.consent import actions
from daybreak.web.words import word
from tests.web.conftest import NOW, signed_in
from tests.web.consent.samples import begun
from tests.web.consent.test_pages import page, where


@pytest.mark.parametrize(("language", "says"), [("en", "I understand this"), ("zh-Hans", "我明白以下内容")])
def test_the_blank_sheet_has_every_statement_and_question_and_no_answer(anna, doctor, language, says) -> None:
    staff = signed_in(doctor)
    talk = begun(anna, doctor, language=language)
    assert where(talk) + "sheet/" in page(staff, where(talk))
    sheet = staff.get(where(talk) + "sheet/", secure=True)
    pages = ["".join(one.extract_text().split()) for one in PdfReader(BytesIO(sheet.content)).pages]
    said = "".join(pages)
    lines = [word(f"consent.{one}", language) for one in ("paper_patient", "paper_signed", "paper_when", "talked")]
    assert any(all("".join(line.split()) in one for line in lines) for one in pages), "one signs on one page"
    content = json.loads(talk.content)
    for words in (says, *(one["says"][language] for one in content["statements"])):
        assert "".join(words.split()) in said
    for one in content["questions"]:
        for words in (one["asks"], *(answer["says"] for answer in one["answers"])):
            assert "".join(words[language].split()) in said
        assert "".join(one["explains"][language].split()) not in said, "it says no answer"
    assert digest_of(content) in said
    assert digest_of(content).startswith(talk.version)
    assert "Keller" not in said
    assert Entry.objects.filter(object_type="consent_sheet", subject=anna.id).count() == 1
    actions.end(talk, reason="not now", by=doctor, at=NOW)
    assert staff.get(where(talk) + "sheet/", secure=True).status_code == 404
    assert "/sheet/" not in page(staff, where(talk))
