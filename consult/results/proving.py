"""Each frozen result under an address of its own, for ever; and whether it is still what was frozen."""

import re
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, url_for

from consult.core.charts import Sheet
from consult.core.web import access, limiter
from consult.processes.models import Activity
from consult.results import queries, services, words
from consult.results.models import ReplacedSheet, ResultSheet

bp = Blueprint("proving", __name__)

SHORT = 16
"""Letters of a fingerprint that are enough to name a sheet."""
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{SHORT},64}}")
LASTING = {"Cache-Control": "no-store"}
"""Made anew for whoever asks: a page that was kept would prove nothing."""


def of_sheet(fingerprint: str) -> Activity | None:
    """The activity of which the sheet in the address is, and the sheet itself for the page."""
    g.sheet = queries.sheet_called(fingerprint) if _FINGERPRINT.fullmatch(fingerprint) else None
    return queries.activity(g.sheet.activity_id) if g.sheet else None


@bp.app_template_global()
def sheet_url(sheet: ResultSheet | ReplacedSheet) -> str:
    """The address under which exactly these results stay."""
    return url_for("proving.sheet", fingerprint=sheet.sha256[:SHORT])


@bp.route("/risultati/foglio/<fingerprint>")
@access("results.read", loads=of_sheet)
def sheet(activity: Activity) -> str:
    now = g.sheet if isinstance(g.sheet, ResultSheet) else queries.sheet_of(activity.id)
    return render_template("results/sheet.html", activity=activity, frozen=g.sheet, words=words, now=now,
                           stands=now is g.sheet, sheet=Sheet.from_json(g.sheet.content))


@bp.route("/risultati/foglio/<fingerprint>.json")
@access("results.read", loads=of_sheet)
def data(activity: Activity) -> Response:
    name = f"risultati-{activity.id}-{g.sheet.sha256[:SHORT]}.json"
    return Response(g.sheet.content.encode(), mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/risultati/foglio/<fingerprint>/verifica")
@access("results.read", loads=of_sheet)
@limiter.limit("30 per minute")
def check_sheet(activity: Activity) -> Any:
    return _checked(activity, g.sheet)


@bp.route("/risultati/<int:id>/verifica")
@access("results.read", loads=queries.activity)
@limiter.limit("30 per minute")
def verify(activity: Activity) -> Any:
    return _checked(activity, queries.sheet_of(activity.id) or abort(404))


def _checked(activity: Activity, frozen: ResultSheet | ReplacedSheet) -> Any:
    return render_template("results/verify.html", activity=activity, frozen=frozen, name=frozen.sha256[:SHORT],
                           stands=isinstance(frozen, ResultSheet), verification=services.verify(frozen)), LASTING
