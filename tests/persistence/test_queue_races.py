"""Races for the seats of those who wait: whoever comes second sees what the first did, and nobody is in the way."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext

from domain.credits.choosing import ById
from domain.issuing.granting import ThroughDate
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.waitlist import WaitlistState
from domain.outcome import Done
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, credits, jobs, moving, policies, schedule_changes
from domain.truth.snapshot import Snapshot
from persistence.database import Database
from tests.invariants import assert_all_hold
from tests.persistence.crowds import NOW, Crowd, UseCase, booking, cancelling, claiming, codes, joining, leaving
from tests.persistence.racing import what_comes_of_waiting

LATE = datetime(2026, 12, 13, 8, tzinfo=UTC)
"""On the day of the sessions of these tests: their seats are no longer given, but on offer."""
AFTER = datetime(2026, 12, 14, tzinfo=UTC)
WAITING, SEATED, LEFT, GIVEN_UP, ENDED = WaitlistState

BOTH_WAYS = pytest.mark.parametrize("turned", [False, True], ids=["as told", "turned round"])


async def one_waits_for_the_other(
    crowd: Crowd, dialect: str, acts: list[UseCase], turned: bool, at: datetime = NOW
) -> Done | Refused:
    """What comes of the one that waited; the first of both is done."""
    first, second = reversed(acts) if turned else acts
    return await what_comes_of_waiting(crowd.world, crowd.database, dialect, first, second, at=at.isoformat())


async def holds(crowd: Crowd, at: datetime = NOW) -> None:
    await assert_all_hold(crowd.database, crowd.world.studio, at.isoformat())


async def waiting_with_a_credit(crowd: Crowd, *sessions: UUID) -> tuple[UUID, UUID, list[UUID]]:
    """A client, the credit, and their places."""
    person, _ = await crowd.world.person()
    client = await crowd.client(person)
    (credit,) = await crowd.credits(client)
    return client, credit, [await crowd.join(session, client, credit) for session in sessions]


def revoking(credit: UUID) -> UseCase:
    command = credits.RevokeMakeUps(ById((credit,)), RevocationReason.OTHER, "")
    return lambda work: credits.revoke_make_ups(work, command)


def extending(*keys: UUID, day: int = 31) -> UseCase:
    command = credits.ExtendMakeUps(ById(keys), ThroughDate(date(2027, 1, day)), "")
    return lambda work: credits.extend_make_ups(work, command)


@contextmanager
def deadlocks(database: Database) -> Iterator[list[str]]:
    """Those that the database has met meanwhile; whoever met one has begun anew, and so no answer tells of it."""
    met: list[str] = []

    def note(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) == "40P01":
            met.append(str(context.statement))

    engine = database._writer.sync_engine
    event.listen(engine, "handle_error", note)
    try:
        yield met
    finally:
        event.remove(engine, "handle_error", note)


async def test_w2_two_seats_given_up_at_once_go_to_the_two_who_wait(crowd: Crowd) -> None:
    session = await crowd.session(13, seats=2)
    seats = await crowd.fill(session, 2)
    entries = [await crowd.join(session, await crowd.client()) for _ in range(3)]

    await asyncio.gather(*(crowd.done(cancelling(seat)) for seat in seats))

    assert await crowd.states(*entries) == [SEATED, SEATED, WAITING]
    await holds(crowd)


async def test_w3_of_two_seats_at_once_for_one_held_credit_it_takes_one(crowd: Crowd) -> None:
    """The other session's goes to who comes after them there."""
    sessions = [await crowd.session(13, hour=hour) for hour in (15, 17, 19)]
    seats = [(await crowd.fill(session))[0] for session in sessions]
    _, credit, places = await waiting_with_a_credit(crowd, *sessions)
    others = [await crowd.join(session, await crowd.client()) for session in sessions]

    await asyncio.gather(*(crowd.done(cancelling(seat)) for seat in seats))

    assert sorted(await crowd.states(*places)) == [GIVEN_UP, GIVEN_UP, SEATED]
    assert sorted(await crowd.states(*others)) == [SEATED, SEATED, WAITING]
    (paid,) = [each for each in (await crowd.taken()).bookings if each.credit_id == credit]
    assert paid.live
    await holds(crowd)


@BOTH_WAYS
async def test_w3_a_seat_in_one_session_is_seen_by_who_seats_in_another(
    crowd: Crowd, dialect: str, turned: bool
) -> None:
    one, other = [await crowd.session(13, hour=hour) for hour in (15, 17)]
    acts = [cancelling((await crowd.fill(session))[0]) for session in (one, other)]
    _, _, places = await waiting_with_a_credit(crowd, one, other)

    await one_waits_for_the_other(crowd, dialect, acts, turned)

    assert await crowd.states(*places) == ([GIVEN_UP, SEATED] if turned else [SEATED, GIVEN_UP])
    await holds(crowd)


