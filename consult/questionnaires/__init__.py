"""Making questionnaires: writing, mending and comparing them, and bringing them from and to other programs."""
