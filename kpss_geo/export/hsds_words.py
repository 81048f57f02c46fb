"""What all records of HSDS share: identifiers that stay the same, nothing that is not known."""

import uuid
from typing import Any, Final

NAMESPACE: Final = uuid.UUID("21ba87a9-c3d0-5a2c-844f-6c567ec6bbe9")
Json = dict[str, Any]


def identifier(*of: str) -> str:
    """Give the identifier of a thing, the same in every export.

    >>> identifier("service", "mpsv-1")
    '515267fa-e5f9-596f-9931-dd5df23e6d77'
    """
    return str(uuid.uuid5(NAMESPACE, "/".join(of)))


def known(record: Json) -> Json:
    """Leave out what is not known.

    >>> known({"name": "Domov", "email": None, "phones": [], "maximum": 0})
    {'name': 'Domov', 'maximum': 0}
    """
    return {key: value for key, value in record.items() if value not in (None, "", [], {})}
