"""What a file of the repository may not say: where one machine fetched its packages, and where its folders are."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "python"
"""Put together below, so that this file names no host either."""
REGISTRIES = [f"{name}.{ending}" for name in ("pypi", f"{PYTHON}hosted", "npmjs") for ending in ("org", "com")]
LOCKS = ("requirements.lock", "assets/package-lock.json")


def test_no_file_names_a_package_registry() -> None:
    named = [f"{file}: {host}" for file, text in _tracked() for host in REGISTRIES if host in text]

    assert named == []


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    """ASVS V15.2.4."""
    texts = [(ROOT / file).read_text() for file in LOCKS]

    assert all("sha256:" in text or "sha512-" in text for text in texts)
    assert not any("://" in text for text in texts)


def test_no_file_names_a_home_folder() -> None:
    homes = [f"/{folder}/" for folder in ("root", "home", "work")]

    assert [file for file, text in _tracked() if any(home in text for home in homes)] == []


def _tracked() -> list[tuple[str, str]]:
    names = subprocess.run(["git", "ls-files", "-z"], check=True, cwd=ROOT, capture_output=True, text=True).stdout
    files = [(name, ROOT / name) for name in names.split("\0") if name]
    return [(name, file.read_text(errors="replace")) for name, file in files if file.is_file()]
