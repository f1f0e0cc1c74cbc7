"""Documents made from the plan."""
