"""The main menu, and whose site it is: what the frame of every page shows."""

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask import g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from consult.core import db, policy
from consult.core.statements import made_once
from consult.pact.models import Pact, PactState
from consult.planning.models import Plan
from consult.processes.models import Process
from consult.territory.models import Authority


def site() -> dict[str, Any]:
    """What the frame of every page shows: whose site it is, and its main menu."""
    return {"authority": _whole_site()[0], "site_navigation": _navigation}


def _whole_site() -> tuple[Authority | None, str | None, str | None, str | None]:
    """The authority, and the slugs of its latest public percorso, its plan and its public pact: one query a request."""
    if "site" not in g:
        found = db.db.session.execute(_site_with_plan()).first()
        g.site = tuple(found) if found else (None, None, None, None)
    return cast(tuple[Authority | None, str | None, str | None, str | None], g.site)


@made_once
def _site_with_plan() -> sa.Select[Authority, str, str, str]:
    return (sa.select(Authority, Process.slug, Plan.slug, Pact.slug)
            .outerjoin(Process, sa.and_(Process.authority_id == Authority.id, Process.published.is_(True)))
            .outerjoin(Plan, Plan.process_id == Process.id)
            .outerjoin(Pact, sa.and_(Pact.process_id == Process.id, Pact.state != PactState.DRAFT))
            .order_by(Authority.id, Process.id.desc()).limit(1))


@dataclass(frozen=True)
class _Entry:
    label: str
    url: str
    current: bool


def _navigation() -> list[_Entry]:
    """The main menu: the same places for everyone, then the desks of whoever works on them."""
    _authority, process, plan, pact = _whole_site()
    places: list[tuple[str, str]] = [(_("Home"), url_for("processes.home"))]
    if process:
        places += [(_("The percorso"), url_for("processes.show", slug=process)),
                   (_("Take part"), url_for("processes.take_part", slug=process)),
                   (_("Results"), url_for("results.of_process", slug=process))]
    if plan:
        places.append((_("The plan"), url_for("planning.show", slug=plan)))
    if pact:
        places.append((_("The pact"), url_for("pact.show", slug=pact)))
    if policy.can(current_user, "moderation.queue"):
        places.append((_("Moderation"), url_for("moderation.queue")))
    if policy.can(current_user, "office.read"):
        places.append((_("Office"), url_for("office.show")))
    here = max((url for _label, url in places if request.path == url or request.path.startswith(f"{url}/")),
               key=len, default="")
    return [_Entry(label, url, url == here) for label, url in places]
