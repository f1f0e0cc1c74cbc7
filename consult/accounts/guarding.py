"""Pages that guard an account and the doors: another address, domains that are refused."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import addresses, domains, limits
from consult.accounts.addresses import AddressChange, Side
from consult.accounts.forms import DomainForm, NewAddressForm
from consult.accounts.views import unkept, worthless_link
from consult.core import pages
from consult.core.forms import Form, argument
from consult.core.web import access, me

bp = Blueprint("guarding", __name__)


@bp.route("/profilo/indirizzo", methods=["GET", "POST"])
@limits.mails
@access("account.move")
def address():
    form = NewAddressForm(me())
    if form.accepted():
        addresses.ask(me(), form.email.data)
        flash(_("We have sent a link to your present address and one to the new one: open both within two days."))
        return redirect(url_for("accounts.profile"), 303)
    return render_template("accounts/address.html", form=form)


@bp.route("/profilo/indirizzo/ferma", methods=["POST"])
@access("account.stop_move")
def stop():
    change = addresses.waiting_of(me())
    if change is not None:
        addresses.stop(change, actor=me())
        flash(_("Your address stays as it is: both links are worthless now."))
    return redirect(url_for("accounts.profile"), 303)


@bp.route("/cambio-indirizzo/<token>", methods=["GET", "POST"])
@access("account.settle_move")
def settle(token):
    found, form = addresses.followed(token), Form()
    if found is None:
        return worthless_link()
    change, side = found
    if form.accepted():
        flash(*_settled(change, side))
        return redirect(url_for("accounts.profile") if me().is_authenticated else url_for("accounts.sign_in"), 303)
    return unkept(render_template("accounts/settle_address.html", form=form, change=change, agreed=change.agreed(side),
                                  old=side is Side.OLD))


def _settled(change: AddressChange, side: Side) -> tuple[str, str]:
    """Do what was chosen on the page of a link; answers the sentence for whoever chose, and its kind."""
    if request.form.get("choice") == "stop" and side is Side.OLD:
        addresses.stop(change, actor=None)
        return _("The change is stopped: your address stays as it is. If it was not you who asked for it, choose a "
                 "new password now."), "warning"
    if not addresses.agree(change, side):
        return _("The address could not be changed: somebody else has it now, or the change was stopped."), "error"
    if addresses.waiting_of(change.person) is None:
        return _("The address is changed: from now on sign in with the new one."), "success"
    return _("Thank you. Now open the link that we sent to the other address as well."), "success"


@pages.slot("account.profile", position=10)
def pending_address(person) -> str:
    return render_template("accounts/pending_address.html", change=addresses.waiting_of(person))


@bp.route("/ufficio/domini", methods=["GET", "POST"])
@access("domain.manage")
def refused_domains():
    form = DomainForm()
    if form.accepted():
        domain = domains.named(form.domain.data) or ""
        if domains.refuse(domain, actor=me()):
            flash(_("Addresses of %(domain)s are refused from now on.", domain=domain))
        else:
            flash(_("Addresses of %(domain)s were refused already.", domain=domain), "info")
        return redirect(url_for(".refused_domains"), 303)
    return render_template("accounts/domains.html", form=form, lists=domains.lists(), tried=_tried())


def _tried() -> tuple[str, bool] | None:
    """The address that was asked about, and whether it is refused."""
    email = argument("indirizzo")
    return (email, domains.why_refused(email) is not None) if email else None


@bp.route("/ufficio/domini/ammetti", methods=["POST"])
@access("domain.manage")
def let_in():
    domain = domains.named(request.form.get("domain", "")[:260])
    if domain and domains.let_in(domain, actor=me()):
        flash(_("Addresses of %(domain)s are let in from now on.", domain=domain))
    else:
        flash(_("This domain was not on the list any more."), "info")
    return redirect(url_for(".refused_domains"), 303)
