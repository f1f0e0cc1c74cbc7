"""What becomes of a report: its receipt, its answer, and the measure that nobody's reports exceed."""
