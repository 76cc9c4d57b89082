"""What everyone may use and nobody owns: the database, settings, languages, time, forms, pages and files."""
