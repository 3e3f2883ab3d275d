"""The four arguments of every list."""

from typing import Annotated

import strawberry

First = Annotated[
    int | None,
    strawberry.argument(description="How many things from the beginning, 1 to 100; 20 where neither is given."),
]
Last = Annotated[int | None, strawberry.argument(description="How many things from the end, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor of the same list.")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor of the same list.")]
