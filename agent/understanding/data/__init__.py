"""What a sentence says about files, columns, rows and datasets."""
