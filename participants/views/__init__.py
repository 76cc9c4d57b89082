"""Pages of staff about people: the roster, lists to import, the door, and one person."""
