"""Which devices are pumps, and what do devices say that happened? (a rebuilt table is protected again)"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("bedside", "0001_initial"),
        ("people", "0007_hours"),
        ("treatment", "0004_reopened"),
    ]

    operations = [
        migrations.AddField(
            model_name="binding", name="kind", field=models.CharField(default="monitor", max_length=10)
        ),
        migrations.AddConstraint(
            model_name="binding",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["monitor", "pump"])), name="binding_kind_is_known"
            ),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=10)),
                ("told", models.TextField()),
                ("taken", models.DateTimeField(null=True)),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="bedside.binding"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="treatment.session"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("session", "n"), name="evidence_has_an_order"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["runs", "event", "set", "alarm"])), name="evidence_what_is_known"
            ),
        ),
        append_only("bedside_binding", "bedside_evidence"),
    ]
