"""The engine: recording and sweeping, in Python and in C. Private: public names are in `autograd`."""
