"""Does the clinic, as it is served, let the right person in by a real browser?"""

from __future__ import annotations

from daybreak.web.people.roles import Role
from tests.browser.conftest import sign_in


def test_a_nurse_signs_in_and_out(clinic, opened) -> None:
    lee = clinic.member("lee", Role.NURSE)
    page = opened()
    page.goto("/patients/")
    assert "/login/" in page.url
    sign_in(page, lee)
    assert page.url.endswith("/patients/"), "back where she wanted to go"
    with page.expect_navigation(url="**/login/**"):
        page.locator("form[action='/logout/'] button").click()
    page.go_back()
    assert "/login/" in page.url, "what the browser kept is not shown to the next person"


def test_the_clinic_comes_back_after_a_restart_and_the_session_with_it(clinic, opened) -> None:
    page = opened(clinic.member("ines", Role.PRESCRIBER))
    page.goto("/me/")
    clinic.stop()
    clinic.start()
    page.reload()
    assert page.locator("h1").is_visible()
    assert page.url.endswith("/me/")
