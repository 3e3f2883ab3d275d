"""Batches: what the fields of one operation ask for one by one is read in one statement a kind."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from persistence import shapes
from persistence.database import Database
from persistence.reads import clashes, live_seats, queries, staffing, waiting
from persistence.reads.credit_states import as_of
from persistence.reports import outstanding

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Loaders:
    """Each loads by (studio, id), but studios by their id; None for what does not exist."""

    def __init__(self, database: Database, now: datetime) -> None:
        def loader(read: Callable[[Any, Sequence[K]], Awaitable[Mapping[K, V]]]) -> DataLoader[K, V | None]:
            async def load(keys: list[K]) -> list[V | None]:
                async with database.reading() as connection:
                    found = await read(connection, keys)
                return [found.get(key) for key in keys]

            return DataLoader(load_fn=load)

        def by_id(shape: shapes.Shape[V]) -> DataLoader[queries.Key, V | None]:
            async def read(connection: Any, keys: Sequence[queries.Key]) -> Mapping[queries.Key, V]:
                return await queries.by_id(connection, shape, keys)

            return loader(read)

        self.studio = loader(queries.studios)
        self.categories = loader(queries.categories)
        self.staff = by_id(shapes.STAFF)
        self.invitation = by_id(shapes.INVITATION)
        self.event = by_id(shapes.HAPPENED)
        self.sessions_to_teach = loader(partial(staffing.sessions_to_teach, now=now))
        self.staff_of_account = loader(staffing.staff_of_accounts)
        self.course = by_id(shapes.COURSE)
        self.session = by_id(shapes.SESSION)
        self.client = by_id(shapes.CLIENT)
        self.enrolment = by_id(shapes.ENROLMENT)
        self.booking = by_id(shapes.BOOKING)
        self.credit = by_id(as_of(now))
        self.entry = by_id(shapes.ENTRY)
        self.credit_earned_by = loader(partial(queries.credits_earned_by, now=now))
        self.earned_before = loader(queries.earned_before)
        self.course_size = loader(queries.course_sizes)
        self.unspent_credits = loader(partial(queries.unspent_credits, now=now))
        self.family = loader(queries.families)
        self.managed = loader(queries.managed)
        self.seats_during = loader(clashes.seats_during)
        self.live_booking = loader(queries.live_bookings)
        self.outstanding = loader(partial(outstanding.of_clients, now=now))
        self.bookable_sessions = loader(queries.count_bookable)
        self.ledger = loader(queries.ledgers)
        self.seats = loader(live_seats.seats_of)
        self.coming_sessions = loader(partial(live_seats.coming_sessions, now=now))
        self.waiting = loader(partial(waiting.queues, now=now))
        self.waiting_count = loader(partial(waiting.waiting_counts, now=now))
        self.live_entry = loader(partial(waiting.live_entries, now=now))
        self.places_of_credit = loader(partial(waiting.places_of, now=now))


async def loaded(loader: DataLoader[K, V | None], key: K | None) -> V | None:
    """Nothing for no key. What is loaded side by side of several objects goes into one batch."""
    return None if key is None else await loader.load(key)
