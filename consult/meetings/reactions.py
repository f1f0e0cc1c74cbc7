"""What the parts below must know of meetings."""

from consult.core import charts
from consult.meetings import sheets

charts.counted_by("meeting")(sheets.sheet)
