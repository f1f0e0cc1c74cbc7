"""What the platform knows of a percorso, as the plan office can begin its document from it: never a person's name.

It is in Italian, as the document is; what was written in several languages is taken in that one.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.concluding import responses
from consult.concluding.models import Part
from consult.concluding.words import PARTS
from consult.contributions.models import Contribution, State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.governance import queries as governance
from consult.governance.models import BodyKind, GovernanceBody
from consult.planning.models import Plan
from consult.processes import queries as processes
from consult.processes.models import Activity, Phase, Process
from consult.processes.words import ACTIVITY_KINDS, COUNTS
from consult.results.models import Verdict
from consult.results.words import VERDICTS

MOST = 40
"""Organisations or proposals named one by one."""
SITTING = (BodyKind.THEMATIC_TABLE, BodyKind.STEERING_GROUP, BodyKind.GUARANTEE_COMMITTEE, BodyKind.OTHER)


def begun(process: Process, part: Part) -> dict[str, str]:
    """What each field of a part begins from; empty where nothing is known."""
    with force_locale("it"):
        known = _BY_PART[part](process)
    return {field.name: known.get(field.name, "") for field in PARTS[part][1]}


def _it(text: Localized) -> str:
    return text.in_language("it").strip()


def _points(*lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


def _object(process: Process) -> dict[str, str]:
    begun_with = _("Begun with: %(act)s.", act=process.start_act) if process.start_act else ""
    axes = _points(*(": ".join(filter(None, (_it(axis.title), _it(axis.summary)))) for axis in process.axes))
    return {"object": "\n\n".join(filter(None, (_it(process.title), _it(process.summary)))),
            "context": "\n\n".join(filter(None, (_it(process.vision), begun_with))), "needs": axes}


def _bodies(process: Process) -> dict[str, str]:
    bodies = governance.bodies(process)
    office = next((_it(body.name) for body in bodies if body.kind is BodyKind.PLAN_OFFICE), "")
    manager = ", ".join(filter(None, (office, process.authority.name, process.authority.email)))
    tables = [body for body in bodies if body.kind is BodyKind.THEMATIC_TABLE]
    return {"manager": manager, "bodies": _points(*(_body(body) for body in bodies)),
            "table": _points(*(_body(body) for body in tables))}


def _body(body: GovernanceBody) -> str:
    """A body with its mandate and the organisations that sit on it: people are left out."""
    sitting = sorted(one.organisation.name for one in body.sitting if one.organisation is not None)
    said = f"**{_it(body.name)}**" + (f": {_it(body.mandate)}" if _it(body.mandate) else "")
    return f"{said} ({', '.join(sitting)})" if sitting else said


def _path(process: Process) -> dict[str, str]:
    activities = db.session.scalars(
        sa.select(Activity).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process.id, Activity.published)
        .order_by(Phase.position, Activity.opens_at, Activity.id)).all()
    return {
        "phases": _points(*(_days(_it(phase.title), phase.first_day, phase.last_day) for phase in process.phases)),
        "methods": _points(*(_activity(one) for one in activities)), "participants": _participants(process)}


def _days(what: str, first: date, last: date) -> str:
    return f"{what} ({format_date(first, 'long')} – {format_date(last, 'long')})"


def _activity(activity: Activity) -> str:
    kind = ACTIVITY_KINDS.get(activity.kind, activity.kind)
    return _days(f"{kind}: {_it(activity.title)}", clock.local(activity.opens_at).date(),
                 clock.local(activity.closes_at).date())


def _participants(process: Process) -> str:
    counts = processes.counts(process)
    in_phase = {phase: counts.by_phase[phase.id]["person"] for phase in process.phases}
    people = [f"{_it(phase.title)}: " + ngettext("%(num)s person", "%(num)s people", many)
              for phase, many in in_phase.items() if many]
    whole = counts.whole
    acts = [f"{label}: {whole[kind]}" for kind, label in COUNTS.items() if kind != "person" and whole[kind]]
    names = db.session.scalars(
        sa.select(Organisation.name).distinct().join(Contribution, Contribution.organisation_id == Organisation.id)
        .join(Activity, Activity.id == Contribution.activity_id).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process.id, Activity.published, Contribution.state == State.PUBLISHED)
        .order_by(Organisation.name)).all()
    organisations = [_("Organisations that took part: %(names)s", names=_some(names))] if names else []
    return _points(*people, *acts, *(str(line) for line in organisations))


def _some(names: Sequence[str]) -> str:
    rest = len(names) - MOST
    further = [ngettext("and %(num)s more", "and %(num)s more", rest)] if rest > 0 else []
    return ", ".join([*names[:MOST], *further])


def _proposals(process: Process) -> dict[str, str]:
    rows = responses.rows(process)
    of = {verdict: [one for one in rows if one["verdict"] == verdict.value] for verdict in Verdict}
    counted = [f"{VERDICTS[verdict]}: {len(those)}" for verdict, those in of.items() if those]
    taken = [_cited(one) for verdict in (Verdict.ACCEPTED, Verdict.PARTLY) for one in of[verdict]][:MOST]
    against = [f"{_cited(one)}. {one['reasons']}" for one in of[Verdict.NOT_ACCEPTED]][:MOST]
    which = [_("Taken up, whole or in part:"), _points(*taken)] if taken else []
    return {"proposals": "\n\n".join(filter(None, (_points(*counted), *(str(part) for part in which)))),
            "disagreements": _points(*against), "alternatives": ""}


def _cited(one: dict[str, str]) -> str:
    return f"{one['code']} {one['what']}" + (f" ({one['organisation']})" if one["organisation"] else "")


def _after(process: Process) -> dict[str, str]:
    meets = [f"{_it(body.name)}: {_it(body.meets)}" for body in governance.bodies(process)
             if body.kind in SITTING and _it(body.meets)]
    return {"monitoring": _points(*meets)}


def _resolution(process: Process) -> dict[str, str]:
    plan = db.session.scalar(sa.select(Plan).where(Plan.process_id == process.id))
    subject = _("Taking note of the percorso “%(title)s” and of its Documento di proposta partecipata",
                title=_it(process.title))
    decides = [_("Take note of the percorso, of the Documento di proposta partecipata and of its validation."),
               _("Answer the proposals and the remarks as in the table of annex A, with the reasons given there.")]
    if plan is not None:
        decides.append(_("Take them up in the plan “%(title)s”.", title=plan.title))
    premises = [_("Regional law of Emilia-Romagna 15/2018, on participation."), process.start_act]
    return {"subject": str(subject), "organ": "", "premises": _points(*(str(line) for line in premises)),
            "heard": _participants(process), "decided": _points(*(str(line) for line in decides))}


_BY_PART = {Part.OBJECT: _object, Part.BODIES: _bodies, Part.PATH: _path, Part.PROPOSALS: _proposals,
            Part.AFTER: _after, Part.RESOLUTION: _resolution}
