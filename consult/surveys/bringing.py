"""The fields of what is brought along: a place, a file."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer

from consult.core import config, files, uploads
from consult.core.files import Kept
from consult.places.drawing import Drawing
from consult.surveys.answers import Given
from consult.surveys.fields import AnswerField, UnsoundError
from consult.surveys.models import Option, Question
from consult.territory import geometry

_DEGREES = re.compile(r"-?\d{1,3}(?:[.,]\d{1,12})?")
DECIMALS = 6


class PlaceField(AnswerField):
    """A point: chosen on the map, typed in degrees, or the middle of a municipality."""

    control = "place"
    missing = _l("Choose a point on the map, or a municipality.")

    def __init__(self, question: Question, *, drawing: Drawing | None, **options: Any) -> None:
        """Without a drawing, where no boundaries are known, any point on earth is taken."""
        super().__init__(question, **options)
        self.drawing = drawing

    def parts(self) -> Sequence[str]:
        return ("latitude", "longitude", "town")

    @property
    def towns(self) -> list[tuple[int, str, str]]:
        """Ids, codes and names of the municipalities whose middle can be taken."""
        return [(one.municipality.id, one.municipality.istat_code, one.municipality.name) for one in
                (self.drawing.territory.boundaries if self.drawing else ())]

    def meaning(self) -> Given | None:
        typed = self.typed("latitude").strip(), self.typed("longitude").strip()
        if not any(typed):
            return self._middle()
        if not all(_DEGREES.fullmatch(one) for one in typed):
            raise UnsoundError(_l("The point could not be read. Choose it once more on the map."))
        latitude, longitude = (round(float(one.replace(",", ".")), DECIMALS) for one in typed)
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise UnsoundError(_l("The point could not be read. Choose it once more on the map."))
        if self.drawing and self.drawing.territory.municipality_at(latitude, longitude) is None:
            raise UnsoundError(_l("The point lies outside the territory. Choose one within it."))
        return [latitude, longitude]

    def _middle(self) -> Given | None:
        code = self.typed("town")
        if not code:
            return None
        for one in self.drawing.territory.boundaries if self.drawing else ():
            if one.municipality.istat_code == code:
                longitude, latitude = geometry.middle(one.polygons)
                return [round(latitude, DECIMALS), round(longitude, DECIMALS)]
        raise UnsoundError(_l("Choose one of the values offered."))

    def written(self, given: Given) -> dict[str, list[str]]:
        return {"latitude": [f"{given[0]:.{DECIMALS}f}"], "longitude": [f"{given[1]:.{DECIMALS}f}"]}


class FileField(AnswerField):
    """A picture or a document. Once it was looked at, the form names it under a seal, and it need not travel again."""

    control = "file"
    missing = _l("Choose a file.")

    def parts(self) -> Sequence[str]:
        return ("", "without")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        came = uploads.received().under.get(self.under("file")) if formdata is not None else None
        if isinstance(came, Kept):
            self.sent = {"": [_sealed(self.question, came)]}
            self._understand()
        elif came is not None:
            self.fault = came

    def meaning(self) -> Given | None:
        if self.sent.get("without"):
            self.sent = {}
        kept = self.kept
        if kept is None:
            return None
        if not files.path_of(kept["token"]).is_file():
            self.sent = {}
            raise UnsoundError(_l("The file is no longer here: choose it once more."))
        return kept["token"]

    @property
    def kept(self) -> dict[str, Any] | None:
        """What is known of the file that was sent: its token, size, and what it is."""
        try:
            question_id, token, suffix, size = _seal().loads(self.typed())
        except (BadSignature, ValueError, TypeError):
            return None
        return {"token": token, "suffix": suffix, "size": size} if question_id == self.question.id else None

    @property
    def form(self) -> str:
        """PDF, DOCX, JPG: what it is, as people say it."""
        return str(self.kept["suffix"]).removeprefix(".").upper() if self.kept else ""

    @property
    def megabytes(self) -> int:
        """How large a file may be."""
        return max(config.current().picture_megabytes, config.current().document_megabytes)

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        """It was looked at when it came."""

    def written(self, given: Given) -> dict[str, list[str]]:
        path = files.path_of(given)
        size = path.stat().st_size if path.is_file() else 0
        return {"": [str(_seal().dumps([self.question.id, given, "", size]))]}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        most = max(config.current().picture_megabytes, config.current().document_megabytes)
        said = {"most": most}
        if question.survey.anonymous:
            return _l("A picture or a document (PDF, ODT, DOCX), at most %(most)s MB. Its name is not kept, and of a "
                      "picture neither when nor where it was taken. A document may say inside who wrote it.", **said)
        return _l("A picture or a document (PDF, ODT, DOCX), at most %(most)s MB. Its name is not kept.", **said)


def _sealed(question: Question, kept: Kept) -> str:
    return str(_seal().dumps([question.id, kept.token, PurePath(kept.name).suffix, kept.size]))


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(config.current().secret_key, salt="survey-file")
