"""What moderators read where a suspension cannot be."""

from flask_babel import lazy_gettext as _l

FOUR_EYES = _l("Beyond seven days another person has to confirm it.")
ALREADY = _l("The author is suspended already: end that suspension first.")
ANSWERED = _l("Somebody has answered this proposal already.")
PROPOSED_ALREADY = _l("Somebody has proposed to suspend this author already: another person has to answer that first.")
