"""W2: what the start of a session has ended is written down once, as of that start, and no answer waits for it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.faults import ConflictRetry, TimeWentBackwards
from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistState
from domain.outcome import Done
from domain.ports import Work
from domain.services import bookings, jobs
from persistence import jobs as runs
from tests import jobs as studio_jobs
from tests.invariants import assert_all_hold
from tests.persistence.crowds import Crowd, joining

START = datetime(2026, 12, 13, 17, tzinfo=UTC)
NEXT_START = datetime(2026, 12, 14, 17, tzinfo=UTC)
A_MICROSECOND = timedelta(microseconds=1)
WAITING, SEATED, LEFT, GIVEN_UP, ENDED = WaitlistState


async def a_credit_on_two_lists(crowd: Crowd) -> tuple[UUID, list[UUID], list[UUID]]:
    """The credit, the sessions, and its places."""
    person, _ = await crowd.world.person()
    client = await crowd.client(person)
    (credit,) = await crowd.credits(client)
    sessions = [await crowd.session(day) for day in (13, 14)]
    for session in sessions:
        await crowd.fill(session)
    return credit, sessions, [await crowd.join(session, client, credit) for session in sessions]


async def test_w2_places_end_at_each_start_and_the_credit_is_released_at_the_last(crowd: Crowd) -> None:
    credit, _, places = await a_credit_on_two_lists(crowd)

    async def ended_by(now: datetime) -> int:
        ended, expired = await studio_jobs.end_waits(crowd.database, crowd.studio_id, now)
        assert expired == 0
        await assert_all_hold(crowd.database, crowd.world.studio, now.isoformat())
        return ended

    assert await ended_by(START - A_MICROSECOND) == 0
    assert await ended_by(START) == 1
    assert await crowd.states(*places) == [ENDED, WAITING]
    assert await ended_by(NEXT_START - A_MICROSECOND) == 0
    (row,) = (await crowd.taken()).credits
    assert (row.state, row.held_until) == (CreditState.HELD, NEXT_START)
    assert await ended_by(NEXT_START + timedelta(days=1)) == 1
    assert await ended_by(NEXT_START + timedelta(days=1)) == 0

    taken = await crowd.taken()
    assert [each.ended_at for each in sorted(taken.entries, key=lambda each: each.joined_at)] == [START, NEXT_START]
    kinds = [(line.kind, line.at) for line in taken.ledgers[credit]]
    assert kinds[-1] == (LedgerKind.RELEASED, NEXT_START)
    assert [kind for kind, _ in kinds] == [LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.HELD, LedgerKind.RELEASED]


async def test_w2_more_than_one_transaction_may_take_are_done_one_after_another(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_AT_ONCE", 1)
    _, _, places = await a_credit_on_two_lists(crowd)
    now = NEXT_START + timedelta(hours=1)

    first = await crowd.database.by_itself(crowd.studio_id, now, jobs.end_waits)
    assert isinstance(first, Done)
    assert len(first.entries) == 1
    await assert_all_hold(crowd.database, crowd.world.studio, now.isoformat())
    assert await studio_jobs.end_waits(crowd.database, crowd.studio_id, now) == (1, 0)

    assert await crowd.states(*places) == [ENDED, ENDED]
    await assert_all_hold(crowd.database, crowd.world.studio, now.isoformat())


async def test_w2_others_in_the_way_at_one_studio_leave_only_that_one_for_the_next_run(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, places = await a_credit_on_two_lists(crowd)
    end_waits = jobs.end_waits

    async def in_the_way(work: Work) -> Done:
        if work.studio_id == crowd.studio_id:
            raise ConflictRetry("Others were faster.")
        return await end_waits(work)

    monkeypatch.setattr(jobs, "end_waits", in_the_way)
    assert crowd.studio_id in (await runs.run(crowd.database, NEXT_START)).left_over
    assert await crowd.states(*places) == [WAITING, WAITING]
    monkeypatch.undo()
    ran = await runs.run(crowd.database, NEXT_START)

    assert crowd.studio_id not in ran.left_over
    assert ran.waits_ended >= 2
    assert await crowd.states(*places) == [ENDED, ENDED]


async def test_w2_what_was_done_before_others_were_in_the_way_is_counted(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the second transaction: what the first has done stays done, and is told."""
    await runs.run(crowd.database, NEXT_START)  # at the studios of other tests
    monkeypatch.setattr(jobs, "MOST_AT_ONCE", 1)
    _, _, places = await a_credit_on_two_lists(crowd)
    end_waits, times = jobs.end_waits, list[int]()

    async def in_the_way_of_the_next(work: Work) -> Done:
        if work.studio_id == crowd.studio_id:
            times.append(1)
            if len(times) > 1:
                raise ConflictRetry("Others were faster.")
        return await end_waits(work)

    monkeypatch.setattr(jobs, "end_waits", in_the_way_of_the_next)
    ran = await runs.run(crowd.database, NEXT_START)

    assert ran.left_over == (crowd.studio_id,)
    assert ran.waits_ended == 1
    assert sorted(await crowd.states(*places)) == [ENDED, WAITING]
    monkeypatch.undo()
    assert (await runs.run(crowd.database, NEXT_START)).waits_ended == 1
    assert await crowd.states(*places) == [ENDED, ENDED]


async def test_w2_nobody_travels_back_before_an_end_that_is_written(crowd: Crowd) -> None:
    """Neither to join the list that had not ended, nor to spend the credit that was held."""
    credit, (session, _), _ = await a_credit_on_two_lists(crowd)
    client = await crowd.client()
    elsewhere = await crowd.session(20)
    holder = (await crowd.taken()).credits[0].client_id
    spend = bookings.BookWithMakeUp(elsewhere, holder, credit)
    assert await studio_jobs.end_waits(crowd.database, crowd.studio_id, NEXT_START) == (2, 0)

    for act in (joining(session, client), lambda work: bookings.book_with_make_up(work, spend)):
        with pytest.raises(TimeWentBackwards):
            await crowd.act(act, now=START - A_MICROSECOND, travelling=True)
    assert isinstance(await crowd.act(lambda work: bookings.book_with_make_up(work, spend), now=NEXT_START), Done)
