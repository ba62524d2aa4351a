package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

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
				</entrypoint>
				</container>
				""");
		pom("service", "<properties><heap>64m</heap></properties>");
		ImageSettings image = ImageSettings.of(this.project, "service");
		assertThat(image.flags()).containsExactly("-Xmx64m", "-Xss512k",
				"-Djava.library.path=" + this.project + "/service/target/natives");
	}

	@Test
	void readsTheProjectsOwn() throws IOException {
		assertThat(ImageSettings.of(Path.of(".."), "producer").flags()).anyMatch((flag) -> flag.matches("-Xmx[0-9]+m"))
			.noneMatch((flag) -> flag.contains("$"));
	}

	private void pom(String module, String text) throws IOException {
		Path directory = Files.createDirectories(this.project.resolve(module));
		Files.writeString(directory.resolve("pom.xml"), text);
	}

}
