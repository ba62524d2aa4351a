package org.piswarm.conference.attendees;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.piswarm.testsupport.PostgresServer;

@EnabledIf(value = "org.piswarm.testsupport.PostgresServer#isInstalled", disabledReason = "postgresql is not installed")
@Tag("slow")
class PostgresTests extends AttendeesTest {

	private static @Nullable PostgresServer postgres;

	@Override
	String database(Path directory) throws Exception {
		PostgresServer started = new PostgresServer();
		postgres = started;
		return started.createDatabase("attendees");
	}

	@AfterAll
	static void stopDatabase() throws Exception {
		if (postgres != null) {
			postgres.close();
		}
	}

}
