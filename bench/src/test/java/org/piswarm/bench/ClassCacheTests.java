package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The scripts of the images that make and use class caches, with the files of an image
 * below a temporary directory and a JDK 25 of this machine.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class ClassCacheTests {

	private static final Path PROJECT = Path.of("..");

	private static final String WITH = "Starting with the class cache of this node\n";

	private static final String WITHOUT = "Starting without a class cache, so it takes longer: this node has none that fits\n";

	private final Path directory;

	private final ImageFiles image;

	ClassCacheTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.image = new ImageFiles(PROJECT, directory);
	}

	@BeforeEach
	void needsJdk25() throws Exception {
		assumeTrue(ImageFiles.JDK.isPresent(),
				"a class cache needs a JDK 25: run this on one, or install it in /usr/lib/jvm");
		this.image.libraries(1);
		this.image.code(1);
	}

	private String start() throws Exception {
		return this.image.start(Map.of());
	}

	private String train(String... variables) throws Exception {
		return this.image.train(variables);
	}

	/** Flips some bytes in the middle of the cache, as a bad SD card does. */
	private void damage() throws IOException {
		Path file = this.image.cached("jsa");
		byte[] bytes = Files.readAllBytes(file);
		for (int i = bytes.length / 2; i < bytes.length / 2 + 4096; i++) {
			bytes[i] ^= 0x5a;
		}
		Files.delete(file);
		Files.write(file, bytes);
	}

	@Test
	void newCodeStartsWithTheSameCacheAndIsNeverInIt() throws Exception {
		this.image.logsLoadedClasses();
		assertThat(start()).isEqualTo(WITHOUT + "code 1, library 1\n");
		assertThat(train()).matches("made [0-9]+");
		assertThat(start()).isEqualTo(WITH + "code 1, library 1\n");
		long size = Files.size(this.image.codeJar());
		this.image.code(2);
		assertThat(this.image.codeJar()).hasSize(size);
		assertThat(start()).isEqualTo(WITH + "code 2, library 1\n");
		assertThat(this.image.loadedClasses())
			.anyMatch((line) -> line.startsWith("Library source: shared objects file"))
			.anyMatch((line) -> line.startsWith("Main source: file:") && line.endsWith("/code.jar"));
		assertThat(train()).isEqualTo("present");
		assertThat(this.image.cached()).containsExactly(this.image.id() + ".jsa", this.image.id() + ".mark");
	}

	@Test
	void otherLibrariesNeedACacheOfTheirOwn() throws Exception {
		assertThat(train()).matches("made [0-9]+");
		String old = this.image.id();
		long size = Files.size(this.image.libraryJar());
		this.image.libraries(2);
		assertThat(this.image.libraryJar()).hasSize(size);
		assertThat(start()).isEqualTo(WITHOUT + "code 1, library 2\n");
		// Where no image is known to Docker, all caches are kept.
		assertThat(train()).matches("made [0-9]+");
		assertThat(start()).isEqualTo(WITH + "code 1, library 2\n");
		assertThat(this.image.cached()).hasSize(4);
		Files.delete(this.image.cached("mark"));
		assertThat(train("CLASS_CACHE_KEPT=" + old + " " + this.image.id())).matches("made [0-9]+");
		assertThat(this.image.cached()).hasSize(4);
		// No image or container has the old libraries any more; and a training was
		// killed.
		Files.delete(this.image.cached("mark"));
		Files.createFile(this.image.cached("log"));
		assertThat(train("CLASS_CACHE_KEPT=another")).matches("made [0-9]+");
		assertThat(this.image.cached()).containsExactly(this.image.id() + ".jsa", this.image.id() + ".mark");
	}

	@Test
	void usesOnlyAWholeCacheOfTheSameJvmAndFlags() throws Exception {
		// As in a runtime that jlink has made.
		this.image.release("JAVA_VERSION=\"25.0.4\"", "MODULES=\"java.base java.desktop\"");
		assertThat(train()).matches("made [0-9]+");
		assertThat(start()).startsWith(WITH);
		this.image.release("JAVA_VERSION=\"25.0.4\"", "MODULES=\"java.base\"");
		assertThat(start()).startsWith(WITHOUT);
		this.image.release("JAVA_VERSION=\"25.0.4\"", "MODULES=\"java.base java.desktop\"");
		assertThat(start()).startsWith(WITH);
		assertThat(this.image.start(Map.of("JAVA_TOOL_OPTIONS", "-Dany=thing"))).contains(WITHOUT);
		assertThat(this.image.start(Map.of("JDK_JAVA_OPTIONS", "-Dany=thing"))).contains(WITHOUT);
		this.image.flags("-XX:+UseSerialGC");
		assertThat(start()).startsWith(WITHOUT);
		assertThat(train()).matches("made [0-9]+");
		Files.delete(this.image.cached("mark"));
		assertThat(start()).startsWith(WITHOUT);
	}

	@Test
	void aDamagedCacheIsRefusedAndMadeAgain() throws Exception {
		assertThat(train()).matches("made [0-9]+");
		damage();
		assertThat(start()).startsWith(WITH).contains("Checksum verification failed").endsWith("code 1, library 1\n");
		assertThat(train()).matches("made [0-9]+");
		assertThat(start()).isEqualTo(WITH + "code 1, library 1\n");
		// As after a power cut.
		Files.delete(this.image.cached("jsa"));
		Files.writeString(this.image.cached("jsa"), "short");
		assertThat(start()).startsWith(WITH).endsWith("code 1, library 1\n");
		assertThat(train()).matches("made [0-9]+");
		assertThat(start()).isEqualTo(WITH + "code 1, library 1\n");
	}

	@Test
	void itCanBeSwitchedOff() throws Exception {
		assertThat(train()).matches("made [0-9]+");
		assertThat(this.image.start(Map.of("CLASS_CACHE", "off"))).isEqualTo("code 1, library 1\n");
	}

	@Test
	void argumentsAfterTheFlagsGoToTheService() throws Exception {
		assertThat(this.image.start(Map.of(), "--server.port=1", "two words"))
			.isEqualTo(WITHOUT + "code 1, library 1, --server.port=1, two words\n");
		assertThat(train()).matches("made [0-9]+");
		assertThat(this.image.start(Map.of(), "--", "-Xmx1m")).isEqualTo(WITH + "code 1, library 1, --, -Xmx1m\n");
		assertThat(this.image.start(Map.of("CLASS_CACHE", "off"), "-version"))
			.isEqualTo("code 1, library 1, -version\n");
	}

	@Test
	void needsNoProgramsOtherThanBashAndJava() throws Exception {
		assumeTrue(System.getProperty("user.name").equals("root"), "only root can empty files that are read-only");
		String onlyJava = "PATH=" + ImageFiles.JDK.orElseThrow().resolve("bin");
		assertThat(train(onlyJava)).matches("made [0-9]+");
		assertThat(this.image.cached("list")).isEmptyFile();
		assertThat(start()).startsWith(WITH);
		// A replica with the flags before may run: its file must not become empty.
		Path old = Files.createLink(this.directory.resolve("old"), this.image.cached("jsa"));
		long size = Files.size(old);
		this.image.flags("-XX:+UseSerialGC");
		assertThat(train(onlyJava, "CLASS_CACHE_FREE=12")).startsWith("none 12 MiB");
		assertThat(old).hasSize(size);
		assertThat(train(onlyJava)).matches("made [0-9]+");
		assertThat(old).hasSize(size);
		assertThat(start()).startsWith(WITH);
	}

	@Test
	void aServiceThatIsNeverHealthyByItselfHasACacheToo() throws Exception {
		assertThat(train("CLASS_CACHE_LIMIT=3", "NEVER=yes")).matches("made [0-9]+");
		assertThat(start()).startsWith(WITH);
	}

	@Test
	void aServiceThatWritesWhereItStartsHasACacheToo() throws Exception {
		assertThat(train("WRITES=class-cache-test-" + ProcessHandle.current().pid())).matches("made [0-9]+");
		assertThat(start()).startsWith(WITH);
	}

	@Test
	void aTrainingThatHangsEnds() throws Exception {
		assertThat(train("CLASS_CACHE_LIMIT=3", "HANGS=yes")).isEqualTo("none its JVM did not end within 3 s");
		assertThat(this.image.cached()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "list", "jsa" })
	void aTrainingThatIsStoppedLeavesNothing(String file) throws Exception {
		assertThat(this.image.stoppedTraining(file, Map.of("NEVER", file.equals("list") ? "yes" : "")))
			.isEqualTo("none it was stopped");
		assertThat(this.image.cached()).isEmpty();
	}

	@Test
	void theProducersCacheHasNearlyAllClasses() throws Exception {
		this.image.producer();
		assertThat(train()).satisfies((outcome) -> {
			assertThat(outcome).startsWith("made ");
			assertThat(Integer.parseInt(outcome.substring(5))).isBetween(90, 100);
		});
	}

	@Test
	void aSmallInitialHeapIsNoReasonToHaveNoCache() throws Exception {
		this.image.producer();
		// The flags of the image come later and replace it.
		assertThat(train("JAVA_TOOL_OPTIONS=-Xms10m")).startsWith("made ");
	}

	@Test
	void aSmallMetaspaceIsNoReasonToHaveNoCache() throws Exception {
		this.image.producer();
		this.image.flag("-XX:MaxMetaspaceSize=60m");
		assertThat(train()).startsWith("made ");
	}

	@ParameterizedTest
	@CsvSource({ "17.0.20, false", "24.0.2, false", "25, true", "25.0.3, true", "26-ea, true" })
	void needsJava25(String version, boolean allowed) throws Exception {
		this.image.release("JAVA_VERSION=\"" + version + "\"");
		assertThat(train("CLASS_CACHE_FREE=12"))
			.isEqualTo(allowed ? "none 12 MiB of the disk are free, and 300 are needed"
					: "none its Java is " + version + ", and 25 is the oldest for a cache");
		assertThat(train("CLASS_CACHE_FREE=unknown"))
			.startsWith(allowed ? "none how much of the disk is free" : "none its Java");
		assertThat(this.image.cached()).isEmpty();
	}

	@Test
	void saysWhyThereIsNoCache() throws Exception {
		Files.writeString(this.image.app("jib-main-class-file"), "Absent");
		assertThat(train()).isEqualTo("none the service ended before it was healthy, when it ran by itself: "
				+ "Caused by: java.lang.ClassNotFoundException: Absent");
		assertThat(this.image.cached()).isEmpty();
		Files.delete(this.directory.resolve("java/release"));
		assertThat(train()).isEqualTo("none the version of its Java is unknown: JAVA_HOME has no file release");
		Files.delete(this.image.app("health"));
		assertThat(train()).isEqualTo(
				"none it has no /app/health, which says when it is ready".replace("/app/", this.image.app("") + "/"));
	}

	@Test
	void aServiceWithoutAnIdOfItsLibrariesStartsAsUsual() throws Exception {
		Files.delete(this.image.app("libraries-id"));
		assertThat(train()).startsWith("none it has no ").contains("libraries-id");
		assertThat(start()).isEqualTo(WITHOUT + "code 1, library 1\n");
	}

	@Test
	void aVolumeThatCannotBeWritten() throws Exception {
		Files.delete(this.image.app("cache"));
		Files.createSymbolicLink(this.image.app("cache"), ImageFiles.READ_ONLY);
		assertThat(train()).isEqualTo("none its volume cannot be written");
		assertThat(start()).isEqualTo(WITHOUT + "code 1, library 1\n");
	}

	@Test
	void anImageWithoutTheVolumeSaysNothing() throws Exception {
		Files.delete(this.image.app("cache"));
		assertThat(start()).isEqualTo("code 1, library 1\n");
	}

	@Test
	void itsLineHasTheFormatOfTheLog() throws Exception {
		assertThat(this.image.start(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs"))).matches(
				"\\{\"@timestamp\":\"[0-9-]+T[0-9:]+Z\",\"log\":\\{\"level\":\"INFO\"},\"message\":\"Starting without [^\"]*\"}\n"
						+ "code 1, library 1\n");
	}

}
