"""What others must know of the plan, and what follows from events recorded elsewhere."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from consult.lineage import queries as lineage
from consult.planning.models import TraceLink


@lineage.marked_by
def links(proposal_ids: Sequence[int]) -> sa.Select[Any]:
    """What went into the plan is not taken apart again."""
    return sa.select(TraceLink.id).where(TraceLink.contribution_id.in_(list(proposal_ids)))
