"""The hidden checks of problem set 3: the Laplacian pyramid and LAPGAN."""
