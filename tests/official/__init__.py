"""Stand-ins for the official sources: a server on loopback that speaks each one's own form.

`office` serves and spoils, `world` makes the data up (squares around reference points, roads
as straight lines between them; names and counts are those of `geodata/`), `forms` writes
them as each source does.
"""
