"""The bodies of the percorso and who sits on them."""

from datetime import date

from consult.core import clock
from consult.core.db import db
from consult.demo.story import Story
from consult.governance.models import BodyKind, BodyMember, GovernanceBody

KINDS = {
    "cabina_di_regia": BodyKind.STEERING_GROUP, "ufficio_di_piano": BodyKind.PLAN_OFFICE,
    "comitato_di_garanzia": BodyKind.GUARANTEE_COMMITTEE, "tavolo_tematico": BodyKind.THEMATIC_TABLE,
    "forum": BodyKind.FORUM,
}
FACILITATES = "Facilitazione del tavolo"


def load(story: Story) -> None:
    """The bodies in the order in which they are told; tables have their facilitator first."""
    begins: date = clock.local(story.opening(story.told["phases"][0]["starts_on"])).date()
    for position, entry in enumerate(story.told["governance"], 1):
        body = GovernanceBody(
            process=story.process, kind=KINDS[entry["kind"]], position=position, name=story.text(entry["name"]),
            mandate=story.text(entry.get("mandate")), meets=story.text(entry.get("meets")),
            axis=story.axes.get(entry.get("axis", "")))
        facilitator = [entry["facilitator"]] if "facilitator" in entry else []
        people = [(name, FACILITATES) for name in facilitator]
        people += [(name, story.people[name].title) for name in entry.get("members", [])]
        body.members = [BodyMember(position=place, person=story.people[name], title=title, since=begins)
                        for place, (name, title) in enumerate(people, 1)]
        body.members += [BodyMember(position=place, organisation=story.organisations[name], since=begins)
                         for place, name in enumerate(entry.get("participants", []), len(people) + 1)]
        db.session.add(body)
    db.session.flush()
