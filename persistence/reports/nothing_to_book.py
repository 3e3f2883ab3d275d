"""The clients who hold credits that can book nothing."""

from datetime import datetime

import sqlalchemy as sa

from domain.nouns.client import Client
from domain.nouns.credit import CreditState
from domain.nouns.studio import Studio
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.bookable import who_can_book
from persistence.reads.credit_states import in_states
from persistence.reads.offered import Offered
from persistence.reads.pages import Listing


def clients(studio: Studio, now: datetime) -> Listing[Client]:
    """S5: who hold an active credit while none of their active ones can book them any session now, by name.

    Worked out for all of the studio at once, whatever part of it is shown.
    """
    c, credit = t.clients.c, t.make_up_credits.c
    holders = sa.select(credit.client_id).where(credit.studio_id == studio.id, in_states({CreditState.ACTIVE}, now))
    where = [c.studio_id == studio.id, c.id.in_(holders)]
    if studio.archived_at is None:  # where it is, nobody books anything
        able = who_can_book(Offered(studio.id, studio.policy, studio.zone, now))
        # Not NOT IN, for which SQLite would search all of them for nulls.
        where.append(sa.case((c.id.in_(able), sa.false()), else_=sa.true()))
    return Listing(s.CLIENT, s.CLIENT.source, (c.name, c.id), tuple(where))
