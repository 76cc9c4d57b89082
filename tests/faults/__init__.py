"""The fault simulator: the phone's real queue against the real server, with everything between them misbehaving."""
