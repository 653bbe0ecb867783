"""What is kept: tables, queries, migrations. The only package that knows SQLAlchemy."""
