"""Are three clinics judged on a small phone without a connection, and does nothing that is answered leave the browser?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connection
from playwright.sync_api import Page, expect

from daybreak.exchange import signed
from tests.browser.clinic import URL, Clinic
from tests.browser.test_every_page import AXE, WIDTH

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
CHECK = "/clinics/check/?lang=en"
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="nothing of it comes to the database")
CAN_VERIFY = """async () => { try {
    await crypto.subtle.generateKey({name: "Ed25519"}, false, ["sign", "verify"]); return true;
} catch { return false; } }"""


def card(folder: Path, *, days: int = 30) -> Path:
    """What a clinic of ours would give somebody."""
    now = datetime.now(UTC)
    time = {"first": "2026-01-01", "last": "2026-06-30"}
    sentence = {"sentence": {"en": "{n} treatments of {of} people.", "zh-Hans": "{of} 人 {n} 次。"}}
    answers = [
        {
            "question": "how-many",
            "measure": "numbers-treated",
            "said": "counted",
            "n": {"how": "exact", "value": 812},
            "of": {"how": "exact", "value": 148},
            **sentence,
        },
        {"question": "registry", "measure": "registry-volunteers", "said": "not_recorded", "n": None},
    ]
    told = {"what": "card", "site": "Harbour Street", "key_id": "k1", "secret": "s" * 40}
    at = now - timedelta(days=20)
    file = signed.seal({"answers": answers, **time}, **told, at=at, until=at + timedelta(days=days))
    path = folder / "card.json"
    path.write_bytes(file)
    return path


def answer(page: Page, said: str, *parts: str) -> None:
    shown = page.locator(".ask:visible")
    shown.locator(f"[type=radio][value={said}]").check()
    for part in parts:
        shown.locator(f"[name$='-{part}']").check()
    page.locator("#next").tap()


def judged(page: Page, name: str, said: list[str], *parts: str) -> None:
    """All twelve of one clinic; the second is the one that needs both parts."""
    page.locator("#name").fill(name)
    for n, one in enumerate(said):
        answer(page, one, *(parts if n == 1 else ()))
    expect(page.locator("#result")).to_be_visible()


def test_three_clinics_on_a_phone_without_a_connection(
    clinic: Clinic, opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened(**PHONE)
    page.context.clear_cookies()
    page.goto(CHECK)
    expect(page.locator("#offline-ready")).to_contain_text("without a connection")
    page.reload()  # from now on the worker stands between
    sent: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda one: sent.append(f"{one.method} {one.url}"))
    page.reload()
    expect(page.locator("#next")).to_be_visible()
    assert page.context.cookies() == []
    asked = [one for one in sent if not one.startswith((f"GET {URL}/clinics/check/", f"GET {URL}/static/daybreak/"))]
    assert asked == []
    sent.clear()

    judged(page, "Harbour Street", ["yes"] * 12, "suicide")  # it asks about one of the two
    assert page.locator("#profile .box-part").inner_text().replace("\n", " ") == (
        "◐ They ask about suicide, and about alcohol and drugs: Only in part"
    )
    expect(page.locator("#worries")).to_contain_text("A yes counts only when both are asked")
    page.locator("#add").tap()
    judged(page, "Hill", ["yes"] * 12, "suicide", "substance")
    expect(page.locator("#worries")).to_contain_text("Ask to see it in writing")
    page.locator("#add").tap()
    judged(page, "<b>Lake</b>", ["no", "yes", *["unsaid"] * 10])
    assert page.locator("#worries .verdict").all_inner_texts()[:2] == ["No", "They did not say"]
    assert page.locator("#add").is_disabled()
    assert page.locator("#three thead th").all_inner_texts() == ["Harbour Street", "Hill", "<b>Lake</b>"]
    assert "%" not in page.locator("#result").inner_text()

    page.locator("#tabs button").first.tap()
    can = page.evaluate(CAN_VERIFY)
    path = card(tmp_path)
    for change, sentence in (
        (lambda file: file, "Unchanged since Harbour Street signed it"),
        (lambda file: file.replace(b"812", b"912"), "Changed since it was signed"),
        (lambda file: json.dumps(json.loads(file)["document"]).encode(), "Not signed"),
    ):
        page.locator("#file").set_input_files(
            {"name": "card.json", "mimeType": "", "buffer": change(path.read_bytes())}
        )
        checked = can or sentence == "Not signed"
        expect(page.locator("#seal")).to_contain_text(sentence if checked else "Not verified here")
        if "Changed" in sentence and can:
            assert page.locator("#told dd").count() == 0
    page.locator("#file").set_input_files(card(tmp_path, days=10))
    expect(page.locator("#seal")).to_contain_text("it held only until" if can else "Not verified here")
    assert page.locator("#told dd").all_inner_texts() == [
        "812 treatments of 148 people. · 2026-01-01 to 2026-06-30",
        "Not recorded",
    ]
    page.locator("#file").set_input_files({"name": "photo.json", "mimeType": "", "buffer": b"\x89PNG"})
    expect(page.locator("#said")).to_contain_text("photo.json is neither")

    with page.expect_download() as saved:
        page.locator("#save").tap()
    kept = tmp_path / "kept.json"
    saved.value.save_as(kept)
    page.locator("#forget").tap()
    assert page.locator("#tabs button").all_inner_texts() == ["Clinic 1"]
    page.locator("#file").set_input_files(kept)
    expect(page.locator("#tabs button")).to_have_count(3)
    page.reload()
    assert page.locator("#tabs button").all_inner_texts() == ["Harbour Street", "Hill", "<b>Lake</b>"]
    assert [one for one in sent if not one.startswith(("GET https", "GET blob:"))] == []
    assert not any("812" in one or "Harbour" in one for one in sent)

    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, {"rules": {"target-size": {"enabled": True}}}) == []
    assert page.evaluate(WIDTH) <= 320
    page.emulate_media(media="print")
    assert not page.locator(".steer").is_visible()
    assert page.locator("#result").is_visible()


def test_with_a_keyboard_and_without_a_script(clinic: Clinic, opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto(CHECK)
    page.locator(".ask:visible [value=yes]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("an hour")
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.question") == "screening", "one goes on where one is"
    page.locator("#back").click()
    assert page.locator(".ask:visible [value=no]").is_checked()
    assert page.locator(".ask:visible textarea").input_value() == "an hour"
    sheet = opened(java_script_enabled=False)
    sheet.goto(CHECK)
    assert sheet.locator(".ask:visible").count() == 12
    assert sheet.locator("[data-script]:visible, #result:visible").count() == 0
