"""`bostad keys rotate --drill ROWS`: how long a rotation takes, while others go on reading, on servers of its own."""

import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlmodel import col, func, select

from bostad.adapters.database import connect, migrate, sessions_on
from bostad.adapters.embedded import running_servers
from bostad.adapters.key_file import add_key, keyring_from
from bostad.records import Sessions
from bostad.sealing.columns import keyring_of
from bostad.sealing.envelope import new_key
from bostad.sealing.rotation import check_keys, wrap_anew
from bostad.sealing.tables import HouseholdKey

BATCH = 2_000
GOAL_SECONDS = 600
"""S44: at most ten minutes for 100,000 rows, and nobody notices."""


@dataclass
class _Reader:
    """Somebody at work during the rotation: opens keys at random and notes how long each took."""

    sessions: Sessions
    opened: int = 0
    longest: float = 0.0
    refused: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Open keys until told to stop, with the keyring as it was before the rotation."""
        while not self.stop.is_set():
            began = time.perf_counter()
            try:
                with self.sessions() as db:
                    some = select(HouseholdKey).where(col(HouseholdKey.case_id) > uuid4()).limit(1)
                    for row in db.exec(some.order_by(col(HouseholdKey.case_id))).all():
                        keyring_of(db).unwrap(row.wrapped)
                        self.opened += 1
            except Exception as refusal:  # noqa: BLE001 - whatever goes wrong for a reader is what the drill is after
                self.refused.append(repr(refusal))
            self.longest = max(self.longest, time.perf_counter() - began)


def drill(rows: int) -> int:
    """Rotate so many invented keys and print what it took; exit status 1 if anything was refused or took too long."""
    with tempfile.TemporaryDirectory(prefix="bostad-drill-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        keys = folder / "keys"
        add_key(keys)
        with running_servers(folder / "servers") as servers:
            migrate(servers.database_url, servers.logins())
            engine = connect(servers.database_url, pool_size=4)
            working = sessions_on(engine, keyring=keyring_from(file=str(keys), written=""))
            _invent(working, rows)
            reader = _Reader(working)
            thread = threading.Thread(target=reader.work)
            thread.start()
            began = time.perf_counter()
            add_key(keys)
            done = wrap_anew(sessions_on(engine, keyring=keyring_from(file=str(keys), written="")))
            seconds = time.perf_counter() - began
            reader.stop.set()
            thread.join()
            found = check_keys(working)
            engine.dispose()
    print(f"{done:,} households' keys wrapped anew in {seconds:.1f} s ({done / seconds:,.0f} a second).")
    print(f"Meanwhile {reader.opened:,} were opened; refused: {len(reader.refused)}; longest {reader.longest:.3f} s.")
    print(f"Afterwards {sum(found.opened.values()):,} open, {len(found.broken)} do not.")
    well = done == rows and not reader.refused and not found.broken and seconds <= GOAL_SECONDS
    return 0 if well else 1


def _invent(sessions: Sessions, rows: int) -> None:
    """Make keys of cases that are not there: a rotation looks at nothing but keys."""
    with sessions.begin() as db:
        db.execute(text("alter table household_key drop constraint fk_household_key_case_id"))
        for start in range(0, rows, BATCH):
            db.execute(insert(HouseholdKey), [_row(sessions) for _ in range(start, min(start + BATCH, rows))])
    with sessions() as db:
        if db.exec(select(func.count()).select_from(HouseholdKey)).one() != rows:
            raise AssertionError(rows)


def _row(sessions: Sessions) -> dict[str, object]:
    case_id: UUID = uuid4()
    key_id, wrapped = sessions.kw["info"]["keyring"].wrap(new_key(), case_id)
    return {"case_id": case_id, "key_id": key_id, "wrapped": wrapped}
