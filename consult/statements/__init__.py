"""What authors are told of a decision that takes something from them, and why: by mail and on a page of its own."""
