"""Agreements between a board and a company: quota lines, terms, deadlines and the ledger."""
