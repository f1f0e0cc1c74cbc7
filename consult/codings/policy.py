"""Who reads, codes and quotes what people wrote, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.codings import queries
from consult.codings.asked import Asked
from consult.core import disclosure
from consult.core.policy import Rules, refusing


@refusing(_l("The coding of this question is finished, and its counts stand with the results: it changes no more."))
def coding_open(person: Any, thing: Asked) -> bool:
    """Holds until the coding was finished."""
    return not thing.closed


@refusing(_l("Two people read these answers already. You can decide where they differ, or read in the place of one of "
             "them."))
def seat_left(person: Any, thing: Asked) -> bool:
    """Holds for whoever reads the answers already, and for others while there are fewer than two."""
    return queries.seat_for(thing, person) is not None


@refusing(_l("You read these answers already."))
def no_reader(person: Any, thing: Asked) -> bool:
    """Holds for whoever is none of the two readers."""
    return person.id not in queries.coders(thing).values()


@refusing(_l("New answers can still come: the coding is finished once the survey has closed."))
def survey_over(person: Any, thing: Asked) -> bool:
    """Holds once no answers come any more."""
    return thing.survey.over()


@refusing(_l("There are answers on which the two readers differ: decide on them first."))
def no_differences(person: Any, thing: Asked) -> bool:
    """Holds where nothing is left to decide."""
    return queries.progress(thing).differing == 0


@refusing(_l("Fewer than five answers have codes that count: too few for figures."))
def enough_decided(person: Any, thing: Asked) -> bool:
    """Holds where counts can be shown."""
    return queries.progress(thing).decided >= disclosure.MINIMUM


RULES: Rules = {
    "coding.see": [[plan_office]],
    "coding.codebook": [[plan_office, coding_open]],
    "coding.code": [[plan_office, coding_open, seat_left]],
    "coding.take_over": [[plan_office, coding_open, no_reader]],
    "coding.decide": [[plan_office, coding_open]],
    "coding.finish": [[plan_office, coding_open, survey_over, no_differences, enough_decided]],
    "coding.quote": [[plan_office]],
}
