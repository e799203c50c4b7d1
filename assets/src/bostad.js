// What htmx leaves to us. The pages work without this file.
