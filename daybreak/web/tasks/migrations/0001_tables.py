"""Which tables hold tasks and what was done about them?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("tasks", "0001_initial"),
        ("tasks", "0002_append_only"),
        ("tasks", "0003_calling"),
        ("tasks", "0004_append_only"),
        ("tasks", "0005_referrals"),
        ("tasks", "0006_hidden"),
        ("tasks", "0007_done_by_nobody_here"),
        ("tasks", "0008_unreached_rule"),
        ("tasks", "0009_tied"),
        ("tasks", "0010_given"),
    ]
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__isnull", True), ("ends__gt", models.F("starts")), _connector="OR"),
                        name="calling_order_ends_after_start",
                    )
                ],
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("order", "place"), name="named_places_differ"),
                    models.UniqueConstraint(fields=("order", "person"), name="named_once_in_an_order"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("source", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("level", models.CharField(max_length=10)),
                ("due", models.DateTimeField()),
                ("permission", models.CharField(max_length=40)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("what", models.CharField(max_length=60)),
                ("values", models.TextField()),
                ("where", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "due"], name="task_by_deadline")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["now", "today", "by"])), name="task_level_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["suicide", "signature", "review", "access", "referral", "request", "missed", "other"],
                            )
                        ),
                        name="task_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "prescriber",
                                    "nurse",
                                    "evaluator",
                                    "front_desk",
                                    "pharmacist",
                                    "researcher",
                                    "administrator",
                                ],
                            ),
                            ("owner__isnull", False),
                            _connector="OR",
                        ),
                        name="task_has_an_owner",
                    ),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="task_has_a_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hidden",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hidden", to="tasks.task"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("task", "person"), name="task_is_hidden_once")]},
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=20)),
                ("happened", models.DateTimeField()),
                ("result", models.CharField(blank=True, max_length=20)),
                ("text", models.TextField(blank=True)),
                ("plan", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="tasks.task"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("task", "seq"), name="task_events_have_an_order"),
                    models.UniqueConstraint(
                        condition=models.Q(("what", "closed")), fields=("task",), name="task_closes_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                ["taken", "offered", "given", "returned", "attempt", "note", "answer", "closed"],
                            )
                        ),
                        name="task_event_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", "closed"), _negated=True),
                            ("by__isnull", False),
                            ("result__in", ("done", "not_needed")),
                            _connector="OR",
                        ),
                        name="task_is_closed_by_somebody",
                    ),
                ]
            },
        ),
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
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "step", "due"), name="a_call_is_due_once")]
            },
        ),
        migrations.CreateModel(
            name="Tied",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tied", to="tasks.task"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="UnreachedRule",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("other_number", models.PositiveSmallIntegerField(null=True)),
                ("contact", models.PositiveSmallIntegerField(null=True)),
                ("welfare_check", models.PositiveSmallIntegerField(null=True)),
                ("emergency_services", models.PositiveSmallIntegerField(null=True)),
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
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="tasks.unreachedrule",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "tasks_unreached_rule",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("welfare_check__isnull", False), ("emergency_services__isnull", False), _connector="OR"
                        ),
                        name="unreached_rule_sends_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site",),
                        name="unreached_rules_have_one_beginning",
                    ),
                ],
            },
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ("notified", "has_owner", "nobody", "no_address"))),
                        name="call_result_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("result", "notified")),
                            models.Q(models.Q(("result", "notified"), _negated=True), ("person__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_notice_goes_to_somebody",
                    ),
                ]
            },
        ),
        append_only(
            "tasks_task",
            "tasks_event",
            "tasks_calling_order",
            "tasks_named",
            "tasks_call",
            "tasks_called",
            "tasks_hidden",
            "tasks_unreached_rule",
            "tasks_tied",
        ),
    ]
