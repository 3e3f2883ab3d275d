"""The domain's vocabularies as GraphQL enums, with the descriptions that stand beside their members."""

from typing import Any

import strawberry

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason, RevocationReason
from domain.nouns.history import EventKind
from domain.nouns.invitation import InvitationState
from domain.nouns.policy import (
    CapPeriod,
    CategoryGuard,
    CreditScope,
    ExpiryMeans,
    ExpiryRounding,
    LateCancellation,
    Level,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    PriceGuard,
    RedeemableFrom,
)
from domain.nouns.session import Compensation, SessionStatus
from domain.nouns.studio import Role
from domain.nouns.waitlist import WaitlistState
from domain.nouns.words import Word
from domain.refusals import FixableBy, RefusalCode
from persistence.reads.listings import Archived
from schema.filters import SessionTime

_ENUMS = (
    (BookingStatus, "BookingStatus", "Where a booking stands."),
    (Attendance, "Attendance", "Whether a client was there."),
    (CancellationOutcome, "CancellationOutcome", "What a cancellation brings."),
    (EarnedNothing, "EarnedNothingReason", "Why a cancellation, or an excused absence, earned no new make-up credit."),
    (PaidWith, "PaidWith", "What a booking is paid with."),
    (PaymentState, "PaymentState", "Whether the studio has its money. Encore records payment, it never takes it."),
    (CreditOrigin, "CreditOrigin", "Where a make-up credit comes from."),
    (CreditState, "CreditState", "What can be done with a make-up credit now."),
    (GrantReason, "GrantReason", "Why staff grant a make-up credit."),
    (RevocationReason, "RevocationReason", "Why staff take a make-up credit back."),
    (LedgerKind, "LedgerKind", "What happened to a make-up credit."),
    (ExpiryRounding, "ExpiryRounding", "To which instant the life of a credit is counted."),
    (LateCancellation, "LateCancellation", "What happens when a client cancels after the deadline."),
    (Level, "PolicyLevel", "Which level decided a setting."),
    (CapPeriod, "CapPeriod", "In which period earned credits are counted against a cap."),
    (ExpiryMeans, "ExpiryMeans", "What must happen before a credit expires."),
    (RedeemableFrom, "RedeemableFrom", "From when an earned credit can be spent."),
    (PriceGuard, "PriceGuard", "Whether a credit may book what is dearer than its worth."),
    (CategoryGuard, "CategoryGuard", "Whether a credit may book what is of another category."),
    (CreditScope, "CreditScope", "Who may spend a credit."),
    (
        OnMakeUpCancellation,
        "OnMakeUpCancellation",
        "What becomes of the credit when its client gives up in time the seat that it paid.",
    ),
    (OnEnrolmentEnd, "OnEnrolmentEnd", "What becomes of the unspent credits of an enrolment that ends."),
    (FixableBy, "FixableBy", "Who can make a refused act possible."),
    (RefusalCode, "RefusalCode", "Which rule says no. Codes may be added; treat one that you do not know as a no."),
    (SessionStatus, "SessionStatus", "Whether a session takes place."),
    (WaitlistState, "WaitlistState", "What has become of a place on a waiting list."),
    (Compensation, "Compensation", "What clients get for the seats that they lose when the studio cancels a session."),
    (SessionTime, "SessionTime", "Whether a session has started."),
    (Archived, "Archived", "Whether a list has what is archived in it."),
    (Role, "Role", "What a member of the staff may do."),
    (InvitationState, "InvitationState", "What has become of an invitation to the staff."),
    (EventKind, "EventKind", "What kind of thing happened at a studio. Kinds may be added."),
)


def describe_all() -> None:
    """Makes every vocabulary a GraphQL enum."""
    for vocabulary, name, description in _ENUMS:
        _describe(vocabulary, name, description)


def _describe(vocabulary: type[Word], name: str, description: str) -> None:
    # Some annotations are read at import, and a bare enum was made for them: that very definition is filled in.
    if "__strawberry_definition__" not in vocabulary.__dict__:
        strawberry.enum(vocabulary)
    definition: Any = vocabulary.__dict__["__strawberry_definition__"]
    definition.name, definition.description = name, description
    for value, member in zip(definition.values, vocabulary, strict=True):
        value.description = member.description
