"""Boards that have agreed to be matched in one run, each still its own controller."""
