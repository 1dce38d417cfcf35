#!/usr/bin/env bash
# The event-writer's role: it owns its database, and is no superuser.
psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v password="$(cat /run/database/spring.datasource.password)" <<'SQL'
CREATE ROLE elephantasm LOGIN PASSWORD :'password';
ALTER DATABASE elephantasm OWNER TO elephantasm;
SQL
