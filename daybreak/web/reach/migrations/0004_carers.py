"""Who else may be written down beside those whose work it is to look after a patient? (a rebuilt table is protected again)"""

from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("reach", "0003_after_stop"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="outsider",
            name="outsider_role_is_known",
        ),
        migrations.AddConstraint(
            model_name="outsider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ("family_doctor", "therapist", "psychiatrist", "case_worker", "other", "carer"))
                ),
                name="outsider_role_is_known",
            ),
        ),
        append_only("reach_outsider"),
    ]
