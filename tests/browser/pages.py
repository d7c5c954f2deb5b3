"""What has to be there before a page can be looked at? Every page of the URLconf, with what it needs beyond its address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from playwright.sync_api import Page

from daybreak.web import ids
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.links.models import (
    ANSWER,
    ASK,
    CARE,
    CARE_SHARED,
    DIARY,
    ESCORT,
    FORM,
    LETTER,
    OFFER,
    PAYMENT,
    REFERRAL,
    SIGNS,
    VISIT,
    WALL,
)
from daybreak.web.links.tokens import token
from daybreak.web.patients.fields import FIELDS
from daybreak.web.patients.models import Patient
from daybreak.web.people import actions
from daybreak.web.people.roles import Role
from tests.browser.clinic import PASSWORD, URL, Clinic, Member
from tests.web import everything, who_may
from tests.web.authorisation.samples import AUTHORISATION
from tests.web.conftest import signed_in
from tests.web.consent.samples import TALK
from tests.web.forms.samples import PHQ, SITTING
from tests.web.patients.samples import PATIENT
from tests.web.test_access import path, routes

# They are no pages: they answer with a redirection, with a picture or one word, or to a form only.
NO_PAGES = {
    *("/healthz", "/beat/", "/favicon.ico", "/clinics/<str:slug>/card.json", "/tablet/back/"),
    *("/form/", "/form/leave/", "/tablet/consent/", "/tablet/form/"),
    *("/answer/paper/", "/answer/data/", "/payment/paper/", "/letter/paper/", "/letter/data/"),
    *("/care/paper/", "/patients/<uuid:patient_id>/care/paper/"),
    "/patients/<uuid:patient_id>/papers/<uuid:paper_id>/",
    "/clinic/rems/kept/<uuid:kept_id>/",
    "/patients/<uuid:patient_id>/forms/<uuid:sitting_id>/paper/",
    "/patients/<uuid:patient_id>/consents/<uuid:talk_id>/sheet/",
    *("/sessions/<uuid:session_id>/stream/", "/today/stream/", "/wall/stream/", "/wall/hears/"),
    *who_may.POST_ONLY,
    *who_may.DEMO,
}
# Pages of each kind whose form is sent with what fits nowhere.
MISTYPED = [
    *("/login/code/", "/refer/", "/complaint/", "/unlock/", "/audit/"),
    *(
        path(route)
        for route in (
            "/patients/<uuid:patient_id>/reach/",
            "/patients/<uuid:patient_id>/add/condition/",
            "/tasks/<uuid:task_id>/",
        )
    ),
]
# Where one part of the address changes the whole page.
VARIANTS = {"<str:form>": sorted(FIELDS)}


def addresses() -> dict[str, str]:
    """Every address that shows something, with the route behind it."""
    found = {}
    for route in routes():
        if route not in NO_PAGES:
            part = next((one for one in VARIANTS if one in route), None)
            for value in VARIANTS[part] if part else [""]:
                found[path(route.replace(part, value) if part else route)] = route
    return found


def filled(clinic: Clinic) -> Member:
    """Somebody with every role, in a clinic that has the patient of the sample addresses with a whole chart."""
    member = clinic.member("ines", *Role)
    everything.fill(clinic.sites[0], member.person, chart=True)
    return member


def _half_signed_in(page: Page, clinic: Clinic, member: Member) -> None:
    page.goto("/login/")
    page.locator("[name=login]").fill(member.login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()


def _invited(page: Page, clinic: Clinic, member: Member) -> None:
    now, login = datetime.now(UTC), f"new{ids.new().hex}"
    link = actions.invite(
        login=login,
        roles=[Role.NURSE],
        site=clinic.sites[0],
        display_name=login,
        language="en",
        by=None,
        at=now,
        key=ids.new(),
    )
    page.goto(f"/l/{token(link)}/")
    page.locator("main form button").first.click()


def _reminded(page: Page, clinic: Clinic, member: Member) -> None:
    """The patient opens the link of a reminder."""
    page.goto(f"/l/{token(everything.link(VISIT))}/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/visit/")


def _offered(page: Page, clinic: Clinic, member: Member) -> None:
    """The patient opens the link to an earlier time."""
    page.goto(f"/l/{token(everything.link(OFFER))}/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/offer/")


def _taking_home(page: Page, clinic: Clinic, member: Member) -> None:
    """Whoever takes a patient home opens the link on their phone."""
    page.goto(f"/l/{token(everything.link(ESCORT))}/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/escort/")


def _on_a_wall(page: Page, clinic: Clinic, member: Member) -> None:
    """The device of a display opens its link."""
    page.goto(f"/l/{token(everything.link(WALL))}/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/wall/")


def _asked(page: Page, clinic: Clinic, member: Member) -> None:
    """The patient opens the link to a form."""
    page.goto(f"/l/{token(everything.link(FORM))}/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/form/1/")


def _answered(page: Page, clinic: Clinic, member: Member) -> None:
    """And answers it to the end."""
    sitting = Sitting.objects.get(pk=SITTING)
    again = forms.ask(
        sitting.patient, PHQ, mode=Mode.LINK, language="en", by=member.person, at=datetime.now(UTC), key=ids.new()
    )
    for n in range(1, 10):
        forms.answer(again, str(n), "0", by=None, at=datetime.now(UTC))
    page.goto(f"/l/{token(everything.link(FORM, subject=again.id))}/")
    page.locator("main form button").first.click()
    page.wait_for_url("**/form/done/")


def _own_scores(page: Page, clinic: Clinic, member: Member) -> None:
    """And looks at how their scores ran, knowing the year of birth."""
    _answered(page, clinic, member)
    page.locator("a[href='/form/own/']").click()
    page.locator("[name=year]").fill("1971")
    page.locator("main form button").first.click()
    page.locator("main svg.own").wait_for()


def _referred(page: Page, clinic: Clinic, member: Member) -> None:
    """Whoever referred somebody opens the link and knows the year of birth."""
    page.goto(f"/l/{token(everything.link(REFERRAL))}/")
    page.locator("main form button").first.click()
    page.locator("[name=year]").fill("1971")
    page.locator("main form button").first.click()
    page.get_by_role("status").wait_for()


def _own_page(purpose: str) -> Callable[[Page, Clinic, Member], None]:
    """The patient opens the link and knows the year of birth."""

    def opened(page: Page, clinic: Clinic, member: Member) -> None:
        page.goto(f"/l/{token(everything.link(purpose))}/")
        page.locator("main form button").first.click()
        page.locator("[name=year]").fill("1971")
        page.locator("main form button").first.click()
        page.locator("main section").first.wait_for()

    return opened


def _in(page: Page, member: Member) -> None:
    session = signed_in(member.person).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": URL}])


def _locked(page: Page, clinic: Clinic, member: Member) -> None:
    _in(page, member)
    page.goto("/me/")
    page.locator("form[action='/lock/'] button").click()
    page.wait_for_url("**/unlock/**")


def _handed(address: str) -> Callable[[Page, Clinic, Member], None]:
    """The page of a tablet that was handed to the patient of the sample addresses."""

    def come(page: Page, clinic: Clinic, member: Member) -> None:
        _in(page, member)
        page.goto(f"/patients/{PATIENT}/tablet/")
        page.locator("main form button").first.click()
        page.wait_for_url("**/tablet/")
        page.goto(address)

    return come


def _handed_consent(route: str) -> Callable[[Page, Clinic, Member], None]:
    """The page of a tablet that was handed over to read and sign what was talked about."""

    def come(page: Page, clinic: Clinic, member: Member) -> None:
        _in(page, member)
        page.goto(f"/patients/{PATIENT}/consents/{TALK}/")
        page.locator("button[value=tablet]").click()
        page.wait_for_url("**/tablet/consent/**")
        page.goto(path(route))

    return come


def _handed_form(route: str) -> Callable[[Page, Clinic, Member], None]:
    """The page of a tablet that was handed over for one form; for the last page it is answered meanwhile."""

    def come(page: Page, clinic: Clinic, member: Member) -> None:
        _in(page, member)
        patient, now = Patient.objects.get(pk=PATIENT), datetime.now(UTC)
        row = forms.ask(patient, PHQ, mode=Mode.TABLET, language="en", by=member.person, at=now, key=ids.new())
        page.goto(f"/patients/{PATIENT}/forms/{row.id}/")
        page.locator("button[value=tablet]").click()
        page.wait_for_url("**/tablet/form/1/")
        if route.endswith("/done/"):
            for n in range(1, 10):
                forms.answer(row, str(n), "0", by=None, at=now)
        page.goto(path(route))

    return come


def _handed_payment(page: Page, clinic: Clinic, member: Member) -> None:
    """The page of a tablet that was handed over to sign for a sum."""
    _in(page, member)
    page.goto(f"/patients/{PATIENT}/authorisations/{AUTHORISATION}/")
    page.locator("button[value=sign_tablet]").click()
    page.wait_for_url("**/tablet/payment/")


def _handed_session(page: Page, clinic: Clinic, member: Member) -> None:
    """The page of a tablet that was handed over to call from."""
    _in(page, member)
    page.goto(path("/sessions/<uuid:session_id>/cockpit/"))
    page.locator("form[action$='/hand/'] button").click()
    page.wait_for_url("**/tablet/session/")


# How a stranger comes to a page that is not for who is signed in; None: by its address alone.
STRANGERS: dict[str, Callable[[Page, Clinic, Member], None] | None] = {
    "/": None,
    "/login/": None,
    "/complaint/": None,
    "/clinics/": None,
    "/clinics/<str:slug>/": None,
    "/cost/": None,
    "/learn/": None,
    "/learn/prepare/": None,
    "/refer/": None,
    "/login/code/": _half_signed_in,
    "/l/<str:token>/": None,
    "/join/": _invited,
    "/visit/": _reminded,
    "/offer/": _offered,
    "/wall/": _on_a_wall,
    "/escort/": _taking_home,
    "/form/<int:n>/": _asked,
    "/form/help/": _asked,
    "/form/done/": _answered,
    "/form/own/": _own_scores,
    "/referral/": _referred,
    "/payment/": _own_page(PAYMENT),
    "/ask/": _own_page(ASK),
    "/diary/": _own_page(DIARY),
    "/answer/": _own_page(ANSWER),
    "/care/": _own_page(CARE),
    "/signs/": _own_page(SIGNS),
    "/shared-care/": _own_page(CARE_SHARED),
    "/letter/": _own_page(LETTER),
    "/unlock/": _locked,
    **{
        address: _handed(address)
        for address in who_may.TABLET
        - who_may.HANDED_CONSENT
        - who_may.HANDED_FORM
        - who_may.HANDED_PAYMENT
        - who_may.HANDED_SESSION
    },
    **{route: _handed_consent(route) for route in who_may.HANDED_CONSENT},
    "/tablet/payment/": _handed_payment,
    "/tablet/session/": _handed_session,
    **{route: _handed_form(route) for route in who_may.HANDED_FORM},
}
