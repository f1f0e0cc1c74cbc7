"""How the address of the queue says what somebody looks at, and back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from consult.contributions.models import FlagReason
from consult.core.config import MAX_ID
from consult.core.forms import argument
from consult.moderation.models import Origin
from consult.moderation.wanting import Wanted
from consult.processes.models import Channel

NAMES = {"tipo": "kind", "origine": "origin", "percorso": "process_id", "attivita": "activity_id", "motivo": "reason",
         "canale": "channel", "tardi": "late", "accantonati": "aside", "passati": "passed_on"}
"""What the address calls each way of narrowing."""


def wanted() -> Wanted:
    """What the address asks of the queue; whatever it cannot mean is left out."""
    return meaning({name: argument(name, 24) for name in NAMES})


def meaning(asked: Mapping[str, Any]) -> Wanted:
    """What parameters of the address ask of the queue."""
    typed = {name: str(asked.get(name) or "") for name in NAMES}
    return Wanted(
        kind=typed["tipo"][:16],
        origin=Origin(typed["origine"]) if typed["origine"] in {each.value for each in Origin} else None,
        process_id=_id(typed["percorso"]), activity_id=_id(typed["attivita"]),
        reason=FlagReason(typed["motivo"]) if typed["motivo"] in {each.value for each in FlagReason} else None,
        channel=typed["canale"] if typed["canale"] in {each.value for each in Channel} else "",
        late=bool(typed["tardi"]), aside=bool(typed["accantonati"]), passed_on=bool(typed["passati"]))


def _id(typed: str) -> int | None:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 11 else 0
    return number if 0 < number <= MAX_ID else None


def parameters(wanted: Wanted, **others: Any) -> dict[str, Any]:
    """The same for an address, with nothing in it that does not narrow."""
    values = {name: getattr(wanted, attribute) for name, attribute in NAMES.items()}
    plain = {name: 1 if value is True else getattr(value, "value", value) for name, value in values.items() if value}
    return {**plain, **{name: value for name, value in others.items() if value}}


def with_parameters(path: str, **values: Any) -> str:
    """A path of the site with these parameters; the path alone where they are all empty."""
    asked = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path
