"""The inventory of keys and cryptography is that of the code (S49)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import bostad
from bostad.accounts import sealing, totp
from bostad.accounts.passwords import Cost
from bostad.accounts.tokens import CODE_BYTES
from bostad.accounts.totp import SECRET_BYTES
from bostad.sealing.envelope import KEY_BYTES, NONCE_BYTES, new_key
from bostad.web.auth import TOKEN_BYTES
from bostad.web.second_step import CHALLENGE_BYTES

SOURCE = Path(bostad.__file__).parent
ROOT = SOURCE.parents[1]
INVENTORY = (ROOT / "docs" / "keys.md").read_text()
CRYPTOGRAPHY = re.compile(
    r"^\s*(?:import|from) (?:cryptography|hashlib|hmac|secrets|random|ssl|argon2|pyotp|webauthn|joserfc|uuid7)\b"
    r"|\bos\.urandom\(",
    re.MULTILINE,
)
ELSEWHERE = re.compile(r"\b(?:sha\d+|md5|digest|encrypt|decrypt|gen_random_bytes)\(|\bcrypto\.|navigator\.credentials")
BROKEN = re.compile(r"(?i)\b(?:md5|sha1|des3?|rc4|arc4|blowfish|ecb|cbc|pkcs1v15|random\.random|randint)\b")
COMPARED = re.compile(r"(?:^|[._ ])(?:token|password|digest|mac|signature|proof|code|secret)(?:_hash)?$")
EXPLAINED = {
    ("accounts/sessions.py", "row.token_hash == here"): "which of one's own sessions this is: a hash beside a hash",
    ("cli/demo_example.py", "line.line == code"): "a quota line's name",
    ("web/refusals.py", "error.status_code == 405"): "an answer's number",
}
"""Comparisons in Python of what is named like a secret, each with the reason why how long it takes tells nothing."""


def test_every_file_that_does_cryptography_stands_in_the_inventory() -> None:
    """ASVS V11.1.2, V11.1.3."""
    does = {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if CRYPTOGRAPHY.search(file.read_text())}
    assert _listed(r"^\| `((?!src|migrations|assets)[\w/]+\.py)` \|") == does


def test_so_does_every_statement_script_and_migration() -> None:
    """ASVS V11.1.3: what the database, the browser and the build do."""
    others = [*ROOT.glob("migrations/versions/*.py"), *SOURCE.rglob("*.sql"), *ROOT.glob("assets/src/*.js")]
    others += [ROOT / "assets" / "build.py", *ROOT.glob("tools/*.py")]
    does = {str(file.relative_to(ROOT)) for file in others if ELSEWHERE.search(file.read_text())}
    statements = {
        str(file.relative_to(ROOT)) for file in SOURCE.glob("adapters/wall*.py") if ELSEWHERE.search(file.read_text())
    }

    assert _listed(r"^\| `((?:src|migrations|assets|tools)/[\w/.]+)` \|") == does
    assert statements == set()


def test_no_algorithm_is_used_that_is_broken_or_weak() -> None:
    """ASVS V11.2.1, V11.3.1, V11.3.2, V11.4.1: and none is written by ourselves.

    ASVS V11.3.5: nothing is both encrypted and signed by hand; the one mode does both.
    """
    used = {(file.name, found) for file in SOURCE.rglob("*.py") for found in BROKEN.findall(_code(file))}

    assert used == set()
    modes = {name for file in SOURCE.rglob("*.py") for name in re.findall(r"ciphers\.(\w+)", file.read_text())}
    assert modes == {"aead"}


def test_keys_and_random_values_are_long_enough() -> None:
    """S20. ASVS V11.2.3, V11.3.4, V11.5.1, V7.2.3, V6.5.2, V6.5.3, V6.5.4: at least 128 bits, and keys of 256."""
    assert KEY_BYTES == len(new_key()) == 32
    assert min(TOKEN_BYTES, CODE_BYTES, SECRET_BYTES, CHALLENGE_BYTES) >= 16
    assert NONCE_BYTES == sealing.NONCE_BYTES == 12
    assert len({new_key() for _ in range(1000)}) == 1000
    assert (Cost().memory_kib, Cost().passes) >= (47_104, 1), "OWASP's least for Argon2id"
    assert totp.DIGITS == 6


def test_the_same_value_sealed_twice_looks_different() -> None:
    """ASVS V11.3.4: a nonce of its own each time."""
    sealed = {sealing.seal(b"the same", "secret" * 8, "draft") for _ in range(500)}

    assert len({one[1 : 1 + sealing.NONCE_BYTES] for one in sealed}) == 500


def test_nothing_that_proves_is_compared_letter_by_letter() -> None:
    """ASVS V11.2.4: what stands here can be explained; statements for the database compare hashes in an index."""
    assert set(_compared()) == EXPLAINED.keys()


def test_every_table_with_secrets_is_named() -> None:
    """Whoever seals something new says so where an operator reads it."""
    sealed = {file for file in SOURCE.rglob("tables.py") if "= secret()" in file.read_text()}
    assert {file.parent.name for file in sealed} == {"needs", "oversight", "placements", "protection"}


def test_each_key_has_its_bits_its_holder_and_its_day() -> None:
    """ASVS V11.1.1, V11.1.2, V13.1.4: and each algorithm what would take its place (V11.1.4)."""
    for heading, columns in (("## The keys", 6), ("## Replacing an algorithm", 3)):
        part = INVENTORY.partition(f"{heading}\n")[2].partition("\n## ")[0]
        rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("| ")][2:]
        assert len(rows) >= 6
        assert [row for row in rows if len(row) != columns or not all(cell.strip() for cell in row)] == []


def _listed(row: str) -> set[str]:
    return set(re.findall(row, INVENTORY, re.MULTILINE))


def _code(file: Path) -> str:
    """Give a file's code without its comments and docstrings, which may speak of anything."""
    return re.sub(r'"""(?s:.*?)"""|#.*', "", file.read_text())


def _compared() -> Iterator[tuple[str, str]]:
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                sides = [ast.unparse(side) for side in (node.left, node.comparators[0])]
                if any(COMPARED.search(side) for side in sides) and not any(_is_column(side) for side in sides):
                    yield str(file.relative_to(SOURCE)), ast.unparse(node)


def _is_column(side: str) -> bool:
    return side.startswith("col(") or side[:1].isupper()
