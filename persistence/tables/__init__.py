"""The tables. Every tenant table begins its keys with `studio_id`; constraints repeat every invariant they can."""

from persistence.tables.columns import metadata
from persistence.tables.credits import make_up_credits
from persistence.tables.events import events
from persistence.tables.idempotency import account_idempotency_keys, idempotency_keys
from persistence.tables.people import accounts, client_accounts, clients, staff, staff_invitations, studios
from persistence.tables.schedule import courses, sessions
from persistence.tables.seats import bookings, enrolments
from persistence.tables.waitlists import waitlist_entries

__all__ = [
    "account_idempotency_keys",
    "accounts",
    "bookings",
    "client_accounts",
    "clients",
    "courses",
    "enrolments",
    "events",
    "idempotency_keys",
    "make_up_credits",
    "metadata",
    "sessions",
    "staff",
    "staff_invitations",
    "studios",
    "waitlist_entries",
]
