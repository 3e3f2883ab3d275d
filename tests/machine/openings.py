"""Where and when a studio of the state machine may be founded."""

# Zones, when their studio is founded there, and a wall clock some days later that is skipped, doubled or odd.
OPENINGS = {
    "Prague, a month before winter": ("Europe/Prague", "2026-11-22 18:00", "2026-11-30 00:00"),
    "Prague, before summer time": ("Europe/Prague", "2026-03-26 10:00", "2026-03-29 02:30"),
    "Prague, before winter time": ("Europe/Prague", "2026-10-22 11:00", "2026-10-25 02:30"),
    "Prague, before a leap day": ("Europe/Prague", "2028-02-26 23:30", "2028-02-29 23:59"),
    "New York, half past midnight": ("America/New_York", "2026-10-29 00:30", "2026-11-01 01:30"),
    "New York, before the year's end": ("America/New_York", "2026-12-28 22:00", "2026-12-31 23:59"),
    "Lord Howe, before it wins half an hour": ("Australia/Lord_Howe", "2026-04-02 12:00", "2026-04-05 01:45"),
    "Lord Howe, before it loses half an hour": ("Australia/Lord_Howe", "2026-10-01 12:00", "2026-10-04 02:15"),
    "Havana, before a doubled midnight": ("America/Havana", "2026-10-29 08:00", "2026-11-01 00:00"),
    "Azores, before a doubled midnight": ("Atlantic/Azores", "2026-10-22 12:00", "2026-10-25 00:30"),
    "Cairo, before a skipped midnight": ("Africa/Cairo", "2026-04-21 14:00", "2026-04-24 00:30"),
    "Cairo, before a doubled last hour": ("Africa/Cairo", "2026-10-26 14:00", "2026-10-29 23:30"),
    "Casablanca, before Ramadan": ("Africa/Casablanca", "2026-02-12 13:00", "2026-02-15 02:30"),
    "Apia, before a missing day": ("Pacific/Apia", "2011-12-27 22:00", "2011-12-30 12:00"),
}
