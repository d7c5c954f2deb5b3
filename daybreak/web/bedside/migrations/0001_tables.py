"""Which tables hold what devices at the bedside sent, to which session they belong, and what they say there?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("bedside", "0001_initial")]
    dependencies = [
        ("people", "0001_tables"),
        ("treatment", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("name", models.CharField(max_length=250)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("organisation", "name"), name="device_name")]},
        ),
        migrations.CreateModel(
            name="Binding",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("patients", models.TextField()),
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bindings", to="treatment.session"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bindings", to="bedside.device"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("sender", models.CharField(max_length=250)),
                ("control", models.CharField(max_length=250)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("monitor", models.BooleanField(default=False)),
                ("cuff", models.BooleanField(default=False)),
                ("odd", models.CharField(blank=True, max_length=20)),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="bedside.device",
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
                "indexes": [
                    models.Index(fields=["device", "created"], name="messages_of_a_device"),
                    models.Index(
                        condition=models.Q(("odd", ""), _negated=True), fields=["created"], name="odd_messages"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("digest", "sender", "control", "part"), name="message_is_stored_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("odd__in", ["", "unreadable", "other_kind", "too_long", "unfinished", "same_id"])
                        ),
                        name="message_odd_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Minute",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("sign", models.CharField(max_length=30)),
                ("source", models.CharField(max_length=40)),
                ("minute", models.DateTimeField()),
                ("median", models.CharField(max_length=60)),
                ("least", models.CharField(max_length=60)),
                ("most", models.CharField(max_length=60)),
                ("values", models.PositiveIntegerField()),
                (
                    "binding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="minutes", to="bedside.binding"
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
                "constraints": [
                    models.UniqueConstraint(fields=("binding", "sign", "source", "minute"), name="minute_of_a_source")
                ]
            },
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
                ("after", models.PositiveIntegerField()),
                ("alarm", models.CharField(max_length=60)),
                ("level", models.CharField(max_length=10)),
                ("sources", models.TextField()),
                ("gone", models.TextField()),
                ("value", models.CharField(blank=True, max_length=60)),
                ("absolute", models.CharField(blank=True, max_length=60)),
                ("relative", models.CharField(blank=True, max_length=60)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="said", to="treatment.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "n"), name="said_has_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["caution", "alarm"])), name="said_level_is_known"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Unbound",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("why", models.CharField(max_length=20)),
                (
                    "binding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="bedside.binding"
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["by_person", "other_patient", "two_senders", "session_over"])),
                        name="unbound_why_is_known",
                    )
                ]
            },
        ),
        append_only(
            "bedside_device", "bedside_message", "bedside_binding", "bedside_unbound", "bedside_said", "bedside_minute"
        ),
    ]
