"""Looking for personal data in everything that leaves: what the screening knows, and names of people who took part."""

from collections.abc import Collection, Iterator, Mapping

from consult.core.personal_words import Alarm, Spot, alarm, apart, titled
from consult.governance import names
from consult.screening import services as screening
from consult.screening.personal import personal_data


def alarms(texts: Mapping[str, str], process_id: int) -> list[Alarm]:
    """What in these texts, by place, tells who somebody is, in the order of the places.

    Asks the database for the words that begin with a capital, however many people there are.
    """
    contacts = screening.setting().lists.contacts
    named = names.named(texts, process_id)
    return [alarm(place, text, spot) for place, text in texts.items()
            for spot in apart([*_data(text, contacts), *titled(text), *named[place]])]


def _data(text: str, contacts: Collection[str]) -> Iterator[Spot]:
    yield from ((one.begins, one.ends, one.sort) for one in personal_data(text, contacts))
