"""The folder of CSV files that `bostad match` reads and writes."""

from bostad.adapters.match_folder.problems import BadFolder
from bostad.adapters.match_folder.reading import Folder, read_folder
from bostad.adapters.match_folder.writing import write_plan

__all__ = ["BadFolder", "Folder", "read_folder", "write_plan"]
