"""Asking where something lies."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from consult.core.forms import choices, chosen_id
from consult.places.drawing import Drawing
from consult.places.models import MOST_ADDRESS, Where
from consult.territory.geometry import DECIMALS
from consult.territory.models import Municipality


class PlaceFields:
    """A place: a point on the map, or the municipality and an address. Mixed into a form that calls `offer_place`."""

    place_municipality = SelectField(
        _l("Municipality of the place"), coerce=chosen_id,
        description=_l("If you choose a point on the map, the municipality follows from it."))
    place_address = StringField(
        _l("Address or name of the place"),
        [Length(max=MOST_ADDRESS, message=_l("Write at most 160 characters."))],
        description=_l("For example a street and number, a square, a bridge, a hamlet."))
    place_latitude = HiddenField()
    place_longitude = HiddenField()

    where: Where | None = None
    """What was said, once the form was found to be sound."""
    drawing: Drawing | None = None

    def offer_place(self: Any, municipalities: Sequence[Municipality], drawing: Drawing | None) -> None:
        """Offer the municipalities and the map of the territory, which is none where no boundaries are known."""
        self.drawing = drawing
        self._towns = {town.id: town for town in municipalities}
        self.place_municipality.choices = choices([("", _l("No place")),
                                                   *((str(town.id), town.name) for town in municipalities)])

    def without_place(self: Any) -> None:
        """Ask for no place."""
        for name in ("place_municipality", "place_address", "place_latitude", "place_longitude"):
            del self[name]

    @staticmethod
    def of_place(where: Where | None) -> dict[str, Any]:
        """A place as the data of the form."""
        if where is None:
            return {}
        return {"place_municipality": where.municipality_id, "place_address": where.address,
                "place_latitude": written(where.latitude), "place_longitude": written(where.longitude)}

    def validate_place_municipality(self: Any, field: Any) -> None:
        """The point lies in the territory; an address lies in a municipality."""
        point = _point(self.place_latitude.data, self.place_longitude.data)
        if point is not None:
            town = self.drawing.territory.municipality_at(*point) if self.drawing else None
            if town is None:
                raise ValidationError(_l("The point lies outside the territory. Choose one within it."))
            if town.id not in self._towns:
                asked = ", ".join(one.name for one in self._towns.values())
                raise ValidationError(_l("The point lies in %(town)s. Here places in these municipalities are asked "
                                         "for: %(towns)s.", town=town.name, towns=asked))
            field.data = town.id
            self.where = Where(town.id, *point, self.place_address.data or "")
        elif field.data:
            self.where = Where(field.data, address=self.place_address.data or "")
        elif self.place_address.data:
            raise ValidationError(_l("Choose the municipality in which the address lies."))


def written(degrees: float | None) -> str:
    """A latitude or longitude with as many decimals as are kept."""
    return "" if degrees is None else f"{degrees:.{DECIMALS}f}"


def _point(latitude: str | None, longitude: str | None) -> tuple[float, float] | None:
    """Two numbers as the map writes them; none where neither was sent."""
    if not (latitude or longitude):
        return None
    try:
        point = round(float(latitude or ""), DECIMALS), round(float(longitude or ""), DECIMALS)
    except ValueError:
        point = (float("nan"), float("nan"))
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise ValidationError(_l("The point could not be read. Choose it once more on the map."))
    return point
