"""What happens is noted as it happens; whoever writes something hears what becomes of it."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.amendments.models import Amendment
from consult.coauthors.services import CoAuthorJoined
from consult.comments import mentions
from consult.comments.models import Comment
from consult.comments.services import PersonMentioned
from consult.contributions.models import Contribution
from consult.contributions.services import ContributionPublished, ContributionRevised
from consult.core import events
from consult.core.db import db
from consult.measures.passing import PassedOn
from consult.meetings import queries as meetings
from consult.meetings.minutes import MinutesApproved, MinutesCirculated
from consult.meetings.models import Meeting, Minutes
from consult.meetings.services import MeetingCancelled, MeetingConvened
from consult.moderation.models import Act, Decision
from consult.moderation.services import TakenBack
from consult.notices import services
from consult.notices.models import HappeningKind
from consult.pact.commitments import CommitmentStateChanged
from consult.pact.models import Commitment, CommitmentState, PactConsultation
from consult.pact.reporting import ProgressReported
from consult.planning.models import Plan, PlanState
from consult.planning.services import PlanStateChanged
from consult.processes.models import Activity, Channel, ResultsVisible
from consult.processes.services import ActivityOpened
from consult.publishing import queries as documents
from consult.publishing.models import MadeDocument
from consult.publishing.services import DocumentFailed, DocumentMade
from consult.results.services import OutcomeDecided, OutcomeProposed, ResultsFrozen

OF_ACTIVITIES = {"proposal": HappeningKind.PROPOSED, "topic": HappeningKind.TOPIC,
                 "statement": HappeningKind.STATEMENT}
"""What whoever follows an activity hears that others have written in it."""

OF_COMMITMENTS = {CommitmentState.AGREED: HappeningKind.AGREED, CommitmentState.UNDER_WAY: HappeningKind.UNDER_WAY,
                  CommitmentState.KEPT: HappeningKind.KEPT, CommitmentState.NOT_KEPT: HappeningKind.NOT_KEPT,
                  CommitmentState.WITHDRAWN: HappeningKind.WITHDRAWN}
"""What is told of a commitment when it comes to a state."""


@events.on(ContributionPublished)
def note_what_is_published(event: ContributionPublished) -> None:
    """Whoever writes something hears what becomes of it; whoever follows where it stands hears of it."""
    contribution = db.session.get_one(Contribution, event.contribution_id)
    services.follow(contribution, db.session.get_one(Person, contribution.author_id), asked=False)
    if isinstance(contribution, Comment):
        _note_comment(contribution)
    elif isinstance(contribution, Amendment):
        services.note(HappeningKind.AMENDED, contribution_id=contribution.proposal_id, subject_id=contribution.id)
    elif contribution.kind in OF_ACTIVITIES and contribution.channel is not Channel.IMPORTED:
        services.note(OF_ACTIVITIES[contribution.kind], activity_id=contribution.activity_id,
                      subject_id=contribution.id)


def _note_comment(comment: Comment) -> None:
    kind = HappeningKind.ANSWERED if comment.official else HappeningKind.COMMENTED
    discussed = comment.thread.discussed if comment.thread else None
    for person_id in mentions.found(comment.thread, comment.author, comment.body) if comment.thread else ():
        services.note_name(comment.id, person_id)
    commitment = _commented(comment) if discussed is None else None
    where = (None, discussed.id, None) if discussed is not None else (
        comment.activity_id, None, commitment.id if commitment else None)
    told = [(HappeningKind.REPLIED, None, comment.about_id, None)] if comment.about_id is not None else []
    services.note_all([
        {"kind": each, "activity_id": activity_id, "contribution_id": contribution_id, "commitment_id": commitment_id,
         "subject_id": comment.id} for each, activity_id, contribution_id, commitment_id in (*told, (kind, *where))])


def _commented(comment: Comment) -> Commitment | None:
    """The commitment of the pact that is commented; asked for in a consultation on the pact alone."""
    if not isinstance(comment.activity, PactConsultation):
        return None
    return db.session.scalar(sa.select(Commitment).where(Commitment.thread_id == comment.thread_id))


@events.on(PersonMentioned)
def note_name(event: PersonMentioned) -> None:
    """Whoever is called by name when a comment is changed hears of it; in a new one, once it can be read."""
    comment = db.session.get_one(Comment, event.comment_id)
    if comment.published_at is not None:
        services.note_name(comment.id, event.person_id)


@events.on(ContributionRevised)
def note_change(event: ContributionRevised) -> None:
    """Whoever follows a text hears that it has changed."""
    services.note(HappeningKind.CHANGED, contribution_id=event.contribution_id, subject_id=event.contribution_id)


@events.on(CoAuthorJoined)
def have_authors_hear(event: CoAuthorJoined) -> None:
    """Whoever becomes an author of a proposal hears what becomes of it."""
    services.follow(db.session.get_one(Contribution, event.proposal_id), db.session.get_one(Person, event.person_id),
                    asked=False)


@events.on(OutcomeProposed)
def note_proposed_outcome(event: OutcomeProposed) -> None:
    """Whoever follows a proposal hears what the steering group proposes."""
    services.note(HappeningKind.OUTCOME_PROPOSED, contribution_id=event.contribution_id)


@events.on(OutcomeDecided)
def note_decided_outcome(event: OutcomeDecided) -> None:
    """Whoever follows a proposal hears what was decided."""
    services.note(HappeningKind.OUTCOME_DECIDED, contribution_id=event.contribution_id)


@events.on(ActivityOpened)
def note_opening(event: ActivityOpened) -> None:
    """Whoever follows the percorso hears what they can do now."""
    activity = db.session.get_one(Activity, event.activity_id)
    if isinstance(activity, Meeting):
        return  # whoever follows heard of it when it was convened
    services.note(HappeningKind.OPENED, activity_id=activity.id, process_id=activity.process_id)


@events.on(MeetingConvened)
def note_convocation(event: MeetingConvened) -> None:
    """Those who sit at the table follow the meeting from now on; whoever follows the percorso hears of it too."""
    meeting = db.session.get_one(Meeting, event.activity_id)
    for person in meetings.members(meeting):
        services.follow(meeting, person, asked=False)
    services.note(HappeningKind.CONVENED, activity_id=meeting.id, process_id=meeting.process_id)


@events.on(MeetingCancelled)
def note_cancellation(event: MeetingCancelled) -> None:
    """Whoever heard of a meeting hears that it does not take place."""
    meeting = db.session.get_one(Meeting, event.activity_id)
    services.note(HappeningKind.CANCELLED, activity_id=meeting.id, process_id=meeting.process_id)


@events.on(MinutesCirculated)
def ask_for_corrections(event: MinutesCirculated) -> None:
    """Those who sit at the table hear that minutes wait for them."""
    meeting = db.session.get_one(Minutes, event.minutes_id).meeting
    for person in meetings.members(meeting):
        services.note(HappeningKind.CIRCULATED, person_id=person.id, matter=f"meeting:{meeting.id}")


@events.on(MinutesApproved)
def note_minutes(event: MinutesApproved) -> None:
    """Whoever follows a meeting or its percorso hears that its minutes can be read."""
    meeting = db.session.get_one(Minutes, event.minutes_id).meeting
    services.note(HappeningKind.MINUTES, activity_id=meeting.id, process_id=meeting.process_id)


@events.on(ResultsFrozen)
def note_results(event: ResultsFrozen) -> None:
    """Whoever follows an activity or its percorso hears that the results are out."""
    activity = db.session.get_one(Activity, event.activity_id)
    if isinstance(activity, Meeting) or activity.results_visible is ResultsVisible.STAFF:
        return  # what came of a meeting are its minutes
    services.note(HappeningKind.RESULTS, activity_id=activity.id, process_id=activity.process_id)


@events.on(PlanStateChanged)
def note_plan(event: PlanStateChanged) -> None:
    """Whoever follows the percorso hears that its plan can be read, or was adopted."""
    if event.after != PlanState.DRAFT.value:
        services.note(HappeningKind.PLAN, process_id=db.session.get_one(Plan, event.plan_id).process_id)


@events.on(ProgressReported)
def note_progress(event: ProgressReported) -> None:
    """Whoever follows a commitment, its percorso or the consultation on the pact hears how far it is."""
    _note_commitment(HappeningKind.PROGRESS, event.commitment_id)


@events.on(CommitmentStateChanged)
def note_state_of_commitment(event: CommitmentStateChanged) -> None:
    """The same people hear that it is agreed, begun, kept or not, or withdrawn."""
    kind = OF_COMMITMENTS.get(CommitmentState(event.after))
    if kind is not None:
        _note_commitment(kind, event.commitment_id)


def _note_commitment(kind: HappeningKind, commitment_id: int) -> None:
    """One row for all who follow: whoever follows the commitment and the percorso is told once."""
    commitment = db.session.get_one(Commitment, commitment_id)
    if commitment.public:
        services.note(kind, process_id=commitment.process_id, commitment_id=commitment.id,
                      activity_id=commitment.thread.activity_id if commitment.thread else None)


@events.on(DocumentMade, DocumentFailed)
def tell_who_waits(event: DocumentMade | DocumentFailed) -> None:
    """Whoever asked for documents hears once, when the last of them is finished."""
    finished = db.session.get_one(MadeDocument, event.document_id)
    if not documents.awaited_by(finished.asked_by_id):
        services.note(HappeningKind.DOCUMENT, person_id=finished.asked_by_id, matter=f"document:{finished.id}")


@events.on(PassedOn)
def ask_to_decide(event: PassedOn) -> None:
    """Whoever is asked to decide hears of it at the pace of their notices."""
    for person_id in event.person_ids:
        services.note(HappeningKind.PASSED_ON, person_id=person_id, matter=event.subject)


@events.on(TakenBack)
def ask_no_more(event: TakenBack) -> None:
    """What was passed on and taken back at once nobody is asked to decide."""
    undone = db.session.get_one(Decision, event.undone_id)
    if undone.act is Act.ESCALATE:
        services.drop_asking(undone.subject, undone.decided_at)
