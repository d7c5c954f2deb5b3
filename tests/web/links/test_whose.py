"""Does all that becomes of a link stand in the trail of its patient and of its site?"""

from __future__ import annotations

from datetime import UTC, datetime

from daybreak.web import ids
from daybreak.web.audit import queries, readers
from daybreak.web.audit.models import Entry as Line
from daybreak.web.links import actions
from daybreak.web.links.models import JOIN, READERS, REFERRAL, WALL, Link
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.tokens import token
from daybreak.web.patients.models import Registration
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.referral import actions as referrals
from daybreak.web.referral.models import Referral
from tests.web import everything
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import PATIENT, registered


def now() -> datetime:
    return datetime.now(UTC)


def became(link: Link) -> dict[str, tuple[object, object]]:
    """What stands in the trail of it, each with its patient and its site."""
    events = [link.id, *link.events.values_list("id", flat=True)]
    return {line.action: (line.subject, line.site) for line in Line.objects.filter(object_id__in=events)}


def test_each_purpose_about_a_patient_leaves_lines_about_them_and_of_the_site(site, person) -> None:
    everything.fill(site, person("ines", Role.NURSE, Role.PRESCRIBER))
    for purpose in set(PURPOSES) - {JOIN, WALL}:
        if purpose == REFERRAL:
            row, fay = Referral.objects.get(), person("fay", Role.FRONT_DESK, Role.NURSE)
            early = everything.link(REFERRAL)
            assert became(early) == {"link_made": (None, site.id)}, "nobody is registered yet"
            told = {"not_these": [PATIENT], "seen": 0, "by": fay, "at": NOW, "key": ids.new()}
            patient = referred = referrals.make_patient(row, number="77", **told).id
        else:
            patient, early = PATIENT, everything.link(purpose)
            assert became(early) == {"link_made": (patient, site.id)}, purpose
        link = actions.use(token(early), at=now())
        actions.guess(link, False, most=1, at=now())
        assert set(became(link)) == {"link_made", "link_used", "link_wrong", "link_revoked"}
        happened = {about for action, about in became(link).items() if action != "link_made"}
        assert happened == {(patient, site.id)}, purpose
        assert any(line.object_id == link.id for line in queries.lines(queries.Asked(places=(site.id,))))
    names = {row.name for row in readers.readers(PATIENT, "en").rows}
    assert {"The holder of the patient’s link", "The other clinic that a record was sent to"} <= names
    assert "Whoever referred the patient" not in names
    assert "转诊该患者的人" in {row.name for row in readers.readers(referred, "zh-hans").rows}


def test_of_two_sites_it_is_the_one_whose_staff_made_it(site, person) -> None:
    desk = person("fay", Role.FRONT_DESK)
    patient = registered(site, desk)
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    told = {"organisation_id": site.organisation_id, "created": NOW, "number": "7", "by": desk}
    Registration.objects.create(id=ids.new(), patient=patient, site=harbour, **told)
    hana = signed_in(person("hana", Role.FRONT_DESK, at_site=harbour))
    assert (
        "/l/"
        in hana.post(f"/patients/{patient.id}/readers/link/", {"key": str(ids.new())}, secure=True).content.decode()
    )
    link = Link.objects.get(purpose=READERS)
    browser().post(f"/l/{token(link)}/", secure=True)
    assert became(link) == dict.fromkeys(("link_made", "link_used"), (patient.id, harbour.id))
    by_hand = actions.make(
        purpose=READERS, subject=patient.id, organisation_id=patient.organisation_id, by=None, at=now()
    )
    assert became(by_hand) == {"link_made": (patient.id, None)}, "which of the two is not known, and not guessed"
