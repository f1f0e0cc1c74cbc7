"""The versions of a proposal, one by one and compared."""


from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.contributions.words import FLAG_REASONS
from consult.core import asking, diff, pages, richtext
from consult.core.forms import argument
from consult.core.policy import Verdict, can
from consult.core.web import RefusedError, access, me
from consult.proposals import queries as proposals
from consult.proposals.models import Proposal
from consult.proposals.views import readable
from consult.versions import queries, services
from consult.versions.forms import HideForm
from consult.versions.queries import Version
from consult.voting import holding
from consult.voting import services as voting
from consult.voting.views import seen_version

bp = Blueprint("versions", __name__)


def compared(before: tuple[str, str], after: tuple[str, str], *, typed: bool) -> dict[str, str]:
    """Two titles and texts compared, as HTML: as they are read, or as they were typed."""
    text = (diff.source(before[1], after[1]) if typed else
            diff.readable(richtext.render(before[1]), richtext.render(after[1])))
    return {"title": diff.source(before[0], after[0]) if before[0] != after[0] else "", "text": text}


def of_address(id: int, number: int) -> Proposal | None:
    """The proposal of an address that also names a version."""
    return proposals.proposal(id)


def readable_of_address(id: int, number: int) -> Proposal | None:
    """The same, unknown to whoever may not read it."""
    return readable(id)


def _called(versions: list[Version], number: str, usual: Version) -> Version:
    known = queries.numbered(versions, int(number)) if number.isascii() and number.isdecimal() else None
    return known or usual


@bp.route("/proposte/<int:id>/versioni")
@access("proposal.read", loads=proposals.proposal)
def index(proposal):
    return render_template("versions/index.html", proposal=proposal, versions=queries.of(proposal),
                           reasons=FLAG_REASONS)


@bp.route("/proposte/<int:id>/versioni/<int:number>")
@access("proposal.read", loads=of_address)
def show(proposal, number):
    versions = queries.of(proposal)
    version = queries.numbered(versions, number) or abort(404)
    return render_template("versions/show.html", proposal=proposal, version=version, versions=versions,
                           html=richtext.render(version.body), reasons=FLAG_REASONS)


@bp.route("/proposte/<int:id>/versioni/confronta")
@access("proposal.read", loads=proposals.proposal)
def compare(proposal):
    versions = queries.of(proposal)
    after = _called(versions, argument("a", 9), versions[-1])
    before = _called(versions, argument("da", 9), versions[max(0, after.number - 2)])
    typed = argument("vista", 9) == "sorgente"
    both = before.readable and after.readable
    return render_template(
        "versions/compare.html", proposal=proposal, versions=versions, before=before, after=after, typed=typed,
        facts=queries.differing(before, after) if both else [],
        compared=compared((before.title, before.body), (after.title, after.body), typed=typed) if both else None)


@bp.route("/proposte/<int:id>/versioni/<int:number>/nascondi", methods=["GET", "POST"])
@access("version.hide", loads=readable_of_address)
def hide(proposal, number):
    version = queries.numbered(queries.of(proposal), number)
    if version is None or version.current or not version.readable:
        abort(404)
    form = HideForm()
    if form.accepted():
        services.hide(proposal, version, me(), reason=form.chosen)
        flash(_("The version is hidden: its text is shown to nobody any more."))
        return redirect(url_for(".index", id=proposal.id), 303)
    return render_template("versions/hide.html", proposal=proposal, version=version, form=form)


@bp.route("/proposte/<int:id>/sostegno/conferma", methods=["POST"])
@access("support.confirm", loads=readable)
def confirm(proposal):
    try:
        done = voting.confirm_support(proposal, me(), seen=seen_version() or proposal.version)
    except holding.RefusedError as refusal:
        raise RefusedError("support.confirm", Verdict(False, refusal.reason)) from refusal
    if done:
        flash(_("Your support is for the text as it stands."))
    else:
        flash(_("Nothing changed: your support was for this text already, or you had taken it back."), "info")
    return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug, _anchor="sostegno"), 303)


def _how_many(proposal: Proposal) -> int:
    """How many versions there are: two places of a page ask."""
    if proposal.version == 1 or proposal.published_at is None:
        return 1
    known: dict[int, int] = g.setdefault("versions", {})
    if proposal.id not in known:
        known[proposal.id] = queries.how_many(proposal)
    return known[proposal.id]


@pages.slot("proposal.versions")
def _versions(proposal: Proposal) -> str:
    """Under the text: which version it is."""
    if (count := _how_many(proposal)) == 1:
        return ""
    return render_template("versions/of_proposal.html", proposal=proposal, count=count)


@pages.slot("proposal.support", position=30)
def _standing(proposal: Proposal) -> str:
    """Beside the supports: to which text they were given, and how to say it of one's own."""
    if not proposal.support_count or _how_many(proposal) == 1:
        return ""
    given = asking.answer("contribution", "supported version", proposal)
    own = queries.standing_at(queries.of(proposal), given) if given and given < proposal.version else None
    return render_template("versions/standing.html", proposal=proposal, standing=queries.standing(proposal), own=own,
                           may=bool(own and can(me(), "support.confirm", proposal)))
