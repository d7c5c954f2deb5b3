"""Is the demo's clinic a clinic: people in every role, patients of every kind, and everything in it done by its actions?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from daybreak.cli.main import main
from daybreak.demo import bundles, clinic, treatments
from daybreak.demo.patients import PATIENTS, stories
from daybreak.demo.staff import HARBOUR, MILL
from daybreak.demo.story import EPISODE
from daybreak.knowledge.protocols import protocol_ids
from daybreak.web import place
from daybreak.web.audit.models import Entry as Line
from daybreak.web.audit.verify import verify
from daybreak.web.checkins import followed
from daybreak.web.closing.models import Closing
from daybreak.web.consent.items import items
from daybreak.web.consent.models import Step, Talk
from daybreak.web.courses import cover, gates
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Booking, Course, Reminder, What
from daybreak.web.courses.state import standing, standings
from daybreak.web.cupboard import counts
from daybreak.web.cupboard import queries as cupboard
from daybreak.web.cupboard import verify as stock_verify
from daybreak.web.cupboard.models import Entry as StockEntry
from daybreak.web.demo import mark, worth
from daybreak.web.dosing.queries import order_for
from daybreak.web.forms import queries as forms
from daybreak.web.forms.models import Sitting
from daybreak.web.limits import queries as limits
from daybreak.web.onsite import queries as onsite
from daybreak.web.onsite.cover import uncovered_now
from daybreak.web.outbox.models import Message
from daybreak.web.patients import here_too, queries, search
from daybreak.web.patients.models import Details, Entry, HereTooAsked, Registration
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.people.sign_in import by_password
from daybreak.web.reach.models import Reach
from daybreak.web.referral import queries as referrals
from daybreak.web.referral.models import Referral
from daybreak.web.referral.state import state
from daybreak.web.requests.models import Request
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import Override, Snapshot
from daybreak.web.settings import PASSWORD_HASHERS
from daybreak.web.tasks import calling
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.queries import still_open
from daybreak.web.treatment import queries as sessions
from daybreak.web.treatment.models import Session
from daybreak.web.waitlist import queries as waitlist
from tests import one_demo
from tests.house.tree import texts
from tests.one_demo import NOW

# Without it nothing says that this file needs a database.
pytestmark = pytest.mark.django_db
US = "esketamine-nasal-us"
HERE = "127.0.0.1"


@pytest.fixture(scope="module")
def whole(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Registration]]:
    """The whole clinic, as the tests of this run have it; its patients by number."""
    home = tmp_path_factory.mktemp("demo") / "house"
    one_demo.copy(tmp_path_factory, home)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DAYBREAK_HOME", str(home))
        patch.setenv("DAYBREAK_PUBLIC_URL", "http://localhost:8000")
        connection.close()
        patch.setitem(connection.settings_dict, "NAME", str(home / "daybreak.sqlite3"))
        with override_settings(PLACE=place.current(), PASSWORD_HASHERS=PASSWORD_HASHERS):
            report = verify(at=NOW)  # here, because its head outside the database goes before the next test
            assert (report.broken, report.sealed, report.tail) == ([], Line.objects.count(), 0)
            found = {one.number: one for one in Registration.objects.select_related("patient", "site")}
            assert len(found) == len(PATIENTS) == 63
            yield found
        connection.close()


def test_both_sites_have_signed_how_they_watch(whole) -> None:
    for name, unsigned in clinic.UNADOPTED.items():
        site = Site.objects.get(name=name)
        found = {id for id in protocol_ids() if limits.signed(site.id, id, at=NOW) is None}
        assert found == set(unsigned)


def test_every_treatment_of_today_and_to_come_has_a_dose_that_is_ordered(whole) -> None:
    ahead = [one for one in standings(Booking.objects.filter(visit="treatment")) if one.ends > NOW and not one.free]
    assert len(ahead) > 4
    orders = [order_for(one.booking, NOW) for one in ahead]
    assert None not in orders
    amounts = {one.plan.dose_mg for one in orders}
    assert amounts == {56, 84, 35}


def test_who_sits_in_a_chair_is_being_checked_in(whole) -> None:
    (now,) = [one for one in sessions.open_at(Site.objects.get(name=HARBOUR).pk) if not one.state.exposed]
    assert now.session.patient == whole["H-1060"].patient
    assert (now.state.phase, now.state.identified.told["matched"]) == ("arrived", True)
    assert len(now.state.answers) == 3


def test_somebody_is_here_a_prescriber_leaves_too_early_and_patients_wait(whole) -> None:
    harbour, mill = (Site.objects.get(name=name) for name in (HARBOUR, MILL))
    assert {one.person.login for one in onsite.on_site(harbour, NOW)} == {"ines.vale", "lee.moss", "pat.doyle"}
    assert {one.person.login for one in onsite.planned(harbour, NOW.date(), at=NOW)} > {"rahel.okafor"}
    assert uncovered_now(harbour, NOW) == []
    assert [one.booking.patient for one in uncovered_now(mill, NOW)] == [whole["M-1049"].patient]
    there = waitlist.waitlist(harbour, at=NOW)
    assert [one.patient for one, _ in there.waiting] == [whole[number].patient for number in ("H-1003", "H-1060")]
    assert whole["H-1003"].patient in [one.next[0].patient for one in there.free if one.next]
    asked = HereTooAsked.objects.get()
    assert (asked.patient, asked.site, here_too.waits(asked, at=NOW)) == (whole["M-1049"].patient, harbour, True)


def test_the_cupboard_holds_several_lots_one_patient_s_own_and_two_people_counted_it(whole) -> None:
    harbour = Site.objects.get(name=HARBOUR)
    lots = cupboard.on_hand(harbour)
    assert [(one.lot.number, one.lot.owner) for one in lots] == [
        ("23K041", None),
        ("24C118", whole["H-1015"].patient),
        ("24A007", None),
        ("KT5512", None),
    ]
    assert [one.first.patient for one in cupboard.unaccounted(lots)] == [
        whole["H-1003"].patient,
        whole["H-1063"].patient,  # whose infusion runs
    ]
    waste = StockEntry.objects.get(kind="wasted")
    assert (waste.mg, waste.by.login, waste.witness.login) == (465, "lee.moss", "rahel.okafor")
    assert [one.over for one in counts.newest(harbour)] == [True]
    assert counts.due(harbour) > NOW
    assert stock_verify.verify().broken == []


def test_a_clinic_with_everything_that_happens_before_the_first_dose(whole) -> None:
    assert mark.marked()
    assert {grant.role for grant in all_in_force(at=NOW)} == set(Role)
    assert {one.site.name for one in whole.values()} == {HARBOUR, MILL}
    assert by_password("lee.moss", mark.password(), address=HERE, at=NOW).display_name == "Lee Moss"

    judged = {number: judge(one.patient, one.site, at=NOW) for number, one in whole.items()}
    us = [one.decision(US) for one in judged.values()]
    assert {d.status for d in us} == {"eligible", "eligible_with_review", "needs_information", "not_eligible"}
    assert {d.trd.word for d in us} == {"yes", "no", "indeterminate"}
    assert min(Counter(d.status for d in us).values()) >= 2
    stopped = {f.criterion.name for d in us for f in d.findings if f.answer.verdict.value == "not_met"}
    assert stopped >= {
        *("adult", "failed_adequate_trials", "no_aneurysmal_disease", "no_arteriovenous_malformation"),
        *("no_intracerebral_haemorrhage", "no_raised_intracranial_pressure", "no_psychosis", "no_bipolar"),
        *("no_active_substance_use", "hypertension_controlled", "not_pregnant", "no_bad_response_to_ketamine"),
        *("no_hypersensitivity", "no_unstable_heart_disease", "no_cns_depressant", "no_stimulant", "no_maoi"),
    }
    states = [standing.state for one in judged.values() for standing in one.standings]
    assert set(states) == {"holds", "waits", "void", "taken_back"}
    assert any(one.adopted[d.protocol.id] is None for one in judged.values() for d in one.decisions)


def test_of_those_who_were_treated_most_were_heard_of_and_every_form_was_filed(whole) -> None:
    given = Session.objects.filter(events__what="ended", created__lt=NOW - timedelta(days=1)).distinct()
    assert given.count() >= 20
    assert {one.protocol for one in given} == {US}
    assert {one.what for now in map(sessions.now, given) for one in now.events} >= {"dose", "check", "ready"}
    assert given.filter(rems_forms__filing__isnull=False).distinct().count() == given.count()
    for site in Site.objects.all():
        day, *later = followed.of(site, at=NOW)
        assert 0 < day.heard < day.treated, "most, and never all of them"
        assert sum(one.treated for one in later), "some began so long ago"
    calls = Task.objects.filter(what="treatment.task_next_day", created__lt=NOW - timedelta(days=2))
    assert list(still_open(calls)) == []


def test_what_went_wrong_was_mended(whole) -> None:
    patient = whole["H-1060"].patient
    (slip,) = [one for one in Booking.objects.filter(patient=patient) if one.events.filter(what=What.BACK).exists()]
    assert [one.what for one in slip.events.order_by("seq")][1:4] == [What.NO_SHOW, What.BACK, What.ARRIVED]
    course = Course.objects.get(patient=patient)
    assert (course.by.login, cover.prescriber(course).login) == ("ines.vale", "zhou.ming")
    elsewhere = Request.objects.get(elsewhere__isnull=False)
    assert (elsewhere.site.name, elsewhere.elsewhere.name, elsewhere.about.count()) == (MILL, HARBOUR, 3)
    assert Request.objects.filter(kind="records", events__what="delivered").exists()


def test_what_was_signed_stays_and_what_is_due_is_seen(whole) -> None:
    signed = Snapshot.objects.order_by("id")
    assert set(signed.values_list("outcome", flat=True)) == {"treat", "not_yet"}
    assert signed.filter(review_on__lt=NOW.date()).exists()
    assert signed.filter(review_on__gt=NOW.date()).exists()
    twice = Counter(signed.values_list("patient", flat=True))
    assert 2 in twice.values(), "somebody was decided about again"
    assert Override.objects.filter(needs_two=True, events__kind="second_signature").exists()
    urgent = Task.objects.filter(kind="suicide", level="now")
    assert set(urgent.values_list("site__name", flat=True)) == {HARBOUR, MILL}
    assert [one.login for one in calling.to_call(whole["H-1001"].site_id, at=NOW)][:1] == ["lee.moss"]
    assert Entry.objects.filter(withdrawal__isnull=False).exists()
    assert Entry.objects.filter(origin="person", replaces__isnull=False, document__isnull=False).exists(), "confirmed"


def test_patients_are_reached_and_referrals_wait_and_end(whole) -> None:
    assert {one.may_write for one in Reach.objects.all()} == {"yes", "no", ""}
    assert len(whole) == Reach.objects.count()
    folded = {one.family_name: state(one) for one in Referral.objects.all()}
    assert {now.step for now in folded.values()} >= {None, "looked", "contacted", "declined", "no_response"}
    came = next(one for one in folded.values() if one.patient is not None)
    assert (came.ended.what, came.patient) == ("accepted", whole["H-1060"].patient)
    again = Referral.objects.get(family_name="Ferro")
    assert [one.family_name for one in referrals.same_person(again)] == ["Farrow"]
    assert set(Referral.objects.values_list("door", flat=True)) == {"web", "fax", "phone"}


def test_courses_are_under_way_and_visits_come_lack_something_or_fail(whole) -> None:
    assert Course.objects.count() == 11
    by_site = {name: courses.on(Site.objects.get(name=name), NOW.date()) for name in (HARBOUR, MILL)}
    assert {one.last for one in by_site[HARBOUR]} == {"arrived", "late", "no_show", "cancelled_by_patient", "booked"}
    assert {one.last for one in by_site[MILL]} == {"booked"}
    every = [standing(one) for one in Booking.objects.select_related("course", "patient", "site")]
    assert Counter(one.last for one in every)["left"] >= 15
    assert all(one.why for one in every if one.last in ("late", "no_show", "cancelled_by_patient"))
    ahead = [one for one in every if one.last == "booked" and one.starts > NOW]
    missing = {gate.id for found in gates.missing(ahead, at=NOW).values() for gate in found}
    assert missing == {"payment", "consent", "interpreter", "near", "rems_patient"}
    assert any(not found for found in gates.missing(ahead, at=NOW).values()), "one is firm"
    tasks = Task.objects.values_list("what", flat=True)
    assert {"courses.call_today", "courses.gate_interpreter", "consent.not_for_this_day"} <= set(tasks)
    assert Reminder.objects.filter(message__isnull=False).exists()
    assert Closing.objects.get().handed > 0


def test_forms_are_answered_by_every_door_but_the_tablet(whole) -> None:
    assert set(Sitting.objects.values_list("mode", flat=True)) == {"link", "desk", "paper", "phone"}
    half = Sitting.objects.get(form="intake:intake", patient=whole["H-1058"].patient)
    told = Sitting.objects.get(form="intake:intake", patient=whole["H-1025"].patient)
    assert told.ending.how == "finished"
    board = judge(told.patient, whole["H-1025"].site, at=NOW)
    assert set(board.origins.values()) == {"patient", "import"}
    taken = {one.ingredients for one in board.chart.exposures}
    assert len(taken) > 2
    assert len(board.unconfirmed) == 2 * len(taken), "nobody has signed for either"
    assert not forms.over(half)
    assert 5 < len(forms.answers(half)) < 15
    assert Message.objects.filter(link__subject=half.id).exists(), "the link is on its way"
    scores = Entry.objects.filter(patient=whole["H-1060"].patient, kind="observation", payload__contains='"phq-9"')
    assert scores.count() >= 4
    assert Sitting.objects.filter(form="plan:safety-plan", ending__minutes=35).exists()


def test_a_wrong_answer_was_explained_and_another_one_waits(whole) -> None:
    talks = Talk.objects.all()
    assert {hasattr(one, "signature") for one in talks} == {True, False}
    explained = Step.objects.filter(what="explained").values_list("talk__interpreter", flat=True)
    assert list(explained) == ["M. Ortega, 4471"]
    assert any(item.state == "waits" for one in talks for item in items(one))


def test_names_are_those_of_people_and_look_alikes_are_among_them(whole) -> None:
    names = [f"{one.family_name} {one.given_names}" for one in Details.objects.all()]
    for script in (r"[A-Za-z]", r"[À-ỹ]", r"[一-龥]", r"[А-я]", r"[ء-ي]", r"[א-ת]", r"[가-힣]", r"[ぁ-ん]"):
        assert any(re.search(script, name) for name in names), script
    assert len(set(names)) < len(names), "two people have the same name"
    assert {"中文", "English"} <= set(Details.objects.values_list("language", flat=True))


def test_what_readme_says_is_to_be_seen_is_there(whole) -> None:
    ines = Person.objects.get(login="ines.vale")
    rows = re.findall(r"^\| `(.+?)` \|", texts()["README.md"], re.M)
    named = [row for row in rows if "/" not in row]
    assert len(named) == 7
    for name in [*named, "kaur", "obrien"]:
        assert search.search(queries.sites(ines, Permission.FIND_PATIENTS, at=NOW), name=name), name
    simran = whole["H-1040"]
    assert queries.details(simran.patient).given_names == "Simran"
    judged = judge(simran.patient, simran.site, at=NOW)
    assert judged.open(judged.decisions[2]) == [], "the third protocol can be signed at once"


def test_what_the_first_page_says_is_to_be_seen_is_there(whole) -> None:
    """Typed as it stands there it finds the patient in whose record it is."""
    of_site = {HARBOUR: "ines.vale", MILL: "tomas.brandt"}
    found = {}
    for typed, site, seen in (row for _, rows in worth.PATIENTS for row in rows):
        there = queries.sites(Person.objects.get(login=of_site[site]), Permission.FIND_PATIENTS, at=NOW)
        found[seen] = {one.details.patient_id for one in search.search(there, name=typed)}
    assert all(found.values()), found
    about = {
        "demo.see_trend": Course.objects.filter(patient__bookings__events__what="late"),
        "demo.see_interpreter": Booking.objects.exclude(interpreter=""),
        "demo.see_intake": Sitting.objects.filter(form="intake:intake"),
        "demo.see_whole": Sitting.objects.filter(form="intake:intake", ending__how="finished"),
        "demo.see_link": Sitting.objects.filter(mode="link", form="assessment:phq-9"),
        "demo.see_paper": Sitting.objects.filter(mode="paper"),
        "demo.see_wrong_answer": Talk.objects.filter(signature__isnull=True),
        "demo.see_back": Talk.objects.filter(signature__withdrawal__isnull=False),
    }
    for seen, rows_of in about.items():
        assert found[seen] & set(rows_of.values_list("patient", flat=True)), seen


def test_every_act_is_in_the_audit_trail_in_the_order_of_its_days(whole) -> None:
    lines = list(Line.objects.order_by("id").values_list("at", "action"))
    about_patients = [at for at, action in lines if action in ("registered", "entry_imported", "decision_signed")]
    assert about_patients == sorted(about_patients)
    assert Counter(action for _, action in lines)["reviewed"] == Entry.objects.filter(kind="coverage").count()


# What a bundle cannot carry, by the patients whose record holds it: a recorded episode (without it its start is an
# assumption), and that the reviewer had a medicine before them that no rule could read (a List names it, a review of ours
# does not).
EPISODES = {s.number for s in stories(NOW.date()) if any(act.does == EPISODE for act in s.acts)}
UNREAD = {"M-1052"}
TOLD = {"H-1025"}  # what a patient says on the phone comes with no file
IN_TREATMENT = {number for number, life in treatments.LIVES.items() if life.scores}  # their scores were asked here


def test_the_bundles_are_decided_like_the_clinic_s_own_records(whole, tmp_path, capsys) -> None:
    assert bundles.write(tmp_path, today=NOW.date()) == 63
    assert main(["screen", str(tmp_path), "--format", "json", "--as-of", NOW.date().isoformat()]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {(line["patient"]["id"].removeprefix("demo-").upper(), line["protocol"]["id"]): line for line in lines}
    differ = {}
    for number, one in whole.items():
        for decision in judge(one.patient, one.site, at=NOW).decisions:
            line = found[number, decision.protocol.id]
            theirs = {(f["criterion"], f["when"]): f["verdict"] for f in line["findings"]}
            ours = {(f.criterion.name, f.criterion.when): f.answer.verdict.value for f in decision.findings}
            if (theirs, line["status"], line["trd"]["trd"]) != (ours, decision.status, decision.trd.word):
                differ[number] = {name for name in ours if ours[name] != theirs[name]}
    assert differ.keys() == EPISODES | UNREAD | TOLD | IN_TREATMENT
    assert all(differ[number] == set() for number in EPISODES)


def test_every_story_says_what_it_is_there_to_show() -> None:
    assert all(case.__doc__ for _, case in PATIENTS)
