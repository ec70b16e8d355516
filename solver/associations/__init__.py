"""Associations as data: what they are, how they compare, how they merge."""
