package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The jars that Maven has built, and the JDK that runs them. */
final class Jars {

	private final Path project;

	private final Path work;

	private final String java;

	/** The modules whose jar this run has extracted. */
	private final Set<String> extracted = new HashSet<>();

	/**
	 * Prepares for the JDK of this process.
	 * @param copyJdk whether the peers run on a copy of it: an empty page cache would
	 * still contain what this process uses of its own JDK
	 */
	Jars(Path project, Path work, boolean copyJdk) throws IOException {
		this.project = project;
		this.work = work;
		Path jdk = Path.of(System.getProperty("java.home"));
		if (copyJdk) {
			Programs.output("rm", "-rf", work.resolve("jdk").toString());
			Programs.output("cp", "-a", jdk.toRealPath().toString(), work.resolve("jdk").toString());
			jdk = work.resolve("jdk");
		}
		this.java = jdk.resolve("bin/java").toString();
	}

	String java() {
		return this.java;
	}

	/** A directory for files of the peers. */
	Path work() {
		return this.work;
	}

	Path fat(String module) {
		Path jar = this.project.resolve(module + "/target/" + module + ".jar");
		if (!Files.isReadable(jar)) {
			throw new BenchException(jar + " is missing: start the benchmarks with make bench, which builds it");
		}
		return jar;
	}

	/** As Spring Boot recommends it for images; Jib lays out the same jars. */
	Path extracted(String module) {
		Path directory = this.work.resolve(module);
		if (this.extracted.add(module)) {
			Programs.output("rm", "-rf", directory.toString());
			Programs.output(this.java, "-Djarmode=tools", "-jar", fat(module).toString(), "extract", "--destination",
					directory.toString());
		}
		return directory;
	}

	/** The libraries in the order in which the image has them. */
	List<Path> libraries(String module) throws IOException {
		Path directory = extracted(module);
		String names = manifest(directory.resolve(module + ".jar")).getValue(Attributes.Name.CLASS_PATH);
		return Stream.of(names.split(" ")).map(directory::resolve).toList();
	}

	/** The jar with the code of the service alone, as in the image. */
	Path code(String module) {
		return fat(module).resolveSibling(module + ".jar.original");
	}

	String mainClass(String module) throws IOException {
		return manifest(fat(module)).getValue("Start-Class");
	}

	private static Attributes manifest(Path file) throws IOException {
		try (JarFile jar = new JarFile(file.toFile())) {
			return jar.getManifest().getMainAttributes();
		}
	}

	String version(String module, String library) throws IOException {
		Pattern name = Pattern.compile(Pattern.quote(library) + "-([0-9].*)\\.jar");
		try (Stream<Path> jars = Files.list(extracted(module).resolve("lib"))) {
			return jars.map((jar) -> name.matcher(jar.getFileName().toString()))
				.filter(Matcher::matches)
				.map((matcher) -> matcher.group(1))
				.findFirst()
				.orElse("of unknown version");
		}
	}

}
