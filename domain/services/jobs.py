"""What time asks for. No answer depends on whether it has been done."""

from domain.events import CreditExpired
from domain.outcome import Done
from domain.ports import Work

MOST_AT_ONCE = 200


async def expire_credits(work: Work) -> Done:
    """V5: an EXPIRED line for each credit that has run out and has none of this expiry yet; at most `MOST_AT_ONCE`."""
    credits = await work.locked_credits_run_out(MOST_AT_ONCE)
    await work.record(*map(CreditExpired, credits))
    return Done(studio_id=work.studio_id, credits=tuple(credit.id for credit in credits))
