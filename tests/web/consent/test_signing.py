"""Is what was signed a paper that proves itself, does it hold for its time only, and does taking it back end it everywhere?"""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from daybreak.exchange.fhir.writer import READ_IN
from daybreak.knowledge.protocols import protocol_ids
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.consent import actions, after, queries, renewals
from daybreak.web.consent.exported import resources
from daybreak.web.consent.models import Signature, Step, Talk, Withdrawal
from daybreak.web.papers import actions as papers
from daybreak.web.papers.models import Paper
from daybreak.web.patients.models import Registration
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Event, Task
from daybreak.web.tasks.telling import event
from tests.web.conftest import NOW
from tests.web.consent.samples import REGISTRY, TOLD, VEIN, begun, signed, understood

CONSENSUS = "ketamine-iv-consensus"
PDF = b"%PDF-1.7 a signed sheet"


def text(paper: Paper) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(paper.bytes))).pages)


def test_the_paper_says_what_was_signed_and_its_hash_verifies(anna, doctor) -> None:
    row = signed(anna, doctor)
    said = text(row.paper)
    for words in ("Ketamine by vein", "off label", "Anna Keller", "Okafor", "2026-11-24 09:00 UTC", "24 hours"):
        assert words in said
    (held,) = papers.hold_against(bytes(row.paper.bytes))
    assert held.intact
    assert row.paper.about == f"consent {row.id}"
    assert {"paper_kept", "consent_signed"} <= set(
        Entry.objects.filter(subject=anna.id).values_list("action", flat=True)
    )


def test_the_paper_names_who_explained_an_answer_that_stayed_another_one_and_its_last_day(anna, doctor) -> None:
    talk = begun(anna, doctor)
    for item, first, then in (("approved", "0", "0"), ("mind", "asks", "understood")):
        actions.say(talk, item, first, by=None, at=NOW)
        actions.explain(talk, item, by=doctor, at=NOW)
        actions.say(talk, item, then, by=None, at=NOW)
    row = actions.sign(
        understood(talk), name="Anna", clear="yes", read="shown", how="here", by=doctor, at=NOW, key=ids.new()
    )
    said = " ".join(text(row.paper).split())
    assert "another answer than ours" in said
    assert said.count(f"explained by {doctor.display_name}") == 2
    assert f"{row.last_day} Holds through" in said


def test_a_talk_in_chinese_gives_a_paper_in_chinese(anna, doctor) -> None:
    talk = understood(
        begun(anna, doctor, language="zh-Hans", spoken_in="中文", interpreter_is="staff", interpreter="李华")
    )
    row = actions.sign(talk, name="安娜", clear="yes", read="shown", how="link", by=None, at=NOW, key=ids.new())
    assert "超说明书用药" in text(row.paper)
    assert "李华" in text(row.paper)
    assert row.paper.language == "zh-Hans"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"clear": ""}, "consent.not_now"),
        ({"name": ""}, "consent.name_missing"),
        ({"name": "x" * 201}, "consent.name_missing"),
        ({"name": "Anna \ue000"}, "papers.letters_missing"),
        ({"how": "paper", "scan": b"GIF89a"}, "consent.no_scan"),
        ({"read": ""}, "consent.say_read_in"),
        ({"read": "other"}, "consent.say_read_in"),
        ({"read": "other", "read_in": "Amharic"}, "consent.read_elsewhere_here"),
        ({"drawn": "M1 1"}, "papers.not_drawn"),
        ({"drawn": "M1 1L601 1"}, "papers.not_drawn"),
        ({"drawn": "M1 1L2 2'/><script/>"}, "papers.not_drawn"),
        ({"drawn": "M1 1" + "L2 2" * 5000}, "papers.not_drawn"),
        ({"how": "paper", "scan": PDF, "translation": "x" * 301}, "consent.too_long"),
    ],
)
def test_a_signature_that_is_none_is_refused(anna, doctor, told, why) -> None:
    talk = understood(begun(anna, doctor))
    whole = {"name": "Anna Keller", "clear": "yes", "read": "shown", "how": "tablet", **told}
    with pytest.raises(Refused) as refused:
        actions.sign(talk, **whole, by=None, at=NOW, key=ids.new())
    assert refused.value.id == why
    assert (Signature.objects.count(), Paper.objects.count()) == (0, 0)


def test_a_signed_translation_is_kept_as_it_came(anna, doctor) -> None:
    talk = understood(begun(anna, doctor, spoken_in="Amharic", interpreter_is="professional", interpreter="12"))
    told = {"how": "paper", "scan": PDF, "translation": "2.1, by Sara Tesfaye", "by": doctor}
    row = actions.sign(talk, name="Anna Keller", clear="yes", read="shown", at=NOW, key=ids.new(), **told)
    assert (bytes(row.paper.bytes), row.translation) == (PDF, "2.1, by Sara Tesfaye")


