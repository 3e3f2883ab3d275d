from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.credits.ledger import Balance, LedgerEntry, LedgerKind, at, fold, own_ends_before, told
from domain.credits.validity import Expiry
from domain.nouns.credit import CreditState, state_at
from tests.domain.builders import A_MICROSECOND, NOW, a_credit, uuid

EXPIRES_AT = a_credit().expires_at
PAID = uuid(71)
ISSUED, HELD, RELEASED, REDEEMED, RESTORED, FORFEITED, EXTENDED, EXPIRED, REVOKED, UNDONE = LedgerKind


def lines(*kinds: LedgerKind) -> list[LedgerEntry]:
    return [
        LedgerEntry(uuid(number), kind, NOW + timedelta(days=number), PAID, EXPIRES_AT, None)
        for number, kind in enumerate(kinds)
    ]


FOLDS = {
    "earned": ((ISSUED,), Balance(CreditState.ACTIVE, EXPIRES_AT, None)),
    "spent": ((ISSUED, REDEEMED), Balance(CreditState.USED, EXPIRES_AT, PAID)),
    "given back, golden example 5": ((ISSUED, REDEEMED, RESTORED), Balance(CreditState.ACTIVE, EXPIRES_AT, None)),
    "taken back": ((ISSUED, REVOKED), Balance(CreditState.REVOKED, EXPIRES_AT, None)),
    "given back, then taken back": (
        *((ISSUED, REDEEMED, RESTORED, REVOKED), Balance(CreditState.REVOKED, EXPIRES_AT, None)),
    ),
    "lost": ((ISSUED, REDEEMED, FORFEITED), Balance(CreditState.FORFEITED, EXPIRES_AT, PAID)),
    "undone": ((ISSUED, UNDONE), Balance(CreditState.UNDONE, EXPIRES_AT, None)),
    "run out, which `at` knows": ((ISSUED, EXPIRED), Balance(CreditState.ACTIVE, EXPIRES_AT, None)),
    "spent again": ((ISSUED, REDEEMED, RESTORED, REDEEMED), Balance(CreditState.USED, EXPIRES_AT, PAID)),
}


@pytest.mark.parametrize(("kinds", "expected"), FOLDS.values(), ids=FOLDS)
def test_a_state_is_what_the_lines_add_up_to(kinds: tuple[LedgerKind, ...], expected: Balance):
    assert fold(lines(*kinds)) == expected


def test_no_lines_add_up_to_nothing():
    assert fold([]) is None


def test_an_expiry_is_that_of_the_last_line():
    later = NOW + timedelta(days=300)
    changed = [*lines(ISSUED, REDEEMED), LedgerEntry(uuid(9), RESTORED, NOW, PAID, later, None)]

    assert fold(changed) == Balance(CreditState.ACTIVE, later, None)


@pytest.mark.parametrize("end", [NOW + timedelta(days=1), NOW + timedelta(days=300), None])
def test_v6_another_end_is_the_end_from_then_on_and_changes_nothing_else(end: datetime | None):
    extended = LedgerEntry(uuid(9), EXTENDED, NOW, None, end, None)

    assert fold([*lines(ISSUED), extended]) == Balance(CreditState.ACTIVE, end, None)
    assert fold([*lines(ISSUED, REDEEMED, RESTORED), extended]) == Balance(CreditState.ACTIVE, end, None)
    assert fold([*lines(ISSUED), extended, replace(extended, kind=REDEEMED, booking_id=PAID)]) == (
        Balance(CreditState.USED, end, PAID)
    )
    assert fold([extended]) is None


STATES = [
    (CreditState.ACTIVE, -A_MICROSECOND, CreditState.ACTIVE),
    (CreditState.ACTIVE, timedelta(0), CreditState.EXPIRED),
    (CreditState.ACTIVE, A_MICROSECOND, CreditState.EXPIRED),
    *((state, timedelta(days=1), state) for state in CreditState if state is not CreditState.ACTIVE),
]


@pytest.mark.parametrize(("state", "after", "expected"), STATES)
def test_v5_only_an_active_credit_expires_and_at_the_instant_of_its_expiry(
    state: CreditState, after: timedelta, expected: CreditState
):
    assert EXPIRES_AT is not None
    now: datetime = EXPIRES_AT + after

    assert state_at(state, EXPIRES_AT, None, now) is expected
    assert at(Balance(state, EXPIRES_AT, None), now) is expected
    assert a_credit(state=state).state_at(now) is expected
    assert a_credit(state=state).spendable(now) is (expected is CreditState.ACTIVE)


