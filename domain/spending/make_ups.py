"""The heart: booking a session with a make-up credit. The tuple of rules is the policy (R1)."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.events import CreditRedeemed, Event, SeatBooked
from domain.nouns.booking import Booking, PaidWith, PaymentState
from domain.nouns.client import Client
from domain.nouns.credit import MakeUpCredit
from domain.nouns.policy import Policy
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of
from domain.spending.credit_rules import CREDIT_RULES, MakeUp, may_pay_for
from domain.spending.seats import SeatRequest, new_booking
from domain.spending.session_rules import SESSION_RULES


@dataclass(frozen=True)
class MakeUpRequest(SeatRequest):
    """A client who wants a seat for a credit: for the one `named`, or else for the best of `credits`.

    `siblings`: other clients whom the same account manages. `credits` are the client's and theirs.
    """

    named: MakeUpCredit | None
    credits: tuple[MakeUpCredit, ...]
    siblings: Set[UUID]

    def paid_with(self, credit: MakeUpCredit) -> MakeUp:
        return MakeUp(self.target, self.client, self.already_booked, credit, self.siblings, ahead=self.ahead)


MAKE_UP_RULES = (*SESSION_RULES, *CREDIT_RULES)

NO_ELIGIBLE_CREDIT = Refusal(
    RefusalCode.NO_ELIGIBLE_CREDIT,
    "The client has no make-up credit that can book this session.",
    FixableBy.STAFF,
    actual=0,
    required=1,
)
CODES = (*codes_of(*MAKE_UP_RULES), NO_ELIGIBLE_CREDIT.code)


def why_not(make_up: MakeUp, now: datetime) -> tuple[Refusal, ...]:
    """Every reason against paying this seat with this credit (R1)."""
    return broken(MAKE_UP_RULES, make_up, now)


def best_credit(request: MakeUpRequest, now: datetime) -> MakeUpCredit | None:
    """R10: of those that can pay this seat the first to expire, never-expiring last, then the oldest, then by id.

    The client's own come before all of the siblings'.
    """
    eligible = (c for c in request.credits if not broken(CREDIT_RULES, request.paid_with(c), now))
    return min(
        eligible,
        key=lambda c: (c.client_id != request.client.id, c.expires_at is None, c.expires_at or now, c.issued_at, c.id),
        default=None,
    )


def spendable_for(
    client: Client, siblings: Set[UUID], credits: Iterable[MakeUpCredit], policy: Policy, now: datetime
) -> tuple[MakeUpCredit, ...]:
    """R2, R8, B4: the credits that could pay some seat of the client; none of a guest or of somebody archived."""
    if client.account_id is None or client.archived_at is not None:
        return ()
    return tuple(c for c in credits if may_pay_for(client, siblings, c, policy) and c.spendable(now))


@dataclass(frozen=True)
class Eligibility:
    """Whether a seat can be paid with a credit now (P2). `credit`: the one to be spent; None where none fits."""

    credit: MakeUpCredit | None
    reasons: tuple[Refusal, ...]

    @property
    def eligible(self) -> bool:
        return not self.reasons


def eligibility(request: MakeUpRequest, now: datetime) -> Eligibility:
    """With the named credit, or else with the best one; every reason against it (R1, R10)."""
    credit = request.named or best_credit(request, now)
    if credit is None:
        return Eligibility(None, (*broken(SESSION_RULES, request, now), NO_ELIGIBLE_CREDIT))
    return Eligibility(credit, why_not(request.paid_with(credit), now))


@dataclass(frozen=True)
class MakeUpBooked:
    booking: Booking
    credit: MakeUpCredit

    @property
    def events(self) -> tuple[Event, ...]:
        """R11: seat and credit change together."""
        return SeatBooked(self.booking), CreditRedeemed(self.credit, self.booking)


def decide(request: MakeUpRequest, booking_id: UUID, now: datetime) -> MakeUpBooked | Refused:
    """Pays a seat with the named credit, or else with the best one (R11)."""
    found = eligibility(request, now)
    if found.credit is None or not found.eligible:
        return Refused(found.reasons)
    booking = new_booking(request, booking_id, PaidWith.MAKE_UP, PaymentState.PAID, now)
    return MakeUpBooked(replace(booking, credit_id=found.credit.id), found.credit)
