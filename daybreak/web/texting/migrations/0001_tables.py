"""Which tables hold the texts that came, and from whose phone?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("forms", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Text",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("told", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("sender", models.CharField(max_length=40)),
                ("text", models.TextField(blank=True)),
                ("what", models.CharField(max_length=10)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="forms.sitting"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Whose",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="whose", to="texting.text"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="text",
            constraint=models.UniqueConstraint(fields=("told", "digest"), name="a_text_is_taken_once"),
        ),
        migrations.AddConstraint(
            model_name="text",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["number", "nobodys", "words"])), name="text_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="text",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sitting__isnull", False), ("what", "number")),
                    models.Q(models.Q(("what", "number"), _negated=True), ("sitting__isnull", True)),
                    _connector="OR",
                ),
                name="text_with_a_number_is_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="whose",
            constraint=models.UniqueConstraint(fields=("text", "patient"), name="whose_text_is_said_once"),
        ),
        append_only("texting_text", "texting_whose"),
    ]