def test_in_which_language_it_was_read_stands_on_the_paper_and_in_the_record(anna, doctor) -> None:
    row = signed(anna, doctor)
    assert row.read_in == "English"
    assert "Read in English" in " ".join(text(row.paper).split())
    told = {"name": "Anna Keller", "clear": "yes", "read": "other", "read_in": "Amharic", "how": "here", "by": doctor}
    alone = understood(begun(anna, doctor, spoken_in="Amharic"))
    with pytest.raises(Refused, match="Nobody is named who interpreted"):
        actions.sign(alone, **told, at=NOW, key=ids.new())
    talk = understood(
        begun(anna, doctor, spoken_in="Amharic", interpreter_is="professional", interpreter="No. 12", mode="room")
    )
    row = actions.sign(talk, **told, at=NOW, key=ids.new())
    assert "Read in Amharic" in " ".join(text(row.paper).split())
    (*_, last) = resources(anna, language="en", at=NOW)
    assert last["extension"] == [{"url": READ_IN, "valueString": "Amharic"}]
    assert last["sourceAttachment"]["language"] == "en"


def test_what_was_drawn_stands_on_the_paper_beside_the_typed_name(anna, doctor) -> None:
    strokes = "M10 20L30 40L600 200M0 0L5 5"
    talk, key = understood(begun(anna, doctor)), ids.new()
    told = {"name": "Anna Keller", "clear": "yes", "read": "shown", "how": "tablet", "by": None, "at": NOW, "key": key}
    row = actions.sign(talk, **told, drawn=strokes)
    assert actions.sign(talk, **told, drawn=strokes) == row
    with pytest.raises(Conflict):
        actions.sign(talk, **told, drawn="")
    assert row.drawn == strokes
    page = PdfReader(BytesIO(bytes(row.paper.bytes))).pages[-1]
    assert b"10 20 m" in page.get_contents().get_data() or "/XObject" in page["/Resources"]
    assert "Drawn by Anna Keller" in text(row.paper)
    assert row.paper.bytes != signed(anna, doctor).paper.bytes


def test_signing_twice_is_as_once_and_what_is_signed_stays(anna, doctor) -> None:
    talk, key = understood(begun(anna, doctor)), ids.new()
    told = {"name": "Anna Keller", "clear": "yes", "read": "shown", "how": "tablet", "by": None, "at": NOW}
    first, second = (actions.sign(talk, key=key, **told) for _ in range(2))
    assert first == second
    with pytest.raises(Conflict):
        actions.sign(talk, key=ids.new(), **told)
    with pytest.raises(Conflict):
        actions.say(talk, "off-label", "asks", by=None, at=NOW)
    for model in (Talk, Step, Signature):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(created=NOW)


def test_the_gate_says_why_and_opens_only_while_the_consent_holds(anna, doctor) -> None:
    def gate(at=NOW) -> str:
        found = queries.missing(anna, CONSENSUS, at=at)
        return found.id if found else ""

    assert gate() == "consent.gate_none"
    talk = begun(anna, doctor)
    assert gate() == "consent.gate_begun"
    understood(talk)
    row = actions.sign(
        talk, name="Anna Keller", clear="yes", read="shown", how="tablet", by=None, at=NOW, key=ids.new()
    )
    assert gate() == ""
    assert queries.missing(anna, "esketamine-nasal-us", at=NOW).id == "consent.gate_none", "another treatment"
    last = NOW + timedelta(days=180)
    assert row.last_day == last.date() == date(2027, 5, 23)
    assert gate(last) == ""
    assert gate(last + timedelta(days=1)) == "consent.gate_expired"
    actions.withdraw(row, reason="", by=None, at=NOW)
    assert gate() == "consent.gate_withdrawn"
    sentence = queries.missing(anna, CONSENSUS, at=NOW).sentence("zh-hans")
    assert "2026-11-24" in sentence


def test_every_protocol_has_a_document_that_opens_its_gate(anna, doctor) -> None:
    for protocol in protocol_ids():
        (document,) = queries.documents_for(protocol)
        signed(anna, doctor, document)
        assert queries.missing(anna, protocol, at=NOW) is None


def test_a_choice_beside_the_treatment_is_asked_for_by_itself(anna, doctor) -> None:
    signed(anna, doctor)
    assert not queries.agreed(anna, REGISTRY, at=NOW)
    row = signed(anna, doctor, REGISTRY)
    assert queries.agreed(anna, REGISTRY, at=NOW)
    actions.withdraw(row, reason="", by=None, at=NOW)
    assert not queries.agreed(anna, REGISTRY, at=NOW)
    assert queries.missing(anna, CONSENSUS, at=NOW) is None


def test_a_choice_outlasts_the_consent_to_a_series(anna, doctor) -> None:
    signed(anna, doctor)
    signed(anna, doctor, REGISTRY)
    later = NOW + timedelta(days=181)
    assert queries.missing(anna, CONSENSUS, at=later).id == "consent.gate_expired"
    assert queries.agreed(anna, REGISTRY, at=later)
    assert not queries.agreed(anna, REGISTRY, at=NOW + timedelta(days=366))


