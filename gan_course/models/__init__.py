"""One file per GAN: its networks and the class that holds its objective."""
