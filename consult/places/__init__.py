"""Where the thing lies that a contribution is about."""
