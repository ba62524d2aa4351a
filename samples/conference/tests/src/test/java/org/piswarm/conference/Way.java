package org.piswarm.conference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.piswarm.conference.Lesson.Edit;
import org.piswarm.testsupport.Cable;
import tools.jackson.databind.JsonNode;

/** One way to stay in step: an attendees with its settings, and cables that count. */
final class Way implements AutoCloseable {

	/** Of a process's time on a processor, as /proc shows it. */
	private static final int TICKS_PER_SECOND = 100;

	final String name;

	final Service attendees;

	private final Cable lists;

	private final @Nullable Cable events;

	/** Each version that was applied, and when. */
	private final List<long[]> applied = new ArrayList<>();

	private long lastSample;

	private long requests;

	private long bytes;

	private double cpu;

	/**
	 * Starts an attendees.
	 * @param name for the table
	 * @param settings such as {@code SYNC}
	 * @param redis the port of Redis, for push
	 */
	Way(String name, Map<String, String> settings, Path directory, int conferences, @Nullable Integer redis)
			throws IOException {
		this.name = name;
		this.lists = new Cable(conferences);
		this.events = (redis != null) ? new Cable(redis) : null;
		Map<String, String> all = new HashMap<>(settings);
		all.put("CONFERENCES_URL", "http://127.0.0.1:" + this.lists.port());
		if (this.events != null) {
			all.put("REDIS_URL", "redis://127.0.0.1:" + this.events.port());
		}
		all.put("DATABASE_URL", "jdbc:h2:file:" + directory.resolve(name.replaceAll("\\W", "-")).toAbsolutePath());
		this.attendees = new Service("attendees", all);
	}

	/** What was used before does not count. */
	void begin() throws IOException {
		this.requests = -requests();
		this.bytes = -bytes();
		this.cpu = -cpu(this.attendees.pid());
	}

	void end() throws IOException {
		this.requests += requests();
		this.bytes += bytes();
		this.cpu += cpu(this.attendees.pid());
	}

	private long requests() {
		return this.lists.requests() + ((this.events != null) ? this.events.requests() : 0);
	}

	private long bytes() {
		return this.lists.bytes() + ((this.events != null) ? this.events.bytes() : 0);
	}

	/** The seconds that a process has used, in the user's mode and in the kernel's. */
	static double cpu(long pid) throws IOException {
		String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
	}

	/** Reads what was applied meanwhile. */
	void look() throws IOException, InterruptedException {
		JsonNode samples = this.attendees.client().get("/api/live?after=" + this.lastSample).json().at("/view/samples");
		for (JsonNode sample : samples) {
			this.lastSample = sample.path("number").asLong();
			this.applied.add(new long[] { sample.path("version").asLong(), sample.path("applied").asLong() });
		}
	}

	/**
	 * How long an edit was not yet in the copies, in milliseconds. Changes are applied in
	 * the order of their versions, so any later one shows that this one was seen.
	 * @return {@code null} if it still is not there
	 */
	@Nullable Long staleness(Edit edit) {
		return this.applied.stream()
			.filter((sample) -> sample[0] >= edit.version())
			.map((sample) -> Math.max(0, sample[1] - edit.millis()))
			.min(Long::compareTo)
			.orElse(null);
	}

	/**
	 * A row of the table.
	 * @param seconds how long was measured
	 * @param answers what it answers while conferences is down
	 */
	String row(List<Edit> edits, double seconds, String answers) {
		List<Long> staleness = edits.stream()
			.map(this::staleness)
			.map((millis) -> (millis != null) ? millis : -1)
			.sorted()
			.toList();
		double hours = seconds / 3600;
		return "| %s | %s | %s | %s | %,d | %,d | %.0f | %s |".formatted(this.name, share(staleness, 0.5),
				share(staleness, 0.99), share(staleness, 1), Math.round(this.requests / hours),
				Math.round(this.bytes / hours / 1000), this.cpu / hours, answers);
	}

	private static String share(List<Long> sorted, double share) {
		double seconds = sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1000.0;
		return (seconds < 1) ? "%.0f ms".formatted(seconds * 1000) : "%.1f s".formatted(seconds);
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.attendees.close();
		this.lists.close();
		if (this.events != null) {
			this.events.close();
		}
	}

}
