"""The keys of acts that were answered, at a studio and outside of any."""

import sqlalchemy as sa

from persistence.tables.columns import instant, metadata, studio_id


def _key_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("mutation", sa.String(60), primary_key=True),
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True)),
        instant("used_at"),
    )


idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    studio_id(to_studios=False),
    sa.Column("account_id", sa.Uuid, primary_key=True),
    *_key_columns(),
    sa.Index(None, "used_at"),
)

account_idempotency_keys = sa.Table(
    "account_idempotency_keys",
    metadata,
    sa.Column("holder_id", sa.Uuid, primary_key=True),
    *_key_columns(),
    sa.Index(None, "used_at"),
    comment="Keys of acts outside of any studio, by account; of signing up, by a hash of the e-mail.",
)
