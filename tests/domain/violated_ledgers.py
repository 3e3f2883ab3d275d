"""Credits and ledgers that violate an invariant: which, and what its sentence has to name."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.credits.validity import Expiry
from domain.nouns.credit import CreditState
from domain.truth.invariants import (
    Snapshot,
    credits_are_the_folds_of_their_ledgers,
    expiries_are_written_once,
    extensions_tell_both_ends,
    no_balance_is_negative,
)
from tests.domain.builders import A_MICROSECOND, BOOKING_ID, NOW, OTHER_ID
from tests.domain.snapshots import (
    EARNED,
    EARNED_ID,
    EXPIRED_KIND,
    EXPIRES_AT,
    EXPIRES_ON,
    FORFEITED_KIND,
    GRANTED,
    GRANTED_ID,
    GRANTED_LINES,
    ISSUED,
    MAKE_UP_ID,
    REDEEMED,
    RESTORED_KIND,
    SPENT_LINES,
    UNDONE_KIND,
    Invariant,
    credits,
    extended,
    ledger,
    line,
    revoked,
)

RUN_OUT = replace(line(EXPIRED_KIND, None), at=EXPIRES_AT)

OF_LEDGERS: dict[str, tuple[Invariant, Snapshot, UUID]] = {
    "4, a credit without a ledger": (credits_are_the_folds_of_their_ledgers, ledger(GRANTED_ID), GRANTED_ID),
    "4, a ledger without a credit": (
        *(credits_are_the_folds_of_their_ledgers, ledger(OTHER_ID, line(ISSUED, None)), OTHER_ID),
    ),
    "4, a state that is not the fold": (
        *(credits_are_the_folds_of_their_ledgers, credits(replace(GRANTED, state=CreditState.REVOKED)), GRANTED_ID),
    ),
    "4, an expiry that is not the ledger's": (
        credits_are_the_folds_of_their_ledgers,
        credits(replace(GRANTED, expires_at=EXPIRES_AT + A_MICROSECOND)),
        GRANTED_ID,
    ),
    "4, a last day that is not the ledger's": (
        *(credits_are_the_folds_of_their_ledgers, credits(replace(GRANTED, expires_on=date(2026, 12, 7))), GRANTED_ID),
    ),
    "4, a booking that is not the ledger's": (
        *(credits_are_the_folds_of_their_ledgers, credits(replace(EARNED, booking_id=OTHER_ID)), EARNED_ID),
    ),
    "4, spent before it was issued": (
        *(no_balance_is_negative, ledger(GRANTED_ID, line(REDEEMED, MAKE_UP_ID)), GRANTED_ID),
    ),
    "4, spent twice": (
        no_balance_is_negative,
        ledger(GRANTED_ID, *GRANTED_LINES, line(REDEEMED, MAKE_UP_ID, 1), line(REDEEMED, MAKE_UP_ID, 2)),
        GRANTED_ID,
    ),
    "4, issued twice": (no_balance_is_negative, ledger(GRANTED_ID, *GRANTED_LINES, *GRANTED_LINES), GRANTED_ID),
    "4, spent at the instant of its expiry": (
        no_balance_is_negative,
        ledger(GRANTED_ID, *GRANTED_LINES, replace(line(REDEEMED, MAKE_UP_ID), at=EXPIRES_AT)),
        GRANTED_ID,
    ),
    "4, given back before it was spent": (
        *(no_balance_is_negative, ledger(GRANTED_ID, *GRANTED_LINES, line(RESTORED_KIND, MAKE_UP_ID, 1)), GRANTED_ID),
    ),
    "4, given back by a booking that it did not pay": (
        *(no_balance_is_negative, ledger(EARNED_ID, *SPENT_LINES, line(RESTORED_KIND, OTHER_ID, 2)), EARNED_ID),
    ),
    "4, a spent credit with another end": (
        *(no_balance_is_negative, ledger(EARNED_ID, *SPENT_LINES, extended(2)), EARNED_ID),
    ),
    "4, another end that has passed": (
        no_balance_is_negative,
        ledger(GRANTED_ID, *GRANTED_LINES, replace(extended(), expires_at=NOW, expires_on=EXPIRES_ON)),
        GRANTED_ID,
    ),
    "4, a spent credit taken back": (
        *(no_balance_is_negative, ledger(EARNED_ID, *SPENT_LINES, revoked(2)), EARNED_ID),
    ),
    "4, an expired credit taken back": (
        no_balance_is_negative,
        ledger(GRANTED_ID, *GRANTED_LINES, replace(revoked(), at=EXPIRES_AT)),
        GRANTED_ID,
    ),
    "4, spent after it was taken back": (
        no_balance_is_negative,
        ledger(GRANTED_ID, *GRANTED_LINES, revoked(1), line(REDEEMED, MAKE_UP_ID, 2)),
        GRANTED_ID,
    ),
    "4, undone while it pays a booking": (
        *(no_balance_is_negative, ledger(EARNED_ID, *SPENT_LINES, line(UNDONE_KIND, BOOKING_ID, 2)), EARNED_ID),
    ),
    "4, undone twice": (
        no_balance_is_negative,
        ledger(EARNED_ID, SPENT_LINES[0], line(UNDONE_KIND, BOOKING_ID, 1), line(UNDONE_KIND, BOOKING_ID, 2)),
        EARNED_ID,
    ),
    "4, forfeited with one booking and spent on another": (
        no_balance_is_negative,
        ledger(EARNED_ID, *SPENT_LINES, line(FORFEITED_KIND, MAKE_UP_ID, 2), line(REDEEMED, OTHER_ID, 3)),
        EARNED_ID,
    ),
    "V6, an end that was another before": (
        extensions_tell_both_ends,
        ledger(GRANTED_ID, *GRANTED_LINES, extended(1, Expiry(EXPIRES_AT, date(2026, 12, 7)))),
        GRANTED_ID,
    ),
    "V6, another end that tells of none before": (
        *(extensions_tell_both_ends, ledger(GRANTED_ID, *GRANTED_LINES, extended(1, None)), GRANTED_ID),
    ),
    "V6, an end before, told by what gave no other": (
        extensions_tell_both_ends,
        ledger(GRANTED_ID, replace(GRANTED_LINES[0], before=Expiry(None, None))),
        GRANTED_ID,
    ),
    "V7, taken back for no reason": (
        *(extensions_tell_both_ends, ledger(GRANTED_ID, *GRANTED_LINES, revoked(1, None)), GRANTED_ID),
    ),
    "V5, expired before its time": (
        *(no_balance_is_negative, ledger(GRANTED_ID, *GRANTED_LINES, line(EXPIRED_KIND, None, 1)), GRANTED_ID),
    ),
    "V5, a spent credit that expired": (
        no_balance_is_negative,
        ledger(EARNED_ID, *SPENT_LINES, replace(line(EXPIRED_KIND, None), at=EXPIRES_AT)),
        EARNED_ID,
    ),
    "V5, expired twice of one expiry": (
        *(expiries_are_written_once, ledger(GRANTED_ID, *GRANTED_LINES, RUN_OUT, RUN_OUT), GRANTED_ID),
    ),
    "V5, expired and the credit does not know": (
        *(expiries_are_written_once, ledger(GRANTED_ID, *GRANTED_LINES, RUN_OUT), GRANTED_ID),
    ),
    "V5, not expired and the credit believes so": (
        *(expiries_are_written_once, credits(replace(GRANTED, expiry_written=EXPIRES_AT)), GRANTED_ID),
    ),
}
