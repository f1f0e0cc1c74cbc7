"""What cannot be done as it was asked for."""

from flask_babel import LazyString


class FieldError(ValueError):
    """Something cannot be done as it stands: `field` is what to put right, `sentence` says how."""

    def __init__(self, field: str, sentence: LazyString) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence
