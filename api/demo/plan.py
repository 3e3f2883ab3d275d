"""What a studio of the demo is, as data: the tables are in `hana` and `harbor`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from api.demo.acts import Act, Timeline
from api.demo.people import DemoAccount, DemoClient
from domain.nouns.studio import Role


@dataclass(frozen=True)
class CoursePlan:
    """A session on each of the days, counted from the day of filling. Prices in minor units."""

    name: str
    category: str
    days: Sequence[int]
    clock: time
    teacher: DemoAccount
    capacity: int
    whole: int | None
    single: int | None
    accepts_make_ups: bool
    policy: Mapping[str, object] = field(default_factory=dict[str, object])
    hours: int = 1


@dataclass(frozen=True)
class ClassPlan:
    """A one-time class."""

    name: str
    category: str
    day: int
    clock: time
    teacher: DemoAccount
    capacity: int
    price: int
    accepts_make_ups: bool
    hours: int = 1


@dataclass(frozen=True)
class StudioPlan:
    """`at_the_founding`: acts before everything else. `policy` by the names of its fields."""

    slug: str
    name: str
    zone: ZoneInfo
    currency: str
    policy: Mapping[str, object]
    owner: DemoAccount
    staff: tuple[tuple[DemoAccount, Role], ...]
    clients: tuple[DemoClient, ...]
    courses: tuple[CoursePlan, ...]
    classes: tuple[ClassPlan, ...]
    timeline: Timeline
    at_the_founding: tuple[Act, ...] = ()
