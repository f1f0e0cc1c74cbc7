"""Home, percorso, phase, what one can take part in, and the pages every public site owes its readers."""

from flask import Blueprint, abort, render_template
from flask.sansio.blueprints import BlueprintSetupState

from consult.accounts.models import Role
from consult.core import clock, pages
from consult.core.web import access, me
from consult.processes import audience, queries, statistics, words
from consult.processes.models import Activity, Phase, Process, Standing

bp = Blueprint("processes", __name__)

PAGES = ("privacy", "note-legali", "regole", "accessibilita")


@bp.app_template_global()
def activity_url(activity: Activity) -> str:
    """The page of an activity, whatever its kind."""
    return pages.address(words.ENDPOINTS[activity.kind], id=activity.id)


@bp.record_once
def _for_templates(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals.update(process_words=words, Standing=Standing, days_left=_days_left,
                                       asked_of=audience.sentences, asks_verification=audience.asks_verification,
                                       audience_refusal=audience.refusal, has_conditions=audience.narrowed)


def _days_left(activity: Activity) -> str:
    return words.days_left((clock.local(activity.closes_at).date() - clock.today()).days)


@bp.route("/")
@access("page.read")
def home():
    process = queries.latest_public()
    if process is None:
        return render_template("processes/empty.html")
    return render_template("processes/home.html", process=process, phase=queries.current_phase(process),
                           activities=queries.activities(process), counts=queries.counts(process))


@bp.route("/percorsi")
@access("page.read")
def index():
    return render_template("processes/index.html", processes=queries.public_processes(),
                           current_phase=queries.current_phase)


@bp.route("/percorsi/<slug>")
@access("process.read", loads=queries.process_called)
def show(process):
    counts = queries.counts(process)
    return render_template("processes/show.html", process=process, phase=queries.current_phase(process),
                           activities=queries.activities(process), counts=counts,
                           table=statistics.by_phase(process.phases, counts.by_phase), method=statistics.METHOD)


@bp.route("/percorsi/<slug>/fasi/<int:n>")
@access("process.read", loads=queries.phase_called)
def phase(phase):
    activities = queries.activities(phase.process, phase=phase, unpublished=_sees_unpublished(phase))
    _prepare(activities)
    counts = queries.counts_in(phase)
    return render_template(
        "processes/phase.html", phase=phase, process=phase.process, activities=activities, counts=counts,
        table=statistics.by_municipality(queries.municipalities(phase.process), counts.by_municipality))


@bp.route("/percorsi/<slug>/partecipa")
@access("process.read", loads=queries.process_called)
def take_part(process):
    activities = queries.activities(process, unpublished=_sees_unpublished(process))
    _prepare(activities)
    return render_template("processes/take_part.html", process=process, activities=activities,
                           counts=queries.counts(process))


@pages.slot("bearer.activities")
def open_to_codes(bearer):
    found = [one for one in queries.open_to_codes()
             if audience.somebody(bearer, one) and audience.refusal(bearer, one) is None]
    only = queries.public_activity(bearer.activity_id) if bearer.activity_id and not found else None
    return render_template("processes/open_to_codes.html", activities=found, only=only,
                           reason=only and (audience.refusal(bearer, only) if only.takes() else only.takes().reason))


@bp.route("/pagine/<name>")
@access("page.read")
def page(name):
    if name not in PAGES:
        abort(404)
    return render_template(f"processes/pages/{name}.html")


def _sees_unpublished(thing: Process | Phase) -> bool:
    """Staff see what is being prepared, marked as such."""
    return bool(me().is_authenticated and me().holds(*Role, process_id=thing.process_id))


def _prepare(activities: queries.Standings) -> None:
    pages.prepare("activity", [activity for group in activities.values() for activity in group])
