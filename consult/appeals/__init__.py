"""Having a decision looked at again: by somebody else, with an answer in words either way."""
