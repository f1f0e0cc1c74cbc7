"""The plan: axes, objectives, actions, sections, and the trace to what people said."""
