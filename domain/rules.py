"""A rule: one function with its number in the rule book and the codes that it can answer with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from domain.nouns.words import Word

Subject = TypeVar("Subject", contravariant=True)
Answer = TypeVar("Answer", covariant=True)


@dataclass(frozen=True)
class Rule(Generic[Subject, Answer]):
    """Called with a subject and `now`; answers None where the rule holds, else why it does not."""

    number: str
    codes: tuple[Word, ...]
    check: Callable[[Subject, datetime], Answer | None]

    def __call__(self, subject: Subject, now: datetime) -> Answer | None:
        return self.check(subject, now)

    @property
    def name(self) -> str:
        return self.check.__name__

    @property
    def sentence(self) -> str:
        return (self.check.__doc__ or "").strip()


def rule(number: str, *codes: Word) -> Callable[[Callable[[Subject, datetime], Answer | None]], Rule[Subject, Answer]]:
    """Gives a function its number and its codes."""

    def number_it(check: Callable[[Subject, datetime], Answer | None]) -> Rule[Subject, Answer]:
        return Rule(number, codes, check)

    return number_it


def broken(rules: Iterable[Rule[Subject, Answer]], subject: Subject, now: datetime) -> tuple[Answer, ...]:
    """Why not: the answers of every rule that does not hold, in the order of the rules."""
    return tuple(answer for each in rules if (answer := each(subject, now)) is not None)


def codes_of(*rules: Rule[Any, Any]) -> tuple[Word, ...]:
    """Every code that the rules can answer with, once each, in their order."""
    return tuple(dict.fromkeys(code for each in rules for code in each.codes))
