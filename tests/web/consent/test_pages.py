"""Do the pages lead a patient through a consent one statement a screen, and show staff what was understood?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from daybreak.web import ids
from daybreak.web.consent import actions, queries
from daybreak.web.consent.items import items
from daybreak.web.consent.models import Signature, Step, Talk
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.letters import letter
from daybreak.web.outbox.models import Message
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, browser, signed_in
from tests.web.consent.samples import TOLD, VEIN, begun, signed, understood
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached

CONSENSUS = "ketamine-iv-consensus"


@pytest.fixture
def staff(doctor):
    return signed_in(doctor)


def told(**other) -> dict[str, str]:
    return {**{name: getattr(TOLD, name) for name in TOLD.__dataclass_fields__}, "key": str(ids.new()), **other}


def where(talk: Talk) -> str:
    return f"/patients/{talk.patient_id}/consents/{talk.id}/"


def post(client, address, **what):
    return client.post(address, {"key": str(ids.new()), **what}, secure=True)


def page(client, address) -> str:
    return client.get(address, secure=True).content.decode()


@pytest.fixture
def talk(staff, anna) -> Talk:
    """Written down on the page."""
    answer = staff.post(f"/patients/{anna.id}/consents/", told(document=VEIN), secure=True)
    talk = Talk.objects.get()
    assert answer.url == where(talk)
    return talk


@pytest.fixture
def phone(staff, talk):
    """The patient's browser: the link was opened and the year of birth given."""
    assert "/l/" in post(staff, where(talk), do="link").content.decode()
    client = browser()
    assert client.post(f"/l/{token(Link.objects.get(purpose='consent'))}/", secure=True).url == "/consent/"
    assert client.post("/consent/", {"year": "1999"}, secure=True).status_code == 422
    assert client.post("/consent/", {"year": "1971"}, secure=True).url == "/consent/"
    return client


def sent(client, talk: Talk, base: str, n: int, **what):
    """The page of that talk at that place, as it was shown."""
    found = items(talk)
    item = found[n - 1].id if n <= len(found) else ""
    return post(client, f"{base}{n}/", talk=talk.id, item=item, **what)


def through(client, talk, base, *, wrong=()) -> None:
    """Every item at its place, the wrong ones with the first answer that is not right."""
    for n, one in enumerate(items(talk), 1):
        value = str(one.right) if one.answers else "understood"
        if one.id in wrong:
            value = str((one.right + 1) % len(one.answers))
        sent(client, talk, base, n, value=value)


def test_what_is_missing_is_kept_in_the_form(staff, anna) -> None:
    answer = staff.post(
        f"/patients/{anna.id}/consents/", told(document=VEIN, clear="no", spoken_in="Suomi"), secure=True
    )
    assert answer.status_code == 422
    assert "sedated or intoxicated" in answer.content.decode()
    assert "Suomi" in answer.content.decode()


def test_by_a_link_with_a_wrong_answer_that_a_person_explains(staff, phone, talk, anna) -> None:
    assert phone.get("/consent/", secure=True).url == "/consent/1/"
    first = page(phone, "/consent/1/")
    assert "not approved for depression" in first
    assert "Keller" not in first
    through(phone, talk, "/consent/", wrong=["approved"])
    waits = page(phone, "/consent/")
    assert "Somebody from the clinic talks with you" in waits
    assert phone.get("/consent/23/", secure=True).url == "/consent/"
    seen = page(staff, where(talk))
    assert "To be explained by you" in seen
    post(staff, where(talk), do="explain", item="approved")
    assert phone.get("/consent/", secure=True).url == "/consent/18/"
    assert sent(phone, talk, "/consent/", 18, value="1").url == "/consent/"
    assert phone.get("/consent/", secure=True).url == "/consent/23/"
    assert sent(phone, talk, "/consent/", 23, name="Anna Keller").status_code == 422
    assert sent(phone, talk, "/consent/", 23, name="Anna Keller", clear="yes", read="shown").url == "/consent/"
    row = Signature.objects.get()
    assert (row.how, row.by) == ("link", None)
    assert "Nothing more to do here" in page(phone, "/consent/")
    assert "Anna Keller" in page(staff, where(talk))
    assert queries.state(Talk.objects.get(), at=row.created) == queries.VALID
    assert "consent holds" in page(staff, f"/patients/{anna.id}/")
    assert "consent holds" in page(staff, f"/patients/{anna.id}/screening/")


