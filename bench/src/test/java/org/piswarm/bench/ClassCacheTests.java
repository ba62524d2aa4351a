package org.piswarm.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The scripts of the images that make and use class caches, with the files of an image
 * below a temporary directory and the JDK of this machine. Only the version in its file
 * {@code release} is another one.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class ClassCacheTests {

	private static final Path PROJECT = Path.of("..");

	private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

	private static final String MAIN = """
			public class Main {
			  public static void main(String[] arguments) throws Exception {
			    System.out.println("This is version VERSION");
			    java.io.File up = new java.io.File(System.getenv("UP"));
			    up.deleteOnExit();
			    if (System.getenv("ONCE") == null && up.createNewFile()) Thread.sleep(600_000);
			  }
			}
			""";

	private final Path directory;

	private final Path app;

	private final Path cache;

	private List<String> flags = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	ClassCacheTests(@TempDir Path directory) {
		this.directory = directory;
		this.app = directory.resolve("app");
		this.cache = this.app.resolve("cache");
	}

	@BeforeEach
	void image() throws IOException {
		Files.createDirectories(this.cache);
		for (String script : List.of("start", "train")) {
			program(script,
					Files.readString(PROJECT.resolve("scripts/image/app/" + script)).replace("/app/", this.app + "/"));
		}
		program("health", "#!/bin/bash\n[[ -e " + this.directory.resolve("up") + " ]]\n");
		java("25.0.4");
	}

	private void program(String name, String text) throws IOException {
		assertThat(Files.writeString(this.app.resolve(name), text).toFile().setExecutable(true)).isTrue();
	}

	private void java(String version) throws IOException {
		Files.createDirectories(this.directory.resolve("java"));
		Files.writeString(this.directory.resolve("java/release"),
				"JAVA_RUNTIME_VERSION=\"" + version + "+7-LTS\"\nJAVA_VERSION=\"" + version + "\"\n");
	}

	/** A program with one class, in a jar that always has the same size and date. */
	private void version(int number) throws Exception {
		Path source = Files.writeString(this.directory.resolve("Main.java"),
				MAIN.replace("VERSION", Integer.toString(number)));
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", source.toString()))
			.isZero();
		Path jar = this.directory.resolve("main.jar");
		try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
			out.setLevel(0);
			out.putNextEntry(new ZipEntry("Main.class"));
			out.write(Files.readAllBytes(this.directory.resolve("Main.class")));
		}
		Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
		containing(jar, jar.toString(), "Main");
	}

	private void containing(Path jar, String classPath, String main) throws Exception {
		Files.writeString(this.app.resolve("build-id"), digest(jar));
		Files.writeString(this.app.resolve("jib-classpath-file"), classPath);
		Files.writeString(this.app.resolve("jib-main-class-file"), main);
	}

	private static String digest(Path file) throws Exception {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
	}

	/** What a container of this image prints. */
	private String run(Map<String, String> variables) throws Exception {
		List<String> command = new ArrayList<>(List.of(this.app.resolve("start").toString()));
		command.addAll(this.flags);
		Path output = this.directory.resolve("output");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		Map<String, String> environment = new TreeMap<>(variables);
		environment.putIfAbsent("PATH", JAVA + ":" + System.getenv("PATH"));
		environment.put("JAVA_HOME", this.directory.resolve("java").toString());
		environment.put("UP", this.directory.resolve("up").toString());
		builder.environment().putAll(environment);
		Process process = builder.start();
		assertThat(process.waitFor(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS)).isTrue();
		return Files.readString(output);
	}

	private String start() throws Exception {
		return run(Map.of("ONCE", "yes"));
	}

	/** The last line of a training. */
	private String train(String... variables) throws Exception {
		Map<String, String> environment = new TreeMap<>(Map.of("CLASS_CACHE", "train"));
		Stream.of(variables)
			.map((variable) -> variable.split("=", 2))
			.forEach((variable) -> environment.put(variable[0], variable[1]));
		String output = run(environment);
		System.out.println(output);
		return output.lines().reduce("", (earlier, line) -> line);
	}

	private List<String> cached() throws IOException {
		try (Stream<Path> files = Files.list(this.cache)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	private String build() throws IOException {
		return Files.readString(this.app.resolve("build-id"));
	}

	private static void needsJdk25() {
		assumeTrue(Runtime.version().feature() >= 25, "a class cache needs JDK 25 or newer");
	}

	@Test
	void neverRunsOldCode() throws Exception {
		needsJdk25();
		version(1);
		assertThat(start())
			.isEqualTo("No class cache of this build on this node: the start takes longer\nThis is version 1\n");
		assertThat(train()).matches("made [0-9]+");
		assertThat(start()).matches(
				"Starting with the class cache of this node, which has [0-9]+ % of the classes\nThis is version 1\n");
		String old = build();
		long size = Files.size(this.directory.resolve("main.jar"));
		version(2);
		assertThat(this.directory.resolve("main.jar")).hasSize(size);
		assertThat(start())
			.isEqualTo("No class cache of this build on this node: the start takes longer\nThis is version 2\n");
		assertThat(train("CLASS_CACHE_BUILDS=" + old + " " + build())).matches("made [0-9]+");
		assertThat(start()).endsWith(" % of the classes\nThis is version 2\n");
		assertThat(cached()).hasSize(4);
		// The image of version 1 is no longer on the node.
		Files.createFile(this.cache.resolve(build() + ".log"));
		Files.delete(this.cache.resolve(build() + ".mark"));
		assertThat(train("CLASS_CACHE_BUILDS=" + build())).matches("made [0-9]+");
		assertThat(cached()).containsExactly(build() + ".aot", build() + ".mark");
	}

	@Test
	void usesOnlyAWholeCacheOfTheSameJvmAndFlags() throws Exception {
		needsJdk25();
		version(1);
		assertThat(train()).matches("made [0-9]+");
		assertThat(train()).isEqualTo("present");
		this.flags = List.of("-XX:+UseSerialGC");
		assertThat(start()).startsWith("No class cache");
		this.flags = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
		java("25.0.5");
		assertThat(start()).startsWith("No class cache");
		java("25.0.4");
		// As after a power cut.
		Path whole = this.cache.resolve(build() + ".aot");
		Files.write(whole, List.of("short"));
		assertThat(train()).matches("made [0-9]+");
		assertThat(Files.size(whole)).isGreaterThan(1_000_000);
		assertThat(start()).startsWith("Starting with the class cache");
		Files.delete(this.cache.resolve(build() + ".mark"));
		assertThat(start()).startsWith("No class cache");
	}

	@Test
	void needsNoProgramsOtherThanBashAndJava() throws Exception {
		needsJdk25();
		assumeTrue(System.getProperty("user.name").equals("root"), "only root can empty files that are read-only");
		version(1);
		assertThat(train("PATH=" + JAVA)).matches("made [0-9]+");
		assertThat(this.cache.resolve(build() + ".conf")).isEmptyFile();
		assertThat(start()).startsWith("Starting with the class cache");
	}

	@Test
	void theProducersCacheHasNearlyAllClasses() throws Exception {
		needsJdk25();
		Path jar = PROJECT.resolve("producer/target/producer.jar");
		assertThat(PROJECT.resolve("producer/target/build-id/build-id")).hasContent(digest(jar));
		Path extracted = new Jars(PROJECT, this.directory, false).extracted("producer");
		containing(jar, extracted + "/producer.jar:" + extracted + "/lib/*",
				"org.piswarm.producer.ProducerApplication");
		int port = 20000 + (int) (ProcessHandle.current().pid() % 10000);
		program("health",
				Files.readString(PROJECT.resolve("producer/src/main/jib/app/health")).replace("5000", "" + port));
		this.flags = ImageSettings.of(PROJECT, "producer").flags();
		String outcome = train("PRODUCER_PORT=" + port);
		assertThat(outcome).startsWith("made ");
		assertThat(Integer.parseInt(outcome.substring(5))).isBetween(90, 100);
	}

	@ParameterizedTest
	@CsvSource({ "17.0.20, false", "25, false", "25.0.3, false", "25.0.4, true", "25.0.10.1, true", "25.1, true",
			"26, true" })
	void needsAJavaThatChecksTheJars(String version, boolean allowed) throws Exception {
		version(1);
		java(version);
		assertThat(train("CLASS_CACHE_FREE=12"))
			.isEqualTo(allowed ? "none 12 MiB of the disk are free, and 300 are needed"
					: "none its Java is " + version + ", and 25.0.4 is the oldest for a cache");
		assertThat(train("CLASS_CACHE_FREE=unknown"))
			.startsWith(allowed ? "none how much of the disk is free" : "none its Java");
	}

	@Test
	void saysWhyThereIsNoCache() throws Exception {
		needsJdk25();
		version(1);
		Files.writeString(this.app.resolve("jib-main-class-file"), "Absent");
		assertThat(train()).isEqualTo("none its JVM ended before it was healthy (record)");
		Files.delete(this.directory.resolve("java/release"));
		assertThat(train()).isEqualTo("none the version of its Java is unknown: JAVA_HOME has no file release");
		assertThat(cached()).noneMatch((file) -> file.endsWith(".mark"));
	}

	@Test
	void anImageWithoutTheVolumeSaysNothing() throws Exception {
		version(1);
		Files.delete(this.cache);
		assertThat(start()).isEqualTo("This is version 1\n");
	}

	@Test
	void itsLineHasTheFormatOfTheLog() throws Exception {
		version(1);
		assertThat(run(Map.of("ONCE", "yes", "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs"))).matches(
				"\\{\"@timestamp\":\"[0-9-]+T[0-9:]+Z\",\"log\":\\{\"level\":\"INFO\"},\"message\":\"No class cache[^\"]*\"}\n"
						+ "This is version 1\n");
	}

}
