"""The inventory of keys and cryptography is that of the code (S49)."""

import re
from pathlib import Path

import bostad

SOURCE = Path(bostad.__file__).parent
INVENTORY = SOURCE.parents[1] / "docs" / "keys.md"
CRYPTOGRAPHY = re.compile(
    r"^\s*(?:import|from) (?:cryptography|hashlib|hmac|secrets|random|ssl|argon2|pyotp|webauthn|joserfc|uuid7)\b",
    re.MULTILINE,
)


def test_every_file_that_does_cryptography_stands_in_the_inventory() -> None:
    does = {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if CRYPTOGRAPHY.search(file.read_text())}
    listed = set(re.findall(r"^\| `([\w/]+\.py)` \|", INVENTORY.read_text(), re.MULTILINE))
    assert listed == does


def test_every_table_with_secrets_is_named() -> None:
    """Whoever seals something new says so where an operator reads it."""
    sealed = {file for file in SOURCE.rglob("tables.py") if "= secret()" in file.read_text()}
    assert {file.parent.name for file in sealed} == {"needs", "oversight", "placements", "protection"}
