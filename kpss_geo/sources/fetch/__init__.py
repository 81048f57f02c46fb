"""Official data from their sources into the data folder: one module per source.

`download` gets bytes safely, `archives` opens ZIP files safely, `manifest` says beside each
file where it came from, `catalogue` names the sources with their licences.
"""
