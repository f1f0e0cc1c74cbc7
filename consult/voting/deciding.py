"""What was asked for before a ballot decides something, and what would have come of its papers by another rule."""

from collections.abc import Iterable, Sequence

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.core.charts import Column, Row, Table
from consult.core.languages import Localized, everywhere, one_after_another
from consult.methods import comparing, conditions
from consult.methods.conditions import Checked, Numbers
from consult.methods.interface import Paper
from consult.voting import tables
from consult.voting.tables import Counted


def asked_for(counted: Counted) -> list[Table]:
    """Whether each condition of a ballot holds, as a table; nothing where it has none."""
    checks = _checked(counted)
    if not checks:
        return []
    places = len([place for place, _name in counted.places if place is not None])
    yes, no = everywhere(_l("It holds")), everywhere(_l("It does not hold"))
    rows = tuple(Row(label=_of(counted, check, conditions.told([check.condition], places)[0]),
                     values=(yes if check.met else no,)) for check in checks)
    return [Table(code="conditions", caption=everywhere(_l("What was asked for before the vote")), rows=rows,
                  heading=everywhere(_l("Condition")), columns=(Column(label=everywhere(_l("Outcome")), unit="text"),))]


def told(counted: Counted) -> list[LazyString]:
    """Whether the conditions of a ballot hold, with their figures, and what follows from it."""
    checks = _checked(counted)
    if not checks:
        return []
    standing = conditions.standing(checks, counted.result.winners)
    said = [check.said for check in checks if not _hides(counted, check)]
    if any(_hides(counted, check) for check in checks):
        said.append(_l("In how many municipalities a condition holds is not told here, as that would give away figures "
                       "behind which few people stand."))
    if all(check.met for check in checks):
        return [*said, _l("So all that was asked for before the vote holds.")]
    if not standing:
        return [*said, _l("So not all that was asked for before the vote holds, and the ballot decides nothing.")]
    return [*said, _l("So what was asked for before the vote holds only for these: %(titles)s.",
                      titles=_listed([counted.titles[code] for code in standing]))]


def by_another_rule(counted: Counted, papers: Iterable[Paper]) -> list[Table]:
    """What would have come of the same papers by other rules that can read them; nothing where there is none."""
    if not counted.result.valid:
        return []
    found = comparing.compared(counted.rules, papers)
    if not found:
        return []
    own = set(counted.result.winners)
    same, other = everywhere(_l("The same")), everywhere(_l("Another outcome"))
    rows = [Row(label=everywhere(counted.method.title), values=(_winners(counted, counted.result.winners),
                                                                everywhere(_l("The rule of this ballot"))))]
    rows += [Row(label=everywhere(one.title), values=(_winners(counted, one.winners),
                                                      same if set(one.winners) == own else other)) for one in found]
    notes = [_l("These rules were not those of the ballot: nothing follows from them. They show how far the outcome "
                "hangs on the way of counting.")]
    notes += [_l("%(rule)s: %(reading)s", rule=one.title, reading=one.read_as) for one in found if one.read_as]
    return [Table(
        code="comparison", caption=everywhere(_l("With another rule")), heading=everywhere(_l("Rule")),
        columns=(Column(label=everywhere(_l("What comes out")), unit="text"),
                 Column(label=everywhere(_l("Compared with this ballot")), unit="text")),
        rows=tuple(rows), note=one_after_another(*map(everywhere, notes)))]


def _checked(counted: Counted) -> list[Checked]:
    numbers = Numbers(electorate=counted.electorate, places=counted.where, winners=counted.result.winners)
    return conditions.check(counted.ballot.conditions, numbers, counted.name)


def _hides(counted: Counted, check: Checked) -> bool:
    """True for a condition on municipalities where some figure of theirs is kept back: how many hold would tell."""
    return "places" in check.condition and not tables.all_told(counted)


def _of(counted: Counted, check: Checked, said: LazyString) -> Localized:
    if check.code is None:
        return everywhere(said)
    return everywhere(_l("“%(title)s” – %(condition)s", title=counted.titles[check.code], condition=said))


def _winners(counted: Counted, codes: Sequence[str]) -> Localized:
    if not codes:
        return everywhere(_l("Nothing"))
    return everywhere(_listed([counted.titles[code] for code in sorted(codes)]))


def _listed(titles: Sequence[Localized]) -> LazyString:
    return LazyString(lambda: "; ".join(_("“%(title)s”", title=title) for title in titles))
