"""A credit that waits for a full session, for tests of the use cases."""

from datetime import date, datetime, timedelta

from domain.credits.choosing import ById
from domain.credits.ledger import LedgerKind
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.managing.extending import MoreDays
from domain.nouns.credit import RevocationReason
from domain.services.credits import ExtendMakeUps, RevokeMakeUps, extend_make_ups, revoke_make_ups
from tests.domain.builders import A_MICROSECOND, NOW, utc
from tests.domain.queues import SEATS_GIVEN_UNTIL, Full, join, story
from tests.domain.studio import HOUR, StudioInMemory

DAY, GRACE = timedelta(days=1), timedelta(hours=72)
SOON = NOW + HOUR
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND
OWN_END = utc("2026-12-06T23:00:00Z")
UNTIL_THEN = ThroughDate(date(2026, 12, 6))


class Waits:
    """A client of the parent who waits for a full session with a credit that ends a week before it starts."""

    def __init__(self, studio: StudioInMemory) -> None:
        self.studio = studio
        self.full = Full(studio)
        self.client = studio.a_client()
        self.credit = studio.a_credit(self.client, UNTIL_THEN)
        self.entry = join(self.full, self.client, self.credit)

    def extend(self, by: ThroughDate | MoreDays | NoExpiry, now: datetime) -> None:
        self.studio.done(extend_make_ups, ExtendMakeUps(ById((self.credit,)), by, ""), "owner", now)

    def revoke(self, now: datetime) -> None:
        command = RevokeMakeUps(ById((self.credit,)), RevocationReason.OTHER, "")
        self.studio.done(revoke_make_ups, command, "owner", now)

    def story(self, now: datetime) -> list[LedgerKind]:
        return story(self.studio, self.credit, now)
