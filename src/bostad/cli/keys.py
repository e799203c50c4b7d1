"""`bostad keys new | rotate | check | ages | retire`: the keys that seal the case zone, which lie outside it."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bostad.adapters.database import connect, sessions_on
from bostad.adapters.key_file import add_key, drop_key, keyring_from
from bostad.audit.service import record
from bostad.cli.asking import reached
from bostad.errors import BostadError
from bostad.oversight.key_ages import key_ages, mark_of
from bostad.records import Sessions, clock
from bostad.sealing.columns import keyring_of
from bostad.sealing.keyring import WRAP
from bostad.sealing.rotation import check_keys, wrap_anew, wrapped_by
from bostad.settings import SECRETS, UnsafeSettings, held_secrets, read_keys, read_logins, variable_of
from bostad.zones.logins import Login


class StillNeeded(BostadError):
    """A key is still what opens something."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command's options."""
    parser = subparsers.add_parser("keys", help="make, change and check the keys that seal the case zone")
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    acts.add_parser("new", help="add a key to the file in BOSTAD_KEYS_FILE, or make the file; the newest key wraps")
    rotate = acts.add_parser("rotate", help="add a key, and wrap every household's key with it")
    rotate.add_argument("--no-new", action="store_true", help="wrap with the newest key there is, and add none")
    rotate.add_argument("--drill", type=int, metavar="ROWS", help="measure it on invented keys")
    acts.add_parser("check", help="open every household's key and say which do not open; exit status 1 if any")
    acts.add_parser("ages", help="say how old each key and password is; exit status 1 if any is older than it may be")
    retire = acts.add_parser("retire", help="destroy a key that wraps nothing any more: backups from its time close")
    retire.add_argument("id", help="the key's id")


def run(options: argparse.Namespace) -> int:
    """Do what was asked for and say so."""
    if options.act == "new":
        return _new()
    if options.act == "rotate" and options.drill:
        from bostad.cli.keys_drill import drill

        return drill(options.drill)
    with _database() as sessions:
        if options.act == "check":
            return _check(sessions)
        if options.act == "ages":
            return _ages(sessions)
        return _retire(sessions, options.id) if options.act == "retire" else _rotate(sessions, add=not options.no_new)


def _new() -> int:
    keys = add_key(_file())
    print(f"{_file()} has the look-up key {keys.lookup_id} and these that wrap: {', '.join(keys.wrapping)}.")
    print(f"{keys.newest} wraps from now on. Keep a copy where the database's backups are not, and on paper.")
    return 0


def _rotate(sessions: Sessions, *, add: bool) -> int:
    if add:
        print(f"Added the key {add_key(_file()).newest}.")
    done = wrap_anew(sessions)
    with sessions.begin() as db:
        keyring = keyring_of(db)
        newest = keyring.newest()
        mark = mark_of(keyring, WRAP, newest)
        record(db, "keys.rotated", by=None, at=clock(sessions), subject=mark, key_id=newest, wrapped=done)
    print(f"{done} households' keys are wrapped by {newest} now.")
    print(f"When the backups from before are gone: bostad keys retire {' | '.join(_others(sessions, newest)) or '-'}")
    return 0


def _check(sessions: Sessions) -> int:
    found = check_keys(sessions)
    for key_id, count in sorted(found.opened.items()):
        print(f"{key_id} wraps {count} households' keys; all of these open.")
    for case_id in found.broken:
        print(f"The key of case {case_id} does not open.")
    print(f"{sum(found.opened.values())} keys open, {len(found.broken)} do not.")
    return 1 if found.broken else 0


def _ages(sessions: Sessions) -> int:
    held = held_secrets()
    ages = key_ages(sessions, held, at=clock(sessions))
    for age in ages:
        old = f" Too old: {age.then}." if age.is_over else ""
        print(f"{age.what}: {age.days} days at least, of {age.most}.{old}")
    if unset := [name for name in SECRETS if name not in held]:
        print(f"Not looked at, since there is no password here: {', '.join(unset)}.")
    over = sum(age.is_over for age in ages)
    print(f"{len(ages)} keys and passwords; too old: {over}.")
    return 1 if over else 0


def _retire(sessions: Sessions, key_id: str) -> int:
    with sessions() as db:
        newest = keyring_of(db).newest()
    if key_id == newest or wrapped_by(sessions).get(key_id):
        raise StillNeeded("The key %(key_id)s still wraps households' keys; bostad keys rotate first.", key_id=key_id)
    if key_id not in _others(sessions, newest):
        raise StillNeeded("There is no key %(key_id)s in the file.", key_id=key_id)
    drop_key(_file(), key_id)
    with sessions.begin() as db:
        record(db, "keys.retired", by=None, at=clock(sessions), key_id=key_id)
    print(f"{key_id} is gone from {_file()}. Destroy its other copies too; then no backup from its time can be opened.")
    return 0


def _others(sessions: Sessions, newest: str) -> list[str]:
    with sessions() as db:
        return [key_id for key_id in keyring_of(db).keys.wrapping if key_id != newest]


def _file() -> Path:
    file, written = read_keys()
    if not file:
        what = "BOSTAD_KEY cannot be written to; add the entry there yourself, or use" if written else "set"
        raise UnsafeSettings(f"{what} BOSTAD_KEYS_FILE")
    return Path(file)


@contextmanager
def _database() -> Iterator[Sessions]:
    """Open the database as the worker, who may change households' keys, with the keys at hand."""
    address = read_logins().get(Login.WORKER)
    if address is None:
        raise UnsafeSettings(f"{variable_of(Login.WORKER)} is not set")
    file, written = read_keys()
    keyring, engine = keyring_from(file=file, written=written), connect(address, pool_size=1)
    try:
        with reached():
            yield sessions_on(engine, keyring=keyring)
    finally:
        engine.dispose()
