"""What else moderators do: closing discussions, laying aside, passing on, marking doubles, moving, splitting."""
