#!/bin/bash
# Run by the postgres image once, on an empty volume: the two roles, the database, the
# extensions. The same as devstack/postgres.py makes for `make run`. Neither role is a
# superuser or passes by row-level security; migrations run as the owner, the site as the
# application. Passwords come from the environment and are quoted by psql itself.
set -euo pipefail

: "${HEARD_OWNER_PASSWORD:?}" "${HEARD_APP_PASSWORD:?}"

psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password HEARD_OWNER_PASSWORD
\getenv app_password HEARD_APP_PASSWORD
CREATE ROLE heard_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE heard_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE DATABASE heard OWNER heard_owner;
SQL

psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname heard <<'SQL'
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
GRANT USAGE ON SCHEMA public TO heard_app;
ALTER DEFAULT PRIVILEGES FOR ROLE heard_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO heard_app;
ALTER DEFAULT PRIVILEGES FOR ROLE heard_owner GRANT USAGE, SELECT ON SEQUENCES TO heard_app;
ALTER DEFAULT PRIVILEGES FOR ROLE heard_owner GRANT EXECUTE ON FUNCTIONS TO heard_app;
SQL
