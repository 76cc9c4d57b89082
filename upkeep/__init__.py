"""Keeping an installation well: what works in the background, its health, its settings, its backups."""
