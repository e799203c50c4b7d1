"""Where a second person decides whether somebody starts over: another administrator, or the manager of her unit."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from bostad.accounts import pages, starting_over
from bostad.accounts.access import Role
from bostad.web.auth import new_code, only, stepped_up
from bostad.web.doors import AT_THE_DOOR, DB, At
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import say


class StartOversController(Controller):
    """What colleagues have asked for, and nobody may decide alone."""

    path = "/start-overs"
    dependencies = AT_THE_DOOR
    guards = [only(Role.ADMINISTRATOR, Role.UNIT_MANAGER)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """List what waits for this person."""
        waiting = starting_over.requests_to_decide(sessions, by=request.user, at=at)
        return page(request, "accounts/start_overs.html", waiting=waiting)

    @get("/{request_id:uuid}/agree", guards=[stepped_up], sync_to_thread=True)
    def confirm(self, request: WebRequest, request_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Say what agreeing leads to (U26)."""
        one = starting_over.request_to_decide(sessions, request_id, by=request.user, at=at)
        return page(
            request,
            "confirm.html",
            title=say("Agree that a user start over"),
            consequences=[
                say("%(asked_by)s asked for this. Ask %(name)s in person first whether it is true.", **_names(one)),
                say(
                    "%(name)s is signed out everywhere. Password, app, passkeys and recovery codes work no longer.",
                    name=one.name,
                ),
                say("You get a one-time code, which you alone hand over, in person."),
            ],
            label=say("Agree and show the code"),
            address=f"/start-overs/{request_id}/agree",
            back="/start-overs",
        )

    @post("/{request_id:uuid}/agree", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def agree(self, request: WebRequest, request_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Take the factors away and show the code, once."""
        code, me = new_code(), request.user
        user_id = starting_over.agree(sessions, request_id, code=code, by=me, at=at)
        return page(request, "accounts/code.html", user=pages.user_page(sessions, user_id, by=me, at=at), code=code)

    @post("/{request_id:uuid}/refuse", guards=[stepped_up], sync_to_thread=True)
    def refuse(self, request: WebRequest, request_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Leave everything as it is."""
        starting_over.refuse(sessions, request_id, by=request.user, at=at)
        return go_to(request, "/start-overs")


def _names(one: starting_over.Request) -> dict[str, str]:
    return {"asked_by": one.asked_by, "name": one.name}
