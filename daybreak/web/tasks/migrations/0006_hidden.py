"""From whom is a task hidden? And two sorts of task of their own. (a rebuilt table has to be protected again)"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0006_from_the_patient"),
        ("people", "0004_zone"),
        ("tasks", "0005_referrals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hidden",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="task",
            name="task_kind_is_known",
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["suicide", "signature", "review", "access", "referral", "request", "missed", "other"])
                ),
                name="task_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="hidden",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AddField(
            model_name="hidden",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hidden",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="hidden", to="tasks.task"
            ),
        ),
        migrations.AddConstraint(
            model_name="hidden",
            constraint=models.UniqueConstraint(fields=("task", "person"), name="task_is_hidden_once"),
        ),
        append_only("tasks_task", "tasks_hidden"),
    ]
