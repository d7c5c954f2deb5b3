"""How is a name found by its words and sounds, and how is a long record read a page at a time?"""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only
from daybreak.web.patients import names


def index(apps: Any, schema_editor: Any) -> None:
    """The words of every name on record, and the pieces of its pinyin."""
    details, registration = apps.get_model("patients", "Details"), apps.get_model("patients", "Registration")
    piece, word = apps.get_model("patients", "NamePiece"), apps.get_model("patients", "NameWord")
    for one in details.objects.order_by("id").iterator():
        pieces, words = names.stored(f"{one.family_name} {one.given_names}".strip())
        for site_id in registration.objects.filter(patient_id=one.patient_id).values_list("site_id", flat=True):
            common = {"site_id": site_id, "patient_id": one.patient_id}
            piece.objects.bulk_create([piece(piece=text, **common) for text in pieces], ignore_conflicts=True)
            word.objects.bulk_create([word(word=text, **common) for text in words], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("patients", "0002_append_only"), ("people", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="NameWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.site",
                    ),
                ),
            ],
            options={"db_table": "patients_name_word"},
        ),
        migrations.AddConstraint(
            model_name="nameword",
            constraint=models.UniqueConstraint(
                fields=("site", "word", "patient"), name="word_stands_once_for_a_patient"
            ),
        ),
        append_only("patients_name_word"),
        migrations.AddIndex(
            model_name="entry", index=models.Index(fields=["patient", "happened", "id"], name="entries_in_order")
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["patient", "kind", "happened", "id"], name="entries_of_a_kind_in_order"),
        ),
        migrations.RunPython(index),
    ]
