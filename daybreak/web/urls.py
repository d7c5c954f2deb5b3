"""Which address leads to which view? (`tests/web/test_access.py` walks this list)"""

from __future__ import annotations

from django.urls import path

from daybreak.web.adverse import draft_views as adverse_draft
from daybreak.web.adverse import queue_views as adverse_queue
from daybreak.web.adverse import rates_views as adverse_rates
from daybreak.web.adverse import views as adverse
from daybreak.web.assessments import views as assessments
from daybreak.web.audit import reader_views
from daybreak.web.audit import views as audit
from daybreak.web.authorisation import packet_views, signing_views
from daybreak.web.authorisation import views as authorisation
from daybreak.web.bedside import odd_views as odd_messages
from daybreak.web.bedside import views as bedside
from daybreak.web.card import public_views as public_card
from daybreak.web.card import views as card
from daybreak.web.cards import session_views
from daybreak.web.cards import views as cards
from daybreak.web.careplan import link_views as own_plan
from daybreak.web.careplan import views as careplan
from daybreak.web.checkins import own_views as own_scores
from daybreak.web.checkins import views as checkins
from daybreak.web.chronicle import escort_views, hand_out_views, hand_over_views
from daybreak.web.chronicle import views as chronicle
from daybreak.web.closing import views as closing
from daybreak.web.cockpit import away_views as away
from daybreak.web.cockpit import help_views
from daybreak.web.cockpit import panel_views as panel
from daybreak.web.cockpit import views as cockpit
from daybreak.web.cockpit import wall_views as walls
from daybreak.web.consent import patient_views as own_consent
from daybreak.web.consent import views as consent
from daybreak.web.costs import views as costs
from daybreak.web.courses import calendar_views, chair_views, interval_views, ride_views, today_views, visit_views
from daybreak.web.courses import views as courses
from daybreak.web.crisis import views as crisis
from daybreak.web.cupboard import count_views, lot_views, pattern_views, report_views, take_views
from daybreak.web.cupboard import views as cupboard
from daybreak.web.demo import views as demo
from daybreak.web.diary import views as diary
from daybreak.web.dosing import figure_views, history_views, pump_views
from daybreak.web.dosing import views as dosing
from daybreak.web.files import icon
from daybreak.web.forms import link_views as form_links
from daybreak.web.forms import tablet_views as form_on_tablet
from daybreak.web.forms import views as forms
from daybreak.web.glass import views as glass
from daybreak.web.health import healthz
from daybreak.web.labels import views as labels
from daybreak.web.letters import link_views as own_letters
from daybreak.web.letters import views as letters
from daybreak.web.levels import views as levels
from daybreak.web.limits import views as limits
from daybreak.web.links import of_patient_views as patient_links
from daybreak.web.links import views as links
from daybreak.web.misuse import link_views as own_signs
from daybreak.web.misuse import views as misuse
from daybreak.web.morning import views as morning
from daybreak.web.onsite import views as onsite
from daybreak.web.outbox import views as outbox
from daybreak.web.papers import views as papers
from daybreak.web.patients import (
    arrival_views,
    entry_views,
    here_too_views,
    import_views,
    one_person_views,
    review_views,
)
from daybreak.web.patients import views as patients
from daybreak.web.pdmp import views as pdmp
from daybreak.web.people import place_views, staff_views, vouching_views
from daybreak.web.people import views as people
from daybreak.web.presence import passkey_views as passkeys
from daybreak.web.presence import tablet_views as tablet
from daybreak.web.presence import unlock_views as unlocking
from daybreak.web.presence import views as presence
from daybreak.web.protocols import policy_views
from daybreak.web.protocols import views as protocols
from daybreak.web.public import check_views as checking
from daybreak.web.public import learn_views as learning
from daybreak.web.public import views as public
from daybreak.web.reach import after_stop_views
from daybreak.web.reach import views as reach
from daybreak.web.referral import stranger_views as referring
from daybreak.web.referral import views as referrals
from daybreak.web.registry import views as outcomes
from daybreak.web.rems import patient_views as rems_patient
from daybreak.web.rems import queue_views as rems_queue_views
from daybreak.web.rems import setting_views as rems_setting
from daybreak.web.rems import site_views as rems_site
from daybreak.web.rems import views as rems
from daybreak.web.requests import own_views as own_requests
from daybreak.web.requests import views as requests
from daybreak.web.rota import views as rota
from daybreak.web.screening import exception_views, sign_views, waiting_views
from daybreak.web.screening import views as screening
from daybreak.web.steering import harms_views, lapses_views
from daybreak.web.steering import views as steering
from daybreak.web.switches import views as switches
from daybreak.web.tasks import calling_views, unreached_rule_views
from daybreak.web.tasks import views as tasks
from daybreak.web.texting import views as texting
from daybreak.web.therapy import views as therapy
from daybreak.web.transfer import views as transfer
from daybreak.web.treatment import leaving_views, past_views, said_views
from daybreak.web.treatment import views as treatment
from daybreak.web.waitlist import offer_views
from daybreak.web.waitlist import views as waitlist
from daybreak.web.watching import views as watching
from daybreak.web.window import views as window

