"""Measuring the same configurations on every dataset, for the histories that ship and for benchmarks that replay."""
