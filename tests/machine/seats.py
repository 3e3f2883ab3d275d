"""The state machine enrols and books, and records what was paid."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis.stateful import rule

from domain.nouns.booking import PaymentState
from domain.outcome import Done
from domain.services import bookings
from domain.spending import enrolling, seats
from tests.machine.drawing import A_SESSION, ANYONE, HOW_PAID, MOSTLY_STAFF, a, having, one_of, some
from tests.machine.offering import OfferingMachine


class SeatsMachine(OfferingMachine):
    @rule(who=MOSTLY_STAFF, course=a("course"), client=a("client"), payment=HOW_PAID, excepted=some("session"))
    def client_is_enrolled(
        self, who: str, course: str, client: str, payment: PaymentState, excepted: Sequence[str]
    ) -> None:
        out = frozenset(map(self.id, excepted))
        self.enrol(who, self.id(course), self.id(client), payment, out)

    @rule(who=one_of("owner", "manager"), course=a("course"), client=a("client"), payment=HOW_PAID)
    def client_is_enrolled_wherever_there_is_a_seat(
        self, who: str, course: str, client: str, payment: PaymentState
    ) -> None:
        """Once refused, all the same except the sessions that were named."""
        excepted = frozenset(
            key
            for key, session in self.oracle.sessions.items()
            if session.course == self.id(course)
            and (self.oracle.full(self.now, key, self.id(client)) or self.oracle.has_seat(key, self.id(client)))
        )
        self.enrol(who, self.id(course), self.id(client), payment, excepted)

    def enrol(self, who: str, course: UUID, client: UUID, payment: PaymentState, excepted: frozenset[UUID]) -> None:
        before = len(self.oracle.bookings)
        says = self.oracle.judge(self.oracle.enrol, self.id(who), self.now, course, client, payment, excepted)
        made = len(self.oracle.bookings) - before

        def learn(done: Done) -> None:
            assert len(done.bookings) == made

        command = bookings.EnrolClient(course, client, payment, excepted)
        self.act(who, says, bookings.enrol_client, command, enrolling.CODES, learn)

    @rule(
        who=ANYONE,
        session=A_SESSION,
        client=one_of(None) | a("client"),
        payment=one_of(None, None, *PaymentState),
    )
    def session_is_booked(self, who: str, session: str, client: str | None, payment: PaymentState | None) -> None:
        client_id = None if client is None else self.id(client)
        self.book(who, self.id(session), client_id, payment)

    @rule(session=A_SESSION, client=a("client"))
    def session_is_booked_by_its_client(self, session: str, client: str) -> None:
        who = self.account_of(self.id(client), otherwise="stranger")
        self.book(who, self.id(session), self.id(client), None)

    @rule(session=A_SESSION, client=a("client"), payment=HOW_PAID)
    def session_is_booked_by_staff(self, session: str, client: str, payment: PaymentState) -> None:
        self.book("manager", self.id(session), self.id(client), payment)

    def book(self, who: str, session: UUID, client: UUID | None, payment: PaymentState | None) -> None:
        says = self.oracle.judge(self.oracle.book, self.id(who), self.now, session, client, payment)
        command = bookings.BookSession(session, client, payment)
        self.act(who, says, bookings.book_session, command, seats.CODES)

    @having("booking")
    @rule(who=MOSTLY_STAFF, booking=a("booking"), payment=one_of(PaymentState.PAID, *PaymentState))
    def booking_is_marked(self, who: str, booking: str, payment: PaymentState) -> None:
        says = self.oracle.judge(self.oracle.mark_paid, self.id(who), self.id(booking), payment)
        command = bookings.MarkPaid(self.id(booking), None, payment)
        self.act(who, says, bookings.mark_paid, command, bookings.MARK_PAID_CODES)

    @having("live enrolment")
    @rule(who=MOSTLY_STAFF, booking=a("live enrolment"), payment=one_of(*PaymentState))
    def enrolment_is_marked(self, who: str, booking: str, payment: PaymentState) -> None:
        enrolment = self.booking(booking).enrolment
        assert enrolment is not None
        says = self.oracle.judge(self.oracle.mark_enrolment_paid, self.id(who), enrolment.id, payment)
        self.act(who, says, bookings.mark_paid, bookings.MarkPaid(None, enrolment.id, payment))
