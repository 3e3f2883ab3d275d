"""Harbor Arts in New York: what it is and what it offers."""

from datetime import time
from zoneinfo import ZoneInfo

from api.demo.harbor_timeline import TIMELINE
from api.demo.people import AT_HARBOR, DANA, GRACE, JAMES, ROSA
from api.demo.plan import ClassPlan, CoursePlan, StudioPlan
from domain.nouns.policy import (
    CapPeriod,
    CategoryGuard,
    Days,
    EarnCap,
    ExpiryRounding,
    LateCancellation,
    LocalTime,
    PriceGuard,
)
from domain.nouns.studio import Role

_COURSES = (
    CoursePlan(
        "Ballet basics",
        category="Dance",
        days=range(-26, 31, 7),
        clock=time(18),
        teacher=ROSA,
        capacity=5,
        whole=240_00,
        single=35_00,
        accepts_make_ups=True,
        policy={"freed_seats_only": True},
    ),
    CoursePlan(
        "Guitar for beginners",
        category="Music",
        days=range(-23, 34, 7),
        clock=time(19),
        teacher=JAMES,
        capacity=4,
        whole=280_00,
        single=None,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Swimming for kids",
        category="Swimming",
        days=range(-25, 32, 7),
        clock=time(16),
        teacher=DANA,
        capacity=4,
        whole=260_00,
        single=38_00,
        accepts_make_ups=True,
        policy={"earn_cap": EarnCap(1, CapPeriod.COURSE), "extra_make_up_seats": 1},
    ),
    CoursePlan(
        "Autumn choir",
        category="Music",
        days=(-21, -7, 7),
        clock=time(19),
        teacher=JAMES,
        capacity=12,
        whole=60_00,
        single=None,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Summer choir",
        category="Music",
        days=range(-25, -11, 7),
        clock=time(18, 30),
        teacher=JAMES,
        capacity=12,
        whole=60_00,
        single=25_00,
        accepts_make_ups=True,
    ),
    CoursePlan(
        "Salsa drop-in",
        category="Dance",
        days=range(-24, 70, 7),
        clock=time(20),
        teacher=ROSA,
        capacity=10,
        whole=None,
        single=22_00,
        accepts_make_ups=True,
        policy={"make_ups_open_days_before": 14, "make_ups_close_minutes_before": 120, "max_make_ups": 3},
    ),
)
_CLASSES = (
    ClassPlan("Family swim", "Swimming", -8, time(11), DANA, 15, price=12_00, accepts_make_ups=True),
    ClassPlan("Piano masterclass", "Music", 3, time(17), JAMES, 2, price=45_00, accepts_make_ups=True),
    ClassPlan("Open mic night", "Music", 6, time(19, 30), JAMES, 20, price=15_00, accepts_make_ups=True),
    ClassPlan(
        "Broadway dance workshop", "Workshop", 17, time(10), ROSA, 12, price=150_00, accepts_make_ups=False, hours=4
    ),
    ClassPlan("Drum circle", "Music", 52, time(18, 30), JAMES, 16, price=18_00, accepts_make_ups=True),
)

HARBOR = StudioPlan(
    slug="harbor-arts",
    name="Harbor Arts",
    zone=ZoneInfo("America/New_York"),
    currency="USD",
    policy={
        "make_ups_enabled": True,
        "cancellation_deadline": LocalTime(1, time(18)),
        "late_cancellation": LateCancellation.BLOCK,
        "single_bookings_earn": False,
        "validity": Days(21),
        "expiry_rounding": ExpiryRounding.EXACT,
        "max_days_ahead": 45,
        "max_outstanding": 2,
        "price_guard": PriceGuard.SAME_OR_LOWER,
        "category_guard": CategoryGuard.SAME_CATEGORY,
    },
    owner=GRACE,
    staff=((ROSA, Role.INSTRUCTOR), (JAMES, Role.INSTRUCTOR), (DANA, Role.INSTRUCTOR)),
    clients=AT_HARBOR,
    courses=_COURSES,
    classes=_CLASSES,
    timeline=TIMELINE,
)
