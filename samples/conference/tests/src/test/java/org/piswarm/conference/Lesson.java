package org.piswarm.conference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.piswarm.testsupport.JsonClient.Answer;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.Started;

import org.springframework.util.FileSystemUtils;

/**
 * Measures the ways to stay in step, all at the same time and with the same edits, and
 * prints a table. {@code samples/conference/lesson} starts it.
 */
public final class Lesson implements AutoCloseable {

	private static final int CONFERENCES = 50;

	/** Until the compiler is done, and each way has read all. */
	private static final Duration WARM_UP = Duration.ofSeconds(60);

	private final Random random = new Random(16);

	private final Started started = new Started();

	private final Path directory = Files.createTempDirectory("lesson");

	private final RedisServer redis = this.started.add(new RedisServer());

	private final Service conferences;

	private final List<Way> ways = new ArrayList<>();

	private final List<Edit> edits = new ArrayList<>();

	private long revision;

	/** Those that exist, each with its last version. */
	private final List<Edit> existing = new ArrayList<>();

	private Lesson() throws IOException {
		this.conferences = this.started.add(new Service("conferences", Map.of("REDIS_URL", this.redis.url(),
				"DATABASE_URL", "jdbc:h2:file:" + this.directory.resolve("conferences").toAbsolutePath())));
	}

	/**
	 * Measures.
	 * @param arguments minutes of edits, and the mean seconds between two edits
	 */
	public static void main(String[] arguments) throws Exception {
		Locale.setDefault(Locale.ROOT);
		double minutes = (arguments.length > 0) ? Double.parseDouble(arguments[0]) : 10;
		double pause = (arguments.length > 1) ? Double.parseDouble(arguments[1]) : 2;
		Lesson lesson = new Lesson();
		// Also after Ctrl-C.
		Thread end = new Thread(lesson::close);
		Runtime.getRuntime().addShutdownHook(end);
		lesson.measure(minutes, pause);
		System.exit(0);
	}

