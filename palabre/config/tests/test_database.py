"""The database the tests run on is the embedded one."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_on_the_embedded_server() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('listen_addresses')"
        )
        assert cursor.fetchone() == (18, "")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
