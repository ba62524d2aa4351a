package org.piswarm.conference.conferences;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.JsonClient.Answer;
import org.piswarm.testsupport.PostgresServer;
import org.piswarm.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@EnabledIf(value = "org.piswarm.testsupport.PostgresServer#isInstalled", disabledReason = "postgresql is not installed")
@Tag("slow")
class PostgresTests extends ConferencesTest {

	private static @Nullable PostgresServer postgres;

	@Override
	String database(Path directory) throws Exception {
		PostgresServer started = new PostgresServer();
		postgres = started;
		return started.createDatabase("conferences");
	}

	@AfterAll
	static void stopDatabase() throws Exception {
		if (postgres != null) {
			postgres.close();
		}
	}

	/** As if its machine had lost its power: no connection is closed. */
	@Test
	void saysThatTheDatabaseIsSilentAndGoesOn() throws Exception {
		try (PostgresServer own = new PostgresServer(); Cable cable = new Cable(own.port())) {
			String url = own.createDatabase("conferences").replace(":" + own.port() + "/", ":" + cable.port() + "/");
			try (TestApplication conferences = new TestApplication(ConferencesApplication.class,
					"--REDIS_URL=redis://127.0.0.1:1", "--DATABASE_URL=" + url, "--DATABASE_USER=postgres")) {
				JsonClient client = new JsonClient(conferences.url());
				assertThat(client.get("/conferences").status()).isEqualTo(200);
				cable.silence(true);
				assertThat(client.get("/conferences").status()).isEqualTo(503);
				assertThat(client.get("/livez").status()).isEqualTo(200);
				cable.silence(false);
				await().atMost(Duration.ofMinutes(1))
					.ignoreExceptions()
					.untilAsserted(() -> assertThat(client.get("/conferences").status()).isEqualTo(200));
			}
		}
	}

	/** The server does not know that its client has died, and keeps its locks. */
	@Test
	void aReplicaThatLostItsPowerInAChangeDoesNotBlockTheOthersForLong() throws Exception {
		String url = Objects.requireNonNull(postgres).createDatabase("locks");
		String[] settings = { "--REDIS_URL=redis://127.0.0.1:1", "--DATABASE_URL=" + url, "--DATABASE_USER=postgres" };
		try (TestApplication dead = new TestApplication(ConferencesApplication.class, settings);
				TestApplication other = new TestApplication(ConferencesApplication.class, settings)) {
			Connection transaction = dead.bean(DataSource.class).getConnection();
			transaction.setAutoCommit(false);
			transaction.createStatement().executeUpdate("update revision set number = number + 1");
			JsonClient client = new JsonClient(other.url());
			String conference = "{\"name\": \"A\", \"starts\": \"2027-03-14\", \"ends\": \"2027-03-15\"}";
			Answer locked = client.post("/conferences", conference);
			assertThat(locked.status()).isEqualTo(503);
			assertThat(locked.detail())
				.isEqualTo("Another transaction has locked what this request needs: try again in a few seconds");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(client.post("/conferences", conference).status()).isEqualTo(201));
		}
	}

	@Test
	void saysThatTheDatabaseIsDownAndGoesOn() throws Exception {
		try (PostgresServer own = new PostgresServer();
				TestApplication conferences = new TestApplication(ConferencesApplication.class,
						"--REDIS_URL=redis://127.0.0.1:1", "--DATABASE_URL=" + own.createDatabase("conferences"),
						"--DATABASE_USER=postgres")) {
			JsonClient client = new JsonClient(conferences.url());
			assertThat(client.get("/conferences").status()).isEqualTo(200);
			own.kill();
			Answer answer = client.get("/conferences");
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.header("Retry-After")).isEqualTo("5");
			assertThat(answer.detail()).isEqualTo("The database does not answer: try again in a few seconds");
			assertThat(client.get("/livez").status()).isEqualTo(200);
			own.startAgain();
			await().atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(client.get("/conferences").status()).isEqualTo(200));
		}
	}

}
