"""What the address of the desk asks for: only what there is; anything else is as if it were not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from consult.contributions.words import MANY
from consult.core import languages
from consult.core.forms import argument
from consult.core.web import me
from consult.crossings.queries import categories
from consult.processes.models import Process
from consult.results.words import VERDICTS
from consult.sorting import listing, queries
from consult.sorting.corpus import KINDS
from consult.sorting.models import Look, Tag
from consult.sorting.words import STANDINGS

Options = Sequence[tuple[str, Any]]
USUAL = next(iter(listing.ORDERS))


@dataclass(frozen=True)
class Asked:
    """What is asked of a percorso, with all that could be asked."""

    process: Process
    tags: Sequence[Tag]
    look: Look | None
    seat: int
    options: Mapping[str, tuple[str, Options]]
    """By its name in the address: what narrows the list, and by which values."""
    values: Mapping[str, str]
    ids: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    words: str = ""
    order: str = USUAL

    @classmethod
    def of(cls, process: Process) -> "Asked":
        """Read the address: as many queries whatever it asks."""
        tags, look = queries.tags(process), queries.look(process)
        options, ids = _offered(process, tags, look)
        values = {name: value for name, (_label, known) in options.items()
                  if (value := argument(name, 20)) in {one for one, _said in known}}
        order = argument("ordine", 20)
        return cls(process, tags, look, queries.seat_of(process, me()), options, values, ids,
                   argument("q", 100), order if order in listing.ORDERS else USUAL)

    @property
    def wanted(self) -> listing.Filter:
        """The same, as the query takes it."""
        topic = int(self.values["tema"]) if self.look and "tema" in self.values else 0
        return listing.Filter(
            kind=self.values.get("tipo", ""), phase_id=self._id("fase"), activity_id=self._id("attivita"),
            municipality_id=self._id("comune"), category_id=self._id("categoria"), axis_id=self._id("asse"),
            outcome=self.values.get("esito", ""), tag_id=self._id("etichetta"),
            standing=self.values.get("lettura", ""), topic=(self.look.id, topic) if self.look and topic else None,
            words=listing.beginnings(self.words, languages.current()))

    def _id(self, name: str) -> int | None:
        value = self.values.get(name, "")
        return self.ids.get(name, {}).get(value) if value else None

    @property
    def narrowed(self) -> bool:
        """True if some contributions may be left out."""
        return bool(self.values or self.words)

    def address(self, endpoint: str = "sorting.desk", **changes: str) -> str:
        """The same question with some changes, without the place in the list."""
        usual = {"q": self.words, **self.values, "ordine": self.order if self.order != USUAL else ""}
        kept = urlencode({name: value for name, value in {**usual, **changes}.items() if value})
        path = url_for(endpoint, slug=self.process.slug)
        return f"{path}?{kept}" if kept else path


def _offered(process: Process, tags: Sequence[Tag],
             look: Look | None) -> tuple[dict[str, tuple[str, Options]], dict[str, dict[str, int]]]:
    """All by which the list can be narrowed, and the ids that stand behind it."""
    phases = listing.phases_with_activities(process)
    activities = [one for _phase, found in phases for one in found]
    towns, kinds = process.authority.municipalities, categories()
    ids = {"fase": {str(phase.position): phase.id for phase, _found in phases},
           "attivita": {str(one.id): one.id for one in activities},
           "comune": {town.istat_code: town.id for town in towns},
           "categoria": {one.code: one.id for one in kinds},
           "asse": {axis.code: axis.id for axis in process.axes},
           "etichetta": {tag.code: tag.id for tag in tags}}
    options: dict[str, tuple[str, Options]] = {
        "tipo": (_("Kind"), [(kind, MANY[kind]) for kind in KINDS]),
        "fase": (_("Phase"), [(str(phase.position), phase.title) for phase, _found in phases]),
        "attivita": (_("Activity"), [(str(one.id), one.title) for one in activities]),
        "comune": (_("Municipality"), [(town.istat_code, town.name) for town in towns]),
        "categoria": (_("Category of organisation"), [(one.code, one.name) for one in kinds]),
        "asse": (_("Theme"), [(axis.code, axis.title) for axis in process.axes]),
        "esito": (_("Outcome"), [*((verdict.value, label) for verdict, label in VERDICTS.items()),
                                 (listing.NO_OUTCOME, _("No outcome yet"))]),
        "etichetta": (_("Tag"), [(tag.code, tag.name) for tag in tags]),
        "lettura": (_("Reading"), list(STANDINGS.items())),
        "tema": (_("Topic"), [(str(number), f"{number}: {', '.join(word for word, _weight in words[:3])}")
                              for number, words in enumerate(look.topics if look else [], 1)])}
    return options, ids
