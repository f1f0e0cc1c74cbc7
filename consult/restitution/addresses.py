"""Where restitutions are read: as paths, for letters, which are written without a request."""

from consult.restitution.models import Restitution


def path_of(restitution: Restitution) -> str:
    """The path of the public page of a restitution."""
    if restitution.axis is not None:
        return f"/percorsi/{restitution.axis.process.slug}/assi/{restitution.axis.code}/restituzione"
    return f"/risultati/{restitution.activity_id}/restituzione"
