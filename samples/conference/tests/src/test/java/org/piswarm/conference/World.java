package org.piswarm.conference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.PostgresServer;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.Started;

/**
 * A conferences, an attendees that polls, and one or two replicas of an attendees that
 * gets events, with a Redis and cables between them.
 */
final class World implements AutoCloseable {

	final RedisServer redis;

	final @Nullable PostgresServer postgres;

	final Service conferences;

	/** From conferences to Redis. */
	final Cable publishing;

	/** From the attendees that gets events to Redis. */
	final Cable events;

	/** From the attendees that gets events to conferences. */
	final Cable lists;

	/** From the attendees that polls to conferences. */
	final Cable polls;

	final Service poll;

	/** Replicas, which share a database. */
	final List<Service> push = new ArrayList<>();

	private final Path directory;

	private final Set<String> inPostgres;

	private final Started started = new Started();

	/**
	 * Starts all.
	 * @param directory for the files of embedded databases
	 * @param postgres which services have a database in PostgreSQL; the replicas of push
	 * are two if it is one of them
	 */
	World(Path directory, Set<String> postgres) throws Exception {
		this.directory = directory;
		try {
			this.redis = this.started.add(new RedisServer());
			this.inPostgres = postgres;
			this.postgres = postgres.isEmpty() ? null : this.started.add(new PostgresServer());
			this.publishing = this.started.add(new Cable(this.redis.port()));
			this.events = this.started.add(new Cable(this.redis.port()));
			this.conferences = this.started.add(new Service("conferences", Map.of("REDIS_URL", redis(this.publishing),
					"DATABASE_URL", database("conferences"), "DATABASE_USER", "postgres")));
			this.lists = this.started.add(new Cable(this.conferences.port()));
			this.polls = this.started.add(new Cable(this.conferences.port()));
			this.poll = this.started.add(new Service("attendees",
					Map.of("SYNC", "poll", "POLL_INTERVAL", "1s", "CONFERENCES_URL",
							"http://127.0.0.1:" + this.polls.port(), "DATABASE_URL", database("poll"), "DATABASE_USER",
							"postgres")));
			String copies = database("push");
			for (int i = 1; i <= (postgres.contains("push") ? 2 : 1); i++) {
				this.push.add(this.started.add(new Service("attendees",
						Map.of("SYNC", "push", "HOSTNAME", "attendees-" + i, "REDIS_URL", redis(this.events),
								"CONFERENCES_URL", "http://127.0.0.1:" + this.lists.port(), "DATABASE_URL", copies,
								"DATABASE_USER", "postgres"))));
			}
			all().forEach(Service::awaitStart);
		}
		catch (Exception | Error ex) {
			try (this.started) {
				throw ex;
			}
		}
	}

	private static String redis(Cable cable) {
		return "redis://127.0.0.1:" + cable.port();
	}

	private String database(String name) throws IOException, InterruptedException {
		return (this.postgres != null && this.inPostgres.contains(name)) ? this.postgres.createDatabase(name)
				: "jdbc:h2:file:" + this.directory.resolve(name).toAbsolutePath();
	}

	List<Service> all() {
		List<Service> all = new ArrayList<>(attendees());
		all.add(this.conferences);
		return all;
	}

	List<Service> attendees() {
		List<Service> attendees = new ArrayList<>(this.push);
		attendees.add(this.poll);
		return attendees;
	}

	@Override
	public void close() throws Exception {
		this.started.close();
	}

}
