"""What nobody had is given to whoever is on call when a day is closed. (a rebuilt table is protected again)"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from daybreak.web.append_only import append_only

WHAT = ["taken", "offered", "given", "returned", "attempt", "note", "answer", "closed"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tasks", "0009_tied")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="event", name="task_event_is_known"),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(condition=models.Q(("what__in", WHAT)), name="task_event_is_known"),
        ),
        append_only("tasks_event"),
    ]
