"""The register of a ballot: its signed heads, its publication, and papers declared void."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.core import keys, pages
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.ledger import packing, queries, signing, voiding, words
from consult.ledger.forms import VoidForm
from consult.ledger.models import Stage

bp = Blueprint("ledger", __name__)

HASHES = 10_000
SHOWN = 50
"""Signed heads on the page and in the feed; all of them are in the publication."""


@bp.route("/votazioni/<int:id>/registro")
@access("ledger.read", loads=queries.activity)
def show(ballot):
    found = queries.opened(ballot.id)
    return render_template(
        "ledger/show.html", ballot=ballot, ledger=found, heads=queries.checkpoints(ballot.id, SHOWN), key=_key(),
        voids=[(words.void_reason(why), count) for why, count in queries.counts(ballot.id).items()],
        reasons=[words.void_reason(code) for code in queries.consultation(found)["void_reasons"]], stages=Stage,
        packed=can(me(), "ledger.publication", ballot) and packing.file_of(ballot.id).exists())


def _key():
    """The public key, or nothing while the private one is lost."""
    try:
        return signing.verifier()
    except keys.KeyLostError:
        return None


@bp.route("/votazioni/<int:id>/registro.atom")
@access("ledger.read", loads=queries.activity)
def feed(ballot):
    text = render_template("ledger/feed.xml", ballot=ballot, heads=queries.checkpoints(ballot.id, SHOWN))
    return Response(text, mimetype="application/atom+xml")


def _of_head(id, size):
    """The ballot of which a head of that size was signed."""
    return queries.activity(id) if queries.heads_note(id, size) else None


@bp.route("/votazioni/<int:id>/registro/<int:size>.txt")
@access("ledger.read", loads=_of_head)
def head(ballot, size):
    return _text(queries.heads_note(ballot.id, size), f"registro-{ballot.id}-{size}.txt")


@bp.route("/votazioni/<int:id>/registro/impronte.txt")
@access("ledger.read", loads=queries.activity)
def hashes(ballot):
    """Hashes of entries, which tell nothing of what is in them: ten thousand from the one that `da` names."""
    given = argument("da") or "0"
    low = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else abort(404)
    lines = "".join(f"{hashed.hex()}\n" for hashed in queries.hashes(ballot.id, low, low + HASHES))
    return _text(lines, f"impronte-{ballot.id}-{low}.txt")


def _text(content, name):
    return Response(content, mimetype="text/plain",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/votazioni/<int:id>/pubblicazione.zip")
@access("ledger.publication", loads=queries.activity)
def publication(ballot):
    path = packing.file_of(ballot.id)
    if not path.exists():
        abort(404)
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=f"votazione-{ballot.id}.zip",
                     conditional=True)


@bp.route("/votazioni/<int:id>/registro/annulla", methods=["GET", "POST"])
@access("ledger.void", loads=queries.activity)
def void(ballot):
    found = queries.opened(ballot.id)
    form = VoidForm(queries.consultation(found)["void_reasons"])
    if form.accepted():
        try:
            _void(ballot, form)
        except voiding.RefusedError as refusal:
            form.form_errors.append(refusal.reason)
        else:
            flash(_("The paper is void: it is not counted, and the register says why."))
            return redirect(url_for(".show", id=ballot.id), 303)
    return render_template("ledger/void.html", ballot=ballot, form=form, refusal=voiding.refusal(found))


def _void(ballot, form):
    if form.tag.data:
        voiding.void_tag(ballot.id, form.tag.data, form.why.data, me())
        return
    person = accounts.by_email(form.email.data)
    if person is None:
        raise voiding.RefusedError(_("There is no account with this address."))
    voiding.void_of(ballot.id, person, form.why.data, me())


@pages.slot("results.below", position=40)
def _from_results(activity):
    found = queries.ledger(activity.id) if activity.kind == "ballot" else None
    if found is None:
        return ""
    return render_template("ledger/recount.html", ballot=activity, ledger=found, stages=Stage,
                           packed=packing.file_of(activity.id).exists(),
                           hidden=found.stage is Stage.CLOSED and packing.withheld(found))


@pages.slot("ballot.below", position=40)
def _from_ballot(ballot):
    return render_template("ledger/link.html", ballot=ballot) if queries.exists(ballot.id) else ""


@pages.slot("ballot.office", position=40)
def _from_office(ballot):
    return render_template("ledger/link.html", ballot=ballot) if queries.exists(ballot.id) else ""
