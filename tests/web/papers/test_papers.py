"""Is a paper readable by people and machines, kept byte for byte, and open to those alone whom it concerns?"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.papers import actions, pdf
from daybreak.web.papers.models import Paper
from daybreak.web.patients.kinds import SUBSTANCE_USE
from daybreak.web.people import actions as people
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

DAY = date(2026, 11, 24)
EVERY_BLOCK = [
    pdf.heading("What it is"),
    pdf.paragraph("Plain *words*, #not markup: $x$ <a> _b_"),
    pdf.notice("Do not drive."),
    pdf.points("first", "second"),
    pdf.facts(("Name", "Anna"), ("Born", "1971")),
    pdf.table(["Drug", "Dose"], [["sertraline", "150 mg"]]),
    pdf.tick("I understand", ticked=True),
    pdf.tick("I do not", ticked=False),
    pdf.line("Signature", "Anna Keller"),
    pdf.new_page(),
    pdf.paragraph("over"),
]


def made(blocks=EVERY_BLOCK, *, title="A paper", language="en", **how) -> bytes:
    return pdf.make({"title": title, "footer": "Main Street", "blocks": blocks}, language=language, on=DAY, **how)


def read(file: bytes) -> PdfReader:
    return PdfReader(BytesIO(file))


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def patient(site, doctor):
    return registered(site, doctor)


def kept(patient, by, **other) -> Paper:
    told = {
        "kind": "consent",
        "about": "test:1",
        "language": "en",
        "permission": Permission.READ_PATIENTS,
        "at": NOW,
    } | other
    return actions.keep(made(), patient=patient, by=by, **told)


def test_every_block_can_be_read_back() -> None:
    found = read(made())
    text = " ".join(page.extract_text() for page in found.pages)
    for words in ("A paper", "What it is", "*words*", "#not markup", "$x$", "_b_", "Do not drive.", "first", "Anna"):
        assert words in text
    for words in ("sertraline", "150 mg", "I understand", "Anna Keller", "Signature", "over", "Main Street", "1 / 2"):
        assert words in text
    assert len(found.pages) == 2


def test_it_says_its_title_and_language_to_a_screen_reader() -> None:
    found = read(made(language="zh-Hans"))
    assert found.metadata.title == "A paper"
    assert found.root_object["/Lang"] == "zh"
    assert found.root_object["/MarkInfo"]["/Marked"]


def test_chinese_is_printed_and_the_same_words_give_the_same_bytes() -> None:
    blocks = [pdf.paragraph("氯胺酮治疗当天不得驾驶。")]
    first, second = (made(blocks, title="知情同意书", language="zh-Hans") for _ in range(2))
    assert first == second
    assert "不得驾驶" in read(first).pages[0].extract_text()


def test_a_letter_that_no_font_has_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        made([pdf.paragraph("fine"), pdf.paragraph("\ue000")])
    assert refused.value.values == {"letters": "\ue000"}
    assert "fonts-noto-cjk" in refused.value.sentence("en")


@pytest.mark.parametrize(("sheet", "width"), [("a4", 595), ("us-letter", 612)])
def test_it_fits_the_sheets_of_the_country(sheet, width) -> None:
    assert int(read(made(sheet=sheet)).pages[0].mediabox.width) == width


def test_large_print_takes_more_sheets() -> None:
    blocks = [pdf.paragraph("word " * 400)]
    assert len(read(made(blocks, large=True)).pages) > len(read(made(blocks)).pages)


def test_a_row_of_another_length_than_its_head_is_a_bug() -> None:
    with pytest.raises(ValueError, match="1 cells and the head 2"):
        pdf.table(["a", "b"], [["1"]])


def test_what_is_kept_stays_and_comes_back_byte_for_byte(patient, doctor) -> None:
    row = kept(patient, doctor)
    answer = signed_in(doctor).get(f"/patients/{patient.id}/papers/{row.id}/", secure=True)
    assert answer.content == bytes(row.bytes) == made()
    assert answer["Cache-Control"] == "no-store"
    assert "Keller" not in answer["Content-Disposition"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.update(language="zh-Hans")
    last = Entry.objects.latest("id")
    assert (last.action, last.object_type, last.subject, last.who) == ("read", "paper", patient.id, doctor.id)


def test_a_file_is_held_against_what_was_kept(patient, doctor) -> None:
    row = kept(patient, doctor)
    (held,) = actions.hold_against(made())
    assert (held.paper, held.intact) == (row, True)
    assert actions.hold_against(made() + b" ") == []
    table = Paper._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {table}_no_UPDATE")
        else:
            cursor.execute(f"DROP TRIGGER {table}_no_UPDATE ON {table}")
    Paper.objects.update(bytes=b"another")
    assert not actions.hold_against(made())[0].intact


def test_the_list_shows_what_its_reader_may_open(person, patient, doctor) -> None:
    row = kept(patient, doctor)
    labelled = kept(patient, doctor, sensitivity=SUBSTANCE_USE)
    for login, role, sees in (
        ("lee", Role.NURSE, [row]),
        ("eva", Role.EVALUATOR, [row, labelled]),
        ("fay", Role.FRONT_DESK, []),
    ):
        client = signed_in(person(login, role))
        page = client.get(f"/patients/{patient.id}/papers/", secure=True).content.decode()
        for one in (row, labelled):
            assert (str(one.id) in page) is (one in sees)
            status = client.get(f"/patients/{patient.id}/papers/{one.id}/", secure=True).status_code
            assert status == (200 if one in sees else 404)


def test_a_paper_is_found_below_its_own_patient_only(site, patient, doctor, person) -> None:
    row = kept(patient, doctor)
    other = registered(site, doctor, number="A2", family_name="Other")
    assert signed_in(doctor).get(f"/patients/{other.id}/papers/{row.id}/", secure=True).status_code == 404
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    hana = person("hana", Role.NURSE, at_site=harbour)
    assert signed_in(hana).get(f"/patients/{patient.id}/papers/{row.id}/", secure=True).status_code == 404
    assert signed_in(doctor).get(f"/patients/{patient.id}/papers/{ids.new()}/", secure=True).status_code == 404


@pytest.mark.parametrize("content", [b"", b"x" * (actions.MOST + 1)])
def test_nothing_and_too_much_are_not_kept(patient, doctor, content) -> None:
    with pytest.raises(Refused, match="20 MB"):
        actions.keep(
            content,
            patient=patient,
            kind="consent",
            about="test:1",
            language="en",
            permission=Permission.READ_PATIENTS,
            by=doctor,
            at=NOW,
        )
    assert not Paper.objects.exists()
