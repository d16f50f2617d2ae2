"""What tools find, as frozen records: one class a result; JSON is made of them and read back in `kept` alone."""
