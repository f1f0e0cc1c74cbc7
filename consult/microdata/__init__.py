"""The single answers of a questionnaire as files, for whoever works on them with other programs."""
