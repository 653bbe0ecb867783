"""How the tables came to be: Alembic migrations. Once released, a migration is never edited."""
