"""The pages: the only rooms that know Litestar and Jinja."""
