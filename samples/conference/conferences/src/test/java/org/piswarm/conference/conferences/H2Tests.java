package org.piswarm.conference.conferences;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
			List<Callable<Answer>> creations = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				creations.add(() -> client.post("/conferences",
						"{\"name\": \"A\", \"starts\": \"2027-03-14\", \"ends\": \"2027-03-15\"}"));
			}
			List<String> reasons = new ArrayList<>();
			for (Future<Answer> creation : clients.invokeAll(creations, 60, TimeUnit.SECONDS)) {
				assertThat(creation.get().status()).isEqualTo(503);
				assertThat(creation.get().header("Retry-After")).isEqualTo("5");
				reasons.add(creation.get().detail());
			}
			slow.rollback();
			assertThat(reasons).as("%s", reasons)
				.filteredOn((reason) -> reason.startsWith("This service has more requests than"))
				.hasSizeGreaterThanOrEqualTo(4);
			assertThat(client.get("/conferences").status()).isEqualTo(200);
		}
		finally {
			clients.shutdownNow();
		}
	}

}
