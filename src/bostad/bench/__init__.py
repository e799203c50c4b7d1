"""Measuring the engine: invented instances of a town up to a country, and other ways to solve them."""
