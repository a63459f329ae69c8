"""Record what engines do with one list of cases, and choose what the project keeps."""
