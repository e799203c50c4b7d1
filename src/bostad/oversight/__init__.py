"""Who looks at who looked: the monthly review, emergency openings, readers of a case, unusual reading."""
