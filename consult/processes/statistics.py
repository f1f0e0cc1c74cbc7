"""The figures of a percorso as tables: by phase, and by municipality with small figures kept back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import disclosure
from consult.core.charts import Column, Row, Table, Value
from consult.core.languages import Localized
from consult.processes.models import Phase
from consult.processes.words import COUNTS, SENSITIVE
from consult.territory.models import Municipality

METHOD = _l(
    "Proposals, comments and supports are those that are public now. Whoever proposed, commented or supported is "
    "counted once in each phase. Who voted or answered a survey is not kept: ballot papers and surveys are counted "
    "instead. The municipality is the one each person stated at the time.")


def by_phase(phases: Sequence[Phase], counts: Mapping[int, Counter[str]]) -> Table | None:
    """What was done in each phase; None where nothing was."""
    kinds = _kinds(counts.values())
    if not kinds:
        return None
    rows = [Row(label=phase.title, values=tuple(counts.get(phase.id, Counter())[kind] for kind in kinds))
            for phase in phases]
    return Table(code="by-phase", caption=_said(_l("Participation in each phase")), heading=_said(_l("Phase")),
                 columns=_columns(kinds), rows=tuple(rows))


def by_municipality(municipalities: Sequence[Municipality], counts: Mapping[int, Counter[str]]) -> Table | None:
    """What was done in a phase by people of each municipality; None where nothing was done.

    `counts` is by the id of the municipality, 0 for people who named none. Figures of people and of what they did
    in private are kept back where they are under five or would give such a figure away.
    """
    kinds = _kinds(counts.values())
    if not kinds:
        return None
    places = [(m.id, Localized.of(m.name)) for m in municipalities]
    if any(counts.get(0, Counter()).values()):
        places.append((0, _said(_l("Elsewhere or not stated"))))
    figures = {kind: [counts.get(id, Counter())[kind] for id, _name in places] for kind in kinds}
    shown = {kind: _protected(values) if kind in SENSITIVE else values for kind, values in figures.items()}
    rows = [Row(label=name, values=tuple(shown[kind][at] for kind in kinds))
            for at, (_id, name) in enumerate(places)]
    total = Row(label=_said(_l("Total")), values=tuple(sum(figures[kind]) for kind in kinds), total=True)
    return Table(code="by-municipality", caption=_said(_l("Participation from each municipality")),
                 heading=_said(_l("Municipality")), columns=_columns(kinds), rows=(*rows, total),
                 chart=True, note=_said(METHOD))


def _protected(values: Sequence[int]) -> list[Value]:
    cells = disclosure.protect([[value] for value in values], row_totals=False)
    return [cell[0] for cell in cells]


def _kinds(counts: Iterable[Counter[str]]) -> list[str]:
    """The kinds of act of which there is any, in the order in which they are shown."""
    found: Counter[str] = Counter()
    for each in counts:
        found.update(each)
    return [kind for kind in COUNTS if found[kind] > 0]


def _columns(kinds: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(label=_said(COUNTS[kind])) for kind in kinds)


def _said(text: LazyString) -> Localized:
    """A text of the interface in the reader's language: these tables are made for one page and not kept."""
    return Localized.of(str(text))
