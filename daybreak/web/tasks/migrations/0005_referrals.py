"""A referral is a sort of task of its own. (a rebuilt table has to be protected again)"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from daybreak.web.append_only import append_only

KINDS = ["suicide", "signature", "review", "access", "referral", "other"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tasks", "0004_append_only")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="task", name="task_kind_is_known"),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="task_kind_is_known"),
        ),
        append_only("tasks_task"),
    ]
