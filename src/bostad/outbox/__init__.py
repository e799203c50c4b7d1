"""The port to the outside: work asked for inside a transaction, done outside it, and never lost."""
