package org.piswarm.conference.conferences;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.JsonClient.Answer;
import org.piswarm.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
class H2Tests extends ConferencesTest {

	@Override
	String database(Path directory) {
		return "jdbc:h2:file:" + directory.resolve("data");
	}

	@Test
	void refusesMoreRequestsThanItCanAnswer(@TempDir Path directory) throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(6);
		try (TestApplication small = new TestApplication(ConferencesApplication.class,
				"--REDIS_URL=redis://127.0.0.1:1", "--DATABASE_URL=" + database(directory),
				"--spring.task.execution.pool.core-size=1", "--spring.task.execution.pool.max-size=1",
				"--spring.task.execution.pool.queue-capacity=1");
				Connection slow = small.bean(DataSource.class).getConnection()) {
			slow.setAutoCommit(false);
			slow.createStatement().executeUpdate("update revision set number = number");
			JsonClient client = new JsonClient(small.url());
			CountDownLatch refused = new CountDownLatch(4);
			List<Future<Answer>> creations = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				creations.add(clients.submit(() -> createUnlessRefused(client, refused)));
			}
			boolean four = refused.await(60, TimeUnit.SECONDS);
			slow.rollback();
			for (Future<Answer> creation : creations) {
				creation.get(60, TimeUnit.SECONDS);
			}
			assertThat(four).as("only two have a place").isTrue();
			assertThat(client.get("/conferences").status()).isEqualTo(200);
		}
		finally {
			clients.shutdownNow();
		}
	}

	/**
	 * Tries again if it had a place, but H2 did not wait for the lock any longer. So all
	 * clients but two are refused, also if one of them comes late.
	 */
	private static Answer createUnlessRefused(JsonClient client, CountDownLatch refused) throws Exception {
		while (true) {
			Answer answer = client.post("/conferences",
					"{\"name\": \"A\", \"starts\": \"2027-03-14\", \"ends\": \"2027-03-15\"}");
			if (answer.status() == 201) {
				return answer;
			}
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.header("Retry-After")).isEqualTo("5");
			if (answer.detail().startsWith("This service has more requests than")) {
				refused.countDown();
				return answer;
			}
			// Until its place is free.
			TimeUnit.MILLISECONDS.sleep(100);
		}
	}

}
