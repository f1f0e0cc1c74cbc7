"""Links sent by mail with which somebody takes up a mandate or a role: good once, for a week, for one address."""
