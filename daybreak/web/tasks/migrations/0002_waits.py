"""Which answers about suicide wait for the day, and which no longer?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_tables"),
        ("switches", "0002_urgency"),
        ("tasks", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Waits",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "signed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="switches.switched"
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waits", to="tasks.task"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Raised",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("why", models.CharField(max_length=20)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.task"
                    ),
                ),
                (
                    "waits",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="raised", to="tasks.waits"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        append_only("tasks_waits"),
        append_only("tasks_raised"),
    ]
