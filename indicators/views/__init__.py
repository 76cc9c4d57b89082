"""What staff see and do about the logframe, one file a subject."""
