"""The pages of materials for staff: what there is and its files, and the ledger of copies."""
