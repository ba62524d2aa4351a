package org.piswarm.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs programs to their end, finds them, and installs those that are missing. */
final class Programs {

	private static boolean listsAreNew;

	private Programs() {
	}

	/** Debian's own directories first: a user's own Python may lack Debian's modules. */
	static Optional<Path> find(String program) {
		return Arrays.stream(("/usr/bin:/usr/sbin:" + System.getenv().getOrDefault("PATH", "")).split(":"))
			.map((directory) -> Path.of(directory, program))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Finds a program, and installs its Debian package if it is missing and this process
	 * is root.
	 * @throws BenchException if it is still missing
	 */
	static String need(String program, String debianPackage) {
		if (find(program).isEmpty()) {
			install(debianPackage);
		}
		return find(program)
			.orElseThrow(() -> new BenchException(
					"%s is missing after the installation of Debian's package %s".formatted(program, debianPackage)))
			.toString();
	}

	/**
	 * Installs a Debian package.
	 * @throws BenchException if that is not possible, with the reason
	 */
	static void install(String debianPackage) {
		if (!isRoot() || find("apt-get").isEmpty()) {
			throw new BenchException(
					"Debian's package %s is missing: install it, or run this as root".formatted(debianPackage));
		}
		updateLists();
		System.out.println("Installing Debian's package " + debianPackage + " ...");
		output(Map.of("DEBIAN_FRONTEND", "noninteractive"), Path.of("."), "apt-get", "-qq", "-y", "-o",
				"DPkg::Lock::Timeout=300", "--no-install-recommends", "install", debianPackage);
	}

	/** Downloads a Debian package and unpacks it, without installing it. */
	static void unpack(String debianPackage, Path directory) throws IOException {
		if (find("apt-get").isEmpty()) {
			throw new BenchException("this machine has no apt-get to fetch Debian's package " + debianPackage);
		}
		if (isRoot()) {
			updateLists();
		}
		Files.createDirectories(directory);
		output(Map.of(), directory, "apt-get", "-qq", "-o", "APT::Sandbox::User=" + System.getProperty("user.name"),
				"download", debianPackage);
		output(Map.of(), directory, "sh", "-c", "dpkg-deb --extract " + debianPackage + "_*.deb .");
	}

	private static void updateLists() {
		if (!listsAreNew) {
			output(Map.of(), Path.of("."), "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "update");
			listsAreNew = true;
		}
	}

	static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/**
	 * Runs a program.
	 * @return what it printed on both outputs
	 * @throws BenchException if its exit code is not 0, with the last line that it
	 * printed
	 * @throws java.util.concurrent.CancellationException after Ctrl-C
	 */
	static String output(Map<String, String> environment, Path directory, String... command) {
		try {
			ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
				.redirectErrorStream(true);
			builder.environment().putAll(environment);
			Process process = Children.start(builder);
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			if (process.waitFor() != 0) {
				Children.checkStopping();
				throw new BenchException("'%s' failed with exit code %d: %s".formatted(String.join(" ", command),
						process.exitValue(), lastLine(output)));
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static String output(String... command) {
		return output(Map.of(), Path.of("."), command);
	}

	static String lastLine(String text) {
		List<String> lines = text.lines().filter((line) -> !line.isBlank()).toList();
		return lines.isEmpty() ? "(no output)" : lines.get(lines.size() - 1).strip();
	}

}
