"""What roles are called on the pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role

ROLES: dict[Role, LazyString] = {
    Role.PLATFORM_ADMIN: _l("Administrator of the platform"),
    Role.PLAN_OFFICE: _l("Plan office"),
    Role.STEERING: _l("Steering group"),
    Role.MODERATOR: _l("Moderator"),
    Role.FACILITATOR: _l("Facilitator"),
    Role.GUARANTOR: _l("Guarantee committee"),
    Role.DESK_OPERATOR: _l("Help desk operator"),
    Role.ADMINISTRATOR: _l("Elected representative"),
    Role.OBSERVER: _l("Observer"),
}
