"""Passwords."""

import secrets
import threading
from typing import Literal

import anyio
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from api.passwords import Passwords
from domain.faults import BadUserInput, FaultCode

CHEAP = PasswordHasher.from_parameters(CHEAPEST)


class CountingHasher(PasswordHasher):
    """Counts how many run at once; each waits for a second one, so that two must be able to."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str | bytes] = []
        self.running = 0
        self.most = 0
        self.lock = threading.Lock()
        self.pair = threading.Barrier(2)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with self.lock:
            self.verified.append(hash)
            self.running += 1
            self.most = max(self.most, self.running)
        self.pair.wait(timeout=30)
        with self.lock:
            self.running -= 1
        return super().verify(hash, password)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(CHEAP)


async def test_a_password_matches_its_own_hash_only(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")

    assert await passwords.verify("correct horse", stored)
    assert not await passwords.verify("Correct horse", stored)
    assert not await passwords.verify("", stored)


async def test_the_product_s_hash_is_argon2id_with_64_mib() -> None:
    stored = await Passwords().hash("correct horse")

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "correct" not in stored


async def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash("correct horse") != await passwords.hash("correct horse")


@pytest.mark.parametrize("password", ["", "1234567", "x" * 257, "é" * 7])
async def test_a_password_of_another_length_is_bad_input(passwords: Passwords, password: str) -> None:
    with pytest.raises(BadUserInput) as caught:
        await passwords.hash(password)

    assert caught.value.code is FaultCode.BAD_USER_INPUT
    assert caught.value.path == ("password",)


@pytest.mark.parametrize("password", ["12345678", "x" * 256, "ř" * 256, "🔑" * 8])
async def test_lengths_are_counted_in_characters(passwords: Passwords, password: str) -> None:
    assert await passwords.verify(password, await passwords.hash(password))


async def test_the_same_text_typed_on_two_keyboards_is_one_password(passwords: Passwords) -> None:
    assert await passwords.verify("re\u0301sume\u0301 2026", await passwords.hash("résumé 2026"))


async def test_an_unknown_account_never_matches(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not await passwords.verify("correct horse", None)
    assert not await passwords.verify("", None)

    monkeypatch.setattr(secrets, "token_hex", lambda: "guessed by chance")

    assert not await Passwords(CHEAP).verify("guessed by chance", None)


async def test_an_unknown_account_costs_one_verification_like_a_known_one() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    stored = await passwords.hash("correct horse")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(passwords.verify, "wrong horse", stored)
        tasks.start_soon(passwords.verify, "wrong horse", None)

    costs = [str(verified).split("$")[3] for verified in hasher.verified]
    assert costs == ["m=8,t=1,p=1"] * 2
    assert len(set(hasher.verified)) == 2


async def test_a_password_too_long_to_be_one_is_wrong_without_work() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)

    assert not await passwords.verify("x" * 257, await passwords.hash("correct horse"))
    assert not hasher.verified


async def test_a_burst_runs_two_at_a_time() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher, at_once=2)
    stored = await passwords.hash("correct horse")

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(passwords.verify, "correct horse", stored)

    assert (len(hasher.verified), hasher.most) == (8, 2)