def told_kinds(*entries: LedgerEntry, now: datetime) -> list[tuple[LedgerKind, datetime]]:
    return [(line.kind, line.at) for line in told(entries, now)]


def line(kind: LedgerKind, at: datetime, expires_at: datetime | None = EXPIRES_AT) -> LedgerEntry:
    return LedgerEntry(uuid(80), kind, at, PAID, expires_at, None)


def test_v5_an_expired_line_is_told_from_the_instant_of_expiry_on_and_not_before():
    assert EXPIRES_AT is not None
    issued = line(ISSUED, NOW)

    assert told_kinds(issued, now=EXPIRES_AT - A_MICROSECOND) == [(ISSUED, NOW)]
    for now in (EXPIRES_AT, EXPIRES_AT + timedelta(days=900)):
        assert told_kinds(issued, now=now) == [(ISSUED, NOW), (EXPIRED, EXPIRES_AT)]
    assert told([issued], EXPIRES_AT)[1] == replace(issued, kind=EXPIRED, at=EXPIRES_AT, booking_id=None)
    assert told_kinds(line(ISSUED, NOW, None), now=EXPIRES_AT) == [(ISSUED, NOW)]


def test_v5_what_is_told_does_not_depend_on_the_lines_that_a_job_wrote():
    assert EXPIRES_AT is not None
    later, again = EXPIRES_AT + timedelta(days=9), EXPIRES_AT + timedelta(days=8)
    issued, revived = line(ISSUED, NOW), line(EXTENDED, EXPIRES_AT + timedelta(days=2), again)
    first, second = line(EXPIRED, EXPIRES_AT + timedelta(days=1)), line(EXPIRED, later, again)
    expected = [(ISSUED, NOW), (EXPIRED, EXPIRES_AT), (EXTENDED, revived.at), (EXPIRED, again)]

    for lines in ((issued, revived), (issued, first, revived), (issued, first, revived, second)):
        assert told_kinds(*lines, now=later) == expected


def test_v5_a_credit_that_was_extended_at_its_last_instant_has_not_expired():
    assert EXPIRES_AT is not None
    extended = line(EXTENDED, EXPIRES_AT - A_MICROSECOND, EXPIRES_AT + timedelta(days=1))

    assert told_kinds(line(ISSUED, NOW), extended, now=EXPIRES_AT) == [(ISSUED, NOW), (EXTENDED, extended.at)]
    too_late = replace(extended, at=EXPIRES_AT)
    assert (EXPIRED, EXPIRES_AT) in told_kinds(line(ISSUED, NOW), too_late, now=EXPIRES_AT)


def test_c1_a_credit_that_comes_back_after_its_end_expires_as_it_comes_back():
    assert EXPIRES_AT is not None
    back = EXPIRES_AT + timedelta(days=4)
    lines = line(ISSUED, NOW), line(REDEEMED, NOW), line(RESTORED, back)

    assert told_kinds(*lines, now=back)[2:] == [(RESTORED, back), (EXPIRED, back)]
    # Spent, lost or taken back it does not expire.
    assert told_kinds(*lines[:2], now=back) == [(ISSUED, NOW), (REDEEMED, NOW)]
    for kind in (REVOKED, UNDONE):
        assert told_kinds(line(ISSUED, NOW), line(kind, NOW), now=back) == [(ISSUED, NOW), (kind, NOW)]


# Waiting (W1, W2)

HELD_FROM, HELD_UNTIL = NOW + timedelta(days=1), NOW + timedelta(days=20)
OWN_END = HELD_UNTIL - timedelta(days=5)
GRACED = HELD_UNTIL + timedelta(hours=72)


def held_line(
    at: datetime = HELD_FROM, until: datetime = HELD_UNTIL, expires_at: datetime | None = GRACED
) -> LedgerEntry:
    return replace(line(HELD, at, expires_at), booking_id=None, held_until=until, session_id=uuid(72))


ISSUED_LINE = line(ISSUED, NOW, OWN_END)
WAITS = (ISSUED_LINE, held_line())
"""Until after its own end, so that it would have a grace."""


