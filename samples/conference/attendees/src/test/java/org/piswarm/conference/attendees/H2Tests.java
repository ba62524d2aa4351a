package org.piswarm.conference.attendees;

import java.nio.file.Path;

import org.junit.jupiter.api.Tag;

@Tag("slow")
class H2Tests extends AttendeesTest {

	@Override
	String database(Path directory) {
		return "jdbc:h2:file:" + directory.resolve("data");
	}

}
