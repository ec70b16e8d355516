"""Solving: from rules and sub-pools to groups, and from groups to associations."""
