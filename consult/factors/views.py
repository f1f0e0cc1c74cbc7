"""The second step of signing in, and setting it up."""

from io import BytesIO

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_ngettext as _n
from flask_babel import ngettext

from consult.accounts import limits, second_step
from consult.accounts.second_step import PendingSignIn
from consult.accounts.views import begin_session, unkept
from consult.core import config, pages
from consult.core.forms import Form
from consult.core.web import access, local_path, me
from consult.factors import codes, passkeys, queries, services
from consult.factors.forms import CodeForm, NewPasskeyForm, PasskeyForm, RecoveryForm
from consult.factors.models import Passkey

bp = Blueprint("factors", __name__)


# signing in
@bp.route("/accedi/secondo-passo", methods=["GET", "POST"])
@access("factor.step")
def step():
    pending = second_step.waiting(session.get("pending"))
    if pending is None:
        return _begin_again()
    form = CodeForm(next=request.args.get("next"))
    held = queries.held(pending.person)
    if form.accepted():
        if _shown(services.show_code, pending, form.code.data):
            return _enter(pending, form.next.data)
        form.code.errors = [_("This code is not right, or it was used already. Wait for the next one and type that.")]
    return _step_page(form, held)


@bp.route("/accedi/secondo-passo/recupero", methods=["GET", "POST"])
@access("factor.step")
def recover():
    pending = second_step.waiting(session.get("pending"))
    if pending is None:
        return _begin_again()
    form = RecoveryForm(next=request.args.get("next"))
    if form.accepted():
        if _shown(services.show_recovery_code, pending, form.code.data):
            left, answer = queries.recovery_codes_left(pending.person), _enter(pending, form.next.data)
            flash(ngettext("You have used a recovery code: %(num)s is left. Make new ones on your profile.",
                           "You have used a recovery code: %(num)s are left. Make new ones on your profile when "
                           "there are few.", left), "warning")
            return answer
        form.code.errors = [_("This code is not right, or it was used already.")]
    return unkept(render_template("factors/recover.html", form=form))


@bp.route("/accedi/secondo-passo/passkey", methods=["POST"])
@access("factor.step")
def step_passkey():
    pending = second_step.waiting(session.get("pending"))
    if pending is None:
        return _begin_again()
    form = PasskeyForm()
    if form.accepted() and _shown(services.show_passkey, pending,
                                  lambda: passkeys.proved(pending.person, form.credential.data)):
        return _enter(pending, form.next.data)
    again = CodeForm(formdata=None, next=form.next.data)
    again.form_errors.append(_("Your device did not prove that it has the passkey. Try again, or use another way."))
    return _step_page(again, queries.held(pending.person))


@bp.route("/accedi/secondo-passo/passkey/opzioni", methods=["POST"])
@access("factor.step")
def step_options():
    pending = second_step.waiting(session.get("pending"))
    if pending is None:
        return Response("{}", 410, mimetype="application/json")
    return Response(passkeys.sign_in_options(pending.person), mimetype="application/json")


def _shown(show, pending: PendingSignIn, answer) -> bool:
    """Ask a service whether a second factor holds; too many tries are answered with how long to wait."""
    try:
        return bool(show(pending, answer))
    except services.TooManyTriesError as stopped:
        limits.too_many(stopped.left, _n(
            "There were too many wrong codes. Wait %(num)s minute, then try again.",
            "There were too many wrong codes. Wait %(num)s minutes, then try again.", limits.minutes(stopped.left)))


def _enter(pending: PendingSignIn, back: str | None):
    begin_session(pending.person, password_at=pending.began_at, second_factor=True)
    return redirect(local_path(back), 303)


def _begin_again():
    flash(_("The second step took longer than ten minutes, or was done already. Sign in again."), "info")
    return redirect(url_for("accounts.sign_in", next=local_path(request.values.get("next", "")[:2000])), 303)


def _step_page(form: CodeForm, held: queries.Held):
    return unkept(render_template("factors/step.html", form=form, held=held,
                                  passkey=PasskeyForm(formdata=None, next=form.next.data)))


# setting up
@bp.route("/profilo/secondo-passo")
@access("factor.list")
def show():
    return render_template("factors/show.html", held=queries.held(me()), possible=passkeys.possible(),
                           owed=not me().second_factor_shown and me().roles_sleep)


