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
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The files of an image below a directory: its scripts, and a service with one library.
 * Their jars always have the same size and date.
 */
class ImageFiles {

	/** The one of this process, or one that is installed. */
	static final Optional<Path> JDK = jdk();

	/** Stands for the root of a container: nobody can make files there, not even root. */
	static final Path READ_ONLY = Path.of("/proc");

	private static final String LIBRARY = """
			public class Library {
			  public static final Object VERSION = "library NUMBER";
			}
			""";

	private static final String CODE = """
			public class Main {
			  public static void main(String[] arguments) throws Exception {
			    var words = new java.util.ArrayList<Object>(java.util.List.of("code NUMBER", Library.VERSION));
			    words.addAll(java.util.List.of(arguments));
			    System.out.println(words.toString().substring(1).replace("]", ""));
			    if (System.getenv("CLASS_CACHE") == null || System.getenv("CLASS_CACHE").equals("off")) return;
			    if (System.getenv("WRITES") != null) {
			      java.io.File data = new java.io.File(System.getenv("WRITES"));
			      data.createNewFile();
			      data.deleteOnExit();
			    }
			    java.io.File up = new java.io.File(System.getenv("UP"));
			    up.deleteOnExit();
			    if (!"yes".equals(System.getenv("NEVER"))) up.createNewFile();
			    if (System.getenv("HANGS") != null) Runtime.getRuntime().addShutdownHook(new Thread(Main::sleep));
			    sleep();
			  }
			  static void sleep() {
			    try { Thread.sleep(600_000); } catch (InterruptedException ex) { }
			  }
			}
			""";

	private final Path project;

	private final Path directory;

	private final Path app;

	private final Map<String, String> variables = new TreeMap<>();

	private List<String> flags = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	ImageFiles(Path project, Path directory) throws IOException {
		this.project = project;
		this.directory = directory;
		this.app = directory.resolve("app");
		for (String each : List.of("cache", "libs", "classpath")) {
			Files.createDirectories(this.app.resolve(each));
		}
		for (String script : List.of("start", "train")) {
			program(script,
					Files.readString(project.resolve("scripts/image/app/" + script)).replace("/app/", this.app + "/"));
		}
		program("health", "#!/bin/bash\n[[ -e " + this.directory.resolve("up") + " ]]\n");
		Files.createDirectories(this.directory.resolve("java"));
		release("JAVA_VERSION=\"25.0.4\"");
		Files.writeString(app("jib-classpath-file"), this.app + "/classpath/*:" + libraryJar());
		Files.writeString(app("jib-main-class-file"), "Main");
	}

	private static Optional<Path> jdk() {
		if (Runtime.version().feature() >= 25) {
			return Optional.of(Path.of(System.getProperty("java.home")));
		}
		try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
			return installed.filter((jdk) -> jdk.getFileName().toString().contains("25"))
				.filter((jdk) -> Files.isExecutable(jdk.resolve("bin/javac")))
				.findFirst();
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	private void program(String name, String text) throws IOException {
		assertThat(Files.writeString(app(name), text).toFile().setExecutable(true)).isTrue();
	}

	Path app(String file) {
		return this.app.resolve(file);
	}

	Path codeJar() {
		return app("classpath/code.jar");
	}

	Path libraryJar() {
		return app("libs/library.jar");
	}

	String id() throws IOException {
		return Files.readString(app("libraries-id"));
	}

	/** A file of the cache. */
	Path cached(String kind) throws IOException {
		return app("cache/" + id() + "." + kind);
	}

	List<String> cached() throws IOException {
		try (Stream<Path> files = Files.list(app("cache"))) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	/** What the JVM says of itself. */
	void release(String... lines) throws IOException {
		Files.write(this.directory.resolve("java/release"), List.of(lines));
	}

	void flags(String... flags) {
		this.flags = List.of(flags);
	}

	/** One more, which has priority over those before. */
	void flag(String flag) {
		this.flags = Stream.concat(this.flags.stream(), Stream.of(flag)).toList();
	}

	void logsLoadedClasses() {
		flag("-Xlog:class+load:file=" + loaded() + ":none:filecount=0");
	}

	List<String> loadedClasses() throws IOException {
		return Files.readAllLines(loaded());
	}

	private Path loaded() {
		return this.directory.resolve("loaded");
	}

	void code(int number) throws IOException {
		jar(codeJar(), "Main", CODE.replace("NUMBER", Integer.toString(number)));
	}

	void libraries(int number) throws Exception {
		jar(libraryJar(), "Library", LIBRARY.replace("NUMBER", Integer.toString(number)));
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(libraryJar()));
		Files.writeString(app("libraries-id"), HexFormat.of().formatHex(digest));
	}

	private void jar(Path jar, String name, String text) throws IOException {
		Path source = Files.writeString(this.directory.resolve(name + ".java"), text);
		assertThat(ToolProvider.getSystemJavaCompiler()
			.run(null, null, null, "--release", "17", "-cp", this.directory.toString(), source.toString())).isZero();
		try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
			out.setLevel(0);
			ZipEntry entry = new ZipEntry(name + ".class");
			entry.setTime(0);
			out.putNextEntry(entry);
			out.write(Files.readAllBytes(this.directory.resolve(name + ".class")));
		}
		Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
	}

