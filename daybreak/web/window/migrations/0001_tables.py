"""Which table holds what became of talks after treatments?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
        ("treatment", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=12)),
                ("starts", models.DateTimeField(null=True)),
                ("whom", models.UUIDField(null=True)),
                ("text", models.CharField(blank=True, max_length=1000)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="talk_words", to="treatment.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "seq"), name="talk_words_have_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["offered", "kept", "missed", "declined", "not_offered"])),
                        name="talk_word_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what__in", ("offered", "kept")), _negated=True),
                            ("starts__isnull", False),
                            _connector="OR",
                        ),
                        name="a_talk_has_its_time",
                    ),
                ],
            },
        ),
        append_only("window_word"),
    ]
