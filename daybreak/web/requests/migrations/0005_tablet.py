"""May a patient ask on a tablet that was handed to them? (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only

DOORS = ("open_page", "link", "tablet", "phone", "paper", "desk")


class Migration(migrations.Migration):
    dependencies = [("requests", "0004_own_link")]

    operations = [
        migrations.RemoveConstraint(model_name="request", name="request_door_is_known"),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(condition=models.Q(("door__in", DOORS)), name="request_door_is_known"),
        ),
        append_only("requests_request"),
    ]
