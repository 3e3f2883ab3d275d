"""The demo is the same on whatever day it is filled: the same ids, and the same story told from that day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from api import demo
from api.demo.plan import StudioPlan
from domain.nouns.local_time import instant_of, local_date, start_of
from domain.truth.invariants import violations
from tests.api.memory_fill import filled_on, ids_of
from tests.machine.memory import MemoryHarness

PRAGUE = demo.STUDIOS[0].zone
ODD_DAYS = (
    date(2028, 2, 29),
    date(2027, 3, 28),  # the clocks change in Prague
    date(2026, 10, 31),  # they have changed in Prague, and will in New York on the next day
    date(2027, 3, 15),  # they have changed in New York
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2026, 10, 29),  # four weeks after the founding, and the first day that it is not moved for
    date(2026, 10, 28),
    date(2026, 2, 28),  # before everything that the example is about
)
ALL_YEAR_ROUND = tuple(date(2026, 11, 25) + timedelta(days=days) for days in range(0, 730, 31))
FIXED = {"Sunday yoga", "Candlelight yoga"}


def story(told: MemoryHarness, today: date) -> list[Any]:
    """All that happened, with days counted from `today`."""
    noon = instant_of(today, time(12), PRAGUE)
    lines: list[Any] = []
    for each in told.studios.values():
        zone, rows = each.studio.zone, each.snapshot()
        for s in rows.sessions:
            wall = s.starts_at.astimezone(zone)
            starts = s.starts_at if s.name in FIXED else ((wall.date() - today).days, wall.time())
            lines.append((s.id, s.name, starts, s.ends_at - s.starts_at, s.capacity, s.taken))
        for b in rows.bookings:
            lines.append(
                (b.id, b.session_id, b.client_id, b.paid_with, b.payment, b.status, b.outcome, b.why_not_earned)
            )
        for c in rows.credits:
            left = None if c.expires_on is None else (c.expires_on - today).days
            lines.append((c.id, c.client_id, c.origin, c.state_at(noon), left, c.worth, c.booking_id))
    return lines


def instants(told: MemoryHarness) -> set[datetime]:
    nouns = [
        noun
        for each in told.studios.values()
        for table in (each.clients, each.sessions, each.courses, each.bookings, each.credits)
        for noun in table.values()
    ]
    return {account.created_at for account in told.accounts.values()} | {noun.changed_at for noun in nouns}


@pytest.mark.parametrize("today", [*ODD_DAYS, *ALL_YEAR_ROUND], ids=str)
async def test_on_any_day_the_demo_has_the_same_ids_and_tells_the_same_story(today: date) -> None:
    usual, told = await filled_on(date(2026, 11, 25)), await filled_on(today)

    assert ids_of(told) == ids_of(usual)
    assert story(told, today) == story(usual, date(2026, 11, 25))
    for each in told.studios.values():
        assert violations(each.snapshot(), instant_of(today, time(12), PRAGUE)) == ()


@pytest.mark.parametrize("today", ODD_DAYS, ids=str)
async def test_everything_lies_between_the_founding_and_the_day_of_filling(today: date) -> None:
    told = await filled_on(today)
    four_weeks_before = start_of(today - timedelta(days=28), PRAGUE)

    founded_at = min(instants(told))
    assert {each.studio.created_at for each in told.studios.values()} == {founded_at}
    assert founded_at == demo.FOUNDED_AT or four_weeks_before <= founded_at < demo.FOUNDED_AT
    assert max(instants(told)) < start_of(today, PRAGUE)
    assert max(instants(told)).date() < today


async def test_without_a_day_it_is_filled_as_of_today_in_prague() -> None:
    before = local_date(datetime.now(UTC), PRAGUE)
    told = await filled_on(None)
    after = local_date(datetime.now(UTC), PRAGUE)
    assert local_date(max(instants(told)), PRAGUE) + timedelta(days=1) in {before, after}


@pytest.mark.parametrize("plan", demo.STUDIOS, ids=lambda plan: plan.slug)
def test_a_timeline_is_in_order_and_keeps_clear_of_the_hours_in_which_clocks_change(plan: StudioPlan) -> None:
    moments = [(day, clock) for day, clock, _ in plan.timeline]
    assert moments == sorted(moments)
    assert (moments[0][0], moments[-1][0]) == (-28, -1)
    clocks = [clock for _, clock in moments] + [each.clock for each in (*plan.courses, *plan.classes)]
    assert time(6) < min(clocks) < max(clocks) <= time(22)


@pytest.mark.parametrize("plan", demo.STUDIOS, ids=lambda plan: plan.slug)
def test_no_two_things_of_a_studio_are_called_the_same(plan: StudioPlan) -> None:
    clients = [client.first_name for client in plan.clients]
    titles = [each.name for each in (*plan.courses, *plan.classes)]
    assert len(set(clients)) == len(clients)
    assert len(set(titles)) == len(titles)
