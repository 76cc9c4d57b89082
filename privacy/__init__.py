"""Keeping people safe: encryption of what names them, codes and links, forgetting, and small groups unseen."""
