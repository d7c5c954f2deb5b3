"""Does an answer about suicide that stands in a file, or is corrected, call as one that somebody types?"""

from __future__ import annotations

import json

from daybreak.web import ids
from daybreak.web.outbox.models import Message
from daybreak.web.patients import imports
from daybreak.web.patients.models import Entry
from daybreak.web.tasks.models import Level, Task
from tests.web.conftest import NOW, signed_in
from tests.web.tasks.calls import TODAY, answer


def item_9(value: int, on_day: str, id: str) -> dict[str, object]:
    """One answer in a file."""
    return {
        "resource": {
            "resourceType": "Observation",
            "id": id,
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "44260-8"}]},
            "subject": {"reference": "Patient/a"},
            "effectiveDateTime": on_day,
            "valueInteger": value,
        }
    }


def test_a_file_with_many_old_answers_makes_one_task_of_each_level_and_the_same_file_none_again(
    lee, patient, on_call
) -> None:
    days = ["2024-01-05", "2025-03-01", "2026-11-20", "2026-11-23"]
    entries = [item_9(2, day, f"o{n}") for n, day in enumerate(days)]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": "a"}}, *entries],
    }
    for _ in range(2):
        document = imports.keep(patient, json.dumps(bundle).encode(), source="Riverside", by=lee, at=NOW)
        imports.add(patient, document, same_person=True, by=lee, at=NOW, key=ids.new())
    assert sorted(Task.objects.values_list("level", flat=True)) == [Level.NOW, Level.TODAY]
    assert "2026-11-23" in Task.objects.get(level=Level.NOW).values
    assert [one.person.login for one in Message.objects.all()] == ["ines"]


def test_a_correction_to_an_answer_that_calls_leads_to_its_task(lee, patient) -> None:
    client, entry = signed_in(lee), answer(patient, lee, 0)

    def corrected(**told: str) -> str:
        where = f"/patients/{patient.id}/entries/{Entry.objects.latest('id').id}/correct/"
        told |= {"key": str(ids.new()), "kind": "phq-9.item-9", "when": str(TODAY)}
        return client.post(where, told, secure=True).url

    assert corrected(value="2") == f"/tasks/{Task.objects.get().id}/"
    assert Entry.objects.latest("id").replaces_id == entry.id
    assert corrected(value="2") == f"/patients/{patient.id}/", "the same again is no new answer"


def test_a_file_with_an_answer_that_calls_leads_to_its_task(lee, patient) -> None:
    client, person = signed_in(lee), {"resource": {"resourceType": "Patient", "id": "a"}}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [person, item_9(2, str(TODAY), "o1")]}
    document = imports.keep(patient, json.dumps(bundle).encode(), source="Riverside", by=lee, at=NOW)
    told = {"key": str(ids.new()), "same_person": "yes"}
    added = client.post(f"/patients/{patient.id}/import/{document.id}/", told, secure=True)
    assert added.url == f"/tasks/{Task.objects.get().id}/"