def test_taking_it_back_reaches_everybody_or_nothing_happens(anna, doctor, monkeypatch) -> None:
    row = signed(anna, doctor)
    monkeypatch.setattr(after, "WITHDRAWN", (*after.WITHDRAWN, "tests.web.consent.test_signing.fails"))
    with pytest.raises(RuntimeError):
        actions.withdraw(row, reason="", by=None, at=NOW)
    assert (Withdrawal.objects.count(), Task.objects.count()) == (0, 0)
    assert queries.missing(anna, CONSENSUS, at=NOW) is None
    monkeypatch.undo()
    for _ in range(2):
        actions.withdraw(row, reason="tired of it", by=doctor, at=NOW)
    assert Withdrawal.objects.get().reason == "tired of it"
    task = Task.objects.get()
    assert (task.patient, task.level, task.what) == (anna, "today", "consent.task_withdrawn")


def test_what_was_renewed_and_then_taken_back_holds_nowhere(anna, doctor) -> None:
    """Also not by its earlier signature, whichever of them the patient takes back."""
    for document, taken in ((VEIN, -1), (VEIN, 0), (REGISTRY, -1)):
        both = [signed(anna, doctor, document), signed(anna, doctor, document)]
        assert queries.agreed(anna, document, at=NOW)
        actions.withdraw(both[taken], reason="", by=None, at=NOW)
        assert not queries.agreed(anna, document, at=NOW)
        assert queries.gate(queries.talks(anna), [document], at=NOW).id == "consent.gate_withdrawn"
    signed(anna, doctor)
    begun(anna, doctor)
    assert queries.missing(anna, CONSENSUS, at=NOW) is None, "signed anew it holds, also while a further talk is read"
    assert Task.objects.filter(what="consent.task_withdrawn").count() == 3


def test_of_an_earlier_withdrawal_only_the_last_signature_counts(anna, doctor) -> None:
    """As rows of before stand: only the newer one was taken back."""
    signed(anna, doctor)
    told = {"organisation_id": anna.organisation_id, "created": NOW}
    Withdrawal.objects.create(id=ids.new(), signature=signed(anna, doctor), **told)
    assert queries.missing(anna, CONSENSUS, at=NOW).id == "consent.gate_withdrawn"


def test_it_is_taken_back_wherever_the_patient_is_known(anna, doctor, site, person) -> None:
    row = signed(anna, doctor)
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    hana = person("hana", Role.NURSE, at_site=harbour)
    with pytest.raises(Forbidden):
        actions.withdraw(row, reason="", by=hana, at=NOW)
    told = {"organisation_id": anna.organisation_id, "created": NOW, "patient": anna, "by": doctor}
    Registration.objects.create(id=ids.new(), site=harbour, number="H1", **told)
    actions.withdraw(row, reason="", by=hana, at=NOW)
    assert Entry.objects.filter(action="consent_withdrawn", who=hana.id).exists()
    assert queries.missing(anna, CONSENSUS, at=NOW).id == "consent.gate_withdrawn"


def test_what_the_patient_does_alone_closes_its_task_in_nobodys_name(anna, doctor) -> None:
    first = NOW + timedelta(days=155)
    for alone in (
        lambda row: signed(anna, doctor, at=first),
        lambda row: actions.withdraw(row, reason="", by=None, at=first),
    ):
        row = signed(anna, doctor)
        renewals.ask(at=first)
        alone(row)
        closed = Event.objects.get(task__source=renewals.source(row))
        assert (closed.what, closed.by, closed.result) == ("closed", None, "done")
        assert "without anybody of the clinic" in event(closed, "en")["sentence"]
        assert Entry.objects.get(object_id=closed.id).who is None
    with pytest.raises(Conflict, match="without anybody of the clinic"):
        tasks.take(closed.task, by=doctor, at=first, key=ids.new())


def fails(row, by, at) -> None:
    raise RuntimeError


def test_renewal_is_asked_for_once_thirty_days_before(anna, doctor) -> None:
    row = signed(anna, doctor)
    first = NOW + timedelta(days=150)
    assert renewals.ask(at=first - timedelta(days=1)) == 0
    assert renewals.ask(at=first) == 1
    assert renewals.ask(at=first + timedelta(hours=1)) == 0
    task = Task.objects.get()
    assert task.where == f"/patients/{anna.id}/consents/{row.talk_id}/renew/"
    assert task.due.date() == row.last_day
    said = dict.fromkeys(("off-label",), "understood")
    talk = actions.renew(anna, VEIN, TOLD, said, name="Anna Keller", read="shown", by=doctor, at=first, key=ids.new())
    assert not Signature.objects.filter(talk=talk).exists(), "something is open"
    actions.sign(
        understood(talk, at=first),
        name="Anna",
        clear="yes",
        read="shown",
        how="here",
        by=doctor,
        at=first,
        key=ids.new(),
    )
    assert Event.objects.get(task=task).what == "closed"
    assert queries.missing(anna, CONSENSUS, at=NOW + timedelta(days=200)) is None
    assert renewals.ask(at=first + timedelta(days=2)) == 0


def test_what_was_taken_back_or_is_over_is_not_renewed_by_itself(anna, doctor) -> None:
    row = signed(anna, doctor)
    assert renewals.ask(at=NOW + timedelta(days=181)) == 0
    actions.withdraw(row, reason="", by=doctor, at=NOW)
    assert renewals.ask(at=NOW + timedelta(days=160)) == 0
