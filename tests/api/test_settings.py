"""Settings from the environment."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings, SettingsError, read_settings

SECRET = "a secret of thirty-two bytes or more"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("ENCORE_"):
            monkeypatch.delenv(name)


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return caught.value.sentences


def test_every_setting_has_a_default_and_a_description() -> None:
    settings = read_settings()

    assert settings.model_dump() == {
        "database_url": "sqlite:///var/encore.db",
        "host": "127.0.0.1",
        "port": 8000,
        "signing_key": None,
        "access_token_minutes": 60,
        "cors_origins": (),
        "time_travel": False,
        "demo": False,
        "graphiql": False,
    }
    assert all(field.description for field in Settings.model_fields.values())


def test_every_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": " postgresql://encore@db/encore ",
        "HOST": "localhost",
        "PORT": "9000",
        "SIGNING_KEY": SECRET,
        "ACCESS_TOKEN_MINUTES": "15",
        "CORS_ORIGINS": "https://app.example, http://localhost:5173,",
        "TIME_TRAVEL": "1",
        "DEMO": "true",
        "GRAPHIQL": "on",
    }.items():
        monkeypatch.setenv(f"ENCORE_{name}", value)

    settings = read_settings()

    assert settings.database_url == "postgresql://encore@db/encore"
    assert (settings.host, settings.port, settings.access_token_minutes) == ("localhost", 9000, 15)
    assert settings.signing_key is not None
    assert settings.signing_key.get_secret_value() == SECRET
    assert settings.cors_origins == ("https://app.example", "http://localhost:5173")
    assert settings.time_travel
    assert settings.demo
    assert settings.graphiql


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"ENCORE_{name.upper()}", "")

    assert read_settings() == Settings.model_construct()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings.__setattr__(read_settings(), "port", 1)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///var/encore.db", "sqlite+aiosqlite:///var/encore.db"),
        ("sqlite:////srv/encore.db", "sqlite+aiosqlite:////srv/encore.db"),
        ("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite:///a.db"),
        ("postgresql://u:p%40ss@db:5433/encore", "postgresql+asyncpg://u:p%40ss@db:5433/encore"),
        ("postgres://db/encore", "postgresql+asyncpg://db/encore"),
        ("postgresql+asyncpg://db/encore", "postgresql+asyncpg://db/encore"),
        ("postgresql://db/encore?sslmode=require", "postgresql+asyncpg://db/encore?ssl=require"),
    ],
)
def test_a_database_url_gets_the_async_driver(monkeypatch: pytest.MonkeyPatch, given: str, used: str) -> None:
    monkeypatch.setenv("ENCORE_DATABASE_URL", given)

    assert read_settings().sqlalchemy_url == used


@pytest.mark.parametrize("url", ["mysql://db/encore", "postgresql+psycopg2://db/encore", "encore.db", "://", "x"])
def test_another_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ENCORE_DATABASE_URL", url)

    assert problems() == ("ENCORE_DATABASE_URL: must begin with sqlite:/// or postgresql://.",)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:encore.db?uri=true"])
def test_a_database_that_is_no_file_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ENCORE_DATABASE_URL", url)

    assert problems() == ("ENCORE_DATABASE_URL: must name a file, as in sqlite:///var/encore.db.",)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "::1"])
@pytest.mark.parametrize("setting", ["TIME_TRAVEL", "DEMO"])
def test_time_travel_and_demo_are_allowed_on_loopback(monkeypatch: pytest.MonkeyPatch, setting: str, host: str) -> None:
    monkeypatch.setenv("ENCORE_HOST", host)
    monkeypatch.setenv(f"ENCORE_{setting}", "1")

    assert read_settings().is_development


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "::",
        "192.168.1.5",
        "example.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "127.1",
    ],
)
@pytest.mark.parametrize("setting", ["TIME_TRAVEL", "DEMO"])
def test_time_travel_and_demo_are_refused_elsewhere(monkeypatch: pytest.MonkeyPatch, setting: str, host: str) -> None:
    monkeypatch.setenv("ENCORE_HOST", host)
    assert not read_settings().is_loopback

    monkeypatch.setenv(f"ENCORE_{setting}", "1")

    assert problems() == (f"ENCORE_{setting} needs a loopback ENCORE_HOST such as 127.0.0.1.",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("ACCESS_TOKEN_MINUTES", "0"),
        ("ACCESS_TOKEN_MINUTES", "1441"),
        ("TIME_TRAVEL", "perhaps"),
        ("SIGNING_KEY", "x" * 31),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://*.example"),
        ("CORS_ORIGINS", "app.example"),
        ("CORS_ORIGINS", "https://app.example/"),
        ("CORS_ORIGINS", "https://app.example/path"),
        ("CORS_ORIGINS", "https://App.example"),
        ("CORS_ORIGINS", "https://user@app.example"),
        ("CORS_ORIGINS", "https://app.example:port"),
        ("CORS_ORIGINS", "ftp://app.example"),
        ("CORS_ORIGINS", "null"),
    ],
)
def test_a_wrong_value_is_explained_in_one_sentence_that_does_not_repeat_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ENCORE_{name}", value)

    (sentence,) = problems()

    assert sentence.startswith(f"ENCORE_{name}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(value) < 9 or value not in sentence


def test_every_wrong_value_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_PORT", "http")
    monkeypatch.setenv("ENCORE_SIGNING_KEY", "short")

    assert len(problems()) == 2


def test_secrets_are_not_shown_by_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_DATABASE_URL", "postgresql://encore:hidden@db/encore")
    monkeypatch.setenv("ENCORE_SIGNING_KEY", SECRET)

    shown = repr(read_settings()) + str(read_settings())

    assert "hidden" not in shown
    assert SECRET not in shown


def test_only_sqlite_has_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().sqlite_path == Path("var/encore.db")
    assert read_settings().is_local

    monkeypatch.setenv("ENCORE_DATABASE_URL", "postgresql://db/encore")

    assert read_settings().sqlite_path is None
    assert not read_settings().is_local
