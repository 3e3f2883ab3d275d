"""The demo as its people see it, through a real server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.api.filled import Filled
from tests.operations import document
from tests.world import Api, Json, data

SLUG = "yoga-hana"


@dataclass(frozen=True)
class Demo:
    """The demo behind a real server, and those of its people who sign in."""

    filled: Filled
    api: Api
    tokens: Mapping[str, str]

    async def ask(self, who: str | None, name: str, **variables: Any) -> Json:
        """What an operation of the files answers, without errors."""
        token = None if who is None else self.tokens[who]
        now = self.filled.now.isoformat()
        return data(await self.api.answer(document(name), variables, token=token, now=now))

    def day(self, offset: int) -> str:
        return (self.filled.today + timedelta(days=offset)).isoformat()

    async def clients(self, who: str) -> dict[str, str]:
        """The clients that an account manages, by name."""
        found = await self.ask(who, "Welcome", studio=SLUG)
        return {client["name"]: client["id"] for client in found["viewer"]["clients"]["nodes"]}