urlpatterns = [
    path("", public.front),
    path("cost/", costs.page),
    path("learn/", learning.learn),
    path("learn/prepare/", learning.prepare),
    path("clinics/check/", checking.check),
    path("healthz", healthz),
    path("clinics/", public_card.clinics),
    path("clinic/card/", card.page),
    path("favicon.ico", icon),
    path("language/", people.choose_language),
    path("crisis/", crisis.numbers),
    path("demo/", demo.choose),
    path("login/", people.sign_in_page),
    path("login/code/", people.code_page),
    path("login/passkey/", passkeys.come_in_by_passkey),
    path("login/passkey/options/", passkeys.sign_in_options),
    path("tablet/", tablet.front),
    path("tablet/entries/", tablet.entries),
    path("tablet/readers/", tablet.readers),
    path("tablet/ask/", own_requests.tablet_ask),
    path("tablet/consents/", own_consent.own_consents),
    path("tablet/consent/", own_consent.tablet_front),
    path("tablet/consent/<int:n>/", own_consent.tablet_page),
    path("tablet/form/", form_on_tablet.resume),
    path("tablet/form/<int:n>/", form_on_tablet.question),
    path("tablet/form/help/", form_on_tablet.help_now),
    path("tablet/form/done/", form_on_tablet.done),
    path("tablet/payment/", signing_views.tablet_page),
    path("tablet/session/", panel.panel),
    path("sessions/<uuid:session_id>/hand/", panel.hand),
    path("tablet/back/", tablet.back),
    path("patients/<uuid:patient_id>/tablet/", tablet.hand),
    path("lock/", unlocking.lock),
    path("here/", unlocking.here),
    path("unlock/", unlocking.unlock),
    path("unlock/options/", unlocking.options),
    path("me/pin/", unlocking.pin),
    path("me/address/", outbox.own_address),
    path("me/sessions/", presence.end_sessions),
    path("me/passkeys/new/", passkeys.new),
    path("me/passkeys/options/", passkeys.own_options),
    path("me/passkeys/remove/", passkeys.remove),
    path("logout/", people.sign_out),
    path("l/<str:token>/", links.open_link),
    path("join/", people.join),
    path("readers/", reader_views.own_readers),
    path("consent/", own_consent.link_front),
    path("consent/<int:n>/", own_consent.link_page),
    path("visit/", visit_views.visit),
    path("form/", form_links.resume),
    path("form/<int:n>/", form_links.question),
    path("form/help/", form_links.help_now),
    path("form/done/", form_links.done),
    path("form/own/", own_scores.page),
    path("form/leave/", form_links.leave),
    path("me/", people.own_page),
    path("clinic/people/", staff_views.everybody),
    path("clinic/people/invite/", staff_views.invite),
    path("clinic/people/<uuid:person_id>/", staff_views.one_person),
    path("ways-in/<uuid:way_id>/", vouching_views.way_in),
    path("clinic/places/", place_views.places),
    path("calendar/", calendar_views.calendar),
    path("today/", today_views.today),
    path("today/stream/", cockpit.floor_stream),
    path("walls/", walls.walls),
    path("wall/", walls.wall),
    path("wall/stream/", walls.wall_stream),
    path("wall/hears/", walls.wall_hears),
    path("today/help/", help_views.from_the_floor),
    path("today/hears/", watching.hears),
    path("sessions/<uuid:session_id>/cockpit/", cockpit.cockpit),
    path("sessions/away/", away.away),
    path("sessions/<uuid:session_id>/checks/", cockpit.checks),
    path("sessions/<uuid:session_id>/monitor/", bedside.monitor),
    path("sessions/<uuid:session_id>/discarded/", cockpit.discard),
    path("sessions/<uuid:session_id>/alarms/", cockpit.acknowledge),
    path("sessions/<uuid:session_id>/help/", cockpit.help_now),
    path("sessions/<uuid:session_id>/sound/", cockpit.sound),
    path("sessions/<uuid:session_id>/back/", cockpit.back),
    path("sessions/<uuid:session_id>/stream/", cockpit.stream),
    path("offer/", offer_views.offer),
    path("waitlist/", waitlist.waitlist),
    path("lapses/", lapses_views.radar),
    path("cupboard/", cupboard.cupboard),
    path("cupboard/receive/", cupboard.receive),
    path("cupboard/count/", count_views.count),
    path("cupboard/inventory/", report_views.inventory),
    path("cupboard/losses/", report_views.missing),
    path("cupboard/rule/", report_views.rule),
    path("cupboard/patterns/", pattern_views.looked_at),
    path("cupboard/takes/<uuid:take_id>/", take_views.take),
    path("cupboard/lots/<uuid:lot_id>/", lot_views.lot),
    path("cupboard/lots/<uuid:lot_id>/letter/", lot_views.letter),
    path("cupboard/lots/<uuid:lot_id>/<str:operation>/", lot_views.operation),
    path("patients/<uuid:patient_id>/waitlist/", waitlist.wishes),
    path("closing/", closing.closing),
    path("morning/", morning.morning),
    path("checkins/", checkins.page),
    path("clinic/chairs/", chair_views.chairs),
    path("clinic/two-products/", interval_views.intervals),
    path("clinic/doses/", figure_views.doses),
    path("patients/<uuid:patient_id>/dose/", dosing.dose),
    path("patients/<uuid:patient_id>/pdmp/", pdmp.of_patient),
    path("patients/<uuid:patient_id>/use/", misuse.of_patient),
    path("clinic/pdmp/", pdmp.rule),
    path("patients/<uuid:patient_id>/dose/label/", dosing.label),
    path("patients/<uuid:patient_id>/dose/pump/", pump_views.page),
    path("patients/<uuid:patient_id>/dose/history/", history_views.history),
    path("clinic/rides/", ride_views.rides),
    path("clinic/calling/", calling_views.orders),
    path("rota/", rota.week),
    path("onsite/", onsite.onsite),
    path("bookings/<uuid:booking_id>/session/", treatment.begin),
    path("sessions/<uuid:session_id>/", treatment.session),
    path("sessions/<uuid:session_id>/late/", past_views.late),
    path("sessions/<uuid:session_id>/events/<int:n>/", past_views.event),
    path("beat/", watching.beat),
    path("sound/", watching.sound),
    path("sessions/<uuid:session_id>/leave/", leaving_views.leave),
    path("sessions/<uuid:session_id>/hand-out/", hand_out_views.hand_out),
    path("sessions/<uuid:session_id>/cards/", session_views.tap),
    path("sessions/<uuid:session_id>/cards/<slug:card>/", session_views.card),
    path("sessions/<uuid:session_id>/said/", said_views.sentence),
    path("sessions/<uuid:session_id>/record/", chronicle.record),
    path("sessions/<uuid:session_id>/levels/", levels.levels),
    path("sessions/<uuid:session_id>/rems/", rems.form),
    path("rems/", rems_queue_views.queue),
    path("bookings/<uuid:booking_id>/setting/", rems_setting.setting),
    path("clinic/rems/", rems_site.of_site),
    path("clinic/rems/kept/<uuid:kept_id>/", rems_site.document),
    path("patients/<uuid:patient_id>/rems/", rems_patient.of_patient),
    path("adverse/", adverse_queue.queue),
    path("adverse/rates/", adverse_rates.page),
    path("outcomes/", outcomes.page),
    path("patients/<uuid:patient_id>/adverse/", adverse.of_patient),
    path("patients/<uuid:patient_id>/adverse/<uuid:adverse_id>/", adverse.event),
    path("patients/<uuid:patient_id>/adverse/<uuid:adverse_id>/draft/", adverse_draft.page),
    path("sessions/<uuid:session_id>/hand-over/", hand_over_views.hand_over),
    path("tasks/", tasks.everything),
    path("tasks/<uuid:task_id>/", tasks.one_task),
    path("audit/", audit.log),
    path("emergency/", glass.emergency),
    path("emergency/reviews/", glass.reviews),
    path("emergency/reviews/<uuid:opening_id>/", glass.review),
    path("emergency/<uuid:patient_id>/", glass.one),
    path("patients/", patients.find),
    path("patients/new/", patients.new),
    path("patients/here-too/<uuid:asked_id>/", here_too_views.one),
    path("patients/arrivals/", arrival_views.waiting),
    path("patients/arrivals/<uuid:arrival_id>/", arrival_views.one),
    path("patients/<uuid:patient_id>/", patients.page),
    path("patients/<uuid:patient_id>/details/", patients.details),
    path("patients/<uuid:patient_id>/timeline/", patients.every_entry),
    path("patients/<uuid:patient_id>/same-person/", one_person_views.same_person),
    path("patients/<uuid:patient_id>/add/<str:form>/", entry_views.add),
    path("patients/<uuid:patient_id>/entries/<uuid:entry_id>/", entry_views.entry),
    path("patients/<uuid:patient_id>/entries/<uuid:entry_id>/correct/", entry_views.correct),
    path("patients/<uuid:patient_id>/entries/<uuid:entry_id>/label/", labels.label),
    path("patients/<uuid:patient_id>/readers/", reader_views.record_readers),
    path("patients/<uuid:patient_id>/readers/link/", reader_views.give),
    path("patients/<uuid:patient_id>/course/", courses.course),
    path("patients/<uuid:patient_id>/judgement/", steering.judgement),
    path("patients/<uuid:patient_id>/harms/", harms_views.of_patient),
    path("patients/<uuid:patient_id>/bookings/new/", courses.book),
    path("patients/<uuid:patient_id>/bookings/<uuid:booking_id>/", courses.booking),
    path("patients/<uuid:patient_id>/links/", patient_links.every_link),
    path("patients/<uuid:patient_id>/forms/", forms.every_form),
    path("patients/<uuid:patient_id>/assessments/", assessments.every_result),
    path("patients/<uuid:patient_id>/forms/<uuid:sitting_id>/", forms.one_form),
    path("patients/<uuid:patient_id>/forms/<uuid:sitting_id>/paper/", forms.paper),
    path("patients/<uuid:patient_id>/consents/", consent.every_consent),
    path("patients/<uuid:patient_id>/consents/<uuid:talk_id>/", consent.one_consent),
    path("patients/<uuid:patient_id>/consents/<uuid:talk_id>/renew/", consent.renew),
    path("patients/<uuid:patient_id>/consents/<uuid:talk_id>/sheet/", consent.blank_sheet),
    path("patients/<uuid:patient_id>/papers/", papers.every_paper),
    path("patients/<uuid:patient_id>/papers/<uuid:paper_id>/", papers.paper),
    path("patients/<uuid:patient_id>/reach/", reach.reach),
    path("patients/<uuid:patient_id>/reach/outsiders/", reach.outsider),
    path("patients/<uuid:patient_id>/reach/outsiders/<uuid:outsider_id>/", reach.outsider),
    path("patients/<uuid:patient_id>/standing/", reach.standing),
    path("patients/<uuid:patient_id>/review/", review_views.review),
    path("patients/<uuid:patient_id>/import/", import_views.bring),
    path("patients/<uuid:patient_id>/import/<uuid:document_id>/", import_views.look),
    path("patients/<uuid:patient_id>/screening/", screening.screening),
    path("patients/<uuid:patient_id>/screening/exception/<slug:protocol>/<slug:criterion>/", exception_views.exception),
    path("patients/<uuid:patient_id>/screening/exceptions/<uuid:override_id>/", exception_views.second),
    path("patients/<uuid:patient_id>/screening/exceptions/", exception_views.every_exception),
    path("patients/<uuid:patient_id>/screening/sign/", sign_views.sign),
    path("patients/<uuid:patient_id>/screening/signed/<uuid:snapshot_id>/", sign_views.signed),
    path("patients/<uuid:patient_id>/authorisations/", authorisation.of_patient),
    path("patients/<uuid:patient_id>/authorisations/<uuid:authorisation_id>/", authorisation.one),
    path("patients/<uuid:patient_id>/authorisations/<uuid:authorisation_id>/packet/", packet_views.packet),
    path("patients/<uuid:patient_id>/requests/", requests.of_patient),
    path("patients/<uuid:patient_id>/transfer/", transfer.transfer),
    path("receipt/", transfer.receipt),
    path("patients/<uuid:patient_id>/letters/", letters.every_letter),
    path("patients/<uuid:patient_id>/letters/<uuid:letter_id>/", letters.one_letter),
    path("patients/<uuid:patient_id>/talks/", window.talks),
    path("patients/<uuid:patient_id>/notes/", therapy.notes),
    path("patients/<uuid:patient_id>/care/", careplan.plan),
    path("patients/<uuid:patient_id>/care/paper/", careplan.plan_paper),
    path("care/", own_plan.own),
    path("signs/", own_signs.own),
    path("care/paper/", own_plan.own_paper),
    path("shared-care/", own_plan.shared),
    path("letter/", own_letters.own_letter),
    path("letter/paper/", own_letters.own_paper),
    path("letter/data/", own_letters.own_data),
    path("payment/", signing_views.link_page),
    path("payment/paper/", signing_views.own_paper),
    path("ask/", own_requests.ask),
    path("answer/", own_requests.own_answer),
    path("answer/paper/", own_requests.own_paper),
    path("answer/data/", own_requests.own_data),
    path("requests/", requests.everything),
    path("requests/<uuid:request_id>/", requests.one),
    path("complaint/", requests.complain),
    path("authorisations/", authorisation.everything),
    path("diary/", diary.own),
    path("patients/<uuid:patient_id>/diary/", diary.of_patient),
    path("texts/", texting.arrive),
    path("refer/", referring.refer),
    path("referral/", referring.how_it_stands),
    path("referrals/", referrals.every),
    path("referrals/new/", referrals.new),
    path("referrals/<uuid:referral_id>/", referrals.one),
    path("waiting/", waiting_views.waits),
    path("clinic/second-signatures/", waiting_views.second_rules),
    path("clinic/unreached/", unreached_rule_views.rules),
    path("clinic/after-stop/", after_stop_views.rules),
    path("clinic/cards/", cards.every_card),
    path("clinic/devices/", odd_messages.odd),
    path("clinic/live/", switches.live),
    path("escort/", escort_views.escort),
    path("clinic/protocols/", protocols.every_protocol),
    path("clinic/protocols/<slug:id>/", protocols.one_protocol),
    path("clinic/protocols/<slug:id>/compare/", protocols.compare),
    path("clinic/protocols/<slug:id>/adopt/", protocols.adopt),
    path("clinic/protocols/<slug:id>/policy/", policy_views.policy),
    path("clinic/protocols/<slug:id>/watch/", limits.watch),
    path("clinics/<str:slug>/", public_card.one),  # last: a page of ours has its name first
    path("clinics/<str:slug>/card.json", public_card.file),
]

handler400 = "daybreak.web.errors.bad_request"
handler403 = "daybreak.web.errors.forbidden"
handler404 = "daybreak.web.errors.not_found"
handler500 = "daybreak.web.errors.failed"