@pytest.mark.parametrize("after", [-A_MICROSECOND, timedelta(), A_MICROSECOND])
def test_w1_a_hold_adds_up_to_held_until_its_end(after: timedelta):
    balance = fold(WAITS)
    assert balance is not None
    assert balance == Balance(CreditState.HELD, GRACED, None, HELD_UNTIL)
    expected = CreditState.HELD if after < timedelta() else CreditState.ACTIVE

    assert at(balance, HELD_UNTIL + after) is expected
    assert state_at(CreditState.HELD, GRACED, HELD_UNTIL, HELD_UNTIL + after) is expected
    assert at(balance, GRACED - A_MICROSECOND) is CreditState.ACTIVE
    assert at(balance, GRACED) is CreditState.EXPIRED


def test_w1_a_hold_past_the_end_and_without_a_grace_has_run_out_when_it_ends():
    balance = Balance(CreditState.HELD, OWN_END, None, HELD_UNTIL)

    assert at(balance, OWN_END) is CreditState.HELD
    assert at(balance, HELD_UNTIL - A_MICROSECOND) is CreditState.HELD
    assert at(balance, HELD_UNTIL) is CreditState.EXPIRED


@pytest.mark.parametrize("kind", [RELEASED, REDEEMED, UNDONE, REVOKED])
def test_w1_what_ends_a_hold_leaves_nothing_of_it(kind: LedgerKind):
    balance = fold([*WAITS, line(kind, HELD_UNTIL - A_MICROSECOND)])

    assert balance is not None
    assert balance.held_until is None


def test_v6_another_end_of_what_waits_leaves_it_waiting():
    extended = line(EXTENDED, HELD_UNTIL - A_MICROSECOND, GRACED + timedelta(days=9))

    assert fold([*WAITS, extended]) == Balance(CreditState.HELD, extended.expires_at, None, HELD_UNTIL)


SOONER = OWN_END - timedelta(days=1)
MOVED = replace(line(EXTENDED, HELD_UNTIL - A_MICROSECOND, SOONER), if_released=Expiry(GRACED, None))
"""To an end that the start, and so a grace, still comes after."""


def test_v6_what_waits_ends_when_released_as_the_line_of_its_own_new_end_says_beside_that():
    assert fold([*WAITS, MOVED]) == Balance(CreditState.HELD, GRACED, None, HELD_UNTIL)
    kinds = [ISSUED, HELD, EXTENDED, RELEASED]
    assert [each.kind for each in told([*WAITS, MOVED], GRACED - A_MICROSECOND)] == kinds
    ends = [(each.kind, each.expires_at) for each in told([*WAITS, MOVED], GRACED)][2:]
    assert ends == [(EXTENDED, SOONER), (RELEASED, GRACED), (EXPIRED, GRACED)]


@pytest.mark.parametrize(
    ("moved_at", "by_job", "before"),
    [
        (HELD_UNTIL - A_MICROSECOND, (), SOONER),
        (HELD_UNTIL, (), GRACED),
        (HELD_UNTIL, (line(RELEASED, HELD_UNTIL, GRACED),), GRACED),
    ],
    ids=["held", "released", "released, as a job has written"],
)
def test_v6_the_own_end_is_what_staff_gave_while_it_waits_and_what_the_grace_gave_after_that(
    moved_at: datetime, by_job: tuple[LedgerEntry, ...], before: datetime
):
    again = line(EXTENDED, moved_at, GRACED + timedelta(days=9))
    written = [ISSUED_LINE, held_line(), MOVED, *by_job, again]

    ends = [expiry and expiry.at for expiry in own_ends_before(written)]
    assert (ends[:3], ends[-1]) == ([None, OWN_END, OWN_END], before)


def test_w3_on_one_list_more_the_own_end_is_what_it_was():
    assert [*own_ends_before([*WAITS, held_line(HELD_FROM + A_MICROSECOND), MOVED])][2:] == [Expiry(OWN_END, None)] * 2


def test_w2_a_line_after_the_end_of_a_hold_finds_it_released():
    extended = line(EXTENDED, HELD_UNTIL, GRACED + timedelta(days=9))

    assert fold([*WAITS, extended]) == Balance(CreditState.ACTIVE, extended.expires_at, None)


HELD_SO = [(ISSUED, NOW), (HELD, HELD_FROM)]


