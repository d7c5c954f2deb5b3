"""Who may open what? Said a second time, by hand, for the tests alone: what the code says is held against it.

A new address is added here; `test_access.py` finds one that is missing.
"""

from __future__ import annotations

from daybreak.web.links.models import (
    ANSWER,
    ASK,
    CONSENT,
    ESCORT,
    FORM,
    JOIN,
    OFFER,
    PAYMENT,
    READERS,
    REFERRAL,
    TRANSFER,
    VISIT,
    WALL,
)
from daybreak.web.people.roles import Role

NOBODY: frozenset[Role] = frozenset()
EVERYBODY = frozenset(Role)
TREAT = frozenset({Role.PRESCRIBER, Role.NURSE, Role.EVALUATOR})
REGISTER = TREAT | {Role.FRONT_DESK}
FIND = REGISTER | {Role.PHARMACIST}
PRESCRIBE = frozenset({Role.PRESCRIBER})
SECOND = frozenset({Role.PRESCRIBER, Role.EVALUATOR})
RUN = frozenset({Role.PRESCRIBER, Role.NURSE})
ADMINISTER = frozenset({Role.ADMINISTRATOR})
KEEP_CUPBOARD = frozenset({Role.PRESCRIBER, Role.PHARMACIST})
USE_CUPBOARD = KEEP_CUPBOARD | {Role.NURSE}

