"""Everybody's own account: language, password, second factors, and where one is signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from bostad.accounts import enrolling, my_pages, news, service, signing_in, starting_over
from bostad.accounts.answers import ChangePassword, ChooseLanguage
from bostad.records import Sessions
from bostad.web.auth import new_token, signed_in, stepped_up
from bostad.web.doors import AT_THE_DOOR, DB, At, Sent
from bostad.web.forms import Form
from bostad.web.rendering import WebRequest, go_to, page
from bostad.web.returning import address_of
from bostad.web.second_step import new_codes
from bostad.web.sign_in import CookieJar, Hashing, Secret, signed_out


class MeController(Controller):
    """One's own account."""

    path = "/me"
    dependencies = AT_THE_DOOR
    guards = [signed_in]

    @get("/", sync_to_thread=True)
    def show(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Show who one is here, and what one may change."""
        return self._page(request, sessions, at, Form(ChangePassword))

    @post("/password", guards=[stepped_up], sync_to_thread=True)
    def change_password(
        self,
        request: WebRequest,
        sessions: DB,
        at: At,
        cookie: CookieJar,
        passwords: Hashing,
        secret: Secret,
        data: Sent,
    ) -> Response[Any]:
        """Choose another password; this browser goes on under a new token, all others are signed out."""
        form, me = Form.read(ChangePassword, data), request.user
        browser = signing_in.Browser(new_token(), cookie.read(request), address_of(request, secret))
        form.submit(lambda given: signing_in.change_password(sessions, given, passwords, browser=browser, by=me, at=at))
        if form.errors:
            return self._page(request, sessions, at, form)
        answer: Response[Any] = Redirect("/me?changed=yes", status_code=303)
        cookie.put(answer, browser.token)
        return answer

    @post("/language", sync_to_thread=True)
    def choose_language(self, request: WebRequest, sessions: DB, at: At, data: Sent) -> Response[Any]:
        """Choose the language of the pages."""
        form, me = Form.read(ChooseLanguage, data), request.user
        form.submit(lambda given: service.choose_language(sessions, given.locale, by=me, at=at))
        return go_to(request, "/me")

    @post("/recovery-codes", guards=[stepped_up], status_code=200, sync_to_thread=True)
    def make_codes(self, request: WebRequest, sessions: DB, at: At) -> Template:
        """Give new recovery codes, shown once."""
        codes = new_codes()
        enrolling.new_recovery_codes(sessions, codes, session=request.auth, by=request.user, at=at)
        return page(request, "accounts/recovery_codes.html", codes=codes, to="/me")

    @post("/passkeys/{passkey_id:uuid}/remove", guards=[stepped_up], sync_to_thread=True)
    def remove_passkey(self, request: WebRequest, passkey_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """Forget a passkey."""
        enrolling.remove_passkey(sessions, passkey_id, session=request.auth, by=request.user, at=at)
        return go_to(request, "/me")

    @post("/app/remove", guards=[stepped_up], sync_to_thread=True)
    def remove_app(self, request: WebRequest, sessions: DB, at: At) -> Response[Any]:
        """Forget the authenticator app."""
        enrolling.remove_authenticator(sessions, session=request.auth, by=request.user, at=at)
        return go_to(request, "/me")

    @post("/sessions/{session_id:uuid}/end", sync_to_thread=True)
    def end_session(self, request: WebRequest, session_id: FromPath[UUID], sessions: DB, at: At) -> Response[Any]:
        """End one of one's own sessions."""
        service.end_session_of(sessions, request.user.id, session_id, by=request.user, at=at)
        return go_to(request, "/me")

    @post("/sign-out-everywhere", sync_to_thread=True)
    def sign_out_everywhere(self, request: WebRequest, sessions: DB, at: At, cookie: CookieJar) -> Response[Any]:
        """End all of one's own sessions, this one too."""
        service.end_sessions(sessions, request.user.id, by=request.user, at=at)
        return signed_out(cookie, "/sign-in?everywhere=yes")

    def _page(self, request: WebRequest, sessions: Sessions, at: datetime, form: Form[ChangePassword]) -> Template:
        mine = my_pages.my_page(sessions, token_hash=request.auth.token_hash, by=request.user, at=at)
        return page(
            request,
            "accounts/me.html",
            status=form.status,
            form=form,
            language=Form(ChooseLanguage, {"locale": mine.locale}),
            mine=mine,
            keyed=request.auth.keyed,
            news=news.news_of(sessions, by=request.user),
            to_decide=len(starting_over.requests_to_decide(sessions, by=request.user, at=at)),
            changed="changed" in request.query_params,
        )
