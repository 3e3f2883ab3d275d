"""Whom the locks of an act take in besides its own: those who wait for what it may free."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Foreseen:
    """`clients` and `credits` are still to be locked, each together with the act's own, and leave here when they are.

    `waiting`: by session that was asked, how many wait for it. `freeing`: those of them in which the act may free
    seats. `client_waits`: those of them for which the act's own client waits. `locked`: the clients that are locked.
    """

    clients: set[UUID] = field(default_factory=set[UUID])
    credits: set[UUID] = field(default_factory=set[UUID])
    waiting: dict[UUID, int] = field(default_factory=dict[UUID, int])
    freeing: set[UUID] = field(default_factory=set[UUID])
    client_waits: set[UUID] = field(default_factory=set[UUID])
    locked: set[UUID] = field(default_factory=set[UUID])
