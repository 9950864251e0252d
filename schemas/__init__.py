"""The records, and what follows from them: Arrow schemas, expectation suites, the data dictionary."""
