"""Arguments that several fields take."""

from typing import Annotated

import strawberry

ForClient = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Who is to attend; null for the one client that the account manages."),
]
ForClientOfCredit = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Who is to attend; null for the credit's client, or the one client that the account manages."
    ),
]
WithCredit = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The credit to spend; null for the best one that the client may spend."),
]
ToHold = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="The credit to hold; null for the best one that the client may spend. Never without `withCredit`."
    ),
]
WhetherWithCredit = Annotated[
    bool, strawberry.argument(description="Whether a make-up credit is to pay the seat; if not, money is.")
]
