"""Benchmarks of speed and accuracy; each prints a table."""
