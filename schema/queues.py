"""Waiting lists, as what is asked about seats meets them: the same queue as the acts ask."""

from uuid import UUID

from domain.nouns.session import ScheduledSession, Session
from domain.nouns.waitlist import Ahead
from domain.waiting import queueing
from domain.waiting.queueing import Queue, Waiting
from schema.context import Info


async def waiting_for(info: Info, row: Session) -> tuple[Waiting, ...]:
    """Who waits for a seat in a session now, in their order."""
    return await info.context.load.waiting.load((row.studio_id, row.id)) or ()


async def number_waiting(info: Info, row: Session) -> int:
    """How many do."""
    return await info.context.load.waiting_count.load((row.studio_id, row.id)) or 0


async def ahead_of(info: Info, target: ScheduledSession, client_id: UUID) -> Ahead:
    """W2: the queue as a client meets it who wants a seat."""
    return queueing.ahead_of(client_id, Queue(target, await waiting_for(info, target.session)), info.context.now)
