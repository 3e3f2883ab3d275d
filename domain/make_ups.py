"""The heart: booking a session with a make-up credit. The tuple of rules is the policy (R1)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from domain import archive
from domain.booking import Booking, PaidWith, PaymentState
from domain.client import Client
from domain.credit import CreditState, MakeUpCredit
from domain.events import CreditRedeemed, Event, SeatBooked
from domain.local_time import local_date, start_of
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.seats import (
    SeatRequest,
    client_is_not_booked,
    course_is_sold_per_session,
    new_booking,
    seat_is_free,
    session_has_not_started,
    session_is_scheduled,
)

_CODE_OF_STATE = {
    CreditState.HELD: RefusalCode.CREDIT_HELD,
    CreditState.USED: RefusalCode.CREDIT_USED,
    CreditState.FORFEITED: RefusalCode.CREDIT_FORFEITED,
    CreditState.EXPIRED: RefusalCode.CREDIT_EXPIRED,
    CreditState.REVOKED: RefusalCode.CREDIT_REVOKED,
    CreditState.UNDONE: RefusalCode.CREDIT_UNDONE,
}


@dataclass(frozen=True)
class MakeUp(SeatRequest):
    """A client who wants a seat, and the credit that is to pay it."""

    credit: MakeUpCredit


@rule("R2", RefusalCode.ACCOUNT_REQUIRED)
def client_has_an_account(request: SeatRequest, now: datetime) -> Refusal | None:
    """Credits are spent only for a client whom an account manages."""
    if request.client.account_id is not None:
        return None
    return Refusal(
        RefusalCode.ACCOUNT_REQUIRED,
        "No account manages this client yet; the studio can link one.",
        FixableBy.STAFF,
    )


@rule("R3", RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS)
def session_accepts_make_ups(request: SeatRequest, now: datetime) -> Refusal | None:
    """The studio lets the session be booked with credits."""
    if request.target.accepts_make_ups:
        return None
    return Refusal(
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        "This session cannot be booked with a make-up credit.",
        FixableBy.STAFF,
    )


@rule("V3", RefusalCode.TOO_FAR_AHEAD)
def session_is_not_too_far_ahead(request: SeatRequest, now: datetime) -> Refusal | None:
    """The session's local date is at most `maxDaysAhead` days after today's."""
    studio = request.target.studio
    ahead = timedelta(days=studio.policy.max_days_ahead)
    day = local_date(request.target.session.starts_at, studio.zone)
    last_day = local_date(now, studio.zone) + ahead
    if day <= last_day:
        return None
    return Refusal(
        RefusalCode.TOO_FAR_AHEAD,
        f"Credits book sessions at most {studio.policy.max_days_ahead} days ahead.",
        FixableBy.TIME,
        actual=day,
        required=last_day,
        available_from=start_of(day - ahead, studio.zone),
    )


@rule("R8", RefusalCode.CREDIT_OF_OTHER_CLIENT)
def credit_is_the_clients_own(make_up: MakeUp, now: datetime) -> Refusal | None:
    """The credit belongs to the client who is to attend."""
    if make_up.credit.client_id == make_up.client.id:
        return None
    return Refusal(RefusalCode.CREDIT_OF_OTHER_CLIENT, "The credit belongs to another client.", FixableBy.CLIENT)


@rule("R8", *_CODE_OF_STATE.values())
def credit_is_spendable(make_up: MakeUp, now: datetime) -> Refusal | None:
    """The credit is active and now < its expiry."""
    if make_up.credit.spendable(now):
        return None
    state = make_up.credit.state_at(now)
    if state is CreditState.EXPIRED:
        return Refusal(
            RefusalCode.CREDIT_EXPIRED,
            "The credit has expired.",
            FixableBy.STAFF,
            actual=now,
            required=make_up.credit.expires_at,
        )
    return Refusal(
        _CODE_OF_STATE[state],
        f"The credit cannot be spent: it is {state.value.lower()}.",
        FixableBy.CLIENT,
        actual=state.value,
        required=CreditState.ACTIVE.value,
    )


@rule("R7", RefusalCode.SAME_SESSION)
def credit_was_not_earned_here(make_up: MakeUp, now: datetime) -> Refusal | None:
    """A credit cannot buy back the very session whose cancellation earned it."""
    if make_up.credit.missed_session_id != make_up.target.session.id:
        return None
    return Refusal(RefusalCode.SAME_SESSION, "The credit was earned by cancelling this very session.", FixableBy.CLIENT)


SESSION_RULES = (
    *archive.SEAT_RULES,
    client_has_an_account,
    session_accepts_make_ups,
    course_is_sold_per_session,
    session_is_scheduled,
    session_has_not_started,
    session_is_not_too_far_ahead,
    seat_is_free,
    client_is_not_booked,
)
CREDIT_RULES = (credit_is_the_clients_own, credit_is_spendable, credit_was_not_earned_here)
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


def with_credit(request: SeatRequest, credit: MakeUpCredit) -> MakeUp:
    return MakeUp(request.target, request.client, request.already_booked, credit)


def best_credit(request: SeatRequest, credits: Iterable[MakeUpCredit], now: datetime) -> MakeUpCredit | None:
    """R10: of those that can pay this seat the first to expire, never-expiring last, then the oldest, then by id."""
    eligible = (c for c in credits if not broken(CREDIT_RULES, with_credit(request, c), now))
    return min(
        eligible,
        key=lambda c: (c.expires_at is None, c.expires_at or now, c.issued_at, c.id),
        default=None,
    )


def spendable_for(client: Client, credits: Iterable[MakeUpCredit], now: datetime) -> tuple[MakeUpCredit, ...]:
    """R2, R8, B4: the credits that could pay some seat of the client; none of a guest or of somebody archived."""
    if client.account_id is None or client.archived_at is not None:
        return ()
    return tuple(credit for credit in credits if credit.client_id == client.id and credit.spendable(now))


@dataclass(frozen=True)
class Eligibility:
    """Whether a seat can be paid with a credit now (P2). `credit`: the one to be spent; None where none fits."""

    credit: MakeUpCredit | None
    reasons: tuple[Refusal, ...]

    @property
    def eligible(self) -> bool:
        return not self.reasons


def eligibility(
    request: SeatRequest, named: MakeUpCredit | None, credits: Iterable[MakeUpCredit], now: datetime
) -> Eligibility:
    """With the named credit, or else with the best of the client's `credits`; every reason against it (R1, R10)."""
    credit = named or best_credit(request, credits, now)
    if credit is None:
        return Eligibility(None, (*broken(SESSION_RULES, request, now), NO_ELIGIBLE_CREDIT))
    return Eligibility(credit, why_not(with_credit(request, credit), now))


@dataclass(frozen=True)
class MakeUpBooked:
    booking: Booking
    credit: MakeUpCredit

    @property
    def events(self) -> tuple[Event, ...]:
        """R11: seat and credit change together."""
        return SeatBooked(self.booking), CreditRedeemed(self.credit, self.booking)


def decide(
    request: SeatRequest,
    named: MakeUpCredit | None,
    credits: Iterable[MakeUpCredit],
    booking_id: UUID,
    now: datetime,
) -> MakeUpBooked | Refused:
    """Pays a seat with the named credit, or else with the best of the client's `credits` (R11)."""
    found = eligibility(request, named, credits, now)
    if found.credit is None or not found.eligible:
        return Refused(found.reasons)
    booking = new_booking(request, booking_id, PaidWith.MAKE_UP, PaymentState.PAID, now)
    return MakeUpBooked(replace(booking, credit_id=found.credit.id), found.credit)