def test_the_link_goes_out_by_mail_once_and_a_document_may_be_signed_at_the_clinic_only(
    staff, talk, anna, doctor, monkeypatch
) -> None:
    assert post(staff, where(talk), do="mail").status_code == 422
    assert Task.objects.get().what == "reach.task_call"
    reached(anna, doctor)
    same = str(ids.new())
    for _ in range(2):
        assert "on its way" in post(staff, where(talk), do="mail", key=same).content.decode()
    mail = Message.objects.get()
    assert mail.link.subject == anna.id
    found = letter(mail, repeat=False)
    assert not any(
        one in f"{found['Subject']} {found.get_content()}".casefold() for one in ("ketamine", "consent", "keller")
    )
    content = json.loads(talk.content)
    shut = Talk.objects.create(
        **{f.attname: getattr(talk, f.attname) for f in Talk._meta.concrete_fields}
        | {"id": ids.new(), "content": json.dumps(content | {"signed_at_home": False})}
    )
    client = browser()
    client.post(f"/l/{token(mail.link)}/", secure=True)
    client.post("/consent/", {"year": "1971"}, secure=True)
    understood(shut)
    last = len(items(shut)) + 1
    assert "You sign this at the clinic" in page(client, f"/consent/{last}/")
    assert sent(client, shut, "/consent/", last, name="Anna Keller", clear="yes", read="shown").status_code == 422
    actions.sign(shut, name="Anna", clear="yes", read="shown", how="tablet", by=None, at=NOW, key=ids.new())
    assert post(staff, where(shut), do="mail").status_code == 409
    assert post(staff, where(shut), do="link").status_code == 409
    assert Message.objects.count() == 1


def test_a_worrying_answer_shows_the_numbers_at_once_and_calls_somebody(phone, talk) -> None:
    places = {one.id: n for n, one in enumerate(items(talk), 1)}
    n = places["worse-thoughts"]
    assert sent(phone, talk, "/consent/", n, value="2").url == f"/consent/{n}/"
    assert 'class="crisis"' in page(phone, f"/consent/{n}/")
    assert Task.objects.get(patient=talk.patient).level == "now"
    through(phone, talk, "/consent/", wrong=["worse-thoughts"])
    assert 'class="crisis"' in page(phone, "/consent/")


def test_what_waits_leads_to_help_too(phone, talk) -> None:
    through(phone, talk, "/consent/", wrong=["approved"])
    waits = page(phone, "/consent/")
    assert '<a href="/crisis/">' in waits
    assert 'class="crisis"' not in waits


def test_who_cannot_decide_is_shown_no_field_to_sign(staff, anna, doctor) -> None:
    talk = begun(anna, doctor, capacity="represented", representative="Ben Court", ground="court order")
    post(staff, where(talk), do="tablet")
    through(staff, talk, "/tablet/consent/")
    last = page(staff, "/tablet/consent/23/")
    assert "A representative decides with you" in last
    assert 'name="name"' not in last
    assert sent(staff, talk, "/tablet/consent/", 23, name="Ben Court", clear="yes").status_code == 422
    assert not Signature.objects.exists()


def test_an_earlier_signature_is_not_hidden_by_a_later_talk(staff, anna, doctor) -> None:
    signed(anna, doctor)
    begun(anna, doctor)
    seen = page(staff, f"/patients/{anna.id}/")
    assert "consent holds" in seen
    assert "not signed yet" not in seen


def test_the_record_and_the_board_say_that_none_is_signed(staff, anna) -> None:
    for address in (f"/patients/{anna.id}/", f"/patients/{anna.id}/screening/"):
        assert "No consent to treatment is signed" in page(staff, address)


def test_leaving_forgets_and_a_stranger_finds_nothing(phone) -> None:
    assert post(phone, "/consent/", do="leave").status_code == 200
    for client in (phone, browser()):
        assert client.get("/consent/", secure=True).status_code == 404
        assert client.post("/consent/1/", {"value": "understood"}, secure=True).status_code == 404


def test_on_a_tablet_that_is_handed_over(staff, talk) -> None:
    assert post(staff, where(talk), do="tablet").url == "/tablet/consent/"
    assert staff.get("/tablet/consent/", secure=True).url == "/tablet/consent/1/"
    assert staff.get("/tablet/entries/", secure=True).status_code == 403
    assert staff.get(where(talk), secure=True).status_code == 403
    through(staff, talk, "/tablet/consent/")
    sent(staff, talk, "/tablet/consent/", 23, name="Anna Keller", clear="yes", read="shown")
    assert Signature.objects.get().how == "tablet"
    assert set(Step.objects.values_list("by", flat=True)) == {None}


