"""The outside world: the database's servers, files and folders."""
