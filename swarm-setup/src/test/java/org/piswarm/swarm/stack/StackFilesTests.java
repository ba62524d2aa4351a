package org.piswarm.swarm.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.swarm.known.Failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StackFilesTests {

	private static final Path PLACE = Path.of("/run/swarm-files.a/1/2/3/4/files");

	@TempDir
	private Path directory = Path.of("");

	private StackFiles files = new StackFiles(List.of(), List.of());

	@BeforeEach
	void files() throws IOException {
		Files.createDirectories(this.directory.resolve("stack/kept"));
		Files.writeString(this.directory.resolve("stack/kept/motd"), "hello");
		Files.writeString(this.directory.resolve("stack/key"), "secret");
		Path first = Files.writeString(this.directory.resolve("stack/first.yml"),
				"image: ${REGISTRY:-here}/$NAME:$TAG\nfile: ./kept/motd # none\nother: ../outside");
		this.files = StackFiles.read(List.of(first));
	}

	@Test
	void findsTheVariablesOfTheEnvironmentThatTheyUse() {
		assertThat(this.files.variables(Map.of("REGISTRY", "r", "TAG", "", "HOME", "/root")))
			.containsExactly(Map.entry("REGISTRY", "r"), Map.entry("TAG", ""));
	}

	@Test
	void findsAFileNextToTheFirstStackFile() {
		assertThat(this.files.named(PLACE, PLACE + "/kept/motd")).isEqualTo(this.directory.resolve("stack/kept/motd"));
	}

	@ParameterizedTest
	@CsvSource({ "/run/swarm-files.a/1/2/3/4/outside, names ../outside", "/run/swarm-files.a/1/2/x, names ../../../x",
			"/etc/shadow, names /etc/shadow", "/run/swarm-files.a/1/2/3/4/files/../../etc/x, names ../../etc/x",
			"/, names /" })
	void refusesOtherDirectories(String path, String message) {
		assertThatThrownBy(() -> this.files.named(PLACE, path)).isInstanceOf(Failure.class)
			.hasMessageContaining("first.yml: " + message + ", which is not in the directory of this file or below");
	}

	@Test
	void readsOnlyWhatAStackFileNames() {
		assertThatThrownBy(() -> this.files.named(PLACE, PLACE + "/key")).isInstanceOf(Failure.class)
			.hasMessageContaining("cannot read");
		assertThatThrownBy(() -> this.files.named(PLACE, PLACE + "/none")).isInstanceOf(Failure.class)
			.hasMessageContaining("stack/none, which it names");
	}

	@Test
	void readsOnlySmallFilesBelowTheDirectory() throws Exception {
		Path stack = this.directory.resolve("stack");
		Path first = Files.writeString(stack.resolve("second.yml"), "[link, large, kept]");
		StackFiles second = StackFiles.read(List.of(first));
		Files.createSymbolicLink(stack.resolve("link"), Files.writeString(this.directory.resolve("out"), "secret"));
		assertThatThrownBy(() -> second.named(PLACE, PLACE + "/link")).isInstanceOf(Failure.class)
			.hasMessageContaining("stack/link, a link out of the directory of this file");
		Path large = Files.write(stack.resolve("large"), new byte[(1 << 20) + 1]);
		assertThatThrownBy(() -> second.named(PLACE, PLACE + "/large")).isInstanceOf(Failure.class)
			.hasMessageContaining("stack/large, which is larger than 1 MiB");
		assertThatThrownBy(() -> second.named(PLACE, PLACE + "/kept")).isInstanceOf(Failure.class)
			.hasMessageContaining("stack/kept, which it names: it is not a file");
		assertThatThrownBy(() -> StackFiles.read(List.of(large))).isInstanceOf(Failure.class)
			.hasMessageContaining("large is larger than 1 MiB");
	}

	@Test
	void saysWhichFileCannotBeRead() {
		assertThatThrownBy(() -> StackFiles.read(List.of(Path.of("none.yml")))).isInstanceOf(Failure.class)
			.hasMessage("cannot read none.yml: pass stack files, or none for the one of this project");
	}

}
