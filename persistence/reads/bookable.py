"""Which sessions a credit can book, as a condition in SQL, so that a page of them is one statement, and their number.

The rules stand in `domain.spending`, in `session_rules` and `credit_rules`, and decide there again for every session
that is shown. A test holds the two against each other on sessions of every kind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from domain.nouns.booking import BookingStatus
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.studio import Studio
from persistence import tables as t
from persistence.reads.credit_states import in_states
from persistence.reads.effective import CATEGORY, PRICE, SESSIONS
from persistence.reads.given import read_once, table_of
from persistence.reads.offered import Offered
from persistence.reads.terms import TYPES, Columns, Target, Terms, fits, terms_of, terms_of_active
from persistence.reads.turns import is_not_passed_over, last_to_book


@dataclass(frozen=True)
class Bookable:
    """For one client, with any of the credits that ask `terms`; with none, nothing.

    `other_than`: a session that is not meant.
    """

    offered: Offered
    client_id: UUID
    terms: frozenset[Terms]
    other_than: UUID | None = None

    @classmethod
    def by(
        cls,
        studio: Studio,
        client_id: UUID,
        now: datetime,
        credits: Iterable[MakeUpCredit],
        other_than: UUID | None = None,
    ) -> "Bookable":
        """With any of these, which are the client's to spend now."""
        terms = terms_of(credits, studio.policy) if studio.archived_at is None else frozenset[Terms]()
        return cls(Offered(studio.id, studio.policy, studio.zone, now), client_id, terms, other_than)

    def condition(self) -> sa.ColumnElement[bool]:
        """On a row of `effective.SESSIONS`."""
        if not self.terms:
            return sa.false()
        asked = _asked([self])
        target = Target(t.sessions.c.id, t.sessions.c.starts_at, PRICE, CATEGORY)
        able = sa.exists().select_from(asked).where(_can_book(target, asked, self.offered))
        return sa.and_(self.offered.condition(), able)


def counts(offered: Offered, keys: Sequence[Bookable]) -> sa.Select[int, int]:
    """How many of the sessions offered each can book, by its place among the keys; no row for none."""
    found, asked = _targets(offered), _asked(keys)
    return (
        sa.select(asked.c.place, sa.func.count(sa.distinct(found.id)))
        .where(_can_book(found, asked, offered))
        .group_by(asked.c.place)
    )


def who_can_book(offered: Offered) -> sa.Select[UUID]:
    """The clients who can book any of the sessions offered with an active credit of their own."""
    asked = _asked_by_all(offered)
    able = sa.exists().where(_can_book(_targets(offered), asked, offered)).correlate(asked)
    return sa.select(asked.c.client_id).where(able)


def _targets(offered: Offered) -> Target:
    c = t.sessions.c
    columns = (c.id, c.starts_at, PRICE.label("price"), CATEGORY.label("category"))
    found = read_once(sa.select(*columns).select_from(SESSIONS).where(offered.condition())).c
    return Target(found.id, found.starts_at, found.price, found.category)


def _asked(keys: Sequence[Bookable]) -> sa.CTE:
    """A row for each of the terms of each."""
    rows = (
        {"place": place, "client_id": key.client_id, "other_than": key.other_than, **vars(terms)}
        for place, key in enumerate(keys)
        for terms in key.terms
    )
    return table_of(rows, {"place": sa.Integer(), "client_id": sa.Uuid(), "other_than": sa.Uuid(), **TYPES})


def _asked_by_all(offered: Offered) -> sa.CTE:
    """A row for all of a client's active credits that ask the same. R2, B4: only an account spends them, and not for
    somebody archived.
    """
    c, asked = t.make_up_credits.c, terms_of_active(offered.policy)
    return read_once(
        sa.select(
            c.client_id,
            sa.cast(sa.null(), sa.Uuid()).label("other_than"),
            *(getattr(asked, name).label(name) for name in TYPES),
        )
        .distinct()
        .select_from(
            t.make_up_credits.join(
                t.clients, sa.and_(t.clients.c.studio_id == c.studio_id, t.clients.c.id == c.client_id)
            ).join(
                t.client_accounts,
                sa.and_(t.client_accounts.c.studio_id == c.studio_id, t.client_accounts.c.client_id == c.client_id),
            )
        )
        .where(
            c.studio_id == offered.studio_id,
            t.clients.c.archived_at.is_(None),
            in_states({CreditState.ACTIVE}, offered.now),
            sa.or_(c.redeemable_from.is_(None), c.redeemable_from <= offered.now),
        )
    )


def _can_book(target: Target, asked: sa.CTE, offered: Offered) -> sa.ColumnElement[bool]:
    """What is asked, of a session that is offered: terms, no seat there already, and nobody who comes first."""
    c, booking = asked.c, t.bookings.c
    # The seats of all clients at once, not those of each in each session: both databases read them once.
    theirs = sa.select(booking.client_id, booking.session_id).where(
        booking.studio_id == offered.studio_id,
        booking.client_id.in_(sa.select(c.client_id).correlate(None)),
        booking.status == BookingStatus.BOOKED,
    )
    # Not NOT IN, for which SQLite would search all of them for nulls.
    not_yet_booked = sa.case(
        (sa.tuple_(c.client_id, target.id).in_(theirs.correlate(None)), sa.false()), else_=sa.true()
    )
    another = sa.or_(c.other_than.is_(None), target.id != c.other_than)
    turn = is_not_passed_over(target.id, asked, last_to_book(offered), offered.studio_id)
    return sa.and_(fits(target, Columns.of(asked)), another, not_yet_booked, turn)