@bp.route("/profilo/secondo-passo/app/inizia", methods=["POST"])
@access("factor.set_up")
def begin_app():
    services.begin_code_app(me())
    return redirect(url_for(".app"), 303)


@bp.route("/profilo/secondo-passo/app", methods=["GET", "POST"])
@access("factor.set_up")
def app():
    form, new = CodeForm(), queries.code_app(me(), being_set_up=True)
    secret = codes.unseal(new) if new else None
    if secret is None:
        flash(_("Begin again: what was begun before is too old, or was finished already."), "info")
        return redirect(url_for(".show"), 303)
    if form.accepted():
        if services.confirm_code_app(me(), form.code.data):
            return _set_up()
        form.code.errors = [_("This code does not belong to the picture. Check that the clock of your phone is right, "
                              "then type the code that the app shows now.")]
    groups = [secret[at:at + 4] for at in range(0, len(secret), 4)]
    return unkept(render_template("factors/app.html", form=form, groups=groups))


@bp.route("/profilo/secondo-passo/app/qr.svg")
@access("factor.set_up")
def qr():
    new = queries.code_app(me(), being_set_up=True)
    secret = codes.unseal(new) if new else None
    if secret is None:
        return Response(status=404)
    address = config.current().address.partition("://")[2]
    picture = BytesIO()
    segno.make(codes.link(secret, account=me().email or me().shown_name, issuer=address), error="m").save(
        picture, kind="svg", scale=6, border=4, light="#fff", xmldecl=False, svgclass=None, lineclass=None)
    return Response(picture.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.route("/profilo/secondo-passo/app/togli", methods=["POST"])
@access("factor.set_up")
def remove_app():
    services.remove_code_app(me())
    flash(_("The app is no longer asked for a code."))
    return redirect(url_for(".show"), 303)


@bp.route("/profilo/secondo-passo/passkey", methods=["GET", "POST"])
@access("factor.set_up")
def new_passkey():
    if not passkeys.possible() or len(queries.passkeys(me())) >= services.MOST_PASSKEYS:
        flash(_("No more passkeys can be added here."), "info")
        return redirect(url_for(".show"), 303)
    form = NewPasskeyForm()
    if form.accepted():
        made = passkeys.made(me(), form.credential.data or "")
        if made is not None and not queries.known_passkey(made["credential_id"]):
            services.add_passkey(me(), made, name=form.name.data)
            return _set_up()
        form.form_errors.append(_("Your device did not make a passkey, or has one for this site already. Try again."))
    return unkept(render_template("factors/new_passkey.html", form=form))


@bp.route("/profilo/secondo-passo/passkey/opzioni", methods=["POST"])
@access("factor.set_up")
def passkey_options():
    options = passkeys.registration_options(me(), site=config.current().address.partition("://")[2])
    return Response(options, mimetype="application/json")


@bp.route("/profilo/secondo-passo/passkey/<int:id>/togli", methods=["POST"])
@access("factor.remove_passkey", loads=Passkey)
def remove_passkey(passkey):
    services.remove_passkey(passkey, me())
    flash(_("The passkey no longer signs in."))
    return redirect(url_for(".show"), 303)


def _set_up():
    """The end of setting one up: this browser has shown it; with the first one come the recovery codes."""
    if not me().second_factor_shown:
        begin_session(me(), second_factor=True)
    if queries.recovery_codes_left(me()):
        flash(_("Done: it is asked for from the next time you sign in."))
        return redirect(url_for(".show"), 303)
    return _recovery_codes()


@bp.route("/profilo/secondo-passo/codici", methods=["GET", "POST"])
@access("factor.set_up")
def recovery_codes():
    if me().second_factor_since is None:
        return redirect(url_for(".show"), 303)
    if Form().accepted():
        return _recovery_codes()
    return render_template("factors/new_codes.html", left=queries.recovery_codes_left(me()), form=Form())


def _recovery_codes():
    """The one page that is an answer to a form: what it shows is kept nowhere and cannot be shown again."""
    return unkept(render_template("factors/codes.html", codes=services.make_recovery_codes(me())))


@pages.slot("account.profile", position=20)
def of_profile(person) -> str:
    return render_template("factors/of_profile.html", since=person.second_factor_since)
