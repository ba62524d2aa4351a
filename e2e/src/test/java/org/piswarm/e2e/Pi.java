package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtual Pi.
 *
 * @param number 1 for {@code pi1}
 */
record Pi(int number) {

	static final Pi MANAGER = new Pi(1);

	static final List<Pi> ALL = List.of(MANAGER, new Pi(2), new Pi(3));

	/** An update that Swarm rolls back can take minutes. */
	private static final Duration LIMIT = Duration.ofMinutes(10);

	static Pi named(String name) {
		return ALL.stream().filter((pi) -> pi.name().equals(name)).findFirst().orElseThrow();
	}

	String name() {
		return "pi" + this.number;
	}

	String address() {
		return Settings.NETWORK + ".1" + this.number;
	}

	/** The producer's published port on this node. */
	String producerUrl() {
		return "http://" + address() + ":5000/number";
	}

	/** The consumer's published port on this node. */
	String consumerUrl(String path) {
		return "http://" + address() + ":8080" + path;
	}

	/** Runs a line of shell as root and returns its output. Fails if the line fails. */
	String run(String line) {
		return tryTo(line, "").orFail();
	}

	/** Runs a line of shell as root, with the given standard input. */
	Command.Result tryTo(String line, String input) {
		return virtualPis(LIMIT, input, "ssh", Integer.toString(this.number), line);
	}

	/** What Compose has made here, except the class caches, which it keeps. */
	List<String> leftByCompose() {
		return run("set -e; for kind in 'container ls --all' 'network ls' 'volume ls'; do "
				+ "docker $kind --quiet --filter label=com.docker.compose.project; done")
			.lines()
			.filter((name) -> !name.equals("pi-swarm-kit-classes"))
			.toList();
	}

	/**
	 * Pulls an image from the registry of the end-to-end tests, which a node reaches only
	 * through SSH.
	 */
	void pull(String image) {
		virtualPis(LIMIT, "", "ssh", Integer.toString(this.number), "-R", Settings.REGISTRY + ":" + Settings.REGISTRY,
				"docker pull --quiet " + image)
			.orFail();
	}

	boolean answers() {
		return virtualPis(LIMIT, "", "ssh", Integer.toString(this.number), "true").exitCode() == 0;
	}

	void powerOff() {
		verb("power-off");
	}

	/** Boots the node and waits until it answers. */
	void powerOn() {
		verb("power-on");
	}

	void unplug() {
		verb("unplug");
	}

	void replug() {
		verb("replug");
	}

	/** Deletes the disk, as when an SD card dies. The node must be off. */
	void loseDisk() throws IOException {
		for (String file : List.of("disk.cow", "complete")) {
			Files.delete(Settings.NODES.resolve(name()).resolve(file));
		}
	}

	/** Boots Pis without Docker, as on their first day. Keeps those that run. */
	static void upAllBare() {
		virtualPis(LIMIT, "", "up", Integer.toString(ALL.size()), "--bare").orFail();
	}

	void verb(String verb) {
		virtualPis(LIMIT, "", verb, Integer.toString(this.number)).orFail();
	}

	private static Command.Result virtualPis(Duration limit, String input, String... arguments) {
		List<String> command = new ArrayList<>(List.of(Settings.VIRTUAL_PIS));
		command.addAll(List.of(arguments));
		return Command.run(limit, input, command);
	}

}
