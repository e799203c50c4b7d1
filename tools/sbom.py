"""Write the bill of materials: every package that the two locks name, as CycloneDX 1.6 (`make sbom`, dist/sbom.json).

Only the locks are read: nothing is asked of anybody, and the same locks give the same list.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill() -> Bom:
    """Make the bill of what the locks hold."""
    own = Component(name="bostad", type=ComponentType.APPLICATION, bom_ref="bostad")
    bom = Bom(components=[*_of_python(), *_of_npm()])
    bom.metadata.component = own
    bom.register_dependency(own, bom.components)
    return bom


def _of_python() -> Iterator[Component]:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for found in _PINNED.finditer(lock):
        name, version = found.groups()
        end = _PINNED.search(lock, found.end())
        hashes = _HASH.findall(lock, found.end(), end.start() if end else len(lock))
        yield _component(
            "pypi", None, name, version, [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes]
        )


def _of_npm() -> Iterator[Component]:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    for place, about in lock["packages"].items():
        if place:
            namespace, _, name = place.removeprefix("node_modules/").rpartition("/")
            yield _component("npm", namespace or None, name, about["version"], [])


def _component(kind: str, namespace: str | None, name: str, version: str, hashes: list[HashType]) -> Component:
    purl = PackageURL(type=kind, namespace=namespace, name=name, version=version)
    full = f"{namespace}/{name}" if namespace else name
    return Component(name=full, version=version, purl=purl, bom_ref=purl.to_string(), hashes=hashes)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(JsonV1Dot6(bill()).output_as_string(indent=2) + "\n", encoding="utf-8")
    print(f"{len(bill().components)} packages in {target}")
