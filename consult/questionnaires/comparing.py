"""What changed from one version of a questionnaire to the next."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from consult.core import diff, richtext
from consult.core.config import LANGUAGES
from consult.core.languages import Localized
from consult.questionnaires import definition
from consult.questionnaires.definition import Data

TEXTS = ("prompt", "help", "minimum_label", "maximum_label", "unit", "image_alt")


@dataclass
class Changes:
    """What two versions differ in."""

    added: list[str] = field(default_factory=list)
    """The texts of new questions."""
    removed: list[str] = field(default_factory=list)
    reworded: list[tuple[str, str, str]] = field(default_factory=list)
    """Question, language and the two texts as one, with what is new and what is gone."""
    otherwise: list[str] = field(default_factory=list)
    """Questions of which something else changed: limits, answers, conditions."""
    moved: bool = False
    """Whether the questions that stayed stand in another order."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reworded or self.otherwise or self.moved)


def changes(before: Data, after: Data) -> Changes:
    """What is new, gone, worded anew or otherwise changed; both whole."""
    old = {one["code"]: one for one in definition.questions(before)}
    new = {one["code"]: one for one in definition.questions(after)}
    found = Changes(added=[_called(one) for code, one in new.items() if code not in old],
                    removed=[_called(one) for code, one in old.items() if code not in new])
    stayed = [code for code in new if code in old]
    found.moved = stayed != [code for code in old if code in new]
    for code in stayed:
        found.reworded += _reworded(_called(new[code]), _texts(old[code]), _texts(new[code]))
        if _bare(old[code]) != _bare(new[code]):
            found.otherwise.append(_called(new[code]))
    for place, (one, other) in enumerate(zip(before["sections"], after["sections"], strict=False), 1):
        named = str(Localized.of(other["title"])) or str(place)
        found.reworded += _reworded(named, {n: one[n] for n in ("title", "intro")},
                                    {n: other[n] for n in ("title", "intro")})
    return found


def _called(one: Data) -> str:
    return str(Localized.of(one["prompt"])) or str(one["code"])


def _texts(one: Data) -> dict[str, dict[str, str]]:
    inner = {f"{name}.{each['code']}": each["label"] for name in ("options", "rows") for each in one[name]}
    return {**{name: one[name] for name in TEXTS}, **inner}


def _reworded(called: str, old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]
              ) -> Iterator[tuple[str, str, str]]:
    for name, text in new.items():
        for code, language in LANGUAGES.items():
            was, is_now = old.get(name, {}).get(code, ""), text.get(code, "")
            if was != is_now:
                yield called, language, richtext.shown(diff.source(was, is_now))


def _bare(one: Data) -> Data:
    """A question without its words."""
    return {**{name: value for name, value in one.items() if name not in TEXTS},
            **{name: [{**each, "label": None} for each in one[name]] for name in ("options", "rows")}}
