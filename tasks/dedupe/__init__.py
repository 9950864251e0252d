"""Each article is compared with those of its run and with the ledger of earlier dates."""
