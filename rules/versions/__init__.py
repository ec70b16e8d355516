"""Other versions of the mission's rules: each module has the rules that differ, which replace the mission's."""
