"""The address of a tracking store: whether it is one, and whether what reaches it is installed."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

SERVERS = ("http", "https")
DATABASES = ("sqlite", "postgresql", "mysql", "mssql")
PACKAGES = {"psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}
"""What is installed for the sake of a module of another name."""
ALLOWED = (
    "Write the address of a server, 'https://runs.example.org', or of a database, "
    "'sqlite:///runs.db' or 'postgresql://user:password@host/database'."
)


def known_store(store: str) -> str:
    """Return the address; `ValueError`, without the address, which may hold a password."""
    scheme = store.partition(":")[0].lower()
    if scheme in SERVERS:
        if not _has_host(store):
            raise ValueError(f"the address of the server names no host. {ALLOWED}")
        return store
    if scheme.partition("+")[0] not in DATABASES:
        raise ValueError(f"this is no address of a server or a database. {ALLOWED}")
    _refuse_unreachable(store)
    return store


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def _refuse_unreachable(store: str) -> None:
    # Not needed where no store is named, and slow to import
    from sqlalchemy import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        make_url(store).get_dialect().import_dbapi()
    except ModuleNotFoundError as error:
        package = PACKAGES.get(error.name or "", error.name)
        raise ValueError(
            f"the package {error.name!r}, by which this database is reached, is not installed. "
            f"Install it by `pip install {package}`, or name another store."
        ) from None
    except (SQLAlchemyError, ValueError):
        raise ValueError(f"this is no address of a database. {ALLOWED}") from None


StoreAddress = Annotated[str, Field(max_length=1000), AfterValidator(known_store)]
