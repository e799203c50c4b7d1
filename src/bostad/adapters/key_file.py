"""Where the keys lie: a file that its owner alone may read, or a variable; never the database (S43)."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from bostad.sealing.envelope import KEY_BYTES
from bostad.sealing.keyring import ID_BYTES, LOOKUP, WRAP, Keyring, Keys, UnsafeKeys, read_entries, written_entry

LARGEST = 64 * 1024
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keyring_from(*, file: str, written: str) -> Keyring:
    """Give the keyring of this installation: from its file, which is read anew when it changes, or from a variable."""
    if bool(file) == bool(written):
        fault = (
            "set BOSTAD_KEYS_FILE or BOSTAD_KEY, and not both" if file else "BOSTAD_KEYS_FILE or BOSTAD_KEY is not set"
        )
        raise UnsafeKeys(f"{fault}; `bostad keys new` makes a file (see docs/keys.md)")
    if written:
        return Keyring(_entries("BOSTAD_KEY", written))
    source = _File(Path(file))
    return Keyring(source.read(), source.newer)


def add_key(file: Path) -> Keys:
    """Add a key that wraps to a file, as the newest; make the file, with a key for look-up, if it is not there."""
    entries = [] if file.exists() else [_new(LOOKUP)]
    standing = "" if entries else _checked_text(file)
    text = "\n".join([standing.rstrip("\n"), *entries, _new(WRAP)]).lstrip("\n") + "\n"
    keys = read_entries(text)
    _replace(file, text)
    return keys


def drop_key(file: Path, key_id: str) -> Keys:
    """Take a key out of a file. Whatever it alone had wrapped cannot be opened again, wherever a copy lies."""
    lines = _checked_text(file).splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith(f"{WRAP}:{key_id}:")) + "\n"
    keys = read_entries(text)
    _replace(file, text)
    return keys


class _File:
    """A key file, and how it stood when it was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stood: tuple[int, int, int] | None = None

    def read(self) -> Keys:
        """Read it."""
        with suppress(OSError):  # what is not there is said by the reading
            self._stood = self._stands()
        return _entries(str(self._path), _checked_text(self._path))

    def newer(self) -> Keys | None:
        """Read it again if it has changed; while it cannot be read, what is known goes on."""
        with suppress(OSError, UnsafeKeys):
            if self._stands() != self._stood:
                return self.read()
        return None

    def _stands(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino


def _entries(place: str, written: str) -> Keys:
    """Read entries; what is wrong with one is said of the place where it stands."""
    try:
        return read_entries(written)
    except UnsafeKeys as wrong:
        raise UnsafeKeys(f"{place}: {wrong}") from wrong


def _checked_text(file: Path) -> str:
    """Read a file that is its owner's alone; anything else is refused."""
    try:
        with file.open("rb") as opened:
            found = os.fstat(opened.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_mode & OTHERS:
                raise UnsafeKeys(f"{file} must be a file that nobody but its owner may read: chmod 600")
            if found.st_uid not in {os.geteuid(), 0}:
                raise UnsafeKeys(f"{file} belongs to somebody else")
            if found.st_size > LARGEST:
                raise UnsafeKeys(f"{file} is too large to be a file of keys")
            return opened.read().decode("ascii")
    except (OSError, UnicodeDecodeError) as wrong:
        raise UnsafeKeys(f"{file} cannot be read; it is the file of keys that `bostad keys new` makes") from wrong


def _replace(file: Path, text: str) -> None:
    """Put the new file in the old one's place in one step: nobody ever reads half of it."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    beside.replace(file)


def _new(use: str) -> str:
    return written_entry(use, secrets.token_bytes(ID_BYTES + KEY_BYTES))
