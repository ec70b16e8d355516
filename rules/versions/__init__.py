"""Other versions of the mission's rules, each as the rules that differ and replace the mission's."""