def test_read_out_and_signed_here_or_on_paper(staff, talk, doctor) -> None:
    said = {f"item-{one.id}": str(one.right) if one.answers else "understood" for one in items(talk)}
    post(staff, where(talk), do="items", **said)
    assert set(Step.objects.values_list("by", flat=True)) == {doctor.id}
    sheet = SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 signed", content_type="application/pdf")
    post(
        staff, where(talk), do="sign", name="Anna Keller", clear="yes", read="shown", scan=sheet, translation="2, S. T."
    )
    row = Signature.objects.get()
    assert (row.how, row.by, row.translation) == ("paper", doctor, "2, S. T.")
    assert staff.get(f"/patients/{talk.patient_id}/papers/{row.paper_id}/", secure=True).content == b"%PDF-1.7 signed"


def test_renewal_is_one_screen(staff, anna, doctor) -> None:
    before = signed(anna, doctor).talk
    address = f"{where(before)}renew/"
    assert "The text is the one that was signed" in page(staff, address)
    said = {f"item-{one.id}": str(one.right) if one.answers else "understood" for one in items(before)}
    form = told(name="Anna Keller", read="shown", **said)
    for _ in range(2):
        answer = staff.post(address, form, secure=True)
        assert answer.status_code == 302
    assert Signature.objects.count() == 2
    assert (
        staff.post(address, told(name="Anna Keller", read="shown", **said) | {"clear": "no"}, secure=True).status_code
        == 422
    )


def test_a_wrong_answer_at_renewal_leads_to_the_talk_unsigned(staff, anna, doctor) -> None:
    before = signed(anna, doctor).talk
    said = {f"item-{one.id}": str(one.right) if one.answers else "understood" for one in items(before)}
    said["item-approved"] = "0"
    form = told(name="Anna Keller", read="shown", **said)
    for _ in range(2):
        answer = staff.post(f"{where(before)}renew/", form, secure=True)
    assert Signature.objects.count() == 1
    assert "To be explained by you" in page(staff, answer.url)


def test_renewal_shows_the_language_that_it_records(staff, anna, doctor) -> None:
    talk = understood(begun(anna, doctor, language="zh-Hans", spoken_in="中文"))
    actions.sign(talk, name="安娜", clear="yes", read="shown", how="tablet", by=None, at=NOW, key=ids.new())
    seen = page(staff, f"{where(talk)}renew/")
    assert '<label class="choice" lang="zh-Hans">' in seen
    assert items(talk)[0].words in seen
    said = {f"item-{one.id}": str(one.right) if one.answers else "understood" for one in items(talk)}
    staff.post(f"{where(talk)}renew/", told(name="安娜", language="en", read="shown", **said), secure=True)
    assert set(Talk.objects.values_list("language", flat=True)) == {"zh-Hans"}


def test_what_was_ticked_at_a_renewal_stays_when_something_is_missing(staff, anna, doctor) -> None:
    before = signed(anna, doctor).talk
    said = {"item-off-label": "understood", "item-approved": "1"}
    seen = staff.post(f"{where(before)}renew/", told(clear="no", **said), secure=True).content.decode()
    assert 'name="item-off-label" value="understood" checked' in seen
    assert 'name="item-approved" value="1" checked' in seen
    assert seen.count('value="understood" checked') == 1


def test_each_door_opens_what_it_was_opened_for(staff, phone, talk, anna, doctor) -> None:
    """The link goes on to the next unsigned one and opens none that was written down later; the tablet has its own."""
    later = begun(anna, doctor, "registry", at=Link.objects.get(purpose="consent").created + timedelta(minutes=1))
    assert "of 23" in page(phone, "/consent/1/")
    post(staff, where(talk), do="tablet")
    assert "of 23" in page(staff, "/tablet/consent/1/"), "not the newer one"
    understood(talk)
    sent(phone, talk, "/consent/", 23, name="Anna Keller", clear="yes", read="shown")
    assert "Nothing more to do here" in page(phone, "/consent/")
    assert "Nothing more to do here" in page(staff, "/tablet/consent/")
    assert queries.open_talk(anna.id) == later


