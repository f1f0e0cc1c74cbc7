"""How a consultation on the pact is counted when it closes."""

from consult.core import charts
from consult.results import sheets

charts.counted_by("pact_consultation")(sheets.pact_consultation)
