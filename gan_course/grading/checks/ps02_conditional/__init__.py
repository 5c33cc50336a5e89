"""The hidden checks of problem set 2: GANs that are told, or find out, what to draw."""
