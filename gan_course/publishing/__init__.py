"""What readers see: pages of the executed notebooks and the page over all of them."""
