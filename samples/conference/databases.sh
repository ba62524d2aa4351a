# shellcheck shell=sh
# Read by the entry point of the image postgres, once, when its volume is empty: a database and a user for each service. The
# password of each is a secret with the same name.
for name in conferences attendees attendees_poll; do
  file=/run/secrets/$name
  [ -s "$file" ] || {
    echo "$file has no password: make it with samples/conference/passwords, and start again" >&2
    exit 1
  }
  # psql reads the password: as an argument, it would be in the list of processes.
  psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set=name="$name" --set=file="$file" <<'SQL'
\set password `cat :'file'`
-- Otherwise, a statement that fails is logged with the password.
set log_min_error_statement = panic;
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
done
