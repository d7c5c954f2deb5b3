"""Which notices leave as texts, and which wait until somebody has slept?"""

from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0001_tables"),
        ("outbox", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("reach", "0002_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_channel_is_known",
        ),
        migrations.AddField(
            model_name="message",
            name="not_before",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ("file", "smtp", "text_file", "text"))),
                name="message_channel_is_known",
            ),
        ),
        append_only("outbox_message"),
    ]
