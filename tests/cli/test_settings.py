"""What the environment may hold: unsafe values refuse to start, and say what to do (E07)."""

import re
from pathlib import Path

import pytest

from bostad.adapters.key_file import keyring_from
from bostad.cli import main
from bostad.sealing.keyring import UnsafeKeys
from bostad.settings import UnsafeSettings, read_logins, read_owner, read_web_settings, variable_of
from bostad.zones.logins import WEB_LOGINS, Login

TLS = "?sslmode=verify-full&sslrootcert=/etc/bostad/database.crt"
REDIS_TLS = "rediss://:pw@queue.example:6380/0?ssl_cert_reqs=required"
HERE = {
    "BOSTAD_SIDE": "housing",
    "BOSTAD_DOOR_DATABASE_URL": "postgresql://bostad_door:pw@localhost:5432/bostad",
    "BOSTAD_HOUSING_DATABASE_URL": "postgresql://bostad_housing:pw@/bostad?host=/var/run/postgresql",
    "BOSTAD_REDIS_URL": "redis://:pw@127.0.0.1:6379/0",
    "BOSTAD_SECRET": "x" * 40,
    "BOSTAD_HOSTS": "homes.example",
}
ELSEWHERE = HERE | {
    "BOSTAD_DOOR_DATABASE_URL": f"postgresql://bostad_door:pw@db.example/bostad{TLS}",
    "BOSTAD_HOUSING_DATABASE_URL": f"postgresql://bostad_housing:pw@db.example,db2.example:5433/bostad{TLS}",
    "BOSTAD_REDIS_URL": REDIS_TLS,
}


@pytest.mark.parametrize(
    "environment",
    [
        HERE,
        ELSEWHERE,
        HERE | {"BOSTAD_REDIS_URL": "redis+socket://:pw@/run/queue.sock?virtual_host=1"},
        HERE | {"BOSTAD_REDIS_URL": "unix:///run/queue.sock"},
        HERE | {"BOSTAD_DOOR_DATABASE_URL": "postgresql://bostad_door:pw@[::1]:5432/bostad"},
        HERE | {"BOSTAD_DOOR_DATABASE_URL": "postgresql:///bostad"},
    ],
)
def test_servers_on_this_computer_or_proved_by_tls_are_taken(environment: dict[str, str]) -> None:
    """S47, ASVS 12.3.1 and 12.3.2."""
    assert read_web_settings(environment).redis_url == environment["BOSTAD_REDIS_URL"]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bostad_door:pw@db.example/bostad",
        "postgresql://bostad_door:pw@db.example/bostad?sslmode=require",
        "postgresql://bostad_door:pw@db.example/bostad?sslmode=verify-ca",
        "postgresql://bostad_door:pw@db.example/bostad?sslmode=verify-full&sslmode=disable",
        "postgresql://bostad_door:pw@localhost,db.example/bostad",
        "postgresql://bostad_door:pw@/bostad?host=db.example",
        "postgresql://bostad_door:pw@localhost/bostad?hostaddr=10.0.0.7",
        "postgresql:///bostad?service=other",
        "postgresql://10.0.0.7:5432/bostad",
        "postgresql://localhost.example/bostad",
        "postgresql://[fe80::1]/bostad",
        "postgresql://[fe80::1/bostad",
    ],
)
def test_a_database_elsewhere_whose_certificate_is_not_proved_stops_the_start(address: str) -> None:
    """S47, ASVS 12.3.1 and 12.3.2: whoever reads it, the web, the worker or the one who migrates. ASVS V12.3.2."""
    for read in (read_web_settings, read_logins):
        with pytest.raises(UnsafeSettings, match="BOSTAD_DOOR_DATABASE_URL"):
            read(HERE | {"BOSTAD_DOOR_DATABASE_URL": address})
    with pytest.raises(UnsafeSettings, match="BOSTAD_DATABASE_URL"):
        read_owner({"BOSTAD_DATABASE_URL": address})


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
def test_what_libpq_is_told_elsewhere_counts_too(name: str) -> None:
    """S47."""
    plain = HERE | {"BOSTAD_DOOR_DATABASE_URL": "postgresql:///bostad", name: "db.example"}

    with pytest.raises(UnsafeSettings, match="verify-full"):
        read_web_settings(plain)


@pytest.mark.parametrize(
    "address",
    [
        "redis://:pw@queue.example:6379/0",
        "rediss://:pw@queue.example:6380/0",
        "rediss://:pw@queue.example:6380/0?ssl_cert_reqs=none",
        "rediss://:pw@queue.example:6380/0?ssl_cert_reqs=required&ssl_cert_reqs=none",
        "sentinel://127.0.0.1:26379",
    ],
)
def test_a_queue_elsewhere_whose_certificate_is_not_proved_stops_the_start(address: str) -> None:
    """S47, ASVS 12.3.1: Celery looks at no certificate unless it is told to. ASVS V12.3.1."""
    with pytest.raises(UnsafeSettings, match="BOSTAD_REDIS_URL"):
        read_web_settings(HERE | {"BOSTAD_REDIS_URL": address})


