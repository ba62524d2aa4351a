-- PostgreSQL and H2 both accept this.

-- One number for all changes. The row is locked while a change is made, so the changes are in one order. It starts at the
-- present time in milliseconds: if this database is lost and made again, its revisions are still higher than the old ones.
create table revision (
  number bigint not null
);

insert into revision (number) values (cast(extract(epoch from current_timestamp) * 1000 as bigint));

create table conference (
  id uuid primary key,
  name varchar(200) not null,
  starts date not null,
  ends date not null,
  description varchar(500) not null,
  -- The revision of the last change of this conference.
  version bigint not null,
  changed timestamp with time zone not null
);

-- What is committed and not yet published.
create table outbox (
  revision bigint primary key,
  event varchar(4000) not null
);
