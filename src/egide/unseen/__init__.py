"""What the estimation of the unseen takes and shows: files of lists, links between lists, the page."""
