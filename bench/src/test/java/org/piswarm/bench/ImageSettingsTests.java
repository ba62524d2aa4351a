package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImageSettingsTests {

	private final Path project;

	ImageSettingsTests(@TempDir Path project) {
		this.project = project;
	}

	@Test
	void readsFlagsWithTheModulesOwnProperties() throws IOException {
		pom("", """
				<properties><heap>48m</heap><stack>512k</stack></properties>
				<container>
				<entrypoint>
				<arg>/app/start</arg>
				<!-- <arg>-Xmx1g</arg> -->
				<arg>-Xmx${heap}</arg>
				<arg>-Xss${stack}</arg>
				<arg>-Djava.library.path=/app/natives</arg>
				<arg>--</arg>
				</entrypoint>
				</container>
				""");
		start("flags=(-XX:+Added -XX:Mode=0 \"${flags[@]}\")\n");
		pom("service", "<properties><heap>64m</heap></properties>");
		ImageSettings image = ImageSettings.of(this.project, "service");
		assertThat(image.flags()).containsExactly("-XX:+Added", "-XX:Mode=0", "-Xmx64m", "-Xss512k",
				"-Djava.library.path=" + this.project + "/service/target/natives");
	}

	@Test
	void readsTheProjectsOwn() throws IOException {
		assertThat(ImageSettings.of(Path.of(".."), "producer").flags()).contains("-XX:ArchiveRelocationMode=0")
			.anyMatch((flag) -> flag.matches("-Xmx[0-9]+m"))
			.noneMatch((flag) -> flag.contains("$") || flag.equals("--"));
	}

	@Test
	void noticesThatItCannotReadTheScript() throws IOException {
		pom("", "<entrypoint><arg>-Xmx48m</arg></entrypoint>");
		pom("service", "");
		start("exec java\n");
		assertThatThrownBy(() -> ImageSettings.of(this.project, "service")).isInstanceOf(BenchException.class)
			.hasMessageContaining("scripts/image/app/start adds no flags");
	}

	private void start(String text) throws IOException {
		Path directory = Files.createDirectories(this.project.resolve("scripts/image/app"));
		Files.writeString(directory.resolve("start"), text);
	}

	private void pom(String module, String text) throws IOException {
		Path directory = Files.createDirectories(this.project.resolve(module));
		Files.writeString(directory.resolve("pom.xml"), text);
	}

}
