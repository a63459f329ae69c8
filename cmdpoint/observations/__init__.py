"""What engines were observed to do: records, files of records, and their replay."""
