"""The page that says how well is decided, and what a second reader sees of a decision."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import format_timedelta
from flask_babel import lazy_gettext as _l

from consult.core import pages
from consult.core.charts import Column, Row, Table
from consult.core.disclosure import MINIMUM
from consult.core.languages import Localized, everywhere
from consult.core.web import access
from consult.moderation import words
from consult.moderation.matters import Matter
from consult.moderation.queue import TARGETS
from consult.quality import queries
from consult.quality.queries import Share
from consult.quality.reading import Reading

bp = Blueprint("quality", __name__)


@bp.route("/moderazione/qualita")
@access("quality.read")
def show():
    agreed = queries.agreement()
    whole = Share(sum(one.some for one in agreed.values()), sum(one.all for one in agreed.values()))
    return render_template("quality/show.html", whole=whole, least=MINIMUM, waiting=queries.waiting(),
                           tables=[_agreement(agreed), _reversals(), _pace(), _load()], seeds=queries.seeds())


def _agreement(agreed: dict[Any, Share]) -> Table:
    rows = [_share(words.DONE[act], share) for act, share in sorted(agreed.items(), key=lambda item: item[0].value)]
    return Table(
        code="agreement", caption=everywhere(_l("Second readings that agree, by decision")),
        heading=everywhere(_l("Decision")), rows=tuple(rows), chart=True,
        columns=(Column(label=everywhere(_l("Agree")), unit="share"), Column(label=everywhere(_l("Read twice")))))


def _reversals() -> Table:
    found = sorted(queries.reversals().items())
    rows = [_share(rule.label if (rule := words.rule(reason)) else _l("without a reason"), share)
            for reason, share in found]
    return Table(
        code="reversals", caption=everywhere(_l("Decisions changed after a review, by reason")),
        heading=everywhere(_l("Reason")), rows=tuple(rows), chart=True,
        columns=(Column(label=everywhere(_l("Changed")), unit="share"), Column(label=everywhere(_l("Reviews")))))


def _pace() -> Table:
    found = sorted(queries.pace().items(), key=lambda item: TARGETS[item[0]])
    rows = [Row(label=everywhere(words.ORIGINS[origin]), values=(
        one.in_time / one.number if one.number >= MINIMUM else None,
        _time(one.median) if one.number >= MINIMUM else None, _time(TARGETS[origin]), _kept(one.number)))
        for origin, one in found]
    return Table(
        code="pace", caption=everywhere(_l("Decided in time, by why it waited")),
        heading=everywhere(_l("Why it waited")), rows=tuple(rows), chart=True, columns=(
            Column(label=everywhere(_l("In time")), unit="share"),
            Column(label=everywhere(_l("Half of them within")), unit="text"),
            Column(label=everywhere(_l("Promised")), unit="text"), Column(label=everywhere(_l("Decisions")))))


def _load() -> Table:
    rows = [Row(label=Localized.of(person.shown_name), values=(_kept(number),)) for person, number in queries.load()]
    return Table(code="load", caption=everywhere(_l("Texts decided on, by moderator")),
                 heading=everywhere(_l("Who moderates")), rows=tuple(rows), chart=True,
                 columns=(Column(label=everywhere(_l("Decisions"))),))


def _share(label: Any, share: Share) -> Row:
    return Row(label=everywhere(label),
               values=(share.some / share.all if share.all >= MINIMUM else None, _kept(share.all)))


def _kept(number: int) -> int | None:
    """A figure, unless so few stand behind it that somebody could be recognised."""
    return number if number >= MINIMUM else None


def _time(time: timedelta) -> str:
    return str(format_timedelta(time, granularity="minute", threshold=2))


@pages.slot("moderation.top")
def _decision(matter: Matter) -> str:
    """What was decided, for whoever reads it a second time: all but the name."""
    if not isinstance(matter, Reading):
        return ""
    decision = matter.thing.decision
    return render_template("quality/reading.html", reading=matter, decision=decision, words=words,
                           rule=words.rule(decision.reason, version=decision.rule_version))


@pages.slot("moderation.queue")
def _way(_person: Any) -> str:
    return render_template("quality/link.html")
