"""Which phone takes texts, and may they go there?"""

from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("reach", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reach",
            name="reach_consent_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="reach",
            name="reach_way_is_known",
        ),
        migrations.AddField(
            model_name="reach",
            name="may_text",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name="reach",
            name="mobile",
            field=models.CharField(blank=True, db_index=True, max_length=16),
        ),
        migrations.AddConstraint(
            model_name="reach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contact_may_call__in", ("yes", "no", "")),
                    ("may_text__in", ("yes", "no", "")),
                    ("may_write__in", ("yes", "no", "")),
                ),
                name="reach_consent_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reach",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ("mail", "text", "phone", "post", ""))), name="reach_way_is_known"
            ),
        ),
        append_only("reach_reach"),
    ]
