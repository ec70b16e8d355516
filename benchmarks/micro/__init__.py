"""Benchmarks of the stages of a run, each by itself: `make bench-micro`."""
