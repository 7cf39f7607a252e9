"""What fuzzing found, each made small, with what must hold now."""
