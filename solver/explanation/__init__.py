"""Explanations: why an exposure is in an association, and why not."""
