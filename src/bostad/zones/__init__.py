"""Who may touch which row and column, as data: the wall between the two sides that PostgreSQL keeps (S02, S27-S34).

Every table stands in one of the files here with its zone and with what each login role may do. `adapters/wall.py`
builds grants and row security from them whenever the schema is migrated, and a start-up check holds the database's
catalogues to them. A table that is missing here stops the migration.

Two conditions let a row through, and both must hold. `within` is the isolation between organisations (a RESTRICTIVE
policy). `sees`, and for what is written `writes`, are what a role is for (PERMISSIVE policies). A row without a column
of its own for the organisation goes by its parent: `EXISTS (... parent ...)`, where the parent's own policies apply.
"""
