"""Which course and which dose stand behind the addresses of the tests that walk through every page?"""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

from daybreak.web import ids
from daybreak.web.courses.models import Course
from daybreak.web.dosing import worked
from daybreak.web.dosing.models import RECORD, Figure, Order
from daybreak.web.dosing.worked import Typed
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from tests.web.conftest import NOW
from tests.web.screening.samples import SNAPSHOT

LADDER = "ketamine-iv"
FAR = NOW.date() + timedelta(days=4000)  # it has not begun, whenever the tests run
DRIP = Typed(LADDER, Decimal("0.4"), "mg/kg", "actual", Decimal(70), RECORD, NOW.date(), None, Decimal(1), 30)


def make(patient: Patient, site: Site, by: Person) -> Order:
    """A course of infusions, what the clinic signed for them, and an order with a reason."""
    common = {"organisation_id": site.organisation_id, "created": NOW, "by": by}
    plan = json.dumps([[n, "induction", (FAR + timedelta(days=3 * n - 3)).isoformat()] for n in range(1, 7)])
    told = {"protocol": "ketamine-iv-consensus", "version": "x", "decision_id": SNAPSHOT, "plan": plan}
    course = Course.objects.create(id=ids.new(), patient=patient, site=site, starts=FAR, **told, **common)
    figures = {"ceiling_mg": "80", "least_mg_per_ml": "0.2", "most_mg_per_ml": "2", "reason": "our pharmacist"}
    Figure.objects.create(id=ids.new(), site=site, ladder=LADDER, **figures, **common)
    course.site = site
    found = worked.ground(course, patient, day=NOW.date()).plan(DRIP)
    about = {"amount": "0.4", "unit": "mg/kg", "basis": "actual", "weight_kg": "70", "weight_from": RECORD}
    about |= {"weighed": NOW.date(), "concentration_mg_per_ml": "1", "minutes": 30, "dose_mg": "28.0"}
    about |= {"deviates": True, "reason": "slept badly", "content": worked.content(DRIP, found, lang="en")}
    return Order.objects.create(id=ids.new(), patient=patient, course=course, ladder=LADDER, **about, **common)
