"""Splitting a proposal as an act of moderation: the same as the plan office does, told once it can stand."""

from collections.abc import Mapping
from datetime import datetime

from consult.accounts.models import Person
from consult.contributions import splitting
from consult.contributions.splitting import Splitting
from consult.lineage import queries, services
from consult.lineage.forms import PartsForm
from consult.lineage.services import MOST_PARTS, Draft
from consult.proposals.models import Proposal


@splitting.of("proposal")
class Proposals(Splitting):
    """Proposals, until their call is over."""

    fields = "lineage/part_fields.html"

    def possible(self, thing: Proposal) -> bool:
        return thing.public and not thing.replaced and not thing.activity.over()

    def parts(self, thing: Proposal) -> PartsForm:
        form = PartsForm(data={"title_1": thing.title, "body_1": thing.body, "axis_1": thing.axis_id,
                               "axis_2": thing.axis_id})
        form.offer(thing.activity.phase.process)
        return form

    def split(self, thing: Proposal, actor: Person, written: Mapping[str, str], *, reason: str,
              until: datetime) -> None:
        axes = {str(axis.id): axis for axis in thing.activity.phase.process.axes}
        drafts = [Draft(title=written[f"title_{n}"], body=written[f"body_{n}"],
                        axis=axes.get(written.get(f"axis_{n}", "")))
                  for n in range(1, MOST_PARTS + 1) if written.get(f"title_{n}")]
        services.split(thing, actor, drafts, reason=reason, moderated_until=until)

    def join(self, thing: Proposal, actor: Person) -> None:
        derivation = queries.family(thing).fate
        if derivation is None:
            raise services.LineageError(queries.ACTED_ON)
        services.undo(derivation, actor)
