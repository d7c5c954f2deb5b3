"""A visit can be given an interpreter, and what was said to have happened can be taken back. (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only

KNOWN = [
    *("booked", "moved", "way_home", "interpreter", "taken_back", "arrived", "late", "no_show"),
    *("cancelled_by_patient", "cancelled_by_clinic", "left"),
]


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_beds")]

    operations = [
        migrations.RemoveConstraint(model_name="bookingevent", name="booking_event_is_known"),
        migrations.AddConstraint(
            model_name="bookingevent",
            constraint=models.CheckConstraint(condition=models.Q(("what__in", KNOWN)), name="booking_event_is_known"),
        ),
        append_only("courses_booking_event"),
    ]
