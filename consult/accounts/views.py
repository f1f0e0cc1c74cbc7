"""Signing up, in and out; the profile."""

from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from consult.accounts import limits, queries, registration, second_step, services, words
from consult.accounts.forms import (
    AddressForm,
    ChangePasswordForm,
    NewPasswordForm,
    ProfileForm,
    RegisterForm,
    SignInForm,
)
from consult.accounts.models import TokenPurpose
from consult.core import clock, config, held, languages
from consult.core.forms import Form
from consult.core.web import access, local_path, me

bp = Blueprint("accounts", __name__)

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))


def browser_name() -> str:
    """The browser in two words, for the list of those signed in: nothing by which it could be followed."""
    agent = request.user_agent.string
    names = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in names if name)


def begin_session(person, *, password_at: datetime | None = None, second_factor: bool = False) -> None:
    """Sign this browser in, under a new name and with a new form token.

    Where the same person goes on in it, what they have shown there still counts.
    """
    former = session.get("sid")
    if former and me().is_authenticated:
        if me() is person:
            password_at, second_factor = password_at or person.password_at, second_factor or person.second_factor_shown
            services.seat(person, password_at=password_at, second_factor=second_factor)
        services.end_session(former, me())
    _renew_session()
    session["sid"] = services.start_session(person, browser_name(), password_at=password_at,
                                            second_factor=second_factor)


def admit(person, back: str, *, password_at: datetime | None = None, second_factor: bool = False):
    """Let somebody in who has shown who they are, through whichever door; answers where to go.

    `password_at` is when a password was typed, `second_factor` says that what was shown counts as one. Whoever has
    one and did not show it is asked for it, and nobody is signed in before; whoever owes one and has none is led to
    where it is set up.
    """
    second_factor = second_factor or (me() is person and person.second_factor_shown)
    if back == "/" and held.waiting():
        back = url_for("accounts.resume")  # who registered on the way has lost the address of where they were
    if person.second_factor_since is not None and not second_factor:
        _renew_session()
        session["pending"] = second_step.begin(person)
        return redirect(url_for("factors.step", next=back), 303)
    begin_session(person, password_at=password_at, second_factor=second_factor)
    if not second_factor and services.owes_second_factor(person):
        flash(str(services.SECOND_FACTOR_OWED), "info")
        return redirect(url_for(services.SECOND_FACTOR_PAGE, next=back), 303)
    return redirect(back, 303)


CARRIED: set[str] = {held.IN_COOKIE}
"""What a browser keeps while somebody signs in, as it waits for them to have done so; each feature names its own."""


def _renew_session() -> None:
    waiting = {name: session[name] for name in CARRIED if name in session}
    clear_session()
    session.update(waiting)


