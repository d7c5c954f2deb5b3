"""Which tables hold who is called, when, and what came of it?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_naming"),
        ("tasks", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("step", models.PositiveSmallIntegerField()),
                ("due", models.DateTimeField(db_index=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="tasks.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Called",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("result", models.CharField(max_length=20)),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="called", to="tasks.call"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallingOrder",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calling_orders", to="people.site"
                    ),
                ),
            ],
            options={
                "db_table": "tasks_calling_order",
            },
        ),
        migrations.CreateModel(
            name="Named",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="named", to="tasks.callingorder"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(fields=("task", "step", "due"), name="a_call_is_due_once"),
        ),
        migrations.AddConstraint(
            model_name="called",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ("notified", "has_owner", "nobody", "no_address"))),
                name="call_result_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="called",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("result", "notified")),
                    models.Q(models.Q(("result", "notified"), _negated=True), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="a_notice_goes_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="callingorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__isnull", True), ("ends__gt", models.F("starts")), _connector="OR"),
                name="calling_order_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="named",
            constraint=models.UniqueConstraint(fields=("order", "place"), name="named_places_differ"),
        ),
        migrations.AddConstraint(
            model_name="named",
            constraint=models.UniqueConstraint(fields=("order", "person"), name="named_once_in_an_order"),
        ),
    ]
