"""Pages of lists of proposals: everything that was asked stands in the address."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core import clock, languages, pages, paging, richtext
from consult.core.forms import argument
from consult.core.spreadsheet import as_csv
from consult.core.web import access, limiter, me
from consult.places import queries as places
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.proposals import listing, queries, words
from consult.proposals.listing import ORDERS, OWN_STATES, RANDOM, REPLACED, STANDING, Filter, Scope
from consult.proposals.models import Proposal, ProposalCall
from consult.search import queries as search

bp = Blueprint("lists", __name__)

VIEWS = ("elenco", "tabella", "mappa")
USUAL = next(iter(ORDERS))
_CODE = re.compile(r"[A-Z0-9]{2,8}-P-[0-9]{1,8}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address of a list asks for: only values that exist; others are as if not there."""

    path: str
    words: str = ""
    axis: str = ""
    category: str = ""
    municipality: str = ""
    speaker: str = ""
    standing: str = ""
    mine: str = ""
    order: str = USUAL
    seed: str = ""
    view: str = VIEWS[0]
    further: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope, path: str) -> "Asked":
        """Read the address."""
        known = {"": set[str](), "asse": {axis.code for axis in scope.process.axes},
                 "categoria": {str(one.id) for one in scope.call.categories} if scope.call else set(),
                 "comune": {town.istat_code for town in scope.process.authority.municipalities},
                 "da": {listing.CITIZENS, listing.ORGANISATIONS}, "stato": {STANDING, REPLACED},
                 "vista": set(VIEWS), "ordine": set(ORDERS)}
        if me().is_authenticated:
            known |= {"mie": {"si"}, "stato": {STANDING, REPLACED, *OWN_STATES}}

        def read(name: str) -> str:
            value = argument(name, 20)
            return value if value in known.get(name, ()) else ""

        further = {one.name: argument(one.name, 20) for one in listing.narrowings()
                   if argument(one.name, 20) in {value for value, _label in one.options()}}
        seed = argument("seme", 7)
        return cls(
            path=path, words=argument("q", 100), axis=read("asse"), category=read("categoria"),
            municipality=read("comune"), speaker=read("da"), standing=read("stato"),
            mine=read("mie") or ("si" if read("stato") in OWN_STATES else ""), order=read("ordine") or USUAL,
            seed=seed if seed.isascii() and seed.isdigit() else "", view=read("vista") or VIEWS[0], further=further)

    def wanted(self, scope: Scope) -> Filter:
        """The same, as the query takes it."""
        axes = {axis.code: axis.id for axis in scope.process.axes}
        towns = {town.istat_code: town.id for town in scope.process.authority.municipalities}
        code = self.words.upper() if _CODE.fullmatch(self.words.upper()) else ""
        looked_for = search.wanted("" if code else self.words, languages.current())
        return Filter(
            axis_id=axes.get(self.axis), category_id=int(self.category) if self.category else None,
            municipality_id=towns.get(self.municipality), speaker=self.speaker, standing=self.standing,
            own_of=me().id if self.mine else None, words=looked_for, code=code,
            further=tuple(one.condition(self.further[one.name]) for one in listing.narrowings()
                          if one.name in self.further))

    @property
    def pairs(self) -> dict[str, str]:
        """What the address says, by the names it says it with."""
        return {"q": self.words, "asse": self.axis, "categoria": self.category, "comune": self.municipality,
                "da": self.speaker, "stato": self.standing, "mie": self.mine, **self.further,
                "ordine": self.order if self.order != USUAL else "", "seme": self.seed,
                "vista": self.view if self.view != VIEWS[0] else ""}

    @property
    def narrowed(self) -> bool:
        """True if some proposals may be left out."""
        return any(value for name, value in self.pairs.items() if name not in {"ordine", "seme", "vista"})

    @property
    def narrowed_further(self) -> bool:
        """True if they are by more than words."""
        return any(value for name, value in self.pairs.items() if name not in {"q", "ordine", "seme", "vista"})

    @property
    def bare(self) -> str:
        """The address without what narrows the list."""
        return self._address(self.path, {name: self.pairs[name] for name in ("ordine", "seme", "vista")})

    def address(self, path: str = "", **changes: str) -> str:
        """The same question with some changes, without the place in the list."""
        return self._address(path or self.path, {**self.pairs, **changes})

    def _address(self, path: str, parts: dict[str, str]) -> str:
        kept = urlencode({name: value for name, value in parts.items() if value})
        return f"{path}?{kept}" if kept else path


