package org.piswarm.swarm.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The name of a stack that has no other: for the files of a sample, the sample. A release
 * of a sample must not replace the project's own services.
 */
public final class StackName {

	private static final String OWN = "numbers";

	private StackName() {
	}

	/**
	 * The name for these files; none if they are not of one stack.
	 * @param files none for the project's own
	 * @param samples the directory of all samples
	 */
	public static Optional<String> of(List<Path> files, Path samples) {
		Path all = real(samples);
		Set<String> names = files.stream().map((file) -> of(file, all)).collect(Collectors.toSet());
		return (names.size() > 1) ? Optional.empty() : Optional.of(names.stream().findFirst().orElse(OWN));
	}

	private static String of(Path file, Path samples) {
		Path directory = real(file.toAbsolutePath().resolveSibling(""));
		return (directory.startsWith(samples) && !directory.equals(samples))
				? samples.relativize(directory).getName(0).toString() : OWN;
	}

	/** The same directory may have several paths. */
	private static Path real(Path directory) {
		try {
			return directory.toRealPath();
		}
		catch (IOException ex) {
			// What does not exist is reported when it is read.
			return directory.toAbsolutePath().normalize();
		}
	}

}
