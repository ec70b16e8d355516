"""Pools: exposures as columns, their candidates, and what a person states of them."""
