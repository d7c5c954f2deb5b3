"""That an end was a mistake is an event of a session. (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only

KNOWN = [
    *("arrived", "identified", "answered", "pressure_decided", "pump_compared", "timed_out", "cleared"),
    *("dose", "infusion_started", "infusion_ended", "paused", "resumed", "stopped"),
    *("check", "event", "rescue", "called"),
    *("escort_missing", "escort_tried", "escort_decided", "escort_came"),
    *("alarm_raised", "alarm_acknowledged", "alarm_escalated", "alarm_resolved"),
    *("emergency_opened", "emergency_closed", "ready", "observing_again", "ended", "reopened", "corrected"),
]


class Migration(migrations.Migration):
    dependencies = [("treatment", "0003_escort")]

    operations = [
        migrations.RemoveConstraint(model_name="sessionevent", name="session_event_is_known"),
        migrations.AddConstraint(
            model_name="sessionevent",
            constraint=models.CheckConstraint(condition=models.Q(("what__in", KNOWN)), name="session_event_is_known"),
        ),
        append_only("treatment_session_event"),
    ]
