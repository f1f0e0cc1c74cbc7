"""What themes, breakdowns and ways of gathering are called."""

from flask_babel import lazy_gettext as _l

from consult.analysis.models import Breakdown, Gathering, Theme

THEMES = {
    Theme.PEOPLE: _l("Who lives here"),
    Theme.SOCIETY: _l("Services, school, health"),
    Theme.ECONOMY: _l("Work and business"),
    Theme.NETWORKS: _l("Land, networks, environment"),
    Theme.FINANCES: _l("The accounts of the municipalities"),
    Theme.ADMINISTRATION: _l("Offices and participation"),
}
BREAKDOWNS = {
    Breakdown.TOTAL: _l("One value for each municipality"),
    Breakdown.AGE: _l("By age band"),
    Breakdown.GENDER: _l("By gender"),
    Breakdown.AGE_AND_GENDER: _l("By age band and gender"),
}
GATHERINGS = {
    Gathering.SUM: _l("The sum of the municipalities"),
    Gathering.WEIGHTED: _l("The weighted mean of the municipalities"),
    Gathering.MEAN: _l("The mean of the municipalities, each counted alike"),
    Gathering.STATED: _l("What the source says of the whole territory"),
    Gathering.NONE: _l("None: it makes no sense for the whole territory"),
}
GENDERS = {"F": _l("Women"), "M": _l("Men")}
