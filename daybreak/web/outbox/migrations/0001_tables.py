"""Which tables hold addresses, notices and the tries to send them?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("outbox", "0001_initial"), ("outbox", "0002_to_outside")]
    dependencies = [
        ("links", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("reach", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("channel", models.CharField(max_length=10)),
                ("to", models.CharField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=10)),
                ("text", models.CharField(max_length=60)),
                ("body", models.CharField(max_length=60, null=True)),
                ("about", models.UUIDField(null=True)),
                ("message_id", models.CharField(max_length=320, unique=True)),
                (
                    "link",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="links.link"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "outsider",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reach.outsider"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["created"], name="message_created"),
                    models.Index(fields=["about"], name="message_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["file", "smtp"])), name="message_channel_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel", "file"), models.Q(("to", ""), _negated=True), _connector="OR"),
                        name="message_by_mail_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outsider__isnull", True), ("patient__isnull", True), ("person__isnull", False)),
                            models.Q(
                                ("person__isnull", True),
                                ("site__isnull", False),
                                models.Q(("patient__isnull", False), ("outsider__isnull", False), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="message_goes_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("number", models.PositiveIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="outbox.message"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("message", "number"), name="attempt_is_made_once")]
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("outcome", models.CharField(max_length=10)),
                ("error", models.CharField(blank=True, max_length=60)),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="result", to="outbox.attempt"
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
                        condition=models.Q(("outcome__in", ["sent", "failed", "unclear", "held"])),
                        name="result_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("error", ""), ("outcome", "sent")),
                            models.Q(
                                models.Q(("outcome", "sent"), _negated=True), models.Q(("error", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="result_names_its_error",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("email", models.CharField(blank=True, max_length=254)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="outbox.address",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("person",),
                        name="address_has_one_beginning",
                    )
                ]
            },
        ),
        append_only("outbox_address", "outbox_message", "outbox_attempt", "outbox_result"),
    ]
