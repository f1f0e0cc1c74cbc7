"""Who holds which role, and who is invited to one."""
