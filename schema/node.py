"""The interface of everything that has an id."""

import strawberry


@strawberry.interface(description="Anything that has an id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque and unique in all of Encore. Never take it apart.")