	/** The producer that Maven has built, laid out as Jib does it. */
	void producer() throws IOException {
		Jars jars = new Jars(this.project, this.directory, false);
		String libraries = jars.libraries("producer").stream().map(Path::toString).collect(Collectors.joining(":"));
		Files.delete(codeJar());
		Files.copy(jars.code("producer"), codeJar());
		Files.writeString(app("jib-classpath-file"), this.app + "/classpath/*:" + libraries);
		Files.writeString(app("jib-main-class-file"), jars.mainClass("producer"));
		Files.copy(this.project.resolve("producer/target/libraries-id/libraries-id"), this.directory.resolve("id"));
		Files.writeString(app("libraries-id"), Files.readString(this.directory.resolve("id")));
		assertThat(id()).matches("[0-9a-f]{64}");
		int port = 20000 + (int) (ProcessHandle.current().pid() % 10000);
		this.variables.put("PRODUCER_PORT", Integer.toString(port));
		program("health", Files.readString(this.project.resolve("producer/src/main/jib/app/health"))
			.replace("5000", Integer.toString(port)));
		this.flags = ImageSettings.of(this.project, "producer").flags();
	}

	private Process process(Map<String, String> more, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(app("start").toString()));
		command.addAll(this.flags);
		command.add("--");
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(READ_ONLY.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output().toFile());
		Map<String, String> environment = builder.environment();
		environment.put("PATH", JDK.orElseThrow().resolve("bin") + ":" + System.getenv("PATH"));
		environment.put("JAVA_HOME", this.directory.resolve("java").toString());
		environment.put("UP", this.directory.resolve("up").toString());
		environment.keySet().removeAll(List.of("CLASS_CACHE", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
		environment.putAll(this.variables);
		environment.putAll(more);
		return builder.start();
	}

	private Path output() {
		return this.directory.resolve("output");
	}

	private String outputOf(Process process) throws Exception {
		if (!process.waitFor(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS)) {
			process.destroyForcibly();
			throw new AssertionError("it did not end: " + Files.readString(output()));
		}
		return Files.readString(output());
	}

	/** What a container of this image prints. */
	String start(Map<String, String> more, String... arguments) throws Exception {
		return outputOf(process(more, arguments));
	}

	/** The last line of a training. */
	String train(String... more) throws Exception {
		return lastLine(outputOf(process(training(Stream.of(more)
			.map((variable) -> variable.split("=", 2))
			.collect(Collectors.toMap((variable) -> variable[0], (variable) -> variable[1]))))));
	}

	/** The same for one that gets TERM once this file of the cache exists. */
	String stoppedTraining(String file, Map<String, String> more) throws Exception {
		Process process = process(training(more));
		long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
		while (process.isAlive() && !Files.exists(cached(file)) && System.nanoTime() < end) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
		process.destroy();
		return lastLine(outputOf(process));
	}

	private static Map<String, String> training(Map<String, String> more) {
		Map<String, String> environment = new TreeMap<>(more);
		environment.put("CLASS_CACHE", "make");
		return environment;
	}

	private static String lastLine(String output) {
		System.out.println(output);
		return output.lines().reduce("", (earlier, line) -> line);
	}

}
