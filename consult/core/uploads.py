"""Files sent with a form, taken before the request asks for the database's one writer.

A view marked `@takes_files` may be sent files in its field `files`, and one each in fields whose name ends in `.file`.
Once the form is known to be no forgery, the policy is asked in a transaction that only reads; then the files are
checked, which may take seconds, while nobody waits; then the view runs as any other and finds them with `received()`.
Whatever it does not name in a row goes with the sweep.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import LazyString
from flask_babel import lazy_ngettext as _n

from consult.core import config, files, once, spreadsheet
from consult.core import db as database
from consult.core.db import db
from consult.core.files import Kept, RefusedFileError
from consult.core.policy import can
from consult.core.web import Access, me

FIELD, APART = "files", ".file"
_MEGABYTE = 1024 * 1024
LONG_FORM = 4 * _MEGABYTE


@dataclass
class Received:
    """The files of a request: those that were taken, and a sentence for each that was not."""

    kept: list[Kept] = field(default_factory=list)
    refused: list[LazyString] = field(default_factory=list)
    under: dict[str, Kept | LazyString] = field(default_factory=dict)
    """By the name of a field of its own, where a form asks for several files apart: the file, or why it was refused."""


def takes_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view, outside its `@access`, as one to which files may be sent."""
    cast(Any, view).takes_files = True
    return view


def takes_signed_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """The same, for a view that also takes documents in signed envelopes."""
    cast(Any, view).takes_signed = True
    return takes_files(view)


def takes_sheets(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view, outside its `@access`, as one that reads tables from files and keeps none of them."""
    cast(Any, view).takes_sheets = True
    return view


def takes_long_forms(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view, outside its `@access`, as one whose form has hundreds of texts."""
    cast(Any, view).takes_long_forms = True
    return view


def received() -> Received:
    """What came with this request."""
    found: Received = g.get("received_files") or Received()
    return found


def register(app: Flask) -> None:
    """Look at files after the form's token and before the first act in the database."""
    hooks = app.before_request_funcs[None]
    hooks.insert(1, _let_in)
    hooks.insert(hooks.index(once.first_time_only), _receive)


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _let_in() -> None:
    """Requests with files may be larger than others; what is larger than a few pages lies on the disk meanwhile."""
    if getattr(_view(), "takes_sheets", False):
        request.max_content_length = spreadsheet.MOST_BYTES + _MEGABYTE
    if getattr(_view(), "takes_long_forms", False):
        request.max_content_length = request.max_form_memory_size = LONG_FORM
    if getattr(_view(), "takes_files", False):
        settings = config.current()
        largest = max(settings.picture_megabytes, settings.document_megabytes)
        request.max_content_length = max(1, settings.attachments) * largest * _MEGABYTE + _MEGABYTE


def _receive() -> None:
    view = _view()
    if request.method != "POST" or not getattr(view, "takes_files", False):
        return
    sent = [file for file in request.files.getlist(FIELD) if file.filename]
    apart = {name: file for name, file in request.files.items() if file.filename and name.endswith(APART)}
    if not (sent or apart) or not _granted(view.access):
        return  # nothing to do, or the view says why not
    g.received_files = received = Received()
    most, signed = config.current().attachments, getattr(view, "takes_signed", False)
    for number, (name, file) in enumerate(apart.items()):
        received.under[name] = _taken(file, signed=signed) if number < max(1, most) else too_many(max(1, most))
    for file in sent[:most]:
        taken = _taken(file)
        if isinstance(taken, Kept):
            received.kept.append(taken)
        else:
            received.refused.append(taken)
    if len(sent) > most:
        received.refused.append(too_many(most))


def _taken(file: Any, *, signed: bool = False) -> Kept | LazyString:
    try:
        return files.keep(file.stream, file.filename or "", signed=signed)
    except RefusedFileError as refusal:
        return refusal.sentence


def too_many(most: int) -> LazyString:
    """What is said where more files are sent than may go along."""
    return _n("At most %(num)s file can be attached. Choose the one that matters.",
              "At most %(num)s files can be attached. Choose those that matter.", most)


def _granted(access: Access) -> bool:
    """Whether the view would be reached, asked without keeping anybody from writing."""
    token = database.read_only.set(True)
    try:
        values = dict(request.view_args or {})
        thing = None
        if access.loads is not None:
            model = isinstance(access.loads, type)
            thing = db.session.get(access.loads, values.get("id")) if model else access.loads(**values)
        return (access.loads is None or thing is not None) and bool(can(me(), access.action, thing))
    finally:
        db.session.rollback()
        database.read_only.reset(token)
