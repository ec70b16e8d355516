"""From the headers of exposures to a pool: what keywords say, what is made of it, and what is assumed."""
