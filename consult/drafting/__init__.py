"""How the plan is written: every text that a part of it has had, and going back to one."""
