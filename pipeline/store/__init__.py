"""The only floor that touches files: inputs, seed tables, stage results, releases."""
