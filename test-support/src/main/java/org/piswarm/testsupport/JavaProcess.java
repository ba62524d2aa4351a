package org.piswarm.testsupport;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import org.awaitility.Awaitility;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

/** A Java program in a JVM of its own, started as a user starts it. */
public final class JavaProcess implements AutoCloseable {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final Process process;

	private final File output;

	private JavaProcess(Process process, File output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Starts a program with the class path and the JDK of this JVM.
	 * @param mainClass the full name of a class that has a main method
	 * @param environment all of its environment, and nothing that the developer has set
	 * @param arguments for the program
	 */
	public static JavaProcess start(String mainClass, Map<String, String> environment, String... arguments)
			throws IOException {
		return start(List.of(), mainClass, environment, arguments);
	}

	/**
	 * Starts a program with options for its JVM.
	 * @param options such as {@code -Xmx48m}
	 * @param mainClass the full name of a class that has a main method
	 * @param environment all of its environment
	 * @param arguments for the program
	 */
	public static JavaProcess start(List<String> options, String mainClass, Map<String, String> environment,
			String... arguments) throws IOException {
		List<String> command = new ArrayList<>(options);
		command.addAll(
				List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), mainClass));
		command.addAll(List.of(arguments));
		return start(command, environment);
	}

	/**
	 * Starts a jar that contains all that it needs, unpacked as in an image: it starts in
	 * two thirds of the time.
	 * @param jar a jar made by Spring Boot
	 * @param directory where to unpack it; what is there is deleted
	 * @param environment all of its environment
	 */
	public static JavaProcess startUnpacked(Path jar, Path directory, Map<String, String> environment)
			throws IOException {
		FileSystemUtils.deleteRecursively(directory);
		try (JarFile content = new JarFile(jar.toFile())) {
			for (JarEntry entry : Collections.list(content.entries())) {
				if (entry.getName().startsWith("BOOT-INF/") && !entry.isDirectory()) {
					Path file = directory.resolve(entry.getName());
					Files.createDirectories(file.getParent());
					Files.copy(content.getInputStream(entry), file);
				}
			}
			String mainClass = content.getManifest().getMainAttributes().getValue("Start-Class");
			Path root = directory.resolve("BOOT-INF").toAbsolutePath();
			return start(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
					"-cp", root + "/classes" + File.pathSeparator + root + "/lib/*", mainClass), environment);
		}
	}

	private static JavaProcess start(List<String> arguments, Map<String, String> environment) throws IOException {
		File output = Files.createTempFile("java-process", ".log").toFile();
		output.deleteOnExit();
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().clear();
		builder.environment().putAll(environment);
		return new JavaProcess(builder.redirectErrorStream(true).redirectOutput(output).start(), output);
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/** What it has printed so far, on both of its outputs. */
	public String output() {
		try {
			return Files.readString(this.output.toPath());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Waits for the end of the program.
	 * @return its exit code
	 * @throws AssertionError if it runs for more than a minute
	 */
	public int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new AssertionError("The program did not end within %s. It printed: %s".formatted(LIMIT, output()));
		}
		return this.process.exitValue();
	}

	/**
	 * Waits for a line of a log in JSON, one object per line.
	 * @param matches which line
	 * @return the first one that matches
	 */
	public JsonNode awaitJson(Predicate<JsonNode> matches) {
		return Awaitility.await()
			.atMost(LIMIT)
			.until(() -> jsonLines().stream().filter(matches).toList(), (lines) -> !lines.isEmpty())
			.get(0);
	}

	/**
	 * Waits for a line of a log in JSON, one object per line.
	 * @param message how its message starts
	 * @return the first such line
	 */
	public JsonNode awaitMessage(String message) {
		return awaitJson((line) -> line.path("message").asString("").startsWith(message));
	}

	/** The log in JSON so far, without lines of another kind or not yet complete. */
	public List<JsonNode> jsonLines() {
		return output().lines().map(JavaProcess::parse).filter(JsonNode::isObject).toList();
	}

	private static JsonNode parse(String line) {
		try {
			return JsonMapper.shared().readTree(line);
		}
		catch (JacksonException ex) {
			return JsonMapper.shared().missingNode();
		}
	}

	/** Asks it to stop, as Docker does, and waits for its end. */
	public int stop() throws InterruptedException {
		this.process.destroy();
		return awaitExit();
	}

	@Override
	public void close() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

}
