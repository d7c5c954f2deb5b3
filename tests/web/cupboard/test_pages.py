"""Do the pages of the cupboard show what is there, take what is typed, and hide from a count what it must not know?"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.hashers import make_password
from pypdf import PdfReader

from daybreak.clinical.treatment.ledger import Kind
from daybreak.web import ids
from daybreak.web.cupboard import actions, book, recalls
from daybreak.web.cupboard.models import Count, Entry, Inventory, Rule
from daybreak.web.papers.models import Paper
from daybreak.web.people import actions as people
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.cupboard.conftest import received
from tests.web.cupboard.test_cupboard import moves, take, use
from tests.web.patients.samples import registered

PASSWORD = "six words that nobody would guess"


@pytest.fixture
def known(keeper, nurse):
    """Both have a password that a witness can type."""
    for one in (keeper, nurse):
        one.password = make_password(PASSWORD)
        one.save(update_fields=["password"])


def page(person, address: str) -> str:
    answer = signed_in(person).get(address, secure=True)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def sent(person, address: str, **told):
    return signed_in(person).post(address, {"key": str(ids.new())} | told, secure=True)


def test_the_stock_is_split_and_a_search_names_who_received_a_lot(site, lot, patient, nurse, keeper) -> None:
    received(site, keeper, owner=patient, number="N5", units=1)
    out = take(lot, patient, nurse)
    use(actions.given, out, nurse, mg=Decimal(28))
    moves(lot, Kind.RESERVED, keeper, units=2, patient=patient)
    shown = page(nurse, "/cupboard/")
    assert "esketamine, device 28 mg" in shown
    assert "9 · 252 mg" in shown
    assert "only for Keller" in shown
    assert "1 · 28 mg" in shown, "what was taken and is not accounted for"
    assert "Something came" not in shown, "a nurse does not receive"
    answer = page(nurse, "/cupboard/?lot=a17")
    assert "Who received lot a17" in answer
    assert "given" in answer
    assert "Keller" in answer
    assert "No lot with this number" in page(nurse, "/cupboard/?lot=Z")


def test_a_carton_is_received_by_a_form_that_loses_nothing(site, keeper, patient) -> None:
    told = {"site": str(site.id), "product": "ketamine-vial-50", "number": "k 9", "expires": "2030-01-31"}
    told |= {"units": "5", "partner": "Dawn Supply"}
    refused = sent(keeper, "/cupboard/receive/", **told)
    assert refused.status_code == 422
    assert "millilitres are in one vial" in refused.content.decode()
    assert 'value="Dawn Supply"' in refused.content.decode()
    for wrong in ({"units": "five"}, {"ml": "1e3"}, {"ml": "ten"}, {"expires": ""}, {"patient": "H-999"}):
        assert sent(keeper, "/cupboard/receive/", **told | {"ml": "10"} | wrong).status_code == 422, wrong
    assert not Entry.objects.exists()
    number = patient.registrations.get().number
    done = sent(keeper, "/cupboard/receive/", **told, ml="10", patient=number.lower())
    row = Entry.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/cupboard/lots/{row.lot_id}/")
    assert (row.lot.number, row.lot.unit_mg, row.units, row.lot.owner) == ("K 9", 500, 5, patient)
    assert "vial 50 mg/mL, 10 mL" in page(keeper, done["Location"])


CARTON = "]d2010030358028302221XY7\x1d1730013110B 55"


def test_a_scanned_carton_says_lot_and_day_by_itself(site, keeper) -> None:
    told = {"site": str(site.id), "product": "esketamine-device-28", "units": "5", "partner": "Dawn Supply"}
    assert sent(keeper, "/cupboard/receive/", **told, number=CARTON, expires="2030-02-01").status_code == 422
    assert sent(keeper, "/cupboard/receive/", **told, number=CARTON, expires="").status_code == 302
    row = Entry.objects.get()
    assert (row.lot.number, row.lot.expires) == ("B 55", date(2030, 1, 31))
    found = signed_in(keeper).get("/cupboard/", {"lot": CARTON}, secure=True).content.decode()
    assert f"/cupboard/lots/{row.lot_id}/" in found
    unread = signed_in(keeper).get("/cupboard/", {"lot": CARTON[:20] + "99"}, secure=True).content.decode()
    assert "cannot be read" in unread


def test_a_lot_shows_its_book_and_both_sides_of_its_law(lot, patient, nurse, keeper) -> None:
    out = take(lot, patient, nurse)
    use(actions.wasted, out, nurse, mg=Decimal(28), alone="The doctor was with somebody else.")
    shown = page(nurse, f"/cupboard/lots/{lot.id}/")
    assert "Everything that came is accounted for: 10 · 280 mg" in shown
    assert "alone, because: The doctor was with somebody else." in shown
    assert "Put into quarantine" in shown
    assert "Destroyed" not in shown, "that is for whoever keeps the cupboard"
    assert "Destroyed" in page(keeper, f"/cupboard/lots/{lot.id}/")
    assert signed_in(nurse).get(f"/cupboard/lots/{lot.id}/destroyed/", secure=True).status_code == 404
    assert signed_in(nurse).get(f"/cupboard/lots/{lot.id}/nothing/", secure=True).status_code == 404


def test_each_operation_is_a_form(site, lot, keeper, nurse, patient, known) -> None:
    number = patient.registrations.get().number
    at = f"/cupboard/lots/{lot.id}"
    done = [
        sent(keeper, f"{at}/reserved/", units="2", patient=number),
        sent(keeper, f"{at}/quarantined/", units="1", text="A dent"),
        sent(keeper, f"{at}/returned_out/", units="1", source="quarantined", partner="Dawn Supply"),
        sent(keeper, f"{at}/destroyed/", units="1", partner="Form 41", text="Old", witness=str(nurse.id), pin=PASSWORD),
        sent(keeper, f"{at}/wasted/", units="1", text="It fell.", alone="Nobody was there."),
        sent(keeper, f"{at}/lost/", units="1", text="Not there."),
        sent(keeper, f"{at}/found/", units="1", text="It lay behind the box."),
    ]
    assert [one.status_code for one in done] == [302] * 7, [one.context and one.context["problems"] for one in done]
    assert book.balance(lot).on_hand.units == 7
    out = sent(keeper, f"{at}/dispensed/", mg="56", patient=number)
    assert "/cupboard/takes/" in out["Location"]
    assert Entry.objects.latest("seq").source == "reserved"
    for wrong in ({"mg": "56"}, {"patient": number}, {"mg": "x", "patient": number}):
        assert sent(keeper, f"{at}/dispensed/", **wrong).status_code == 422
    recalled = sent(keeper, f"{at}/recall/", text="Letter of the maker")
    assert recalled.status_code == 302
    assert signed_in(keeper).get(f"{at}/recall/", secure=True).status_code == 404
    assert "This lot was recalled" in page(keeper, f"{at}/")


def test_a_witness_types_their_own_pin_and_not_too_often(site, lot, keeper, nurse, patient, known) -> None:
    out = take(lot, patient, nurse)
    told = {"do": "waste", "mg": "28", "witness": str(keeper.id)}
    client = signed_in(nurse)
    for said in ("neither the PIN", "neither the PIN", "neither the PIN", "too many wrong tries"):
        answer = client.post(
            f"/cupboard/takes/{out.id}/", {**told, "pin": "000000", "key": str(ids.new())}, secure=True
        )
        assert (answer.status_code, said in html.unescape(answer.content.decode())) == (422, True)
    mine = sent(nurse, f"/cupboard/takes/{out.id}/", **told | {"witness": str(nurse.id)}, pin=PASSWORD)
    assert "second person has to see" in mine.content.decode()
    assert sent(nurse, f"/cupboard/takes/{out.id}/", **told, pin=PASSWORD).status_code == 302
    assert Entry.objects.latest("seq").witness == keeper


def test_what_was_taken_is_accounted_for_on_one_page(lot, patient, nurse, keeper) -> None:
    out = take(lot, patient, nurse, mg="84")
    at = f"/cupboard/takes/{out.id}/"
    assert "3 · 84 mg" in page(nurse, at)
    done = [
        sent(nurse, at, do="give", mg="28"),
        sent(nurse, at, do="back", units="1"),
        sent(nurse, at, do="aside", units="1", text="It did not spray."),
    ]
    assert [one.status_code for one in done] == [302] * 3
    assert "All of it is accounted for" in page(nurse, at)
    assert sent(nurse, at, do="give", mg="").status_code == 422
    assert sent(nurse, at, do="other").status_code == 422
    assert signed_in(nurse).get(f"/cupboard/takes/{ids.new()}/", secure=True).status_code == 404
    last = Entry.objects.latest("seq")
    assert signed_in(nurse).get(f"/cupboard/takes/{last.id}/", secure=True).status_code == 404, "no take of its own"


def test_what_is_nowhere_is_a_loss_with_its_clocks(lot, patient, nurse) -> None:
    out = take(lot, patient, nurse)
    at = f"/cupboard/takes/{out.id}/"
    assert sent(nurse, at, do="lose", mg="", text=" ").status_code == 422
    assert sent(nurse, at, do="lose", mg="28", text="Looked for everywhere.").status_code == 302
    row = Entry.objects.latest("seq")
    assert (row.kind, row.units, Task.objects.filter(source__endswith=str(row.id)).count()) == ("lost", 1, 2)
    assert sent(nurse, at, do="lose", mg="1" * 13, text="x").status_code == 422


def test_a_count_shows_neither_the_book_nor_the_other_count(site, lot, keeper, nurse) -> None:
    moves(lot, Kind.LOST, keeper, units=3)  # seven are left
    at = f"/cupboard/count/?site={site.id}"
    form = {"site": str(site.id), "seen": "", "do": "count"}
    assert _figures(page(keeper, at)) == ["17", "28"], "the lot and the strength, and nothing else"
    assert f'name="lot-{lot.id}" value=""' in page(keeper, at)
    assert sent(keeper, at, **form, **{f"lot-{lot.id}": "6"}).status_code == 302
    now = Count.objects.get()
    assert "Now somebody else counts" in page(keeper, at)
    second = page(nurse, at)
    assert "Mara has counted" in second
    assert _figures(second) == ["17", "28"]
    assert sent(nurse, at, **form | {"seen": str(now.id)}, **{f"lot-{lot.id}": "7"}).status_code == 302
    differs = page(nurse, at)
    assert all(f"<td>{n}</td>" in differs for n in (6, 7))
    for one in (nurse, keeper):
        told = {"site": str(site.id), "seen": str(now.id), "do": "explain", "text": "Counted again, seven."}
        assert sent(one, at, **told).status_code == 302
    assert "Counted again, seven." not in page(nurse, at), "the next count is blind too"
    assert _figures(page(nurse, at)) == ["17", "28"]
    assert "Counted again, seven." in page(nurse, f"{at}&before=yes")
    assert sent(nurse, at, site=str(ids.new()), do="count").status_code == 422
    assert sent(nurse, at, site=str(site.id), seen=str(ids.new()), do="explain", text="x").status_code == 409


def _figures(page_text: str) -> list[str]:
    """Every number that can be read in the form of a count."""
    form = page_text.partition('class="card stack"')[2].partition("</form>")[0]
    return re.findall(r"[0-9]+", re.sub(r"<[^>]*>", " ", f"<{form}"))


def test_the_inventory_of_a_day_is_a_page_and_a_file(site, lot, keeper, patient, nurse) -> None:
    take(lot, patient, nurse, at=NOW)
    shown = page(keeper, "/cupboard/inventory/")
    assert "Stock was never taken here" in shown
    answer = signed_in(keeper).get("/cupboard/inventory/?as=csv", secure=True)
    assert answer["Content-Type"].startswith("text/csv")
    told = "esketamine,nasal spray device,28 mg,A17,2027-06-30,the clinic’s own,10,280,0,56"
    assert told in answer.content.decode()
    data = signed_in(keeper).get("/cupboard/inventory/?as=json", secure=True).json()
    assert (data["site"], data["stock_taken"], data["rows"][0]["mg_all"]) == (site.name, None, "280")
    before = (NOW - timedelta(days=1)).date().isoformat()
    assert "Nothing was on hand" in page(keeper, f"/cupboard/inventory/?day={before}")
    assert "280" in page(keeper, "/cupboard/inventory/?day=nonsense")
    assert sent(keeper, "/cupboard/inventory/", site=str(site.id), opening="yes").status_code == 302
    assert Inventory.objects.get().opening
    taken = signed_in(keeper).get("/cupboard/inventory/?as=json", secure=True).json()["stock_taken"]
    assert (taken["opening"], taken["by"]) == (True, keeper.display_name)
    due = datetime.now(UTC).year + 2
    assert f"due by {due}" in page(keeper, "/cupboard/")


def test_what_is_missing_has_its_deadlines_and_a_spreadsheet_takes_no_formula(site, lot, keeper) -> None:
    assert "Nothing was written down as missing" in page(keeper, "/cupboard/losses/")
    moves(lot, Kind.LOST, keeper, text="=HYPERLINK(1)")
    shown = page(keeper, "/cupboard/losses/")
    assert "2026-11-26 00:00 UTC" in shown
    assert "2027-01-09 00:00 UTC" in shown
    file = signed_in(keeper).get("/cupboard/losses/?as=csv", secure=True).content.decode()
    assert ",'=HYPERLINK(1)," in file
    assert "Registration number of the place" in file
    (row,) = (data := signed_in(keeper).get("/cupboard/losses/?as=json", secure=True).json())["rows"]
    assert (row["supplier"], row["lay"], row["strength"]) == ("Dawn Supply, invoice 12", "Free", "28 mg")
    assert row["what_happened"] == "=HYPERLINK(1)", "data are no spreadsheet"
    assert {row[one] for one in data["not_in_the_book"]} == {None}
    assert "in the files these stay empty" in shown


def test_rules_are_signed_by_whoever_keeps_the_cupboard(site, keeper, nurse) -> None:
    assert "Nobody has signed" in page(keeper, "/cupboard/rule/")
    told = {"site": str(site.id), "waste_witness": "no", "count_hours": "12", "inventory_months": "12"}
    assert sent(keeper, "/cupboard/rule/", **told, reason="").status_code == 422
    assert sent(keeper, "/cupboard/rule/", **told | {"site": "x"}, reason="Two nurses").status_code == 422
    assert sent(keeper, "/cupboard/rule/", **told, reason="Two nurses").status_code == 302
    assert not Rule.objects.get().waste_witness
    assert "Signed by Mara" in page(keeper, "/cupboard/rule/")


def test_letters_are_drafts_for_each_who_received_it(site, lot, keeper, nurse, patient) -> None:
    use(actions.given, take(lot, patient, nurse, mg="28"), nurse, mg=Decimal(28))
    recalls.recall(lot, text="Letter of the maker", by=keeper, at=NOW, key=ids.new())
    shown = page(keeper, f"/cupboard/lots/{lot.id}/letter/")
    assert "Keller" in shown
    assert "lot A17, on 2026-11-24" in shown
    assert signed_in(nurse).get(f"/cupboard/lots/{lot.id}/letter/", secure=True).status_code == 403


def test_a_letter_is_in_the_language_of_its_patient_and_says_when_we_have_none(
    site, lot, keeper, nurse, patient, person
) -> None:
    others = [registered(site, nurse, number=f"5{n}", language=spoken) for n, spoken in enumerate(("Mandarin", "Diné"))]
    for one in (patient, *others):
        use(actions.given, take(lot, one, nurse, mg="28"), nurse, mg=Decimal(28))
    recalls.recall(lot, text="Letter of the maker", by=keeper, at=NOW, key=ids.new())
    at = f"/cupboard/lots/{lot.id}/letter/"
    shown = page(keeper, at)
    assert "厂家召回了您在本院使用过的一批药品" in shown
    assert shown.count("in which we have no letter") == 1
    assert "“Diné”" in shown
    told = {"key": str(ids.new()), "patient": str(others[0].id)}
    for _ in range(2):
        assert signed_in(keeper).post(at, told, secure=True).status_code == 302
    assert sent(keeper, at, patient=str(ids.new())).status_code == 422
    kept = Paper.objects.get()
    assert (kept.kind, kept.language, kept.patient) == ("recall_letter", "zh-Hans", others[0])
    address = f"/patients/{others[0].id}/papers/{kept.id}/"
    assert address in page(keeper, at)
    assert signed_in(keeper).get(address, secure=True).content == bytes(kept.bytes)
    assert "召回" in "".join(one.extract_text() for one in PdfReader(BytesIO(bytes(kept.bytes))).pages)
    assert "Letter about a recall" in page(nurse, f"/patients/{others[0].id}/papers/")


def test_another_site_has_another_cupboard(site, lot, person) -> None:
    people.found(organisation="Dawn", site="Harbour", rooms=["R"], at=NOW)
    there = person("xia", Role.PHARMACIST, at_site=Site.objects.get(name="Harbour"))
    assert "The cupboard is empty" in page(there, f"/cupboard/?site={site.id}&lot=A17")
    assert signed_in(there).get(f"/cupboard/lots/{lot.id}/", secure=True).status_code == 404


def test_it_is_read_in_chinese(site, lot, keeper) -> None:
    keeper.language = "zh-Hans"
    keeper.save(update_fields=["language"])
    client = signed_in(keeper)
    client.post("/language/", {"language": "zh-hans"}, secure=True)
    assert "药柜" in client.get("/cupboard/", secure=True).content.decode()
