"""Brochures and guides in their languages, their files, and the ledger of printed and handed-out copies."""
