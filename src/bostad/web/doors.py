"""What a handler asks for, the same everywhere: the database, the moment, and the form that was sent."""

from datetime import datetime
from typing import Annotated, Any

from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, SkipValidation

from bostad.records import Sessions

DB = NamedDependency[SkipValidation[Sessions]]
"""A handler's argument `sessions: DB`: the way into the database of the side that asks. So are `door` (accounts) and
`reports` (figures). A controller about accounts says `dependencies = AT_THE_DOOR` and goes on saying `sessions`."""


def _the_door(door: DB) -> Sessions:
    return door


AT_THE_DOOR = {"sessions": Provide(_the_door, sync_to_thread=False)}

At = NamedDependency[SkipValidation[datetime]]
"""A handler's argument `at: At`: the moment of the request by the database's clock, with its time zone."""

Sent = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""A handler's argument `data: Sent`: the form as it was sent, texts and lists of texts."""

SentWithFile = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
"""The same for a form with a file; the file is an UploadFile."""

LARGEST_FILE = 10 * 1024 * 1024
"""What a door that takes a file says as `request_max_body_size`; all others take a form's few characters."""
