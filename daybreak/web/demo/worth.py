"""Which of the demo's patients are worth opening, to see what?"""

from __future__ import annotations

# What to type under Patients, at which site, and what is there to see then; by topic.
HARBOUR, MILL = "Harbour Street", "Mill Lane"
PATIENTS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "demo.on_treatment",
        (
            ("oyelaran", HARBOUR, "demo.see_trend"),
            ("chenjing", HARBOUR, "demo.see_no_show"),
            ("de la cruz", MILL, "demo.see_interpreter"),
            ("hernandez", MILL, "demo.see_tentative"),
            ("okonkwo", HARBOUR, "demo.see_late"),
        ),
    ),
    (
        "demo.on_before",
        (
            ("brown", HARBOUR, "demo.see_intake"),
            ("smith john", HARBOUR, "demo.see_whole"),
            ("ferrnandes", HARBOUR, "demo.see_link"),
            ("mohr", HARBOUR, "demo.see_paper"),
            ("zhang wei", HARBOUR, "demo.see_wrong_answer"),
            ("mensah", HARBOUR, "demo.see_back"),
        ),
    ),
    (
        "demo.on_decision",
        (
            ("kaur", HARBOUR, "demo.see_ready"),
            ("nguyen", HARBOUR, "demo.see_dose"),
            ("obrien", HARBOUR, "demo.see_second"),
            ("wang fang", HARBOUR, "demo.see_void"),
        ),
    ),
)
# Rooms that show more than one of them, and what.
ROOMS = (
    ("/today/", "today.title", "demo.see_today"),
    ("/closing/", "closing.title", "demo.see_closing"),
    ("/referrals/", "referral.title", "demo.see_referrals"),
    ("/authorisations/", "authorisation.every", "demo.see_payers"),
    ("/requests/", "requests.title", "demo.see_requests"),
    ("/rota/", "rota.title", "demo.see_rota"),
)
