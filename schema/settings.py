"""The settings of a policy in words: each is described once, for those who read it and for those who decide it."""

WORDS = {
    "make_ups_enabled": "Whether cancelling course sessions in time earns credits.",
    "cancellation_deadline": "Until when a cancellation is in time.",
    "late_cancellation": "What happens when a client cancels after the deadline.",
    "single_bookings_earn": "Whether single bookings of course sessions earn credits, as places in whole courses do.",
    "earning_needs_payment": "Whether only bookings that are paid or waived earn credits.",
    "earn_cap": "How many credits a client earns at most by cancelling, and in which period.",
    "max_outstanding": "How many credits that they earned and have not spent a client holds at most.",
    "validity": "How long a credit lives.",
    "expiry_rounding": "To which instant the life of a credit is counted.",
    "never_before_missed_session": "How many days after the session that was given up a credit lives at least.",
    "expiry_means": "What must happen before a credit expires.",
    "redeemable_from": "From when an earned credit can be spent.",
    "max_days_ahead": "How many days ahead, by the studio's calendar, credits book.",
    "make_ups_open_days_before": "How many days before the session's local date credits can book it at the earliest.",
    "make_ups_close_minutes_before": "How many minutes before the start credits can book a session at the latest.",
    "extra_make_up_seats": "How many seats beyond the capacity are there for credits only.",
    "max_make_ups": "How many seats of a session credits take at most.",
    "freed_seats_only": "Whether credits take only seats that somebody gave up and nobody took for money since.",
    "price_guard": "Whether a credit may book what is dearer than its worth.",
    "category_guard": "Whether a credit may book what is of another category.",
    "credit_scope": "Who may spend a credit.",
    "on_make_up_cancellation": "What becomes of the credit when its client gives up in time the seat that it paid.",
    "studio_cancellation_grace_days": "How many days credits live at least that come back because the studio cancelled"
    " the session: counted from the local date on which it did.",
    "excused_absence_earns": "Whether an absence that staff excuse earns a credit, as cancelling in time does.",
    "on_enrolment_end": "What becomes of the unspent credits of an enrolment that ends.",
    "hold_release_grace_hours": "How many hours a credit that waited for a seat past its expiry can still be spent"
    " once it is released, which it gets once in its life. What held when it began to wait is what it gets.",
    "auto_seat_hours_before_deadline": "How many elapsed hours before a session's cancellation deadline a seat that"
    " becomes free is given for the last time to the first who waits for it; later it is on offer to all who wait.",
}
"""By the names of the policy's fields."""
