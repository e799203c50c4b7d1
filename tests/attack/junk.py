"""What the fuzz sends: the names of all questions, and for all of them what nobody would write."""

from collections.abc import Mapping

PART_OF_NOWHERE: Mapping[str, str] = {
    "HX-Request": "true",
    "HX-Request-Type": "partial",
    "HX-Current-URL": "http://[",
}
"""htmx asks for a part of a page whose address is none."""

EVERYWHERE: tuple[str | list[str], ...] = ("\0%s%(name)s{0}", "9" * 5_000, "9999-12-31", ["yes", "yes"])
"""Sent in every field at once."""

BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"a": [1]}'),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nno file\r\n--x--\r\n",
    ),
)
"""Bodies of another kind than the form's."""

ADDRESSES = (
    f"?before=-{'9' * 40}&turn=-{'9' * 40}&like=%00&next=/%E6%97%A5&path=/%ED%A0%80&%FF=%FE",
    "?before=x&turn=x&back=a&back=b",
)
"""Ends of addresses."""
