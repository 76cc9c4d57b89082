"""Programmes, their events and sessions: what happens, when, where, and who teaches."""