@pytest.mark.parametrize("left_at", [OWN_END - A_MICROSECOND, OWN_END, OWN_END + A_MICROSECOND])
def test_w1_leaving_is_told_as_it_was_whether_before_or_after_the_own_end(left_at: datetime):
    ends = OWN_END if left_at < OWN_END else left_at + timedelta(hours=72)
    left = replace(line(RELEASED, left_at, ends), booking_id=None)

    assert told_kinds(*WAITS, left, now=ends - A_MICROSECOND) == [*HELD_SO, (RELEASED, left_at)]
    assert told_kinds(*WAITS, left, now=ends) == [*HELD_SO, (RELEASED, left_at), (EXPIRED, ends)]


ENDS = [(GRACED, GRACED), (HELD_UNTIL + A_MICROSECOND, HELD_UNTIL + A_MICROSECOND), (HELD_UNTIL, GRACED)]


@pytest.mark.parametrize(("own_end", "ends"), ENDS)
def test_w2_the_start_releases_whether_or_not_a_job_has_written_it(own_end: datetime, ends: datetime):
    issued, waits = line(ISSUED, NOW, own_end), held_line(expires_at=ends)
    by_job = replace(line(RELEASED, HELD_UNTIL, ends), id=uuid(99))
    ran_out = replace(line(EXPIRED, ends, ends), id=uuid(98))
    released = [*HELD_SO, (RELEASED, HELD_UNTIL)]

    for lines in ((issued, waits), (issued, waits, by_job), (issued, waits, by_job, ran_out)):
        assert told_kinds(*lines, now=HELD_UNTIL - A_MICROSECOND) == HELD_SO
        assert told_kinds(*lines, now=HELD_UNTIL) == released
        assert told_kinds(*lines, now=ends - A_MICROSECOND) == released
        assert told_kinds(*lines, now=ends) == [*released, (EXPIRED, ends)]
        told_so = told(lines, ends)
        assert (told_so[2].id, told_so[2].expires_at, told_so[2].session_id) == (waits.id, ends, None)
        assert told_so[2].held_until is None


def test_w2_a_hold_without_a_grace_has_its_release_told_before_it_has_run_out():
    waits = held_line(expires_at=OWN_END)
    by_job = line(RELEASED, HELD_UNTIL, OWN_END), line(EXPIRED, HELD_UNTIL, OWN_END)
    expected = [*HELD_SO, (RELEASED, HELD_UNTIL), (EXPIRED, HELD_UNTIL)]

    assert told_kinds(ISSUED_LINE, waits, now=HELD_UNTIL - A_MICROSECOND) == HELD_SO
    for lines in ((), by_job[:1], by_job):
        assert told_kinds(ISSUED_LINE, waits, *lines, now=HELD_UNTIL) == expected


def test_w2_what_people_do_after_the_start_stands_after_the_release_that_no_job_has_written():
    later = HELD_UNTIL + timedelta(hours=1)
    for kind, end in ((EXTENDED, GRACED), (REDEEMED, GRACED), (REVOKED, GRACED), (HELD, GRACED + timedelta(days=9))):
        act = replace(line(kind, later, end), held_until=end if kind is HELD else None)

        expected = [*HELD_SO, (RELEASED, HELD_UNTIL), (kind, later)]
        assert told_kinds(*WAITS, act, now=later) == expected
        assert told_kinds(*WAITS, line(RELEASED, HELD_UNTIL, GRACED), act, now=later) == expected


def test_w1_a_hold_that_ends_at_another_instant_than_at_first_is_released_then():
    longer = replace(held_line(HELD_FROM + timedelta(days=1), HELD_UNTIL + timedelta(days=7)), session_id=None)
    until = longer.held_until
    assert until is not None
    expected = [*HELD_SO, (HELD, longer.at)]

    assert told_kinds(*WAITS, longer, now=until - A_MICROSECOND) == expected
    assert told_kinds(*WAITS, longer, now=until)[:4] == [*expected, (RELEASED, until)]


def test_v5_what_waits_past_its_end_is_not_told_to_have_run_out_meanwhile():
    assert told_kinds(*WAITS, now=OWN_END) == HELD_SO
    spent = line(REDEEMED, OWN_END + A_MICROSECOND, GRACED)
    assert told_kinds(*WAITS, spent, now=GRACED) == [*HELD_SO, (REDEEMED, spent.at)]
