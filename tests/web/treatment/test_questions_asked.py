"""How often does a page of a treatment ask the database, whatever was done in it, and is it as often with more beside it?"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.treatment.events import What
from daybreak.web.people.roles import Role
from tests.web.conftest import signed_in
from tests.web.test_queries import MOST
from tests.web.treatment.steps import DEVICE, MINUTE, checked_in, does, taken
from tests.web.treatment.test_gates import beside

# A page that says why there is no dose yet asks every gate, each its own rows, of the visit, the record, the order and the site;
# with what was given in the course, and when it was judged last. At the time-out two more: the plan of care, and whether a rating
# since the treatment before calls for a talk.
EVERY_GATE = 56
# What is missing of today's visits, who sits where, which course waits for a judgement,
# and whether this device is one that somebody heard today.
TODAY = 25
# The next treatment with all of the record, what was given before, and whether the programme knows site and patient.
COURSE = 20


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how often is asked does not depend on the database")
def test_a_page_of_a_treatment_asks_few_questions(session, nurse, doctor, person, noon) -> None:
    client = signed_in(person("ines", *Role))
    at, of = f"/sessions/{session.id}/", f"/patients/{session.patient_id}/"
    of_it = [at, f"{at}cockpit/", f"{at}leave/"]
    asked: dict[str, int] = {}

    def looks(stage: str, *pages: str) -> None:
        for page in pages:
            with CaptureQueriesContext(connection) as found:
                assert client.get(page, secure=True).status_code == 200, page
            asked[f"{stage}: {page.replace(at, '…/')}".replace(of, "patient/")] = len(found)

    looks("first", of, f"{at}?step=dose")  # what is asked once in the life of a process
    asked.clear()
    looks("begun", *of_it, f"{at}?step=pressure")
    checked_in(session, nurse, noon)
    does(session, What.CLEARED, nurse, noon)
    taken(session, nurse, noon)
    looks("taken", *of_it)
    does(session, What.TIMED_OUT, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    looks("dosing", *of_it)
    does(session, What.DOSE, nurse, noon + 5 * MINUTE, n=2, **DEVICE)
    others = ["/today/", f"{of}course/", f"{of}dose/", f"{of}dose/history/", "/cupboard/"]
    looks("watched", *of_it, f"{at}hand-out/", f"{at}record/", f"{at}levels/", *others)
    beside(session, doctor, noon)
    looks("beside another", *of_it, *others)

    beside_another = {page: n for page, n in asked.items() if page.startswith("beside another")}
    assert beside_another == {page: asked[page.replace("beside another", "watched")] for page in beside_another}
    most = {"watched: /today/": TODAY, "beside another: /today/": TODAY}
    most |= dict.fromkeys(("begun: …/?step=pressure", "taken: …/", "dosing: …/"), EVERY_GATE)
    most |= dict.fromkeys((page for page in asked if page.endswith(("course/", "dose/"))), COURSE)
    assert {page: n for page, n in asked.items() if n > most.get(page, MOST)} == {}
