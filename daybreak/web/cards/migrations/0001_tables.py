"""Which table holds what a site has written on its emergency cards?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("cards", "0001_initial")]
    dependencies = [("people", "0001_tables"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Text",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("card", models.CharField(max_length=40)),
                ("en", models.TextField(blank=True)),
                ("zh_hans", models.TextField(blank=True)),
                ("reason", models.CharField(max_length=1000)),
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
                        to="cards.text",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="card_text_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces__isnull", False),
                            models.Q(("en", ""), _negated=True),
                            models.Q(("zh_hans", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="card_text_begins_with_words",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site", "card"),
                        name="card_texts_have_one_beginning",
                    ),
                ]
            },
        ),
        append_only("cards_text"),
    ]
