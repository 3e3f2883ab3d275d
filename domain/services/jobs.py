"""What time asks for. No answer depends on whether it has been done."""

from domain.events import CreditExpired, CreditReleased
from domain.outcome import Done
from domain.ports import Work
from domain.waiting import waiting_over

MOST_AT_ONCE = 200


async def expire_credits(work: Work) -> Done:
    """V5: an EXPIRED line for each credit that has run out and has none of this expiry yet; at most `MOST_AT_ONCE`."""
    credits = await work.locked_credits_run_out(MOST_AT_ONCE)
    await work.record(*map(CreditExpired, credits))
    return Done(studio_id=work.studio_id, credits=tuple(credit.id for credit in credits))


async def end_waits(work: Work) -> Done:
    """W2: what the start of at most `MOST_AT_ONCE` sessions has ended: places on lists, holds of credits, offers.

    `changed`: those of the credits that had run out by then, and have got their EXPIRED line too.
    """
    over = await work.locked_waits_over(MOST_AT_ONCE)
    events = waiting_over.decide(over, work.now)
    await work.record(*events)
    return Done(
        studio_id=work.studio_id,
        sessions=tuple(over.sessions),
        entries=tuple(entry.id for entry in over.entries),
        credits=tuple(event.credit.id for event in events if isinstance(event, CreditReleased)),
        changed=tuple(event.credit.id for event in events if isinstance(event, CreditExpired)),
    )
