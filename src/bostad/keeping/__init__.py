"""How long cases are kept, who decides that they go, what is handed over first, and what of them stays: totals."""