async def test_w2_of_many_claims_at_once_one_wins(crowd: Crowd) -> None:
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    entries = [await crowd.join(session, await crowd.client()) for _ in range(5)]
    await crowd.done(cancelling(seat), now=LATE)

    outcomes = await asyncio.gather(*(crowd.act(claiming(entry), now=LATE) for entry in entries))

    assert sorted(codes(outcome) for outcome in outcomes) == [[], *[[RefusalCode.OFFER_GONE]] * 4]
    assert sorted(await crowd.states(*entries)) == sorted([SEATED, *[WAITING] * 4])
    await holds(crowd, LATE)


async def test_w3_one_credit_claims_one_of_two_offers_at_once(crowd: Crowd) -> None:
    sessions = [await crowd.session(13, hour=hour) for hour in (15, 17)]
    seats = [(await crowd.fill(session))[0] for session in sessions]
    _, _, places = await waiting_with_a_credit(crowd, *sessions)
    for seat in seats:
        await crowd.done(cancelling(seat), now=LATE)

    outcomes = await asyncio.gather(*(crowd.act(claiming(place), now=LATE) for place in places))

    assert sorted(codes(outcome) for outcome in outcomes) == [[], [RefusalCode.NOT_WAITING]]
    assert sorted(await crowd.states(*places)) == sorted([GIVEN_UP, SEATED])
    await holds(crowd, LATE)


@BOTH_WAYS
async def test_w2_who_joins_while_a_seat_is_given_up_gets_it_or_finds_it_free(
    crowd: Crowd, dialect: str, turned: bool
) -> None:
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    join = joining(session, await crowd.client())

    outcome = await one_waits_for_the_other(crowd, dialect, [cancelling(seat), join], turned)

    assert codes(outcome) == ([] if turned else [RefusalCode.SEAT_AVAILABLE])
    assert [each.state for each in (await crowd.taken()).entries] == ([SEATED] if turned else [])
    await holds(crowd)


@BOTH_WAYS
async def test_w2_who_leaves_while_a_seat_is_given_up_is_not_seated_or_has_the_seat(
    crowd: Crowd, dialect: str, turned: bool
) -> None:
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    _, _, (entry,) = await waiting_with_a_credit(crowd, session)
    after = await crowd.join(session, await crowd.client())

    outcome = await one_waits_for_the_other(crowd, dialect, [cancelling(seat), leaving(entry)], turned)

    assert codes(outcome) == ([] if turned else [RefusalCode.NOT_WAITING])
    assert await crowd.states(entry, after) == ([LEFT, SEATED] if turned else [SEATED, WAITING])
    await holds(crowd)


@BOTH_WAYS
async def test_w2_more_seats_and_who_joins_at_once(crowd: Crowd, dialect: str, turned: bool) -> None:
    session = await crowd.session(13)
    await crowd.fill(session)
    widen = schedule_changes.UpdateSession(session, {"capacity": 2})
    acts = [lambda work: schedule_changes.update_session(work, widen), joining(session, await crowd.client())]

    outcome = await one_waits_for_the_other(crowd, dialect, acts, turned)

    assert codes(outcome) == ([] if turned else [RefusalCode.SEAT_AVAILABLE])
    assert [each.state for each in (await crowd.taken()).entries] == ([SEATED] if turned else [])
    await holds(crowd)


async def test_w2_a_seat_given_up_is_not_booked_past_who_waits(crowd: Crowd, dialect: str) -> None:
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    entry = await crowd.join(session, await crowd.client())
    acts = [cancelling(seat), booking(session, await crowd.client())]

    outcome = await one_waits_for_the_other(crowd, dialect, acts, turned=False)

    assert codes(outcome) == [RefusalCode.SESSION_FULL]
    assert await crowd.states(entry) == [SEATED]
    await holds(crowd)


@BOTH_WAYS
@pytest.mark.parametrize("revoked", [True, False], ids=["revoked", "extended"])
async def test_v6_v7_a_held_credit_is_taken_back_or_gets_another_end_while_its_seat_comes(
    crowd: Crowd, dialect: str, turned: bool, revoked: bool
) -> None:
    session, elsewhere = [await crowd.session(13, hour=hour) for hour in (15, 17)]
    (seat,), _ = await crowd.fill(session), await crowd.fill(elsewhere)
    _, credit, places = await waiting_with_a_credit(crowd, session, elsewhere)
    after = await crowd.join(session, await crowd.client())
    change = revoking(credit) if revoked else extending(credit)

    outcome = await one_waits_for_the_other(crowd, dialect, [cancelling(seat), change], turned)

    seated = not (turned and revoked)
    assert codes(outcome) == ([] if turned else [RefusalCode.CREDIT_USED])
    assert await crowd.states(*places, after) == (
        [SEATED, GIVEN_UP, WAITING] if seated else [GIVEN_UP, GIVEN_UP, SEATED]
    )
    (left,) = [each for each in (await crowd.taken()).credits if each.id == credit]
    assert left.state is (CreditState.USED if seated else CreditState.REVOKED)
    await holds(crowd)


