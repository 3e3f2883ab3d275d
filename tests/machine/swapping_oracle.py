"""What the rule book says of swapping one seat for another (C6)."""

from copy import deepcopy
from datetime import datetime
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import CancellationOutcome, PaidWith, PaymentState
from domain.nouns.policy import OFF, LateCancellation
from domain.refusals import RefusalCode
from tests.machine.managing_oracle import ManagingOracle
from tests.machine.rows import DONE, Booking, Credit, Says


class SwappingOracle(ManagingOracle):
    def swap(self, account: UUID, now: datetime, booking_id: UUID, session: UUID) -> Says:
        """Cancel the missed booking, earn, spend on the target; all or nothing, and each reason with its session."""
        booking = self.booking_seen(account, booking_id)
        self.need_session(session)
        if not booking.live:
            return Says(codes=frozenset({(RefusalCode.ALREADY_CANCELLED, booking.session)}))
        codes = {(code, booking.session) for code in self.against_giving_up(account, now, booking)}
        codes |= {(code, session) for code in self.against_the_seat_wanted(now, booking, session)}
        if codes:
            return Says(codes=frozenset(codes))
        credit = self.cancel_for_a_swap(account, now, booking)
        assert credit is not None
        new = Booking(None, session, booking.client, PaidWith.MAKE_UP, PaymentState.PAID, None, now, credit=credit)
        self.seat(new)
        credit.story.append((LedgerKind.REDEEMED, now, new))
        return DONE

    def against_giving_up(self, account: UUID, now: datetime, booking: Booking) -> set[RefusalCode]:
        """By whoever may cancel it, and as they may (E4); refused when it would earn or give back nothing."""
        codes: set[RefusalCode] = set()
        session = self.sessions[booking.session]
        blocking = self.holds("late_cancellation", session) is LateCancellation.BLOCK
        if not self.manages(account) and now >= session.start:
            codes.add(RefusalCode.SESSION_STARTED)
        elif not self.manages(account) and blocking and now > self.deadline_of(booking):
            codes.add(RefusalCode.LATE_CANCELLATION_BLOCKED)
        if self.foresee(booking, now)[0] is CancellationOutcome.NOTHING:
            codes.add(RefusalCode.CANCELLATION_EARNS_NOTHING)
        return codes

    def against_the_seat_wanted(self, now: datetime, booking: Booking, session: UUID) -> set[RefusalCode]:
        """As the rules for spending would say it once the booking is cancelled: in a world where it has been."""
        then = deepcopy(self, {id(OFF): OFF})  # which is known by being the only one
        (staff,) = (key for key in then.staff if then.manages(key) and then.staff[key][1] is None)
        credit = then.cancel_for_a_swap(staff, now, then.bookings[self.bookings.index(booking)])
        codes = then.against_make_up(now, session, booking.client)
        if credit is not None:
            of_the_credit = then.against_credit(credit, now, session, booking.client)
            # A stranger's by now is described to nobody.
            strangers = of_the_credit & {RefusalCode.CREDIT_OF_OTHER_CLIENT}
            codes |= strangers or of_the_credit
        if session == booking.session:
            codes.add(RefusalCode.SAME_SESSION)
        return codes

    def cancel_for_a_swap(self, account: UUID, now: datetime, booking: Booking) -> Credit | None:
        """The credit that this earns or gives back."""
        assert booking.id is not None
        assert self.cancel(account, now, booking.id, None) == DONE
        return {
            CancellationOutcome.CREDIT: self.credits[-1] if self.credits else None,
            CancellationOutcome.CREDIT_RETURNED: booking.credit,
        }.get(booking.outcome or CancellationOutcome.NOTHING)
