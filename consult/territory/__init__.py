"""The authority, its municipalities, the categories of stakeholders."""
