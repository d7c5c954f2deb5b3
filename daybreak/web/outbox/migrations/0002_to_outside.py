"""Messages also go to patients and to people outside, and can be held back. (rebuilt tables have to be protected again)"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


def points_to(what: str) -> models.ForeignKey:
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=what)


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0002_append_only"),
        ("outbox", "0001_initial"),
        ("patients", "0006_from_the_patient"),
        ("people", "0004_zone"),
        ("reach", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="result", name="result_is_known"),
        migrations.AddField(model_name="message", name="body", field=models.CharField(max_length=60, null=True)),
        migrations.AddField(model_name="message", name="link", field=points_to("links.link")),
        migrations.AddField(model_name="message", name="outsider", field=points_to("reach.outsider")),
        migrations.AddField(model_name="message", name="patient", field=points_to("patients.patient")),
        migrations.AddField(model_name="message", name="site", field=points_to("people.site")),
        migrations.AlterField(
            model_name="message",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outsider__isnull", True), ("patient__isnull", True), ("person__isnull", False)),
                    models.Q(
                        ("person__isnull", True),
                        ("site__isnull", False),
                        models.Q(("patient__isnull", False), ("outsider__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="message_goes_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["sent", "failed", "unclear", "held"])), name="result_is_known"
            ),
        ),
        append_only("outbox_message", "outbox_result"),
    ]
