"""How does a test ask for a form, open its link and answer it?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from daybreak.web import ids
from daybreak.web.forms import actions
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM, Link
from daybreak.web.patients import records
from tests.web.conftest import NOW

PHQ = "assessment:phq-9"


def asked(patient, by, *, mode=Mode.LINK, form_id=PHQ, **other) -> Sitting:
    told = {"mode": mode, "language": "en", "by": by, "at": NOW, "key": ids.new()} | other
    return actions.ask(patient, form_id, **told)


def link_to(sitting, *, uses=20) -> Link:
    return links.make(
        purpose=FORM,
        subject=sitting.id,
        organisation_id=sitting.organisation_id,
        lasts=timedelta(days=14),
        uses=uses,
        by=sitting.by,
        at=datetime.now(UTC),
    )


def say(client, n, value):
    """As the page does: what is answered is the question that stands there."""
    page = client.get(f"/form/{n}/", secure=True).content.decode()
    found = re.search(r'name="question" value="([^"]*)"', page)
    return client.post(f"/form/{n}/", {"value": value, "question": found[1] if found else ""}, secure=True)


def values(patient) -> dict[str, object]:
    return {one.kind: one.value for one in records.chart(patient).observations}