def test_codes_are_enough_in_a_demo_and_nowhere_else() -> None:
    """S18."""
    demo = {"BOSTAD_HOSTS": "127.0.0.1:8000", "BOSTAD_INSECURE_LOOPBACK": "yes", "BOSTAD_CODES_SUFFICE": "yes"}

    assert read_web_settings(HERE | demo).codes_suffice
    assert not read_web_settings(HERE).codes_suffice
    with pytest.raises(UnsafeSettings, match="BOSTAD_CODES_SUFFICE"):
        read_web_settings(HERE | {"BOSTAD_CODES_SUFFICE": "yes"})
    with pytest.raises(UnsafeSettings, match="passkeys are bound to a name"):
        read_web_settings(HERE | {"BOSTAD_HOSTS": "10.0.0.7, [fe80::1]:8000"})


def test_a_secret_may_lie_in_a_file_and_then_nowhere_else(tmp_path: Path) -> None:
    """E07, ASVS 13.3.1: as vaults and orchestrators hand secrets over."""
    file = tmp_path / "secret"
    file.write_text("y" * 40 + "\n")
    without = {name: value for name, value in HERE.items() if name != "BOSTAD_SECRET"}

    assert read_web_settings(without | {"BOSTAD_SECRET_FILE": str(file)}).secret == "y" * 40
    with pytest.raises(UnsafeSettings, match="and not both"):
        read_web_settings(HERE | {"BOSTAD_SECRET_FILE": str(file)})
    with pytest.raises(UnsafeSettings, match="BOSTAD_SECRET_FILE"):
        read_web_settings(without | {"BOSTAD_SECRET_FILE": str(tmp_path / "absent")})


def test_what_is_refused_is_said_without_the_secret_in_it() -> None:
    """E07, ASVS 13.3.1."""
    with pytest.raises(UnsafeSettings) as refused:
        read_web_settings(HERE | {"BOSTAD_DOOR_DATABASE_URL": "postgresql://bostad_door:hush@db.example/bostad"})

    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOSTAD_HOSTS", "https://homes.example/", "homes.example or localhost:8000"),
        ("BOSTAD_HOSTS", "", "homes.example or localhost:8000"),
        ("BOSTAD_PORT", "65536", "from 1 to 65535"),
        ("BOSTAD_PORT", "0", "from 1 to 65535"),
        ("BOSTAD_DOOR_DATABASE_URL", "mysql://door:pw@localhost/bostad", "begins with postgresql://"),
        ("BOSTAD_DOOR_DATABASE_URL", "nonsense", "begins with postgresql://"),
        ("BOSTAD_REDIS_URL", "http://localhost", "begins with redis://"),
        (
            "BOSTAD_REDIS_URL",
            "rediss://localhost:6380/0",
            "asks for TLS, so it must be rediss://...?ssl_cert_reqs=required",
        ),
    ],
)
def test_what_could_never_work_is_refused_with_how_it_is_written(name: str, value: str, said: str) -> None:
    """E07: a name with https:// before it, or a port that no computer has, would start and let nobody in."""
    with pytest.raises(UnsafeSettings, match=re.escape(said)):
        read_web_settings(HERE | {name: value})


def test_keys_that_cannot_be_read_are_said_by_where_they_are(tmp_path: Path) -> None:
    """E07, S43: one line, and never what stood there."""
    with pytest.raises(UnsafeKeys, match="absent cannot be read"):
        keyring_from(file=str(tmp_path / "absent"), written="")
    with pytest.raises(UnsafeKeys, match="BOSTAD_KEY: entry 1"):
        keyring_from(file="", written="hush")
    with pytest.raises(UnsafeKeys, match="BOSTAD_KEYS_FILE or BOSTAD_KEY is not set"):
        keyring_from(file="", written="")


def test_a_database_that_does_not_answer_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """E07: at the first set-up, when the server is not started yet, or its port another."""
    for name in Login:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.setenv("BOSTAD_DATABASE_URL", "postgresql://owner:hush@127.0.0.1:1/bostad")

    assert main(["migrate"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("bostad: the database does not answer: ")
    assert "hush" not in line


@pytest.mark.parametrize(
    "contact", ["incident@homes.example", "http://homes.example/incident", "mailto:a@b.se javascript:1"]
)
def test_a_contact_that_nobody_can_follow_stops_the_start(contact: str) -> None:
    """RFC 9116."""
    with pytest.raises(UnsafeSettings, match="BOSTAD_SECURITY_CONTACT"):
        read_web_settings(HERE | {"BOSTAD_SECURITY_CONTACT": contact})


def test_contacts_stand_apart_by_spaces() -> None:
    """RFC 9116."""
    settings = read_web_settings(HERE | {"BOSTAD_SECURITY_CONTACT": "mailto:incident@homes.example  tel:+46-8-000000"})
    assert settings.security_contacts == ("mailto:incident@homes.example", "tel:+46-8-000000")


def test_nothing_that_opens_a_door_has_a_value_of_its_own() -> None:
    """E07. ASVS V13.2.3: no address, password or secret is there unless the operator has set it."""
    with pytest.raises(UnsafeSettings) as refused:
        read_web_settings({})

    told = str(refused.value)
    named = ("BOSTAD_SECRET", "BOSTAD_HOSTS", "BOSTAD_REDIS_URL", *map(variable_of, WEB_LOGINS))
    assert [name for name in named if name not in told] == []
