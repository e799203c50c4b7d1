"""What docs/security.md and docs/log.md say of limits, sessions and logs is what the code does."""

from datetime import timedelta

from bostad.accounts.access import Role
from bostad.accounts.attempts import PER_ADDRESS, PER_USER, WINDOW
from bostad.accounts.proofs import FRESH_FOR, Factor
from bostad.accounts.sessions import IDLE_MINUTES, LONGEST
from bostad.adapters.logs import KEYS
from bostad.audit.reveals import MOST_HOUSEHOLDS
from bostad.web.pace import CHANGE_SECONDS, CHANGES_PER_SECOND, PER_SECOND, SECONDS
from tests.assurance.code import ROOT

SECURITY = " ".join((ROOT / "docs" / "security.md").read_text().split())
LOG = (ROOT / "docs" / "log.md").read_text()


def test_the_ways_in_are_as_written() -> None:
    """ASVS V6.1.3, V7.1.1, V7.1.2: one way, three second factors, each session's lengths, and as many as one likes."""
    assert {str(factor) for factor in Factor} == {"authenticator", "passkey", "recovery_code"}
    assert "(a passkey, an authenticator app, or a recovery code that works once)" in SECURITY
    assert {IDLE_MINUTES[role] for role in Role} == {15, 30}
    assert (IDLE_MINUTES[Role.HOUSING_STAFF], LONGEST) == (15, timedelta(hours=10))
    assert "ends after 15 idle minutes (companies) or 30, and after ten hours in any case" in SECURITY
    assert "One may have several; each is listed and can be ended" in SECURITY


def test_the_limits_of_trying_and_reading_are_as_written() -> None:
    """ASVS V6.1.1, V8.1.3, V8.1.4: tries at a password, how fast one asks, how much one reads, how fresh a proof is."""
    assert (10, 30, timedelta(minutes=5)) == (PER_USER, PER_ADDRESS, WINDOW)
    assert "Ten tries for a user and thirty from an address in five minutes" in SECURITY
    assert (PER_SECOND, SECONDS) == (5, 60)
    assert "five requests a second over a minute for a session, and ten changes in ten seconds" in SECURITY
    assert (CHANGES_PER_SECOND, CHANGE_SECONDS) == (1, 10)
    assert MOST_HOUSEHOLDS == 20
    assert "twenty households in an hour for a person" in SECURITY
    assert timedelta(minutes=15) == FRESH_FOR
    assert "over 15 minutes: it is asked for again" in SECURITY


def test_every_key_of_a_line_and_every_log_is_in_the_inventory() -> None:
    """ASVS V16.1.1: what each log holds, in which form, where, who looks and how long."""
    part = LOG.partition("## Every log there is")[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]

    assert [key for key in KEYS if f"`{key}`" not in part] == []
    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    assert len(rows) > 7
