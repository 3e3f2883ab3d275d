"""R11, W2: an act that meets a queue happens whole or not at all, whoever is seated and whatever is released by it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.nouns.credit import CreditState
from domain.nouns.waitlist import WaitlistState
from domain.services import clients, jobs, policies, schedule_changes
from tests.ids import ref
from tests.invariants import assert_all_hold
from tests.persistence.crowds import NOW, Crowd, UseCase, cancelling, claiming, joining, leaving
from tests.persistence.test_atomicity import breaks_cleanly

START, LATER = datetime(2026, 11, 22, 15, tzinfo=UTC), datetime(2026, 11, 22, 19, tzinfo=UTC)
"""Before and after the instant at which acts are broken, and within the time in which seats are on offer."""
WAITING, SEATED, LEFT, GIVEN_UP, ENDED = WaitlistState


async def breaks(crowd: Crowd, act: UseCase) -> int:
    world = crowd.world
    steps = await breaks_cleanly(crowd.database, crowd.studio_id, ref(world.owner.account_id), act)
    await assert_all_hold(crowd.database, world.studio, NOW.isoformat())
    return steps


async def a_credit(crowd: Crowd) -> tuple[UUID, UUID]:
    """And whose it is."""
    person, _ = await crowd.world.person()
    client = await crowd.client(person)
    (credit,) = await crowd.credits(client)
    return client, credit


async def test_w1_joining_with_a_credit_that_waits_elsewhere_and_leaving_leave_nothing_half_done(crowd: Crowd) -> None:
    client, credit = await a_credit(crowd)
    early, late = await crowd.session(13), await crowd.session(14)
    for session in (early, late):
        await crowd.fill(session)
    await crowd.join(early, client, credit)

    assert await breaks(crowd, joining(late, client, credit)) > 12
    (entry,) = [each.id for each in (await crowd.taken()).entries if each.session_id == late]
    assert await breaks(crowd, leaving(entry)) > 12
    assert await crowd.states(entry) == [LEFT]


async def test_w2_a_claim_leaves_nothing_half_done(crowd: Crowd) -> None:
    client, credit = await a_credit(crowd)
    text = await crowd.world.session(None, LATER.isoformat(), (LATER.replace(hour=20)).isoformat(), capacity=1)
    session, elsewhere = ref(text).key, await crowd.session(13)
    (seat,), _ = await crowd.fill(session), await crowd.fill(elsewhere)
    entry, other = await crowd.join(session, client, credit), await crowd.join(elsewhere, client, credit)
    await crowd.done(cancelling(seat))

    assert await breaks(crowd, claiming(entry)) > 16
    assert await crowd.states(entry, other) == [SEATED, GIVEN_UP]


@pytest.mark.parametrize("act", ["archive", "link"])
async def test_r8_b4_who_is_archived_or_linked_to_another_account_leaves_nothing_half_done(
    crowd: Crowd, act: str
) -> None:
    await crowd.world.policy(creditScope="SAME_ACCOUNT")
    (person, _), (other, _) = await crowd.world.person(), await crowd.world.person()
    client, sibling = await crowd.client(person), await crowd.client(person)
    (credit,) = await crowd.credits(sibling)
    sessions = [await crowd.session(day) for day in (13, 14)]
    for session in sessions:
        await crowd.fill(session)
    entries = [await crowd.join(session, client, credit) for session in sessions]
    archive, link = clients.UpdateClient(client, {}, archived=True), clients.LinkClient(client, other.email)

    if act == "archive":
        assert await breaks(crowd, lambda work: clients.update_client(work, archive)) > 12
    else:
        assert await breaks(crowd, lambda work: clients.link_client(work, link)) > 12
    assert await crowd.states(*entries) == ([ENDED] * 2 if act == "archive" else [GIVEN_UP] * 2)
    assert (await crowd.taken()).credits[0].state is CreditState.ACTIVE


async def two_who_wait(crowd: Crowd, session: UUID) -> list[UUID]:
    """Their places: one with a credit that waits elsewhere, too, and one for money."""
    client, credit = await a_credit(crowd)
    elsewhere = await crowd.session(20)
    await crowd.fill(elsewhere)
    first, other = await crowd.join(session, client, credit), await crowd.join(elsewhere, client, credit)
    return [first, other, await crowd.join(session, await crowd.client())]


async def test_w2_a_cancellation_that_seats_somebody_leaves_nothing_half_done(crowd: Crowd) -> None:
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    entries = await two_who_wait(crowd, session)

    assert await breaks(crowd, cancelling(seat)) > 24
    assert await crowd.states(*entries) == [SEATED, GIVEN_UP, WAITING]


@pytest.mark.parametrize("by_policy", [True, False], ids=["extra seats", "capacity"])
async def test_w2_more_seats_that_seat_somebody_leave_nothing_half_done(crowd: Crowd, by_policy: bool) -> None:
    session = await crowd.session(13)
    await crowd.fill(session)
    entries = await two_who_wait(crowd, session)
    extra = policies.UpdateSessionPolicy(session, {"extra_make_up_seats": 2})
    capacity = schedule_changes.UpdateSession(session, {"capacity": 3})

    steps = await breaks(
        crowd,
        (lambda work: policies.update_session_policy(work, extra))
        if by_policy
        else (lambda work: schedule_changes.update_session(work, capacity)),
    )

    assert steps > 22
    assert await crowd.states(*entries) == [SEATED, GIVEN_UP, WAITING if by_policy else SEATED]


async def test_w2_a_job_that_breaks_leaves_nothing_half_done(crowd: Crowd) -> None:
    """A place, a hold and an offer that the start has ended: all lines are written, or none."""
    client, credit = await a_credit(crowd)
    text = await crowd.world.session(None, START.isoformat(), START.replace(hour=16).isoformat(), capacity=1)
    session, before = ref(text).key, START.replace(hour=9)
    (seat,) = await crowd.fill(session, now=before)
    entry = await crowd.join(session, client, credit, now=before)
    await crowd.done(cancelling(seat), now=before)
    assert [each.freed_late for each in (await crowd.taken()).sessions] == [1]

    steps = await breaks_cleanly(crowd.database, crowd.studio_id, None, jobs.end_waits)

    assert steps > 11
    taken = await crowd.taken()
    assert await crowd.states(entry) == [ENDED]
    assert [each.freed_late for each in taken.sessions] == [0]
    assert [each.held_until for each in taken.credits] == [None]
    await assert_all_hold(crowd.database, crowd.world.studio, NOW.isoformat())
