package org.piswarm.dockercoins;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.dockercoins.Coins.Service;
import org.piswarm.testsupport.Cable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All services together, on this machine; ours next to those of somebody else. The rates
 * are asserted on virtual Pis.
 */
@EnabledIf(value = "org.piswarm.dockercoins.Coins#canRun",
		disabledReason = "redis-server or python3 is not installed, or the jars are not built (mvn verify)")
@Tag("slow")
class CoinsTests {

	private static Coins coins;

	private static Service rng;

	private static Service hasher;

	private static Service webui;

	@BeforeAll
	static void start() throws Exception {
		coins = new Coins();
		rng = coins.start("rng", Map.of());
		hasher = coins.start("hasher", Map.of());
		webui = coins.start("webui", Map.of());
		for (Service service : List.of(rng, hasher, webui)) {
			Coins.within2min(() -> assertThat(coins.get(service.url() + "/livez")).contains("UP"));
		}
	}

	@AfterAll
	static void stop() throws Exception {
		if (coins != null) {
			coins.close();
		}
	}

	@AfterEach
	void stopTheWorkers() throws Exception {
		coins.stopWorkers();
		coins.redis.ask("FLUSHALL");
	}

	/** Their worker with our rng, hasher and webui, then our worker with their rng. */
	@Test
	void componentsOfOthersCanReplaceOurs(@TempDir Path directory) throws Exception {
		Path output = directory.resolve("worker");
		coins.startReference("worker.py", output, "127.0.0.1:" + rng.port(), "127.0.0.1:" + hasher.port(),
				"127.0.0.1:" + coins.redis.port());
		Coins.within2min(() -> assertThat(Files.readString(output)).contains("coin "));
		coins.awaitHashes(1);
		assertThat(Files.readString(output)).doesNotContain(": ");
		assertThatCoinsAreRight(1);
		Coins.within2min(() -> assertThat(coins.get(webui.url() + "/json"))
			.matches("\\{\"coins\":[1-9]\\d*,\"hashes\":[1-9]\\d*,\"now\":[\\d.]+}"));

		int theirPort = Coins.freePort();
		coins.startReference("rng.py", directory.resolve("rng"), Integer.toString(theirPort));
		String theirRng = "http://127.0.0.1:" + theirPort;
		Coins.within2min(() -> assertThat(coins.get(theirRng)).startsWith("reference rng on "));
		Service worker = coins.startWorker(theirRng, hasher);
		Coins.within2min(() -> assertThat(coins.loops(worker)).isGreaterThan(3));
		assertThat(worker.process().output()).doesNotContain("ERROR");
		assertThatCoinsAreRight(1);
	}

	private void assertThatCoinsAreRight(int atLeast) throws Exception {
		String all = coins.redis.ask("EVAL", "return table.concat(redis.call('HKEYS', 'wallet'), ' ')", "0");
		List<String> hashes = List.of(String.valueOf(all).split(" "));
		assertThat(hashes).hasSizeGreaterThanOrEqualTo(atLeast).allMatch((hash) -> hash.matches("0[0-9a-f]{63}"));
		for (String hash : hashes) {
			byte[] bytes = String.valueOf(coins.redis.ask("HGET", "wallet", hash))
				.getBytes(StandardCharsets.ISO_8859_1);
			assertThat(bytes).hasSize(32);
			assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))).isEqualTo(hash);
		}
	}

	/**
	 * An rng that is cut off, then a Redis that loses its power, while the page watches.
	 */
	@Test
	void failuresAreNamedAndNoCountIsRepeated() throws Exception {
		try (Cable cable = new Cable(rng.port())) {
			Service worker = coins.startWorker("http://127.0.0.1:" + cable.port(), hasher);
			coins.awaitHashes(3);

			cable.refuse();
			pageSays("\"workerFailure\":\"rng: connection (refused|broken) \\(worker on pi7\\)\"");
			cable.acceptAgain();
			coins.awaitHashes(3);
			Coins.within2min(() -> assertThat(coins.get(webui.url() + "/api/live")).contains("\"workerFailure\":null"));
			assertThat(coins.hashes()).isBetween(coins.loops(worker) - 4, coins.loops(worker));

			coins.redis.kill();
			pageSays("\"redisFailure\":\"redis: connection refused\"");
			coins.redis.startAgain();
			coins.awaitHashes(3);
			// At most the loops of a second, and those that are not reported yet.
			assertThat(coins.loops(worker) - coins.hashes()).isBetween(0L, 4L + 3);
			assertThat(worker.process().stop()).isEqualTo(143);
			assertThat(worker.process().output()).contains("Graceful shutdown complete");
		}
	}

	private static void pageSays(String text) {
		Coins.within2min(() -> assertThat(coins.get(webui.url() + "/api/live")).containsPattern(text));
	}

}
