"""What the tests of the desk share: a percorso with contributions, three of the plan office, short ways to tag."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from consult.accounts.models import Person, Role
from consult.contributions.models import Contribution
from consult.core.languages import Localized
from consult.sorting import queries, reading, services
from consult.sorting.models import Tag
from tests.browser import Browser
from tests.factories import Make


@pytest.fixture
def browser(browser: Callable[..., Browser]) -> Callable[..., Browser]:
    """Browsers that read English: its sentences are those of the code."""

    def start(person: Any = None) -> Browser:
        started = browser(person)
        started._apart(lambda: started._keep_in_cookie(language="en"))
        return started

    return start


@dataclass
class Desk:
    """A percorso, and those who read what people wrote in it."""

    make: Make
    anna: Person
    bruno: Person
    carla: Person

    @property
    def process(self) -> Any:
        return self.make.process()

    @property
    def path(self) -> str:
        return f"/ufficio/percorsi/{self.process.slug}/spoglio"

    def tag(self, name: str, code: str = "", **more: Any) -> Tag:
        return services.add(self.process, self.anna, services.Said(
            code or services.code_for(name, ()), Localized.of(name), Localized(), **more))

    def read(self, who: Person, *found: tuple[Contribution, Sequence[Tag]]) -> int:
        """Somebody finds tags in contributions, having seen them as they are."""
        return reading.save(self.process, who, _ids(found), self._seen(queries.seat_of(self.process, who), found))

    def decide(self, who: Person, *found: tuple[Contribution, Sequence[Tag]]) -> int:
        return reading.decide(self.process, who, _ids(found), self._seen(0, found))

    def _seen(self, seat: int, found: Any) -> dict[int, str]:
        known = queries.found_in(one.id for one, _tags in found)
        return {one.id: reading.stamp(known[one.id], seat, one.version) for one, _tags in found}

    def counting(self, one: Contribution) -> set[int] | None:
        """The tags that count of a contribution."""
        return queries.found_in([one.id])[one.id].tags.get(0)


def _ids(found: Any) -> dict[int, set[int]]:
    return {one.id: {tag.id for tag in tags} for one, tags in found}


@pytest.fixture
def desk(make: Make) -> Desk:
    return Desk(make, *(make.person(Role.PLAN_OFFICE, process=make.process(), display_name=name)
                        for name in ("Anna", "Bruno", "Carla")))
