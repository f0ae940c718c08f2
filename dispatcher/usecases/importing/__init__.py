"""Importing people from CSV and XLSX files: reading, guessing columns, matching, applying, undoing."""
