"""Does every page ask the database at most fifteen times?"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web.people.roles import Role
from tests.web import everything, who_may
from tests.web.conftest import signed_in
from tests.web.test_access import path, routes

MOST = 15
MORE = {
    "/clinic/card/": 20,  # each measure is counted from rows of its own
    "/patients/<uuid:patient_id>/judgement/": 16,  # beside the ratings, the plan of care
    "/outcomes/": 18,  # people, courses, treatments, ratings and events are tables of their own, each with what it hangs on
    "/sessions/<uuid:session_id>/cockpit/": 17,  # beside all else, what a monitor measured and what a pump says
    "/patients/<uuid:patient_id>/adverse/<uuid:adverse_id>/draft/": 16,  # from when on the days of an event are counted
}
PAGES = [
    route.replace("<str:form>", "medicine")
    for route in routes()
    if route not in who_may.POST_ONLY | who_may.DEMO | set(who_may.BY_LINK)
]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how often is asked does not depend on the database")
@pytest.mark.parametrize("roles", [[*Role], [Role.NURSE]], ids=["every role", "nurse"])
def test_a_page_asks_few_questions(person, site, roles) -> None:
    someone = person("ines", *Role)
    everything.fill(site, someone, chart=True)
    client = signed_in(someone if len(roles) > 1 else person("lee", *roles))
    client.get(path("/patients/<uuid:patient_id>/"), secure=True)  # what is asked once in the life of a process
    asked = {}
    for route in PAGES:
        with CaptureQueriesContext(connection) as found:
            client.get(path(route), secure=True)
        asked[route] = len(found)
    assert {route: n for route, n in asked.items() if n > MORE.get(route, MOST)} == {}
    assert all(asked.get(route, 0) > 1 for route in ("/tasks/", "/patients/", "/patients/<uuid:patient_id>/"))
