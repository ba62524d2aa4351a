package org.piswarm.dockercoins;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.dockercoins.Coins.Service;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.FreePort;
import org.piswarm.testsupport.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All services together, on this machine; ours next to those of somebody else. The rates
 * are asserted on virtual Pis.
 */
@EnabledIf(value = "hasAllPrograms", disabledReason = "redis-server or python3 is not installed")
@Tag("slow")
class CoinsTests {

	private static Coins coins;

	private static Service rng;

	private static Service hasher;

	private static Service webui;

	private static Service worker;

	/** From our worker to an rng. */
	private static Cable cable;

	static boolean hasAllPrograms() {
		return RedisServer.isInstalled() && Coins.python().isPresent();
	}

	@BeforeAll
	static void start() throws Exception {
		coins = new Coins();
		rng = coins.start("rng", Map.of());
		hasher = coins.start("hasher", Map.of());
		webui = coins.start("webui", Map.of());
		cable = new Cable(rng.port());
		worker = coins.start("worker", Map.of("RNG_URL", "http://127.0.0.1:" + cable.port(), "HASHER_URL", hasher.url(),
				"WORKER_PAUSEAFTERERROR", "2s", "HOSTNAME", "pi7"));
		coins.awaitHashes(1);
	}

	@AfterAll
	static void stop() throws Exception {
		if (coins != null) {
			coins.close();
		}
		if (cable != null) {
			cable.close();
		}
	}

	@Test
	void theirWorkerUsesOurServices(@TempDir Path directory) throws Exception {
		long loops = coins.loops(worker);
		long hashes = coins.hashes();
		Path output = directory.resolve("worker");
		try (AutoCloseable theirs = coins.startReference("worker.py", output, "127.0.0.1:" + rng.port(),
				"127.0.0.1:" + hasher.port(), "127.0.0.1:" + coins.redis.port())) {
			// More than ours alone has made.
			Coins.within2min(() -> assertThat(coins.hashes() - hashes).isGreaterThan(coins.loops(worker) - loops + 4));
			Coins.within2min(() -> assertThat(coins.redis.ask("HLEN", "wallet")).isNotEqualTo("0"));
		}
		assertThat(Files.readString(output).lines()).allMatch((line) -> line.startsWith("coin "));
		assertThatCoinsAreRight();
		assertThat(coins.get(webui.url() + "/json")).matches("\\{\"coins\":\\d+,\"hashes\":[1-9]\\d*,\"now\":[\\d.]+}");
	}

	@Test
	void ourWorkerUsesTheirRng(@TempDir Path directory) throws Exception {
		int port = FreePort.find();
		try (AutoCloseable theirs = coins.startReference("rng.py", directory.resolve("rng"), Integer.toString(port))) {
			Coins.within2min(() -> assertThat(coins.get("http://127.0.0.1:" + port)).startsWith("reference rng on "));
			cable.leadTo(port);
			coins.awaitHashes(6);
			assertThatCoinsAreRight();
		}
		finally {
			cable.leadTo(rng.port());
		}
	}

	private static void assertThatCoinsAreRight() throws Exception {
		String all = coins.redis.ask("EVAL", "return table.concat(redis.call('HKEYS', 'wallet'), ' ')", "0");
		List<String> hashes = Pattern.compile(" ")
			.splitAsStream(String.valueOf(all))
			.filter((hash) -> !hash.isEmpty())
			.toList();
		assertThat(hashes).allMatch((hash) -> hash.matches("0[0-9a-f]{63}"));
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
		long missing = missing();
		cable.refuse();
		pageSays("\"workerFailure\":\"rng: connection (refused|broken) \\(worker on pi7\\)\"");
		cable.acceptAgain();
		coins.awaitHashes(3);
		assertThat(missing()).isEqualTo(missing);
		pageSays("\"workerFailure\":null");

		coins.redis.kill();
		pageSays("\"redisFailure\":\"redis: connection refused\"");
		coins.redis.startAgain();
		coins.awaitHashes(3);
		// At most the loops of a second.
		assertThat(missing() - missing).isBetween(0L, 4L);
	}

	/**
	 * How many loops of our worker Redis does not have: exact, because it is the minimum
	 * of many reads, of which some come just after a report.
	 */
	private static long missing() throws Exception {
		long missing = Long.MAX_VALUE;
		for (long end = System.nanoTime() + Duration.ofSeconds(2).toNanos(); System.nanoTime() < end;) {
			long hashes = coins.hashes();
			missing = Math.min(missing, coins.loops(worker) - hashes);
			TimeUnit.MILLISECONDS.sleep(50);
		}
		return missing;
	}

	private static void pageSays(String text) {
		Coins.within2min(() -> assertThat(coins.get(webui.url() + "/api/live")).containsPattern(text));
	}

}
