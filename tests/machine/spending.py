"""What the rule book says against a seat, and against paying it with a credit."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.nouns.credit import CreditState
from domain.nouns.policy import OFF, CategoryGuard, CreditScope, ExpiryMeans, PriceGuard
from domain.refusals import RefusalCode
from tests.machine.calendar import date_at, first_instant_of
from tests.machine.records import Records
from tests.machine.rows import Credit, Session


class Spending(Records):
    def against_any_seat(self, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        codes = self.archived_among(course=self.sessions[session].course, session=session, client=client)
        if self.sessions[session].course is not None and self.single_price(session) is None:
            codes.add(RefusalCode.COURSE_NOT_SOLD_PER_SESSION)
        if now >= self.sessions[session].start:
            codes.add(RefusalCode.SESSION_STARTED)
        if self.sessions[session].cancelled:
            codes.add(RefusalCode.SESSION_CANCELLED)
        if self.has_seat(session, client):
            codes.add(RefusalCode.ALREADY_BOOKED)
        return codes

    def against_make_up(self, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        later = self.others_come_first(now, session, client)
        codes = self.against_any_make_up(now, session, client)
        return codes | self.against_a_make_up_seat(session, self.on_offer(session), later)

    def against_any_make_up(self, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        """But for the seats."""
        codes = self.against_any_seat(now, session, client)
        if self.clients[client].account is None:
            codes.add(RefusalCode.ACCOUNT_REQUIRED)
        if not self.accepts_make_ups(self.sessions[session]):
            codes.add(RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS)
        days_ahead = (date_at(self.sessions[session].start, self.zone) - date_at(now, self.zone)).days
        most = self.settings["max_days_ahead"]
        assert isinstance(most, int)
        if days_ahead > most:
            codes.add(RefusalCode.TOO_FAR_AHEAD)
        opens_at, closes_at = self.opens_at(self.sessions[session]), self.closes_at(self.sessions[session])
        if opens_at is not None and now < opens_at:
            codes.add(RefusalCode.BOOKING_NOT_OPEN_YET)
        if closes_at is not None and now > closes_at:
            codes.add(RefusalCode.BOOKING_CLOSED)
        return codes

    def against_a_make_up_seat(self, session: UUID, on_offer: int, others_come_first: bool) -> set[RefusalCode]:
        """R6, W2."""
        codes: set[RefusalCode] = set()
        it, make_ups = self.sessions[session], self.make_ups(session)
        if not self.taken(session) + on_offer < it.capacity + it.extra or others_come_first:
            codes.add(RefusalCode.SESSION_FULL)
        most = self.holds("max_make_ups", it)
        if isinstance(most, int) and not make_ups < most:
            codes.add(RefusalCode.MAKE_UP_SEATS_FULL)
        freed = self.most_ordinary(session) - (self.taken(session) - make_ups)
        if self.holds("freed_seats_only", it) and not make_ups < freed:
            codes.add(RefusalCode.MAKE_UP_SEATS_FULL)
        return codes

    def against_credit(self, credit: Credit, now: datetime, session: UUID, client: UUID) -> set[RefusalCode]:
        codes: set[RefusalCode] = set()
        for_siblings = self.settings["credit_scope"] is CreditScope.SAME_ACCOUNT
        if credit.client != client and not (for_siblings and self.are_siblings(credit.client, client)):
            codes.add(RefusalCode.CREDIT_OF_OTHER_CLIENT)
        if credit.redeemable_from is not None and now < credit.redeemable_from:
            codes.add(RefusalCode.CREDIT_NOT_YET_VALID)
        start, price, category = self.sessions[session].start, self.single_price(session), self.category(session)
        if credit.means is ExpiryMeans.ATTEND_BY and credit.own_end is not None and start >= credit.own_end:
            codes.add(RefusalCode.STARTS_AFTER_EXPIRY)
        guarded = self.settings["price_guard"] is PriceGuard.SAME_OR_LOWER
        if guarded and credit.worth is not None and price is not None and price > credit.worth:
            codes.add(RefusalCode.PRICE_ABOVE_CREDIT)
        guarded = self.settings["category_guard"] is CategoryGuard.SAME_CATEGORY
        if guarded and credit.category is not None and category != credit.category:
            codes.add(RefusalCode.CATEGORY_MISMATCH)
        if credit.missed is not None and credit.missed.session == session:
            codes.add(RefusalCode.SAME_SESSION)
        if credit.state(now) is CreditState.USED:
            codes.add(RefusalCode.CREDIT_USED)
        if credit.state(now) is CreditState.EXPIRED:
            codes.add(RefusalCode.CREDIT_EXPIRED)
        if credit.state(now) is CreditState.REVOKED:
            codes.add(RefusalCode.CREDIT_REVOKED)
        if credit.state(now) is CreditState.FORFEITED:
            codes.add(RefusalCode.CREDIT_FORFEITED)
        if credit.state(now) is CreditState.UNDONE:
            codes.add(RefusalCode.CREDIT_UNDONE)
        if credit.state(now) is CreditState.HELD:
            codes.add(RefusalCode.CREDIT_HELD)
        return codes

    def best_credit(self, now: datetime, session: UUID, client: UUID) -> Credit | None:
        """R10: expires first, never-expiring last, then the oldest, then by id; the client's own before siblings'."""
        good = [c for c in self.credits if not self.against_credit(c, now, session, client)]
        return self.first_to_spend(good, client)

    def first_to_spend(self, good: list[Credit], client: UUID) -> Credit | None:
        own = [c for c in good if c.client == client]
        for group in (own, good):
            for expiring in ([c for c in group if c.own_end is not None], group):
                if expiring:
                    return sorted(expiring, key=lambda c: (c.own_end or c.at, c.at, c.id))[0]
        return None

    def opens_at(self, session: Session) -> datetime | None:
        """R5: the local midnight that begins `date(start)` less the days."""
        days = self.holds("make_ups_open_days_before", session)
        if days is OFF:
            return None
        return first_instant_of(date_at(session.start, self.zone) - timedelta(days=days), self.zone)

    def closes_at(self, session: Session) -> datetime | None:
        """R5."""
        minutes = self.holds("make_ups_close_minutes_before", session)
        return None if minutes is OFF else session.start - timedelta(minutes=minutes)
