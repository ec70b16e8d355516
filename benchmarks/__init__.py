"""Simulated pools and the timing scripts that use them."""
