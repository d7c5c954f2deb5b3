"""Which carers are asked how it goes after a treatment, and what do they answer? (a rebuilt table is protected again)"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("careplan", "0001_tables"),
        ("outbox", "0003_answers"),
        ("people", "0001_tables"),
        ("treatment", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="share",
            name="asks",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Asked",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("whom", models.UUIDField()),
                ("closes", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outbox.message"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="treatment.session"
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asked", to="careplan.share"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Checked",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("said", models.TextField()),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "asked",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checked", to="careplan.asked"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="asked",
            constraint=models.UniqueConstraint(fields=("whom", "session"), name="carer_is_asked_once_a_treatment"),
        ),
        append_only("careplan_share", "careplan_asked", "careplan_checked"),
    ]
