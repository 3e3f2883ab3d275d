"""Who may book before whom where somebody waits for a seat (W2), as conditions in SQL.

The rules stand in `domain.waiting.queueing.ahead_of` and `domain.spending.seats.session_full`. All this is asked of
sessions that are offered to credits, so that what a session decides about any make-up is decided.
"""

import sqlalchemy as sa

from domain.nouns.policy import CreditScope, Policy
from persistence import tables as t
from persistence.reads.effective import CATEGORY, PRICE
from persistence.reads.entry_states import SAYS_WAITING, waits
from persistence.reads.given import read_once
from persistence.reads.offered import Offered
from persistence.reads.terms import Target, fits, terms_of_held
from persistence.reads.waiting import HOLDERS, WHO_WAITS

_COURSES = sa.and_(t.courses.c.studio_id == t.sessions.c.studio_id, t.courses.c.id == t.sessions.c.course_id)


def last_to_book(offered: Offered) -> sa.CTE:
    """By session: the last place in its queue from which one may book now; whoever comes later finds the session full.

    That is the first of those who could take a seat. No row where there is none, or nothing is free.
    """
    entry, session = t.waitlist_entries.c, t.sessions.c
    place = sa.func.row_number().over(partition_by=entry.session_id, order_by=(entry.joined_at, entry.id))
    able = (
        sa.select(entry.session_id, entry.joined_at, entry.id, place.label("place"))
        .select_from(WHO_WAITS.outerjoin(t.courses, _COURSES))
        .where(
            entry.studio_id == offered.studio_id,
            waits(offered.now),
            session.taken < session.capacity + session.extra_make_up_seats,
            _could_take_a_seat(offered),
        )
        .subquery()
        .c
    )
    return read_once(sa.select(able.session_id, able.joined_at, able.id).where(able.place == 1))


def _could_take_a_seat(offered: Offered) -> sa.ColumnElement[bool]:
    """On a row of `WHO_WAITS`. They have no seat yet, and their credit is held for them: else they would not wait."""
    entry, session = t.waitlist_entries.c, t.sessions.c
    for_money = sa.and_(entry.credit_id.is_(None), session.taken < session.capacity)
    return sa.and_(t.clients.c.archived_at.is_(None), sa.or_(for_money, _credit_could_pay(offered)))


def _credit_could_pay(offered: Offered) -> sa.ColumnElement[bool]:
    credit, session = t.make_up_credits.c, t.sessions.c
    return sa.and_(
        t.client_accounts.c.account_id.is_not(None),
        _is_theirs(offered.policy),
        sa.or_(credit.redeemable_from.is_(None), credit.redeemable_from <= offered.now),
        fits(Target(session.id, session.starts_at, PRICE, CATEGORY), terms_of_held(offered.policy)),
    )


def _is_theirs(policy: Policy) -> sa.ColumnElement[bool]:
    """R8."""
    theirs = t.make_up_credits.c.client_id == t.waitlist_entries.c.client_id
    if policy.credit_scope is CreditScope.SAME_CLIENT:
        return theirs
    return sa.or_(theirs, HOLDERS.c.account_id == t.client_accounts.c.account_id)


def is_not_passed_over(
    session_id: sa.ColumnElement[object], asked: sa.CTE, last: sa.CTE, studio_id: int
) -> sa.ColumnElement[bool]:
    """Whether the client of a row of `asked` comes before, or is, the last to book in the session, where there is one.

    `last`: a `last_to_book`.
    """
    entry = t.waitlist_entries.c
    # Both read once for all clients and sessions, as their seats are.
    early = (
        sa.select(entry.client_id, entry.session_id)
        .join_from(t.waitlist_entries, last, last.c.session_id == entry.session_id)
        .where(
            entry.studio_id == studio_id,
            SAYS_WAITING,
            sa.tuple_(entry.joined_at, entry.id) <= sa.tuple_(last.c.joined_at, last.c.id),
        )
    )
    queued = session_id.in_(sa.select(last.c.session_id).correlate(None))
    is_early = sa.tuple_(asked.c.client_id, session_id).in_(early.correlate(None))
    return sa.case((queued, is_early), else_=sa.true())
