"""Answer → what people read or take away: rows, files, tables and sentences."""