@BOTH_WAYS
@pytest.mark.parametrize("revoked", [True, False], ids=["revoked", "extended"])
async def test_w2_a_hold_that_time_has_ended_is_written_by_whoever_comes_first(
    crowd: Crowd, dialect: str, turned: bool, revoked: bool
) -> None:
    session = await crowd.session(13)
    await crowd.fill(session)
    _, credit, (entry,) = await waiting_with_a_credit(crowd, session)
    change = revoking(credit) if revoked else extending(credit)

    outcome = await one_waits_for_the_other(crowd, dialect, [jobs.end_waits, change], turned, AFTER)

    assert isinstance(outcome, Done)
    assert await crowd.states(entry) == [ENDED]
    (left,) = [each for each in (await crowd.taken()).credits if each.id == credit]
    assert left.state is (CreditState.REVOKED if revoked else CreditState.ACTIVE)
    assert left.held_until is None
    await holds(crowd, AFTER)


async def test_w2_jobs_at_once_end_each_wait_once(crowd: Crowd) -> None:
    sessions = [await crowd.session(day) for day in (11, 12, 13)]
    for session in sessions:
        await crowd.fill(session)
    _, credit, places = await waiting_with_a_credit(crowd, *sessions)
    places += [await crowd.join(session, await crowd.client()) for session in sessions]

    done = await asyncio.gather(*(crowd.database.by_itself(crowd.studio_id, AFTER, jobs.end_waits) for _ in range(5)))

    ended = [entry for outcome in done if isinstance(outcome, Done) for entry in outcome.entries]
    assert sorted(ended) == sorted(places)
    assert [outcome.credits for outcome in done if isinstance(outcome, Done) and outcome.credits] == [(credit,)]
    await holds(crowd, AFTER)


async def test_w2_r8_many_acts_at_once_on_few_sessions_are_never_in_each_others_way(crowd: Crowd) -> None:
    """Siblings' credits are held across all sessions, and whoever books, cancels, joins, leaves and moves is done."""
    await crowd.world.policy(creditScope="SAME_ACCOUNT", lateCancellation="ALLOW_WITHOUT_CREDIT")
    drawn = random.Random(6)
    sessions = [await crowd.session(13, 2, hour=hour) for hour in (13, 15, 17)]
    families: list[tuple[list[UUID], list[UUID]]] = []
    for _ in range(3):
        person, _ = await crowd.world.person()
        children = [await crowd.client(person) for _ in range(3)]
        families.append((children, [credit for client in children for credit in await crowd.credits(client, 9)]))

    def some_act(taken: Snapshot) -> UseCase:
        session, (children, owned) = drawn.choice(sessions), drawn.choice(families)
        client = drawn.choice(children)
        live = [each.id for each in taken.bookings if each.live]
        waiting = [each.id for each in taken.entries if each.state is WAITING]
        start = datetime(2026, 12, 13, drawn.choice((13, 15, 17)), tzinfo=UTC) + timedelta(minutes=drawn.randrange(50))
        move = moving.MoveSession(session, start, start + timedelta(hours=1))
        capacity = schedule_changes.UpdateSession(session, {"capacity": 2 + drawn.randrange(2)})
        extra = policies.UpdateSessionPolicy(session, {"extra_make_up_seats": drawn.choice((0, 1))})
        make_up = bookings.BookWithMakeUp(session, client, None)
        return drawn.choice(
            [
                booking(session, client),
                lambda work: bookings.book_with_make_up(work, make_up),
                *[joining(session, client, drawn.choice(owned)) for _ in range(8)],
                joining(session, client),
                *([leaving(drawn.choice(waiting)), claiming(drawn.choice(waiting))] if waiting else []),
                *([cancelling(drawn.choice(live)) for _ in range(4)] if live else []),
                lambda work: moving.move_session(work, move),
                lambda work: schedule_changes.update_session(work, capacity),
                lambda work: policies.update_session_policy(work, extra),
                extending(*drawn.sample(owned, 3), day=drawn.randrange(1, 31)),
            ]
        )

    with deadlocks(crowd.database) as met:
        for now in (*[NOW] * 4, *[LATE] * 3):
            for session in sessions:
                while isinstance(await crowd.act(booking(session, await crowd.client()), now=now), Done):
                    pass
            everywhere = [
                joining(session, client, credit)
                for children, owned in families
                for client, credit in [(drawn.choice(children), drawn.choice(owned))]
                for session in sessions
            ]
            await asyncio.gather(*(crowd.act(join, now=now) for join in everywhere))
            taken = await crowd.taken()
            await asyncio.gather(*(crowd.act(some_act(taken), now=now) for _ in range(16)))
            await holds(crowd, now)

    assert met == []
    assert {each.state for each in (await crowd.taken()).entries} >= {SEATED, LEFT, GIVEN_UP}
