"""bostad: homes for households in protected housing, matched under written agreements."""
