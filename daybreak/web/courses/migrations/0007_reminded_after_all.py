"""Who could not be written to when a reminder was due is reminded after all once they say yes. (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_by_the_patient"),
        ("outbox", "0002_to_outside"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="reminder", name="reminded_once_for_each_time"),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", False)),
                fields=("booking", "hours", "starts"),
                name="reminded_once_for_each_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", True)),
                fields=("booking", "hours", "starts"),
                name="left_out_once_for_each_time",
            ),
        ),
        append_only("courses_reminder"),
    ]
