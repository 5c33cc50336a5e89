"""The hidden checks of problem set 1: generative models, the optimal discriminator, the vanilla GAN."""
