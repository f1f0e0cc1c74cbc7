"""A browser without JavaScript: opens pages, fills in their forms, keeps cookies."""

from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import html5lib
from flask import Flask, session
from flask.globals import _cv_app
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from consult.accounts import services as accounts
from consult.core.db import db

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


class Browser:
    """One visitor, or one person signed in."""

    def __init__(self, app: Flask, person: Any = None) -> None:
        self._client = app.test_client()
        self._app = app
        self.person_id = person.id if person is not None else None
        if person is not None:
            token = accounts.start_session(person)
            self._apart(lambda: self._keep_in_cookie(sid=token))

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page, after keeping what the test has built so far."""
        return self._send(lambda: self._client.get(path, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, *, token: bool = True,
             **options: Any) -> TestResponse:
        """Send a form, with a token made for this browser unless told otherwise."""
        fields = dict(data or {})
        if token and "csrf_token" not in fields:
            fields["csrf_token"] = self.token()
        return self._send(lambda: self._client.post(path, data=fields, **options))

    def _send(self, request: Callable[[], TestResponse]) -> TestResponse:
        response = self._apart(request)
        db.session.expire_all()
        return response

    def _apart(self, act: Callable[[], Any]) -> Any:
        """Keep what the test has built so far, then act as another process would: in contexts of its own."""
        db.session.commit()

        def alone() -> Any:
            _cv_app.set(None)  # type: ignore[arg-type]
            return act()

        return copy_context().run(alone)

    def _keep_in_cookie(self, **values: str) -> None:
        with self._client.session_transaction() as kept:
            kept.update(values)

    def submit(self, path: str, changes: dict[str, Any] | None = None, *, action: str | None = None,
               button: tuple[str, str] | None = None) -> TestResponse:
        """Open a page and send its form that goes to `action` (by default to the page itself), as a person would."""
        form = self.form(path, action)
        fields = {**form["fields"], **(changes or {})}
        if button:
            fields[button[0]] = button[1]
        return self.post(form["action"], fields)

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """The fields of a form on a page, with what they hold."""
        response = self.get(path)
        assert response.status_code == 200, f"{path} answered {response.status_code}"
        wanted = action or path.partition("?")[0]
        for form in document(response).iter(f"{NAMESPACE}form"):
            target = form.get("action") or path
            if form.get("method", "get").lower() == "post" and target.partition("?")[0] == wanted:
                return {"action": target, "fields": _fields(form)}
        raise AssertionError(f"{path} has no form that posts to {wanted}")

    def token(self) -> str:
        """A form token for this browser's session."""
        return str(self._apart(self._token))

    def _token(self) -> str:
        with self._client.session_transaction() as kept, self._app.test_request_context():
            session.update(kept)
            made = generate_csrf()
            kept["csrf_token"] = session["csrf_token"]
        return made


def document(response: TestResponse) -> Any:
    """The parsed page; markup that a browser would have to mend fails the test."""
    return html5lib.HTMLParser(strict=False).parse(response.get_data(as_text=True))


def text_of(response: TestResponse) -> str:
    """The words of a page, as read."""
    main = next(document(response).iter(f"{NAMESPACE}body"))
    return " ".join(" ".join(main.itertext()).split())


def _fields(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for element in form.iter():
        name, kind = element.get("name"), str(element.tag).removeprefix(NAMESPACE)
        if not name:
            continue
        if kind == "textarea":
            found[name] = "".join(element.itertext()).removeprefix("\n")
        elif kind == "select":
            chosen = [o.get("value", "") for o in element.iter(f"{NAMESPACE}option") if o.get("selected") is not None]
            options = [o.get("value", "") for o in element.iter(f"{NAMESPACE}option")]
            found[name] = (chosen or options[:1] or [""])[0]
        elif kind == "input" and element.get("type") in ("checkbox", "radio"):
            if element.get("checked") is not None:
                found.setdefault(name, [])
                if isinstance(found[name], list):
                    found[name].append(element.get("value", "on"))
        elif kind == "input" and element.get("type") != "submit":
            value = element.get("value", "")
            before = found.get(name)
            found[name] = value if before is None else [*before, value] if isinstance(before, list) else [before, value]
    return found
