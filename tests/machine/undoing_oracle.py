"""What the rule book says of undoing a cancellation (C5)."""

from datetime import datetime
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.policy import CreditScope, ExpiryMeans
from domain.refusals import RefusalCode
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import DONE, Booking, Credit, Says, refused

GONE = {
    CreditState.HELD: RefusalCode.CREDIT_HELD,  # leave the list first
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
}


class UndoingOracle(ManagingOracle):
    def undo(
        self, account: UUID, now: datetime, booking_id: UUID, swap_back: bool, gives_up: UUID | None = None
    ) -> Says:
        """By whoever could cancel it; and gives no other booking up than the one shown, where one was (P1)."""
        booking = self.booking_seen(account, booking_id)
        shown = None if gives_up is None else self.booking_seen(account, gives_up)
        if booking.live:
            return refused(RefusalCode.NOT_CANCELLED)
        credit, other = self.brought_by(booking), self.paid_instead(booking)
        swapping = swap_back and other is not None and self.still_in_time(account, now, other)
        codes = self.against_the_seat(booking, now, other if swapping else None)
        if credit is not None and not self.stayed_with(booking, credit):
            codes |= self.against_taking_it(booking, credit, now, swapping)
        if codes:
            return refused(*codes)
        if shown is not None and (shown is not other or not swapping):
            return refused(RefusalCode.OUTCOME_CHANGED)
        if swapping and other is not None and credit is not None:
            # In the same transaction, whatever the studio does with credits of make-ups that clients cancel.
            other.status, other.cancelled_at = BookingStatus.CANCELLED, now
            other.outcome = CancellationOutcome.CREDIT_RETURNED
            other.reasons = frozenset({EarnedNothing.PAID_WITH_CREDIT})
            self.seatings.append((-1, other))
            credit.story.append((LedgerKind.RESTORED, now, other))
        if credit is not None:
            self.settle(booking, credit, now)
        booking.status, booking.cancelled_at = BookingStatus.BOOKED, None
        booking.outcome, booking.reasons = None, frozenset()
        self.seatings.append((+1, booking))
        return DONE

    def settle(self, booking: Booking, credit: Credit, now: datetime) -> None:
        """What was earned is taken back; what paid is spent again, but for what was left used all the time."""
        if booking.credit is None:
            credit.story.append((LedgerKind.UNDONE, now, booking))
        elif credit.pays is not booking:
            credit.story.append((LedgerKind.REDEEMED, now, booking))

    def against_the_seat(
        self, booking: Booking, now: datetime, given_up: Booking | None, later: bool | None = None
    ) -> set[RefusalCode]:
        """Until the session starts, if a seat is free and nobody is before in the queue; and nothing is archived.

        `given_up`: in the same transaction, so that its seat is free too, and nobody else's in between. `later`:
        whether somebody comes before, where that is known.
        """
        if later is None:
            later = self.others_come_first(now, booking.session, booking.client)
        if given_up is not None:
            has_one_there = self.has_seat(booking.session, booking.client)
            given_up.cancelled_at = now
            codes = self.against_the_seat(booking, now, None, later)
            given_up.cancelled_at = None
            return codes | ({RefusalCode.ALREADY_BOOKED} if has_one_there else set())
        session = self.sessions[booking.session]
        codes = self.archived_among(course=session.course, session=booking.session, client=booking.client)
        if booking.enrolment is not None and booking.enrolment.ended_at is not None:
            codes.add(RefusalCode.ENROLMENT_ENDED)
        if session.cancelled:
            codes.add(RefusalCode.SESSION_CANCELLED)
        if not now < session.start:
            codes.add(RefusalCode.SESSION_STARTED)
        if self.has_seat(booking.session, booking.client):
            codes.add(RefusalCode.ALREADY_BOOKED)
        if booking.paid_with is PaidWith.MAKE_UP:
            codes |= self.against_a_make_up_seat(booking.session, self.on_offer(booking.session), later)
        elif later or self.taken(booking.session) + self.on_offer(booking.session) >= session.capacity:
            codes.add(RefusalCode.SESSION_FULL)
        return codes

    def against_taking_it(self, booking: Booking, credit: Credit, now: datetime, swapping: bool) -> set[RefusalCode]:
        """What was earned unspent; what paid once more spendable. A stranger's by now is described to nobody."""
        for_siblings = self.settings["credit_scope"] is CreditScope.SAME_ACCOUNT
        if credit.client != booking.client and not (for_siblings and self.are_siblings(credit.client, booking.client)):
            return {RefusalCode.CREDIT_OF_OTHER_CLIENT}
        codes: set[RefusalCode] = set()
        state = credit.state(now)
        if state is CreditState.USED and not swapping:
            codes.add(RefusalCode.CREDIT_USED)
        if state in GONE:
            codes.add(GONE[state])
        if booking.credit is not None:
            spendable = swapping or state in (CreditState.ACTIVE, CreditState.EXPIRED)
            codes |= self.against_paying_again(booking, credit, now, spendable)
        return codes

    def against_paying_again(self, booking: Booking, credit: Credit, now: datetime, unspent: bool) -> set[RefusalCode]:
        """Of a make-up: the same credit again, if it is spendable. Not what is asked only of new bookings."""
        codes: set[RefusalCode] = set()
        if unspent and credit.expired(now):
            codes.add(RefusalCode.CREDIT_EXPIRED)
        start = self.sessions[booking.session].start
        if credit.means is ExpiryMeans.ATTEND_BY and credit.own_end is not None and start >= credit.own_end:
            codes.add(RefusalCode.STARTS_AFTER_EXPIRY)
        return codes

    def brought_by(self, booking: Booking) -> Credit | None:
        """The credit that paid it, or that its cancellation earned and that still counts or was revoked."""
        if booking.credit is not None:
            return booking.credit
        earned = [c for c in self.credits if c.missed is booking and c.origin is CreditOrigin.CANCELLATION]
        return next((c for c in earned if c.story[-1][0] is not LedgerKind.UNDONE), None)

    def paid_instead(self, booking: Booking) -> Booking | None:
        """The other booking that this credit pays."""
        credit = None if booking.live else self.brought_by(booking)
        other = None if credit is None else credit.pays
        return None if other is booking else other

    def stayed_with(self, booking: Booking, credit: Credit) -> bool:
        """Left used by that cancellation, or forfeited with it."""
        kind, _, last = credit.story[-1]
        return last is booking and kind in (LedgerKind.REDEEMED, LedgerKind.FORFEITED)

    def still_in_time(self, account: UUID, now: datetime, other: Booking) -> bool:
        """A future booking that is still in time, by its own deadline; and theirs to give up."""
        session = self.sessions[other.session]
        in_time = now < session.start and now <= self.deadline_of(other)
        return other.live and in_time and self.sees_client(account, other.client)
