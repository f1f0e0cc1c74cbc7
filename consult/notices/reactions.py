"""What happens is noted as it happens; whoever writes something hears what becomes of it."""

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.contributions.services import ContributionPublished
from consult.core import events
from consult.core.db import db
from consult.notices import services
from consult.notices.models import HappeningKind
from consult.planning.models import Plan, PlanState
from consult.planning.services import PlanStateChanged
from consult.processes.models import Activity
from consult.processes.services import ActivityOpened
from consult.results.services import OutcomeDecided, OutcomeProposed, ResultsFrozen


@events.on(ContributionPublished)
def note_what_is_published(event: ContributionPublished) -> None:
    """Whoever writes something hears what becomes of it; whoever follows where it stands hears of it."""
    contribution = db.session.get_one(Contribution, event.contribution_id)
    services.follow(contribution, db.session.get_one(Person, contribution.author_id), asked=False)
    if contribution.in_thread:
        _note_comment(contribution)
    elif contribution.kind == "proposal":
        services.note(HappeningKind.PROPOSED, activity_id=contribution.activity_id, subject_id=contribution.id,
                      actor_id=contribution.author_id)


def _note_comment(comment: Contribution) -> None:
    written = {"subject_id": comment.id, "actor_id": comment.author_id}
    if comment.about_id is not None:
        services.note(HappeningKind.REPLIED, contribution_id=comment.about_id, **written)
    discussed = comment.thread.discussed if comment.thread else None
    if discussed is not None:
        services.note(HappeningKind.COMMENTED, contribution_id=discussed.id, **written)
    else:
        services.note(HappeningKind.COMMENTED, activity_id=comment.activity_id, **written)


@events.on(OutcomeProposed)
def note_proposed_outcome(event: OutcomeProposed) -> None:
    """Whoever follows a proposal hears what the steering group proposes."""
    services.note(HappeningKind.OUTCOME_PROPOSED, contribution_id=event.contribution_id, actor_id=event.actor_id)


@events.on(OutcomeDecided)
def note_decided_outcome(event: OutcomeDecided) -> None:
    """Whoever follows a proposal hears what was decided."""
    services.note(HappeningKind.OUTCOME_DECIDED, contribution_id=event.contribution_id, actor_id=event.actor_id)


@events.on(ActivityOpened)
def note_opening(event: ActivityOpened) -> None:
    """Whoever follows the percorso hears what they can do now."""
    activity = db.session.get_one(Activity, event.activity_id)
    services.note(HappeningKind.OPENED, activity_id=activity.id, process_id=activity.process_id)


@events.on(ResultsFrozen)
def note_results(event: ResultsFrozen) -> None:
    """Whoever follows an activity or its percorso hears that the results are out."""
    activity = db.session.get_one(Activity, event.activity_id)
    services.note(HappeningKind.RESULTS, activity_id=activity.id, process_id=activity.process_id)


@events.on(PlanStateChanged)
def note_plan(event: PlanStateChanged) -> None:
    """Whoever follows the percorso hears that its plan can be read, or was adopted."""
    if event.after != PlanState.DRAFT.value:
        services.note(HappeningKind.PLAN, process_id=db.session.get_one(Plan, event.plan_id).process_id)
