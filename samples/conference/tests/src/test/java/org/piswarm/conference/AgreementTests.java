package org.piswarm.conference;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.testsupport.ConferenceOperations;
import org.piswarm.testsupport.ConferenceOperations.Known;
import org.piswarm.testsupport.PostgresServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * After random operations with faults in between, all sides agree, and no registration is
 * lost or there twice. {@code -Dconference.seed=7} repeats the decisions of a run, and
 * {@code -Dconference.operations=5000} makes a long one.
 */
@EnabledIf(value = "org.piswarm.testsupport.RedisServer#isInstalled", disabledReason = "redis-server is not installed")
@Tag("slow")
class AgreementTests {

	private static final int OPERATIONS = Integer.getInteger("conference.operations", 150);

	/** From one fault to the next. */
	private static final int SPACING = 50;

	/**
	 * Embedded databases; and PostgreSQL, if there is one, for two replicas that get
	 * events.
	 */
	@Test
	void databasesOfBothKinds(@TempDir Path directory) throws Exception {
		agree(directory, PostgresServer.isInstalled() ? Set.of("push") : Set.of());
	}

	@Test
	@EnabledIf("isLong")
	void postgresForAll(@TempDir Path directory) throws Exception {
		agree(directory, Set.of("conferences", "push", "poll"));
	}

	static boolean isLong() {
		return System.getProperty("conference.operations") != null && PostgresServer.isInstalled();
	}

	private static void agree(Path directory, Set<String> inPostgres) throws Exception {
		long seed = Long.getLong("conference.seed", System.nanoTime());
		List<String> diary = new ArrayList<>(List.of("conference.seed=" + seed));
		try (World world = new World(directory, inPostgres)) {
			try {
				ConferenceOperations operations = run(world, new Random(seed), diary);
				await().atMost(Duration.ofMinutes(2))
					.pollInterval(Duration.ofMillis(500))
					.ignoreExceptionsInstanceOf(IOException.class)
					.untilAsserted(() -> assertThatCopiesAgree(world, operations));
				operations.assertThatRegistrationsAreRight();
				for (Service attendees : world.attendees()) {
					assertThat(attendees.client().get("/set-aside").json()).as(attendees.toString()).isEmpty();
				}
				diary.add(operations.summary());
			}
			catch (Exception | AssertionError ex) {
				world.all().forEach((service) -> System.out.println(service + "\n" + service.output()));
				throw new AssertionError(String.join("\n", diary) + "\n" + ex.getMessage(), ex);
			}
		}
		System.out.println(String.join("\n", diary));
	}

	private static ConferenceOperations run(World world, Random random, List<String> diary) throws Exception {
		ConferenceOperations operations = new ConferenceOperations(world.conferences.client(),
				Map.of("push", world.push.stream().map(Service::client).toList(), "poll", List.of(world.poll.client())),
				random);
		List<Fault> faults = Fault.all(world);
		for (int done = 0; done < OPERATIONS;) {
			for (int i = random.nextInt(SPACING); i >= 0; i--, done++) {
				operations.next();
			}
			Fault fault = faults.get(random.nextInt(faults.size()));
			diary.add("%d: %s".formatted(done, fault.name()));
			fault.begin().run();
			for (int i = random.nextInt(SPACING / 2); i >= 0; i--, done++) {
				operations.next();
			}
			fault.end().run();
		}
		return operations;
	}

	private static void assertThatCopiesAgree(World world, ConferenceOperations operations) throws Exception {
		Map<String, Known> conferences = ConferenceOperations.known(world.conferences.client());
		operations.assertThatNoneIsLost(conferences);
		for (Service attendees : world.attendees()) {
			assertThat(ConferenceOperations.known(attendees.client())).as(attendees.toString()).isEqualTo(conferences);
		}
	}

}
