"""Which functions can be signed for, now that answers about suicide that wait for the day are one?"""

from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_tables"),
        ("switches", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="switched",
            name="switched_function_is_known",
        ),
        migrations.AddConstraint(
            model_name="switched",
            constraint=models.CheckConstraint(
                condition=models.Q(("function__in", ["values", "alarms", "pumps", "concentration", "urgency"])),
                name="switched_function_is_known",
            ),
        ),
        append_only("switches_switched"),
    ]
