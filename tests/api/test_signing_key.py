"""The signing key: given, made once, or missing."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from api.settings import Settings, SettingsError
from api.signing_key import load_signing_key

GIVEN = "a secret of thirty-two bytes or more"


def local(folder: Path, **given: object) -> Settings:
    return Settings.model_validate({"database_url": f"sqlite:///{folder}/var/encore.db"} | given)


def key_made_in(folder: Path) -> bytes:
    return load_signing_key(local(folder))


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert load_signing_key(local(tmp_path, signing_key=GIVEN)) == GIVEN.encode()
    assert not list(tmp_path.iterdir())


def test_a_local_start_makes_a_key_that_stays(tmp_path: Path) -> None:
    first = key_made_in(tmp_path)

    assert len(first) == 64
    assert key_made_in(tmp_path) == first
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["signing-key"]


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        key_made_in(tmp_path)
    finally:
        os.umask(umask)

    assert stat.S_IMODE((tmp_path / "var" / "signing-key").stat().st_mode) == 0o600


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert key_made_in(tmp_path / "a") != key_made_in(tmp_path / "b")


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    folders = [tmp_path / str(n) for n in range(20)]
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as processes:
        keys = list(processes.map(key_made_in, [folder for folder in folders for _ in range(4)]))

    for folder in folders:
        made = {key for key, where in zip(keys, [f for f in folders for _ in range(4)], strict=True) if where == folder}
        assert made == {(folder / "var" / "signing-key").read_bytes()}


def test_a_loser_of_the_race_reads_the_winner_s_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    winner = key_made_in(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda _: False)

    assert key_made_in(tmp_path) == winner
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["signing-key"]


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "var" / "signing-key"
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(SettingsError, match="is damaged"):
        key_made_in(tmp_path)

    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "elsewhere", [{"host": "0.0.0.0"}, {"database_url": "postgresql://db/encore"}], ids=["host", "database"]
)
def test_a_start_that_is_not_local_requires_a_key(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="ENCORE_SIGNING_KEY is required"):
        load_signing_key(local(tmp_path, **elsewhere))

    assert load_signing_key(local(tmp_path, signing_key=GIVEN, **elsewhere)) == GIVEN.encode()
    assert not list(tmp_path.iterdir())
