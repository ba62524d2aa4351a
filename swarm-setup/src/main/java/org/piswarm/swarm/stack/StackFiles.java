package org.piswarm.swarm.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.piswarm.swarm.known.Failure;

/**
 * Stack files on this machine, and the files next to them that they name.
 *
 * @param files the stack files
 * @param texts what is in them
 */
public record StackFiles(List<Path> files, List<String> texts) {

	private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)");

	/** Swarm takes less for a config or a secret. */
	private static final int MAX_SIZE = 1 << 20;

	public static StackFiles read(List<Path> files) {
		List<String> texts = new ArrayList<>();
		for (Path file : files) {
			try (InputStream content = Files.newInputStream(file)) {
				byte[] bytes = content.readNBytes(MAX_SIZE + 1);
				if (bytes.length > MAX_SIZE) {
					throw new Failure(file + " is larger than 1 MiB: pass stack files");
				}
				texts.add(new String(bytes, StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new Failure("cannot read " + file + ": pass stack files, or none for the one of this project");
			}
		}
		return new StackFiles(List.copyOf(files), texts);
	}

	/** Their names, for messages. */
	public String names() {
		return this.files.stream().map(Path::toString).collect(Collectors.joining(" "));
	}

	/** The variables of an environment that they use. */
	public Map<String, String> variables(Map<String, String> environment) {
		Map<String, String> used = new TreeMap<>();
		this.texts.forEach((text) -> VARIABLE.matcher(text).results().map((match) -> match.group(1)).forEach((name) -> {
			String value = environment.get(name);
			if (value != null) {
				used.put(name, value);
			}
		}));
		return used;
	}

	/** The values of these, as far as the files name them: a manager gets no others. */
	public Map<String, String> values(Set<String> names, Map<String, String> environment) {
		Map<String, String> values = new TreeMap<>();
		names.stream().filter(this::mention).forEach((name) -> {
			String value = environment.get(name);
			if (value != null) {
				values.put(name, value);
			}
		});
		return values;
	}

	private boolean mention(String name) {
		Pattern word = Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])");
		return NAME.matcher(name).matches() && this.texts.stream().anyMatch((text) -> word.matcher(text).find());
	}

	/**
	 * The file that a stack file names by its path on the manager. Paths are relative to
	 * the first stack file, as for Docker; of other directories, nothing is brought.
	 * @param place the directory on the manager that stands for the one of the first file
	 * @param path what Docker makes of the path
	 */
	public Path named(Path place, String path) {
		Path first = this.files.get(0);
		Path there = Path.of(path).normalize();
		if (!there.startsWith(place)) {
			// Docker has made it absolute.
			boolean relative = there.startsWith(Path.of("/").resolve(place.subpath(0, 2)));
			throw new Failure(first + ": names " + (relative ? place.relativize(there) : there)
					+ ", which is not in the directory of this file or below: put it there, so that it can be brought to the Swarm");
		}
		Path relative = place.relativize(there);
		Path here = first.resolveSibling(relative);
		// What a manager asks for is read here only if a stack file names it.
		if (this.texts.stream().noneMatch((text) -> text.contains(relative.getFileName().toString()))
				|| !Files.isReadable(here)) {
			throw new Failure(first + ": cannot read " + here + ", which it names");
		}
		requireSmallFile(first, here);
		return here;
	}

	/** A link must not lead to a file that the stack file does not show. */
	private static void requireSmallFile(Path first, Path here) {
		try {
			Path directory = first.toAbsolutePath().normalize().getParent();
			if (directory == null || !here.toRealPath().startsWith(directory.toRealPath())) {
				throw new Failure(first + ": names " + here
						+ ", a link out of the directory of this file: put the file itself there");
			}
			if (!Files.isRegularFile(here)) {
				throw new Failure(first + ": cannot read " + here + ", which it names: it is not a file");
			}
			if (Files.size(here) > MAX_SIZE) {
				throw new Failure(first + ": names " + here
						+ ", which is larger than 1 MiB: Swarm takes at most 1000 KiB for a config and 500 KiB for a secret");
			}
		}
		catch (IOException ex) {
			throw new Failure(first + ": cannot read " + here + ", which it names");
		}
	}

}
