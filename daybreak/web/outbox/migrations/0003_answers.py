"""Which notice goes to a phone that wrote and that nobody knows?"""

from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0001_tables"),
        ("outbox", "0002_texts"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("reach", "0002_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_goes_to_somebody",
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outsider__isnull", True), ("patient__isnull", True), ("person__isnull", False)),
                    models.Q(
                        ("person__isnull", True),
                        ("site__isnull", False),
                        models.Q(
                            ("patient__isnull", False),
                            ("outsider__isnull", False),
                            models.Q(("body", "texting.crisis"), ("channel__in", ("text_file", "text"))),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="message_goes_to_somebody",
            ),
        ),
        append_only("outbox_message"),
    ]
