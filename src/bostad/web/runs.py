"""How far a run has come: a part of the case's page that asks by itself, a few times."""

from typing import Any
from uuid import UUID

from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from bostad.accounts.access import Role
from bostad.placements.outcomes import news_of
from bostad.web.auth import only
from bostad.web.doors import DB, At
from bostad.web.rendering import WebRequest, go_to, page, wants_part

TURNS = 10
"""How often a page asks, every other second, whether something has come: asking keeps a session alive."""


@get("/cases/{case_id:uuid}/run", guards=[only(Role.SOCIAL_WORKER)], sync_to_thread=True)
def run_news(
    request: WebRequest, case_id: FromPath[UUID], sessions: DB, at: At, turn: FromQuery[int] = TURNS
) -> Response[Any]:
    """Say whether a run is still on its way and what it does; asked a few times and then no more."""
    news = news_of(sessions, case_id, by=request.user, at=at)
    if not wants_part(request):
        return go_to(request, f"/cases/{case_id}")
    following = turn + 1 if news.coming and turn < TURNS else None
    return page(request, "placements/_run_news.html", case_id=case_id, turn=following, news=news)
