"""What a task asked for can be done by the patient, or be there by itself. (a rebuilt table is protected again)"""

from django.db import migrations, models
from django.db.models import Q

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("tasks", "0006_hidden")]

    operations = [
        migrations.RemoveConstraint(model_name="event", name="task_is_closed_by_somebody"),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=Q(("what", "closed"), _negated=True)
                | Q(("by__isnull", False))
                | Q(("result__in", ("done", "not_needed"))),
                name="task_is_closed_by_somebody",
            ),
        ),
        append_only("tasks_event"),
    ]
