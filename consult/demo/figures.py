"""The territory in figures: the indicators of the story, and a population by age and gender that agrees with them."""

from typing import Any

from consult.analysis import files, importing, queries, services
from consult.analysis.models import Gathering, Theme
from consult.demo.story import HERE, Story

THEMES = {"demografica": Theme.PEOPLE, "sociale": Theme.SOCIETY, "economica": Theme.ECONOMY,
          "infrastrutturale": Theme.NETWORKS, "gestionale": Theme.FINANCES, "amministrativa": Theme.ADMINISTRATION}
GATHERINGS = {"somma": Gathering.SUM, "media_pesata": Gathering.WEIGHTED, "media_pesata_superficie": Gathering.WEIGHTED,
              "media_semplice": Gathering.MEAN, "ricalcolo": Gathering.STATED}
AREA = "superficie"


def load(story: Story) -> None:
    """Every indicator that is told, the area of the municipalities, and the population as ISTAT would send it."""
    told = [{**story.more["figures"]["area"], "id": AREA, "aggregation": "somma", "union": None,
             "values": [place["area_km2"] for place in story.told["municipalities"]]}, *story.told["indicators"]]
    area = None
    for entry in told:
        one = _add(story, entry, area)
        area = area or one
    _population(story)


def _add(story: Story, entry: dict[str, Any], area: Any) -> Any:
    gathering = GATHERINGS[entry["aggregation"]]
    values = {(id, "", ""): float(value) for id, value in zip(story.municipality_ids(), entry["values"], strict=True)}
    return services.add(
        story.process, None, values, code=entry["id"].replace("_", "-"), title=story.text(entry["label"]),
        unit=story.text(entry["unit"]), theme=THEMES[entry["dimension"]], year=entry["year"], source=entry["source"],
        gathering=gathering, stated=entry["union"] if gathering is Gathering.STATED else None,
        weighted_by_id=area.id if entry["aggregation"] == "media_pesata_superficie" else None,
        residents=entry["id"] == "popolazione_residente")


def _population(story: Story) -> None:
    told = story.more["figures"]["population"]
    file = importing.send(story.process, None, name=told["file"], year=told["year"],
                          rows=files.rows_of((HERE / told["file"]).read_bytes()))
    importing.take(file, None)
    brought = queries.called(story.process.id, files.POPULATION)
    if brought is not None:
        brought.source, brought.source_url = told["source"], ""
