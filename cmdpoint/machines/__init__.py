"""Compare a container with a virtual machine: run the same program in both, and check chapter 10."""
