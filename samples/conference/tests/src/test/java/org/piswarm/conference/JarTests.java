package org.piswarm.conference;

import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is in the jars of the services. */
class JarTests {

	/**
	 * Spring AOT writes the methods of a proxy in a random order. With one, each build
	 * would make another image, and a deploy without changes would start it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "conferences", "attendees" })
	void haveNoClassThatTheNextBuildWouldWriteInAnotherWay(String name) throws IOException {
		try (ZipFile jar = new ZipFile(Service.jar(name).toFile())) {
			assertThat(jar.stream().map(ZipEntry::getName)).isNotEmpty()
				.noneMatch((entry) -> entry.contains("$$SpringCGLIB$$"));
		}
	}

}
