"""Which of these tables does the database itself protect?"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tasks", "0003_calling")]
    operations: ClassVar = [append_only("tasks_calling_order", "tasks_named", "tasks_call", "tasks_called")]
