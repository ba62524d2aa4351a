package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The table of figures that {@code e2e/run} prints when the tests have ended. */
final class Report {

	private static final Path FILE = Settings.TARGET.resolve("report.md");

	private Report() {
	}

	/** Adds a row. */
	static void figure(String what, String figure) {
		System.out.println("FIGURE " + what + ": " + figure);
		try {
			Files.createDirectories(Settings.TARGET);
			Files.writeString(FILE, "| %s | %s |%n".formatted(what, figure), StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String seconds(Duration duration) {
		return "%.1f s".formatted(duration.toMillis() / 1000.0);
	}

}
