"""Matching: arrays in, a plan out; no database, no web, no clock."""
