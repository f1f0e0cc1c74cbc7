"""The sheets in which calls for proposals and consultations on a draft answer."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from flask_babel import LazyString, format_decimal
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.contributions.models import State
from consult.core import disclosure
from consult.core.charts import Column, KeyFigure, Row, Sheet, Table, Value
from consult.core.languages import Localized, everywhere, one_after_another
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.results import counting, speakers, words
from consult.results.counting import ELSEWHERE, Counts, Line
from consult.results.models import Verdict
from consult.results.speakers import Speakers

MOST_SUPPORTED = 10

STATES: dict[State, LazyString] = {
    State.PUBLISHED: _l("Public"),
    State.PENDING: _l("Waiting for a moderator"),
    State.HIDDEN: _l("Hidden by a moderator"),
    State.WITHDRAWN: _l("Withdrawn by the author"),
}


def proposals(call: Activity) -> Sheet:
    """Count a call for proposals now, from its rows."""
    counts = counting.proposals(call)
    axes = {axis.id: axis.title for axis in call.phase.process.axes}
    lines = counting.by_axis(call, axes, everywhere(_l("Without an axis")))
    top = counting.most_supported(call, MOST_SUPPORTED)
    spoke = speakers.of_call(call, counting.supports_of_each(call)) if counts.supports else None
    tables = [_axes(lines), _places(call, counts, _l("Proposals")), _speakers(counts, spoke),
              _voices(counts, _l("Proposals")), _top(top),
              _states(counts, _l("Proposals")), _verdicts(counts)]
    return _sheet(call, counts, _proposal_figures(counts), [table for table in tables if table is not None],
                  _proposal_conclusion(counts, lines, top), [
        _l("Proposals, comments and supports are those that were public when the call was counted. Everyone could "
           "support a proposal once; supports that came on paper or from another system were added as they came."),
        *_lineage(counts)])


def _lineage(counts: Counts) -> list[LazyString]:
    """What merging and splitting did to the numbers, where there was any."""
    if not counts.derived:
        return []
    return [_l("The plan office merged or split some proposals. Of the proposals counted, %(made)s were made in this "
               "way and stand beside their originals; of the supports, %(carried)s were carried over from the "
               "originals with the consent of whoever had given them, and are counted in both places. A merged or "
               "split proposal has the outcome of what was made of it.",
               made=_number(counts.derived), carried=_number(counts.carried))]


def consultation(activity: Activity) -> Sheet:
    """Count a consultation on a draft now, from its rows."""
    counts = counting.remarks(activity)
    lines = counting.by_paragraph(activity)
    tables = [_paragraphs(lines), _places(activity, counts, _l("Comments")), _voices(counts, _l("Comments")),
              _states(counts, _l("Comments"))]
    return _sheet(activity, counts, _remark_figures(counts, lines), [table for table in tables if table is not None],
                  _remark_conclusion(counts, lines), [
        _l("Comments are those that were public when the consultation was counted, replies included.")])


def pact_consultation(activity: Activity) -> Sheet:
    """Count a consultation on the pact now, from its rows."""
    counts = counting.remarks(activity)
    lines = counting.by_paragraph(activity)
    tables = [_commitments(lines), _places(activity, counts, _l("Comments")), _voices(counts, _l("Comments")),
              _states(counts, _l("Comments"))]
    figures = [*_remark_figures(counts, lines)[:-1], _figure(_l("Commitments that were commented"), len(lines))]
    total = counts.contributions.total()
    conclusion = [_n("%(count)s comment was published. Commitments commented: %(parts)s.",
                     "%(count)s comments were published. Commitments commented: %(parts)s.", total,
                     count=_number(total), parts=_number(len(lines))) if total else _l("Nobody commented on the pact.")]
    return _sheet(activity, counts, figures, [table for table in tables if table is not None], conclusion, [
        _l("Comments are those that were public when the consultation was counted, replies included.")])


def discussion(activity: Activity) -> Sheet:
    """Count a discussion now, from its rows."""
    counts = counting.discussion(activity)
    lines = counting.by_topic(activity)
    tables = [_topics(lines), _places(activity, counts, _l("Comments")), _voices(counts, _l("Comments")),
              _states(counts, _l("Comments"))]
    figures = [_figure(_l("Topics"), len(lines)), *_remark_figures(counts, lines)[:-1]]
    return _sheet(activity, counts, figures, [table for table in tables if table is not None],
                  _discussion_conclusion(counts, lines), [
        _l("Comments are those that were public when the discussion was counted, replies included, on topics that "
           "were public too. Topics are named by their code: their words may change or be hidden later.")])


def _sheet(activity: Activity, counts: Counts, figures: Sequence[KeyFigure], tables: Sequence[Table],
           conclusion: Sequence[LazyString], method: Sequence[LazyString]) -> Sheet:
    said = [*method, _l("Everything was counted from what was written, not from running counters. Figures of people "
                        "who supported are kept back by municipality where fewer than five stand behind them, or where "
                        "they would give such a figure away.")]
    return Sheet(
        kind=activity.kind, title=activity.title, figures=tuple(figures), tables=tuple(tables),
        method=one_after_another(*map(everywhere, said)), conclusion=one_after_another(*map(everywhere, conclusion)),
        channels={channel.value: count for channel, count in sorted(
            counts.channels.items(), key=lambda item: item[0].value)},
        source={"activity": activity.id, "process": activity.phase.process.code,
                "opened": activity.opens_at.isoformat(), "closed": activity.closes_at.isoformat()})


def _figure(label: LazyString, value: int) -> KeyFigure:
    return KeyFigure(label=everywhere(label), value=value)


def _number(value: int) -> LazyString:
    return LazyString(format_decimal, value)


def _proposal_figures(counts: Counts) -> list[KeyFigure]:
    return [_figure(_l("Proposals"), counts.contributions.total()), _figure(_l("Supports"), counts.supports.total()),
            _figure(_l("Comments"), counts.comments.total()), _figure(_l("People who proposed"), counts.authors),
            _figure(_l("Organisations that proposed"), counts.organisations)]


def _remark_figures(counts: Counts, lines: Sequence[Line]) -> list[KeyFigure]:
    return [_figure(_l("Comments"), counts.contributions.total()), _figure(_l("People who commented"), counts.authors),
            _figure(_l("Organisations that commented"), counts.organisations),
            _figure(_l("Paragraphs that were commented"), len(lines))]


def _proposal_conclusion(counts: Counts, lines: Sequence[Line], top: Sequence[Line]) -> list[LazyString]:
    total = counts.contributions.total()
    if not total:
        return [_l("No proposal was published.")]
    said = [_n("%(count)s proposal was published. Supports: %(supports)s; comments: %(comments)s.",
               "%(count)s proposals were published. Supports: %(supports)s; comments: %(comments)s.", total,
               count=_number(total), supports=_number(counts.supports.total()),
               comments=_number(counts.comments.total()))]
    leading = _leading(lines)
    if len(leading) == 1 and len(lines) > 1:
        said.append(_l("The axis with the most proposals is “%(axis)s”, with %(count)s.", axis=leading[0].label,
                       count=_number(leading[0].counts[0])))
    if len(first := _leading(top)) == 1:
        said.append(_l("The proposal with the most supports is %(code)s, with %(count)s.", code=first[0].label,
                       count=_number(first[0].counts[0])))
    return said


def _remark_conclusion(counts: Counts, lines: Sequence[Line]) -> list[LazyString]:
    total = counts.contributions.total()
    if not total:
        return [_l("Nobody commented on the draft.")]
    said = [_n("%(count)s comment was published. Paragraphs commented: %(parts)s.",
               "%(count)s comments were published. Paragraphs commented: %(parts)s.", total,
               count=_number(total), parts=_number(len(lines)))]
    if len(first := _leading(lines)) == 1 and len(lines) > 1:
        said.append(_l("The most commented is “%(paragraph)s”, with %(count)s.", paragraph=first[0].label,
                       count=_number(first[0].counts[0])))
    return said


def _discussion_conclusion(counts: Counts, lines: Sequence[Line]) -> list[LazyString]:
    total = counts.contributions.total()
    if not total:
        return [_l("Nobody commented on the topics.")]
    said = [_n("%(count)s comment was published. Topics: %(topics)s.",
               "%(count)s comments were published. Topics: %(topics)s.", total,
               count=_number(total), topics=_number(len(lines)))]
    if len(first := _leading(lines)) == 1 and len(lines) > 1:
        said.append(_l("The topic with the most comments is %(code)s, with %(count)s.", code=first[0].label,
                       count=_number(first[0].counts[0])))
    return said


def _leading(lines: Sequence[Line]) -> list[Line]:
    """The lines with the highest first count: several where they are equal."""
    most = max((line.counts[0] for line in lines), default=0)
    return [line for line in lines if most and line.counts[0] == most]


def _table(code: str, caption: LazyString, heading: LazyString, columns: Sequence[LazyString],
           rows: Sequence[Row], *, chart: bool = False) -> Table | None:
    """A table of counts; None where it would have no line."""
    if not rows:
        return None
    return Table(code=code, caption=everywhere(caption), heading=everywhere(heading), chart=chart, rows=tuple(rows),
                 columns=tuple(Column(label=everywhere(column)) for column in columns))


def _rows(lines: Sequence[Line]) -> list[Row]:
    return [Row(label=line.label, values=line.counts) for line in lines]


def _axes(lines: Sequence[Line]) -> Table | None:
    return _table("axes", _l("Proposals for each axis"), _l("Axis"), [_l("Proposals"), _l("Supports"), _l("Comments")],
                  _rows(lines), chart=True)


def _top(top: Sequence[Line]) -> Table | None:
    return _table("supported", _l("The proposals with the most supports"), _l("Proposal"),
                  [_l("Supports"), _l("Comments")], _rows(top), chart=True)


def _paragraphs(lines: Sequence[Line]) -> Table | None:
    return _table("paragraphs", _l("Comments on each paragraph"), _l("Paragraph"),
                  [_l("Comments"), _l("In favour"), _l("Neutral"), _l("Against")], _rows(lines), chart=True)


def _commitments(lines: Sequence[Line]) -> Table | None:
    return _table("commitments", _l("Comments on each commitment"), _l("Commitment of the pact"),
                  [_l("Comments"), _l("In favour"), _l("Neutral"), _l("Against")], _rows(lines), chart=True)


def _topics(lines: Sequence[Line]) -> Table | None:
    return _table("topics", _l("Comments on each topic"), _l("Topic"),
                  [_l("Comments"), _l("In favour"), _l("Neutral"), _l("Against"), _l("A question")], _rows(lines),
                  chart=True)


def _places(activity: Activity, counts: Counts, what: LazyString) -> Table | None:
    """By municipality. What people wrote is public with its municipality; who supported is not, and is protected."""
    names = {place.id: Localized.of(place.name) for place in processes.municipalities(activity.phase.process)}
    names[ELSEWHERE] = everywhere(_l("Elsewhere or not stated"))
    written, below, supports = (_inside(some, names) for some in (counts.contributions, counts.comments,
                                                                  counts.supports))
    if not written:
        return None
    present = [place for place in names if place != ELSEWHERE or written[place] or below[place] or supports[place]]
    columns: list[tuple[LazyString, Sequence[Value]]] = [(what, [written[place] for place in present])]
    if below:
        columns.append((_l("Comments"), [below[place] for place in present]))
    if supports:
        kept = disclosure.protect([[supports[place] for place in present]], column_totals=False)[0]
        columns.append((_l("Supports"), kept))
    rows = [Row(label=names[place], values=tuple(values[at] for _label, values in columns))
            for at, place in enumerate(present)]
    return _table("municipalities", _l("From which municipalities"), _l("Municipality"),
                  [label for label, _values in columns], rows, chart=True)


def _speakers(counts: Counts, spoke: Speakers | None) -> Table | None:
    """For which organisations people spoke who gave supports; None where nothing of it can be told."""
    if spoke is None or not (spoke.named or spoke.together):
        return None
    total = counts.supports.total()
    found = [*spoke.named, (everywhere(_l("An organisation, its category is not told")), spoke.together),
             (everywhere(_l("No organisation")), spoke.alone),
             (everywhere(_l("Not told apart, because few people stand behind a figure")), total - spoke.total())]
    rows = [Row(label=label, values=(count,)) for label, count in found if count]
    rows.append(Row(label=everywhere(_l("Total")), values=(total,), total=True))
    return dataclasses.replace(
        cast(Table, _table("supports-categories", _l("Supports by category of organisation"), _l("In whose name"),
                           [_l("Supports")], rows, chart=True)),
        note=everywhere(_l("Added up from what the page of each proposal tells: what is kept back there is kept back "
                           "here too.")))


def _inside(counts: Counter[int], names: Mapping[int, Localized]) -> Counter[int]:
    """The same counts with every place that has no name gathered as elsewhere."""
    gathered: Counter[int] = Counter()
    for place, count in counts.items():
        gathered[place if place in names else ELSEWHERE] += count
    return gathered


def _voices(counts: Counts, what: LazyString) -> Table | None:
    total = counts.contributions.total()
    rows = [Row(label=everywhere(_l("Citizens")), values=(total - counts.by_organisations,)),
            Row(label=everywhere(_l("Organisations")), values=(counts.by_organisations,))]
    return _table("voices", _l("Who spoke"), _l("In whose name"), [what], rows if total else [])


def _states(counts: Counts, what: LazyString) -> Table | None:
    rows = [Row(label=everywhere(label), values=(counts.states[state],))
            for state, label in STATES.items() if counts.states[state]]
    return _table("states", _l("What became of what was sent in"), _l("State"), [what], rows)


def _verdicts(counts: Counts) -> Table | None:
    if not counts.verdicts:
        return None
    rows = [Row(label=everywhere(words.VERDICTS[verdict]), values=(counts.verdicts[verdict],)) for verdict in Verdict]
    rows.append(Row(label=everywhere(_l("No outcome yet")),
                    values=(counts.contributions.total() - counts.verdicts.total(),)))
    return _table("outcomes", _l("Outcomes so far"), _l("Outcome"), [_l("Proposals")], rows)