	private void measure(double minutes, double pause) throws Exception {
		say("starting conferences, and attendees seven times");
		this.conferences.awaitStart();
		for (int i = 0; i < CONFERENCES; i++) {
			create();
		}
		this.edits.clear();
		for (int seconds : new int[] { 1, 10, 60 }) {
			for (String etag : new String[] { "off", "on" }) {
				add("poll %d s%s".formatted(seconds, etag.equals("on") ? ", ETag" : ""),
						Map.of("SYNC", "poll", "POLL_INTERVAL", seconds + "s", "ETAG", etag));
			}
		}
		Way push = this.started
			.add(new Way("push", Map.of("SYNC", "push"), this.directory, this.conferences.port(), this.redis.port()));
		this.ways.add(push);
		push.attendees.awaitStart();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> "1".equals(this.redis.ask("EXISTS", "conferences")));
		run("warming up", WARM_UP.toSeconds(), pause);
		this.edits.clear();
		for (Way way : this.ways) {
			way.begin();
		}
		double conferencesCpu = Way.cpu(this.conferences.pid());
		double seconds = run("editing", minutes * 60, pause);
		for (Way way : this.ways) {
			way.end();
		}
		conferencesCpu = Way.cpu(this.conferences.pid()) - conferencesCpu;
		say("waiting for the slowest way");
		// The last one shows that all before it were seen, also those of a conference
		// that no poll has met.
		List<Edit> measured = List.copyOf(this.edits);
		create();
		this.edits.clear();
		this.edits.addAll(measured);
		Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofSeconds(5)).until(this::allSeen);
		print(seconds, conferencesCpu);
	}

	private void add(String name, Map<String, String> settings) throws IOException {
		Way way = this.started.add(new Way(name, settings, this.directory, this.conferences.port(), null));
		this.ways.add(way);
		// One after the other: their polls do not all come at once, and the start is
		// lighter.
		way.attendees.awaitStart();
	}

	/** Edits at random times, and returns the seconds that it took. */
	private double run(String what, double seconds, double pause) throws Exception {
		say("%s for %.0f s, an edit each %.1f s on average".formatted(what, seconds, pause));
		long start = System.nanoTime();
		long end = start + (long) (seconds * 1e9);
		long nextLook = start;
		long nextEdit = start;
		while (System.nanoTime() < end) {
			if (System.nanoTime() >= nextEdit) {
				edit();
				// As in a Poisson process: no edit knows of the others, or of the polls.
				nextEdit += (long) (-Math.log(1 - this.random.nextDouble()) * pause * 1e9);
			}
			if (System.nanoTime() >= nextLook) {
				look();
				nextLook += Duration.ofSeconds(10).toNanos();
			}
			TimeUnit.MILLISECONDS.sleep(5);
		}
		return (System.nanoTime() - start) / 1e9;
	}

	private void look() throws IOException, InterruptedException {
		for (Way way : this.ways) {
			way.look();
		}
	}

	private boolean allSeen() throws IOException, InterruptedException {
		look();
		return this.ways.stream()
			.allMatch((way) -> this.edits.stream().allMatch((edit) -> way.staleness(edit) != null));
	}

	private void edit() throws IOException, InterruptedException {
		int die = this.random.nextInt(10);
		if (die == 0) {
			create();
		}
		else if (die == 1 && this.existing.size() > 1) {
			Edit last = this.existing.remove(this.random.nextInt(this.existing.size()));
			this.conferences.client().delete(last.href());
			// Revisions have no gaps, and nobody else edits.
			this.edits.add(new Edit(last.href(), this.revision + 1, System.currentTimeMillis()));
			this.revision++;
		}
		else {
			Edit last = this.existing.remove(this.random.nextInt(this.existing.size()));
			edited(this.conferences.client().put(last.href(), conference()));
		}
	}

	private void create() throws IOException, InterruptedException {
		edited(this.conferences.client().post("/conferences", conference()));
	}

	private void edited(Answer answer) {
		if (answer.status() >= 300) {
			throw new IllegalStateException("conferences answered " + answer);
		}
		Edit edit = new Edit(answer.json().path("href").asString(), answer.json().path("version").asLong(),
				Instant.parse(answer.json().path("changed").asString()).toEpochMilli());
		this.revision = edit.version();
		this.edits.add(edit);
		this.existing.add(edit);
	}

	private String conference() {
		LocalDate starts = LocalDate.of(2027, 1, 1).plusDays(this.random.nextInt(365));
		return "{\"name\":\"Conference %d\",\"starts\":\"%s\",\"ends\":\"%s\",\"description\":\"%s\"}"
			.formatted(this.random.nextInt(1000), starts, starts.plusDays(1), "Two days about Pis. ".repeat(5));
	}

	private void print(double seconds, double conferencesCpu) throws Exception {
		this.conferences.kill();
		String href = this.existing.get(0).href();
		System.out.printf("%nMeasured on %s: %d edits of about %d conferences in %.0f s, Java %s, %d processors.%n%n",
				LocalDate.now(), this.edits.size(), CONFERENCES, seconds, Runtime.version().feature(),
				Runtime.getRuntime().availableProcessors());
		System.out.println("| way | staleness, median | p99 | worst | requests per hour | KB per hour | CPU s per hour "
				+ "| while `conferences` is down |");
		System.out.println("|---|---|---|---|---|---|---|---|");
		for (Way way : this.ways) {
			Answer registered = way.attendees.client()
				.post("/attendees",
						"{\"name\":\"Ada\",\"email\":\"ada@example.org\",\"conference\":\"%s\"}".formatted(href));
			Answer listed = way.attendees.client().get("/attendees?conference=" + href);
			System.out.println(way.row(this.edits, seconds,
					"registers (%d), lists (%d)".formatted(registered.status(), listed.status())));
		}
		System.out.printf("%nconferences itself, which answered all of them: %.0f CPU s per hour.%n",
				conferencesCpu / seconds * 3600);
	}

	private static void say(String text) {
		System.err.println("lesson: " + text + " ...");
	}

	@Override
	public void close() {
		try {
			this.started.close();
		}
		catch (Exception ex) {
			System.err.println("lesson: " + ex.getMessage());
		}
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			System.err.println("lesson: could not delete " + this.directory);
		}
	}

	/**
	 * A change that a client has made.
	 *
	 * @param millis when, since 1970
	 */
	record Edit(String href, long version, long millis) {

	}

}