@dataclass(frozen=True)
class Shown:
    """What a page of a list shows."""

    scope: Scope
    asked: Asked
    wanted: Filter
    page: paging.Page
    points: Any = None
    """For the map."""

    def marked(self, proposal: Proposal) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
        """The title and a passage of a proposal, with the words that were looked for."""
        if not self.wanted.words:
            return [(proposal.title, False)], [(proposal.summary, False)]
        text = richtext.excerpt(proposal.body, 20_000)
        return (self.wanted.words.marked(proposal.title, proposal.language),
                self.wanted.words.passage(text, proposal.language))

    @property
    def call_titles(self) -> dict[int, Any]:
        """The titles of the calls by their ids, where there are several."""
        return {call.id: call for call in self.scope.calls} if self.scope.call is None else {}


def answer(scope: Scope, path: str, template: str, **more: Any) -> Any:
    """The page of a list; only the list where a script asks for that, and a seed first where the order is random."""
    asked = Asked.of(scope, path)
    if asked.order == RANDOM and not asked.seed:
        return _not_kept(redirect(asked.address(
            seme=str(secrets.randbelow(listing.MOST_SEEDS)), lingua=request.args.get("lingua", ""))))
    part = argument("parte", 10) == "elenco"
    shown = _shown(scope, asked)
    return render_template("proposals/list.html" if part else template, shown=shown, asked=asked, scope=scope,
                           listing=listing, **more)


def _not_kept(response: Any) -> Response:
    answered = make_response(response)
    answered.headers["Cache-Control"] = "no-store"
    return answered


def _shown(scope: Scope, asked: Asked) -> Shown:
    wanted = asked.wanted(scope)
    if asked.view == "mappa":
        return Shown(scope, asked, wanted, paging.Page([], None),
                     places.points(listing.ids(scope, wanted), scope.process.authority_id))
    page = listing.listed(scope, asked.order, wanted, argument("dopo", 400), seed=int(asked.seed or 0))
    pages.prepare("proposal", page.items)
    return Shown(scope, asked, wanted, page)


@bp.route("/percorsi/<slug>/proposte")
@access("process.read", loads=processes.process_called)
def of_process(process: Process) -> Any:
    path = url_for(".of_process", slug=process.slug)
    return answer(listing.of_process(process), path, "proposals/of_process.html")


@bp.route("/percorsi/<slug>/proposte.csv")
@access("process.read", loads=processes.process_called)
@limiter.limit("30 per minute")
def file_of_process(process: Process) -> Response:
    return _file(listing.of_process(process), process.slug)


@bp.route("/raccolte/<int:id>/proposte.csv")
@access("call.read", loads=queries.call)
@limiter.limit("30 per minute")
def file_of_call(call: ProposalCall) -> Response:
    return _file(listing.of_call(call), f"{call.phase.process.slug}-{call.id}")


def _file(scope: Scope, name: str) -> Response:
    asked = Asked.of(scope, "")
    found = listing.exported(scope, asked.order, asked.wanted(scope), seed=int(asked.seed or 0))
    response = make_response(as_csv(_rows(scope, found), languages.current()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="proposte-{name}.csv"'
    return response


def _rows(scope: Scope, proposals: Sequence[Proposal]) -> list[Sequence[object]]:
    titles = {call.id: call.title for call in scope.calls}
    rows: list[Sequence[object]] = [[
        _("Code"), _("Title"), _("Text"), _("Call"), _("Who proposes"), _("Municipality"), _("Theme"), _("Category"),
        _("Supports"), _("Comments"), _("Sent on"), _("Address of the page")]]
    for one in proposals:
        sent = one.submitted_at
        rows.append([
            one.code, one.title, one.body, titles[one.activity_id], one.byline,
            one.municipality.name if one.municipality else "", one.axis.title if one.axis else "",
            one.category.name if one.category else "", one.support_count, one.comment_count,
            clock.local(sent).date().isoformat() if sent else "",
            url_for("contributions.short", code=one.code, _external=True)])
    return rows


@pages.slot("process.lists")
def way_to_list(process: Process) -> str:
    """On the page of a percorso: the way to all of its proposals."""
    return render_template("proposals/way.html", process=process)


def _town_lists(asked: Asked) -> Any:
    return lambda town: asked.address(comune=town.istat_code, vista="")


@bp.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {
        "town_lists": _town_lists,
        "axis_options": lambda axes: [(axis.code, axis.title) for axis in axes],
        "category_options": lambda categories: [(str(one.id), one.name) for one in categories],
        "town_options": lambda towns: [(town.istat_code, town.name) for town in towns],
        "list_orders": words.ORDERS, "list_standings": words.STANDINGS, "list_views": words.VIEWS}
