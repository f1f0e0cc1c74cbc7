"""Benchmarks: what a page costs, as a ratio to a bare Flask answer under the same server in the same run."""