def test_nothing_is_kept_about_a_statement_that_was_not_on_the_page(staff, phone, talk, anna, doctor) -> None:
    """Treatment comes before the registry, each page names its document, and a page of another one, or another place, is
    shown anew with a sentence; a signature that was sent twice is not."""
    registry = begun(anna, doctor, "registry")
    assert "Ketamine by vein" in page(phone, "/consent/1/")
    one = f'name="talk" value="{talk.id}"><input type="hidden" name="item" value="{items(talk)[0].id}"'
    assert one in page(phone, "/consent/1/")
    last = {"name": "Anna Keller", "clear": "yes", "read": "shown"}
    for client, base, other in ((phone, "/consent/", registry), (phone, "/consent/", talk)):
        item = items(other)[2].id
        answer = post(client, f"{base}2/", talk=other.id, item=item, value="understood")
        assert (answer.status_code, "It was not kept" in answer.content.decode()) == (409, True)
        assert 'action="/consent/1/"' in answer.content.decode(), "where the reading goes on"
    assert "It was not kept" in sent(phone, registry, "/consent/", 5, **last).content.decode()
    assert post(phone, "/consent/1/", value="understood").status_code == 409
    assert not Step.objects.exists()
    understood(talk)
    answer = sent(phone, registry, "/consent/", 23, **last)
    assert (answer.status_code, "Anna Keller" in answer.content.decode()) == (409, False)
    assert not Signature.objects.exists()
    assert [sent(phone, talk, "/consent/", 23, **last).status_code for _ in range(2)] == [302, 302]
    assert "The registry" in page(phone, "/consent/1/")
    assert (
        "selected"
        not in page(staff, f"/patients/{anna.id}/consents/").split('name="document"')[1].split("</select>")[0]
    )


def test_a_link_goes_on_to_the_next_one(phone, talk, anna, doctor) -> None:
    begun(anna, doctor, "registry")
    understood(talk)
    sent(phone, talk, "/consent/", 23, name="Anna Keller", clear="yes", read="shown")
    assert "of 5" in page(phone, "/consent/1/")


def test_the_patient_sees_and_takes_back_their_own(staff, anna, doctor, site) -> None:
    mine, other = signed(anna, doctor), signed(registered(site, doctor, number="9"), doctor)
    post(staff, f"/patients/{anna.id}/tablet/")
    assert "Ketamine by vein: consent holds" in page(staff, "/tablet/consents/")
    post(staff, "/tablet/consents/", signature=str(other.id))
    post(staff, "/tablet/consents/", signature="nonsense")
    assert not hasattr(Signature.objects.get(pk=other.pk), "withdrawal")
    post(staff, "/tablet/consents/", signature=str(mine.id))
    assert Signature.objects.get(pk=mine.pk).withdrawal.by is None
    assert "was taken back" in page(staff, "/tablet/consents/")


def test_staff_write_down_that_it_was_taken_back(staff, anna, doctor) -> None:
    row = signed(anna, doctor)
    post(staff, where(row.talk), do="withdraw", reason="<b>enough</b>")
    seen = page(staff, where(row.talk))
    assert "&lt;b&gt;enough&lt;/b&gt;" in seen
    assert "Renew" in seen


def test_a_talk_is_found_below_its_own_patient_only(staff, anna, doctor, site) -> None:
    other = begun(registered(site, doctor, number="9"), doctor)
    assert staff.get(f"/patients/{anna.id}/consents/{other.id}/", secure=True).status_code == 404
    assert staff.post(f"/patients/{anna.id}/consents/{other.id}/", {"do": "link"}, secure=True).status_code == 404
    assert staff.get(f"/patients/{anna.id}/consents/{other.id}/renew/", secure=True).status_code == 404


def test_in_chinese_everything_is_chinese(staff, anna, doctor) -> None:
    talk = begun(anna, doctor, language="zh-Hans", spoken_in="中文")
    client = browser()
    post(staff, where(talk), do="link")
    client.post(f"/l/{token(Link.objects.get(purpose='consent'))}/", secure=True)
    client.post("/consent/", {"year": "1971"}, secure=True)
    seen = page(client, "/consent/1/")
    assert "超说明书用药" in seen
    assert "我明白" in seen
    understood(talk)
    assert "您的签字" in page(client, "/consent/23/")


def test_few_questions_to_the_database(staff, anna, doctor, django_assert_max_num_queries) -> None:
    for _ in range(3):
        signed(anna, doctor)
    talk = begun(anna, doctor)
    for address in (f"/patients/{anna.id}/consents/", where(talk), f"{where(talk)}renew/"):
        with django_assert_max_num_queries(15):
            page(staff, address)


def test_a_nurse_talks_too_and_the_front_desk_does_not(anna, person, doctor) -> None:
    talk = begun(anna, doctor)
    assert "Write down a talk" in page(signed_in(person("lee", Role.NURSE)), f"/patients/{anna.id}/consents/")
    assert signed_in(person("fay", Role.FRONT_DESK)).get(where(talk), secure=True).status_code == 403
    actions.explain(talk, "off-label", by=doctor, at=talk.created)
    assert not Step.objects.exists(), "what does not wait needs no explanation"
