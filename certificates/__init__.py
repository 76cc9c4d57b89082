"""Certificates: the rule who qualifies, what is issued, reissued and revoked, the papers, and how a code is checked."""
