"""Pages of staff about programmes and events."""