def clear_session() -> None:
    """Forget who was signed in here, and all else but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def unkept(page: str, status: int = 200):
    """A page whose address is a secret: no browser, proxy or search engine keeps it."""
    return make_response(page, status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})


def worthless_link():
    """The answer to a link that was used, is too old, or never was one: nothing tells which."""
    return unkept(render_template("accounts/worthless_link.html"), 410)


@bp.route("/accedi", methods=["GET", "POST"])
@limits.guesses
@access("account.sign_in")
def sign_in():
    form = SignInForm(next=request.args.get("next"))
    back = local_path(form.next.data)
    if me().is_authenticated and request.method == "GET":
        return redirect(back, 303)
    unconfirmed = False
    if form.accepted():
        limits.stop_guessing(form.email.data)
        person = services.authenticate(form.email.data, form.password.data)
        if person is not None and person.is_active:
            limits.known_by(form.email.data)
            return admit(person, back, password_at=clock.now())
        limits.guessed(form.email.data, queries.by_email(services.normalised(form.email.data)))
        unconfirmed = person is not None
        form.form_errors.append(
            _("Your address is not confirmed yet. Open the link in the message that we sent you, then sign in.")
            if unconfirmed else
            _("The e-mail address or the password is not right. Check both and try again."))
    return render_template("accounts/sign_in.html", form=form, unconfirmed=unconfirmed)


@bp.route("/riprendi")
@access("account.resume")
def resume():
    typed = held.waiting()
    if typed is None:
        flash(_("There is nothing that waits to be sent."), "info")
        return redirect("/", 303)
    return unkept(render_template(
        "errors/expired.html", title=_("What you had typed"), action=typed.action, back=typed.back, fields=typed.fields,
        sentence=_("Nothing was sent yet: look at it once more, then send it.")))


@bp.route("/esci", methods=["POST"])
@access("account.sign_out")
def sign_out():
    if me().is_authenticated:
        services.end_session(session["sid"], me())
    clear_session()
    flash(_("You have signed out."))
    return redirect(url_for("processes.home"), 303)


@bp.route("/registrati", methods=["GET", "POST"])
@limits.registrations
@access("account.register")
def register():
    form = RegisterForm()
    if form.accepted():
        if not form.sprung and not limits.registered_enough(form.email.data):
            registration.register(
                form.email.data, password=form.password.data, name=form.display_name.data,
                municipality_id=form.municipality.data or None, language=languages.current(), minor=form.minor.data)
        return redirect(url_for(".sent"), 303)
    return render_template("accounts/register.html", form=form)


@bp.route("/posta-inviata")
@access("account.register")
def sent():
    settings = config.current()
    return render_template("accounts/sent.html", kept_as_files=settings.demo and not settings.mail_url)


@bp.route("/conferma", methods=["GET", "POST"])
@limits.mails
@access("account.confirm")
def resend():
    form = AddressForm()
    if form.accepted():
        if not form.sprung:
            registration.ask_confirmation(form.email.data, language=languages.current())
        return redirect(url_for(".sent"), 303)
    return render_template("accounts/resend.html", form=form)


@bp.route("/conferma/<token>", methods=["GET", "POST"])
@access("account.confirm")
def confirm(token):
    form = Form()
    if form.accepted() and registration.confirm(token):
        flash(_("Your address is confirmed. Sign in to take part."))
        return redirect(url_for(".sign_in"), 303)
    person = registration.holder(token, TokenPurpose.CONFIRM)
    return unkept(render_template("accounts/confirm.html", person=person, form=form)) if person else worthless_link()


@bp.route("/password-dimenticata", methods=["GET", "POST"])
@limits.mails
@access("account.reset")
def forgot():
    form = AddressForm()
    if form.accepted():
        if not form.sprung:
            registration.ask_reset(form.email.data, language=languages.current())
        return redirect(url_for(".sent"), 303)
    return render_template("accounts/forgot.html", form=form)


@bp.route("/reimposta/<token>", methods=["GET", "POST"])
@access("account.reset")
def reset(token):
    person = registration.holder(token, TokenPurpose.RESET)
    if person is None:
        return worthless_link()
    form = NewPasswordForm(person)
    if form.accepted() and registration.reset(token, form.password.data):
        clear_session()
        flash(_("Your new password is set. Sign in with it."))
        return redirect(url_for(".sign_in"), 303)
    return unkept(render_template("accounts/reset.html", form=form))


@bp.route("/profilo", methods=["GET", "POST"])
@access("account.profile")
def profile():
    form = ProfileForm(me())
    if form.accepted():
        services.change_profile(me(), name=form.display_name.data, municipality_id=form.municipality_id,
                                language=form.language.data, shows_name=not form.hides_name.data,
                                minor=form.is_minor)
        flash(_("Your profile is saved."))
        return redirect(url_for(".profile"), 303)
    return render_template("accounts/profile.html", form=form, sessions=queries.sessions_of(me()),
                           this=services.hashed(session["sid"]), roles=words.ROLES,
                           mandates=[mandate for mandate in me().mandates if mandate.ended_at is None])


@bp.route("/profilo/password", methods=["GET", "POST"])
@limits.own_guesses
@access("account.profile")
def password():
    form = ChangePasswordForm(me())
    if form.accepted():
        if services.change_password(me(), old=form.old_password.data, new=form.password.data):
            begin_session(me())
            flash(_("Your new password is set. Every other browser has been signed out."))
            return redirect(url_for(".profile"), 303)
        limits.failed()
        form.old_password.errors.append(_("This is not your present password."))
    return render_template("accounts/password.html", form=form)


@bp.route("/profilo/sessioni/chiudi", methods=["POST"])
@access("account.profile")
def close_sessions():
    services.end_all_sessions(me())
    clear_session()
    flash(_("You have been signed out everywhere."))
    return redirect(url_for(".sign_in"), 303)
