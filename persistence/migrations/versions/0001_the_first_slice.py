"""The first slice: studios, schedule, clients, bookings, credits, events."""

from persistence.migrations.first_slice import accounts, credits, events, people, schedule, seats

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    accounts.make()
    people.make()
    schedule.make()
    events.make()
    seats.make()
    credits.make()