# Nobody has to be signed in; there is nothing of a patient on them.
OPEN = {
    "/",
    "/healthz",
    "/beat/",
    "/favicon.ico",
    "/language/",
    "/crisis/",
    "/sessions/away/",
    "/complaint/",
    "/refer/",
    "/login/",
    "/login/code/",
    "/login/passkey/",
    "/login/passkey/options/",
    "/logout/",
    "/unlock/",
    "/unlock/options/",
    "/tablet/back/",
    "/l/<str:token>/",
}
# Only in a demo: here they are not there.
DEMO = {"/demo/"}
# Handed over to read and sign a consent, and for nothing else.
HANDED_CONSENT = {"/tablet/consent/", "/tablet/consent/<int:n>/"}
# Handed over to answer one form, and for nothing else.
HANDED_FORM = {"/tablet/form/", "/tablet/form/<int:n>/", "/tablet/form/help/", "/tablet/form/done/"}
# Handed over to sign for a sum, and for nothing else.
HANDED_PAYMENT = {"/tablet/payment/"}
# Handed over to call from in a session, and for nothing else.
HANDED_SESSION = {"/tablet/session/"}
# Only in a browser that was handed to a patient (`presence/test_tablet.py`): here they are not there.
TABLET = {
    "/tablet/",
    "/tablet/entries/",
    "/tablet/readers/",
    "/tablet/consents/",
    "/tablet/ask/",
    *HANDED_CONSENT,
    *HANDED_FORM,
    *HANDED_PAYMENT,
    *HANDED_SESSION,
}
BY_LINK = {
    "/join/": JOIN,
    "/readers/": READERS,
    "/receipt/": TRANSFER,
    "/consent/": CONSENT,
    "/consent/<int:n>/": CONSENT,
    "/visit/": VISIT,
    "/offer/": OFFER,
    "/escort/": ESCORT,
    "/wall/": WALL,
    "/wall/stream/": WALL,
    "/wall/hears/": WALL,
    "/ask/": ASK,
    "/payment/": PAYMENT,
    "/payment/paper/": PAYMENT,
    "/answer/": ANSWER,
    "/answer/paper/": ANSWER,
    "/answer/data/": ANSWER,
    "/form/": FORM,
    "/referral/": REFERRAL,
    "/form/<int:n>/": FORM,
    "/form/help/": FORM,
    "/form/done/": FORM,
    "/form/leave/": FORM,
}
BY_ROLE = {
    "/me/": EVERYBODY,
    "/me/sessions/": EVERYBODY,
    "/lock/": EVERYBODY,
    "/here/": EVERYBODY,
    "/me/pin/": EVERYBODY,
    "/me/address/": EVERYBODY,
    "/me/passkeys/new/": EVERYBODY,
    "/me/passkeys/options/": EVERYBODY,
    "/me/passkeys/remove/": EVERYBODY,
    "/clinic/people/": ADMINISTER,
    "/clinic/people/invite/": ADMINISTER,
    "/clinic/people/<uuid:person_id>/": ADMINISTER,
    "/clinic/places/": ADMINISTER,
    "/ways-in/<uuid:way_id>/": PRESCRIBE | ADMINISTER,
    "/clinic/cards/": PRESCRIBE,
    "/clinic/devices/": PRESCRIBE,
    "/clinic/live/": PRESCRIBE,
    "/clinic/protocols/": EVERYBODY,
    "/clinic/protocols/<slug:id>/": EVERYBODY,
    "/clinic/protocols/<slug:id>/compare/": EVERYBODY,
    "/clinic/protocols/<slug:id>/adopt/": PRESCRIBE,
    "/clinic/protocols/<slug:id>/policy/": PRESCRIBE,
    "/clinic/protocols/<slug:id>/watch/": PRESCRIBE,
    "/clinic/second-signatures/": SECOND,
    "/clinic/unreached/": PRESCRIBE,
    "/clinic/two-products/": PRESCRIBE,
    "/clinic/doses/": PRESCRIBE,
    "/patients/<uuid:patient_id>/dose/": TREAT | {Role.PHARMACIST},
    "/patients/<uuid:patient_id>/pdmp/": RUN,
    "/clinic/pdmp/": {Role.PRESCRIBER},
    "/bookings/<uuid:booking_id>/setting/": RUN,
    "/clinic/rems/": RUN,
    "/clinic/rems/kept/<uuid:kept_id>/": RUN,
    "/patients/<uuid:patient_id>/rems/": RUN,
    "/patients/<uuid:patient_id>/dose/label/": TREAT | {Role.PHARMACIST},
    "/patients/<uuid:patient_id>/dose/pump/": TREAT | {Role.PHARMACIST},
    "/patients/<uuid:patient_id>/dose/history/": TREAT,
    "/authorisations/": REGISTER,
    "/patients/<uuid:patient_id>/requests/": REGISTER,
    "/patients/<uuid:patient_id>/transfer/": TREAT,
    "/requests/": REGISTER | ADMINISTER,
    "/requests/<uuid:request_id>/": PRESCRIBE | ADMINISTER,
    "/patients/<uuid:patient_id>/authorisations/": REGISTER,
    "/patients/<uuid:patient_id>/authorisations/<uuid:authorisation_id>/": REGISTER,
    "/patients/<uuid:patient_id>/authorisations/<uuid:authorisation_id>/packet/": TREAT,
    "/waiting/": TREAT,
    "/referrals/": REGISTER,
    "/referrals/new/": REGISTER,
    "/referrals/<uuid:referral_id>/": REGISTER,
    "/emergency/": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "/emergency/<uuid:patient_id>/": frozenset({Role.PRESCRIBER, Role.NURSE}),
    "/emergency/reviews/": PRESCRIBE | ADMINISTER,
    "/emergency/reviews/<uuid:opening_id>/": PRESCRIBE | ADMINISTER,
    "/onsite/": EVERYBODY - {Role.RESEARCHER},
    "/sound/": EVERYBODY - {Role.RESEARCHER},
    "/rota/": EVERYBODY - {Role.RESEARCHER},
    "/clinic/calling/": PRESCRIBE | ADMINISTER,
    "/tasks/": EVERYBODY - {Role.RESEARCHER},
    "/tasks/<uuid:task_id>/": EVERYBODY - {Role.RESEARCHER},
    "/audit/": ADMINISTER,
    "/patients/": FIND,
    "/patients/new/": REGISTER,
    "/patients/here-too/<uuid:asked_id>/": REGISTER,
    "/patients/arrivals/": TREAT,
    "/patients/arrivals/<uuid:arrival_id>/": TREAT,
    "/patients/<uuid:patient_id>/": FIND,
    "/patients/<uuid:patient_id>/details/": REGISTER,
    "/patients/<uuid:patient_id>/tablet/": TREAT,
    "/patients/<uuid:patient_id>/timeline/": TREAT | {Role.PHARMACIST},
    "/patients/<uuid:patient_id>/same-person/": TREAT,
    "/patients/<uuid:patient_id>/add/<str:form>/": TREAT,
    "/patients/<uuid:patient_id>/entries/<uuid:entry_id>/": TREAT,
    "/patients/<uuid:patient_id>/entries/<uuid:entry_id>/correct/": TREAT,
    "/patients/<uuid:patient_id>/entries/<uuid:entry_id>/label/": TREAT,
    "/patients/<uuid:patient_id>/readers/": PRESCRIBE,
    "/patients/<uuid:patient_id>/readers/link/": REGISTER,
    "/patients/<uuid:patient_id>/review/": TREAT,
    "/calendar/": REGISTER,
    "/today/": REGISTER,
    "/today/stream/": REGISTER,
    "/today/help/": REGISTER,
    "/today/hears/": REGISTER,
    "/walls/": REGISTER,
    "/sessions/<uuid:session_id>/cockpit/": RUN,
    "/sessions/<uuid:session_id>/stream/": RUN,
    "/sessions/<uuid:session_id>/checks/": RUN,
    "/sessions/<uuid:session_id>/monitor/": RUN,
    "/sessions/<uuid:session_id>/discarded/": RUN,
    "/sessions/<uuid:session_id>/help/": RUN,
    "/sessions/<uuid:session_id>/back/": RUN,
    "/sessions/<uuid:session_id>/sound/": RUN,
    "/sessions/<uuid:session_id>/alarms/": RUN,
    "/sessions/<uuid:session_id>/hand/": RUN,
    "/waitlist/": REGISTER,
    "/patients/<uuid:patient_id>/waitlist/": REGISTER,
    "/closing/": TREAT,
    "/cupboard/": USE_CUPBOARD,
    "/cupboard/receive/": KEEP_CUPBOARD,
    "/cupboard/count/": USE_CUPBOARD,
    "/cupboard/inventory/": KEEP_CUPBOARD,
    "/cupboard/losses/": KEEP_CUPBOARD,
    "/cupboard/rule/": KEEP_CUPBOARD,
    "/cupboard/patterns/": KEEP_CUPBOARD,
    "/cupboard/takes/<uuid:take_id>/": USE_CUPBOARD,
    "/cupboard/lots/<uuid:lot_id>/": USE_CUPBOARD,
    "/cupboard/lots/<uuid:lot_id>/letter/": KEEP_CUPBOARD,
    "/cupboard/lots/<uuid:lot_id>/<str:operation>/": USE_CUPBOARD,
    "/clinic/chairs/": ADMINISTER,
    "/clinic/rides/": ADMINISTER | {Role.FRONT_DESK},
    "/patients/<uuid:patient_id>/course/": REGISTER,
    "/bookings/<uuid:booking_id>/session/": RUN,
    "/sessions/<uuid:session_id>/": RUN,
    "/sessions/<uuid:session_id>/leave/": RUN,
    "/sessions/<uuid:session_id>/hand-out/": RUN,
    "/sessions/<uuid:session_id>/record/": RUN,
    "/sessions/<uuid:session_id>/said/": RUN,
    "/sessions/<uuid:session_id>/levels/": RUN,
    "/sessions/<uuid:session_id>/rems/": RUN,
    "/rems/": RUN,
    "/adverse/": TREAT,
    "/adverse/rates/": TREAT,
    "/patients/<uuid:patient_id>/adverse/": TREAT,
    "/patients/<uuid:patient_id>/adverse/<uuid:adverse_id>/": TREAT,
    "/patients/<uuid:patient_id>/adverse/<uuid:adverse_id>/draft/": TREAT,
    "/sessions/<uuid:session_id>/late/": RUN,
    "/sessions/<uuid:session_id>/events/<int:n>/": RUN,
    "/sessions/<uuid:session_id>/cards/": RUN,
    "/sessions/<uuid:session_id>/cards/<slug:card>/": RUN,
    "/sessions/<uuid:session_id>/hand-over/": RUN,
    "/patients/<uuid:patient_id>/bookings/new/": REGISTER,
    "/patients/<uuid:patient_id>/bookings/<uuid:booking_id>/": REGISTER,
    "/patients/<uuid:patient_id>/links/": REGISTER,
    "/patients/<uuid:patient_id>/forms/": REGISTER,
    "/patients/<uuid:patient_id>/assessments/": TREAT,
    "/patients/<uuid:patient_id>/forms/<uuid:sitting_id>/": REGISTER,
    "/patients/<uuid:patient_id>/forms/<uuid:sitting_id>/paper/": REGISTER,
    "/patients/<uuid:patient_id>/consents/": TREAT,
    "/patients/<uuid:patient_id>/consents/<uuid:talk_id>/": TREAT,
    "/patients/<uuid:patient_id>/consents/<uuid:talk_id>/renew/": TREAT,
    "/patients/<uuid:patient_id>/consents/<uuid:talk_id>/sheet/": TREAT,
    "/patients/<uuid:patient_id>/papers/": FIND,
    "/patients/<uuid:patient_id>/papers/<uuid:paper_id>/": FIND,
    "/patients/<uuid:patient_id>/reach/": FIND,
    "/patients/<uuid:patient_id>/reach/outsiders/": REGISTER,
    "/patients/<uuid:patient_id>/reach/outsiders/<uuid:outsider_id>/": REGISTER,
    "/patients/<uuid:patient_id>/standing/": REGISTER,
    "/patients/<uuid:patient_id>/import/": TREAT,
    "/patients/<uuid:patient_id>/import/<uuid:document_id>/": TREAT,
    "/patients/<uuid:patient_id>/screening/": TREAT,
    "/patients/<uuid:patient_id>/screening/exception/<slug:protocol>/<slug:criterion>/": PRESCRIBE,
    "/patients/<uuid:patient_id>/screening/exceptions/<uuid:override_id>/": SECOND,
    "/patients/<uuid:patient_id>/screening/exceptions/": TREAT,
    "/patients/<uuid:patient_id>/screening/sign/": PRESCRIBE,
    "/patients/<uuid:patient_id>/screening/signed/<uuid:snapshot_id>/": TREAT,
}
# For patients of other sites too; nothing of them stands on it.
ANY_SITE = {"/emergency/<uuid:patient_id>/"}
# They take a form and show nothing by themselves.
POST_ONLY = {
    "/bookings/<uuid:booking_id>/session/",
    "/language/",
    "/logout/",
    "/login/passkey/",
    "/login/passkey/options/",
    "/lock/",
    "/here/",
    "/unlock/options/",
    "/me/sessions/",
    "/me/passkeys/options/",
    "/me/passkeys/remove/",
    "/sessions/<uuid:session_id>/checks/",
    "/sessions/<uuid:session_id>/discarded/",
    "/sessions/<uuid:session_id>/help/",
    "/sessions/<uuid:session_id>/back/",
    "/sessions/<uuid:session_id>/sound/",
    "/sessions/<uuid:session_id>/alarms/",
    "/sessions/<uuid:session_id>/hand/",
    "/today/help/",
    "/today/hears/",
    "/sessions/<uuid:session_id>/cards/",
}


def known() -> set[str]:
    """Every route that the tables above speak of."""
    return OPEN | DEMO | TABLET | set(BY_LINK) | set(BY_ROLE)


# What of a patient of their own site somebody may ever read: who it is, the medicines, everything else.
NAME, MEDICINE, HISTORY = "name", "medicine", "history"
MAY_READ = {
    Role.PRESCRIBER: {NAME, MEDICINE, HISTORY},
    Role.NURSE: {NAME, MEDICINE, HISTORY},
    Role.EVALUATOR: {NAME, MEDICINE, HISTORY},
    Role.FRONT_DESK: {NAME},
    Role.PHARMACIST: {NAME, MEDICINE},
    Role.RESEARCHER: set(),
    Role.ADMINISTRATOR: set(),
}
# What of their own patient the holder of a link may read. A link to join is no patient's.
LINK_READS: dict[str, set[str]] = {purpose: set() for purpose in BY_LINK.values()}
