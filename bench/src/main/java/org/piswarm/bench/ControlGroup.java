package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A control group with one server, in which the kernel counts memory as for a container.
 */
final class ControlGroup {

	private static final Set<Path> directories = ConcurrentHashMap.newKeySet();

	private final Path directory;

	private final Version version;

	private ControlGroup(Path directory, Version version) {
		this.directory = directory;
		this.version = version;
	}

	/** Empty if this process may not make one, or if the kernel counts no memory. */
	static Optional<ControlGroup> create(String name) {
		for (Version version : Version.values()) {
			Path directory = version.root
				.resolve("pi-swarm-bench-%d-%s".formatted(ProcessHandle.current().pid(), name));
			if (!Programs.isRoot() || !Files.isDirectory(version.root)) {
				continue;
			}
			try {
				Files.createDirectories(directory);
				directories.add(directory);
				if (Files.exists(directory.resolve(version.used))) {
					return Optional.of(new ControlGroup(directory, version));
				}
				remove(directory);
			}
			catch (IOException ex) {
				// The caller has another way to count.
			}
		}
		return Optional.empty();
	}

	static boolean isAvailable() {
		Optional<ControlGroup> trial = create("trial");
		trial.ifPresent(ControlGroup::remove);
		return trial.isPresent();
	}

	/** The command, preceded by what moves its process into this group. */
	List<String> inside(List<String> command) {
		List<String> line = new ArrayList<>(List.of("sh", "-c", "echo $$ >\"$0\" && exec \"$@\"",
				this.directory.resolve("cgroup.procs").toString()));
		line.addAll(command);
		return line;
	}

	/** Above this limit the kernel kills the server. */
	void limit(long bytes) throws IOException {
		Files.writeString(this.directory.resolve(this.version.limit), Long.toString(bytes));
	}

	Memory memory() {
		try {
			long used = Long.parseLong(Files.readString(this.directory.resolve(this.version.used)).strip());
			String stat = Files.readString(this.directory.resolve("memory.stat"));
			return new Memory((used - value(stat, this.version.inactive)) / 1024,
					value(stat, this.version.anonymous) / 1024);
		}
		catch (IOException ex) {
			return Memory.NONE;
		}
	}

	private static long value(String stat, String name) {
		return stat.lines()
			.filter((line) -> line.startsWith(name + " "))
			.mapToLong((line) -> Long.parseLong(line.substring(name.length() + 1)))
			.sum();
	}

	/** After the end of its processes. */
	void remove() {
		remove(this.directory);
	}

	private static void remove(Path directory) {
		// A process that was killed leaves its group a moment later.
		for (int attempt = 0; attempt < 50; attempt++) {
			try {
				Files.deleteIfExists(directory);
				directories.remove(directory);
				return;
			}
			catch (IOException ex) {
				Pause.millis(20);
			}
		}
	}

	static void removeAll() {
		directories.forEach(ControlGroup::remove);
	}

	/** Where the kernel has the groups, and the names of their files and figures. */
	private enum Version {

		ONE("/sys/fs/cgroup/memory", "memory.usage_in_bytes", "memory.limit_in_bytes", "total_inactive_file",
				"total_rss"),

		TWO("/sys/fs/cgroup", "memory.current", "memory.max", "inactive_file", "anon");

		private final Path root;

		private final String used;

		private final String limit;

		private final String inactive;

		private final String anonymous;

		Version(String root, String used, String limit, String inactive, String anonymous) {
			this.root = Path.of(root);
			this.used = used;
			this.limit = limit;
			this.inactive = inactive;
			this.anonymous = anonymous;
		}

	}

}
