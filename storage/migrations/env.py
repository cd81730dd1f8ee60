"""What Alembic runs: the caller has opened the connection and its transaction."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds all of it, on both databases
)
context.run_migrations()
