"""The administrator's users and units."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from bostad.accounts import pages, service, starting_over
from bostad.accounts.access import Actor, Role
from bostad.accounts.answers import NewUnit, NewUser
from bostad.errors import Missing
from bostad.records import Sessions
from bostad.web.auth import new_code, only, stepped_up
from bostad.web.doors import AT_THE_DOOR, DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Act:
    """Something an administrator does to one user, after a page that says what it leads to (U26)."""

    title: Sentence
    consequence: Sentence
    label: Sentence
    do: Callable[[Sessions, UUID, str, Actor, datetime], None]
    gives_code: bool = False


ACTS = {
    "disable": Act(
        say("Disable a user"),
        say("%(name)s is signed out everywhere at once and cannot sign in. What has been done stays in the records."),
        say("Disable"),
        lambda sessions, user_id, _, by, at: service.disable_user(sessions, user_id, by=by, at=at),
    ),
    "reset": Act(
        say("Give a user a new code"),
        say("%(name)s is signed out everywhere, the password works no longer, and a new one is chosen with the code."),
        say("Give a new code"),
        lambda sessions, user_id, code, by, at: service.reset_user(sessions, user_id, code=code, by=by, at=at),
        gives_code=True,
    ),
    "enable": Act(
        say("Let a user in again"),
        say("%(name)s can choose a new password with a code, and then works as before."),
        say("Let in again"),
        lambda sessions, user_id, code, by, at: service.enable_user(sessions, user_id, code=code, by=by, at=at),
        gives_code=True,
    ),
    "end-sessions": Act(
        say("Sign a user out everywhere"),
        say("%(name)s has to sign in again in every browser. What was not sent may be lost."),
        say("Sign out everywhere"),
        lambda sessions, user_id, _, by, at: service.end_sessions(sessions, user_id, by=by, at=at),
    ),
    "start-over": Act(
        say("Ask that a user start over"),
        say(
            "When another administrator or the unit manager has agreed, %(name)s is signed out everywhere. Password,"
            " app, passkeys and recovery codes work no longer. Whoever agrees gets the code to hand over."
        ),
        say("Ask for it"),
        lambda sessions, user_id, _, by, at: starting_over.ask_start_over(sessions, user_id, by=by, at=at),
    ),
}


class UsersController(Controller):
    """The users of an administrator's own organisation: accounts, never cases."""

    path = "/users"
    dependencies = AT_THE_DOOR
    guards = [only(Role.ADMINISTRATOR)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """List them."""
        return page(request, "accounts/users.html", users=pages.users_of(sessions, by=request.user, at=at))

    @get("/new", guards=[stepped_up], sync_to_thread=True)
    def new(self, request: WebRequest, sessions: DB) -> Template:
        """Ask who is to be let in."""
        return _invite(request, sessions, Form(NewUser))

    @post("/new", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def invite(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template:
        """Let somebody in and show her one-time code, once."""
        form, me, code = Form.read(NewUser, data), request.user, new_code()
        user_id = form.submit(lambda new: service.add_user(sessions, me.organisation_id, new, code=code, by=me, at=at))
        if user_id is None:
            return _invite(request, sessions, form)
        return page(request, "accounts/code.html", user=pages.user_page(sessions, user_id, by=me, at=at), code=code)

    @get("/{user_id:uuid}", sync_to_thread=True)
    def show(self, request: WebRequest, user_id: FromPath[UUID], sessions: DB, at: At) -> Template:
        """Show one account, where it is signed in, and what can be done with it."""
        user = pages.user_page(sessions, user_id, by=request.user, at=at)
        asked_at = starting_over.asked_at(sessions, user_id, at=at)
        open_ones = pages.sessions_of(sessions, user_id, at=at)
        return page(request, "accounts/user.html", user=user, open=open_ones, asked_at=asked_at)

    @post("/{user_id:uuid}/sessions/{session_id:uuid}/end", guards=[stepped_up], sync_to_thread=True)
    def end_session(
        self, request: WebRequest, user_id: FromPath[UUID], session_id: FromPath[UUID], sessions: DB, at: At
    ) -> Response[Any]:
        """Sign the user out of one browser."""
        service.end_session_of(sessions, user_id, session_id, by=request.user, at=at)
        return go_to(request, f"/users/{user_id}")

    @get("/{user_id:uuid}/{act:str}", guards=[stepped_up], sync_to_thread=True)
    def confirm(
        self, request: WebRequest, user_id: FromPath[UUID], act: FromPath[str], sessions: DB, at: At
    ) -> Template:
        """Say what an act leads to before it is done."""
        chosen = _act(act)
        user = pages.user_page(sessions, user_id, by=request.user, at=at)
        return page(
            request,
            "confirm.html",
            title=chosen.title,
            consequences=[_about(chosen.consequence, user)],
            label=chosen.label,
            address=f"/users/{user_id}/{act}",
            back=f"/users/{user_id}",
        )

    @post("/{user_id:uuid}/{act:str}", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def act(
        self, request: WebRequest, user_id: FromPath[UUID], act: FromPath[str], sessions: DB, at: At
    ) -> Response[Any]:
        """Do it; a code that comes of it is shown once."""
        chosen, code = _act(act), new_code()
        chosen.do(sessions, user_id, code, request.user, at)
        if not chosen.gives_code:
            return go_to(request, f"/users/{user_id}")
        user = pages.user_page(sessions, user_id, by=request.user, at=at)
        return page(request, "accounts/code.html", user=user, code=code)


class UnitsController(Controller):
    """The units of an administrator's own organisation."""

    path = "/units"
    dependencies = AT_THE_DOOR
    guards = [only(Role.ADMINISTRATOR)]

    @get("/", sync_to_thread=True)
    def listed(self, request: WebRequest, sessions: DB) -> Template:
        """List them, and ask for one more."""
        return self._page(request, sessions, Form(NewUnit))

    @post("/", guards=[stepped_up], sync_to_thread=True)
    def add(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Template | Redirect:
        """Add a unit."""
        form, me = Form.read(NewUnit, data), request.user
        form.submit(lambda new: service.add_unit(sessions, me.organisation_id, new.name, by=me, at=at))
        return self._page(request, sessions, form) if form.errors else Redirect("/units", status_code=303)

    def _page(self, request: WebRequest, sessions: Sessions, form: Form[NewUnit]) -> Template:
        units = pages.units_of(sessions, request.user.organisation_id)
        return page(request, "accounts/units.html", status=form.status, form=form, units=units)


def _invite(request: WebRequest, sessions: Sessions, form: Form[NewUser]) -> Template:
    organisation_id = request.user.organisation_id
    units, roles = pages.units_of(sessions, organisation_id), pages.roles_of(sessions, organisation_id)
    return page(request, "accounts/invite.html", status=form.status, form=form, units=units, roles=roles)


def _act(name: str) -> Act:
    if name not in ACTS:
        raise Missing("There is nothing at this address, or it is not for you.")
    return ACTS[name]


def _about(sentence: Sentence, user: pages.UserPage) -> Sentence:
    return Sentence(sentence.msgid, {"name": user.name})
