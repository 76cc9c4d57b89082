"""The door: scans and attendance, phones with and without a network, the room's screen, paper, what clashed."""
