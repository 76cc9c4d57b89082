"""The API: read only, what a share link shows, by its secret as a bearer token."""
