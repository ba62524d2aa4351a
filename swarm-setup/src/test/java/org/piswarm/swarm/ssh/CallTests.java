package org.piswarm.swarm.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.swarm.known.Fact;

import static org.assertj.core.api.Assertions.assertThat;

/** Stands on commands of this machine in place of {@code ssh}. */
@Timeout(20)
class CallTests {

	@TempDir
	private Path directory = Path.of("");

	@Test
	void givesOutputAndExitCode() {
		assertThat(call("cat; echo wrong >&2; exit 3", "a script\n").await(Duration.ofSeconds(10)))
			.isEqualTo(Fact.known(new Reply(3, "a script\n", "wrong\n")));
	}

	@Test
	void endsAtTheDeadline() {
		Call call = call("echo half; exec sleep 60", "");
		assertThat(call.await(Duration.ofSeconds(1))).isEqualTo(Fact.unknown("no answer within 1 s"));
		assertThat(call.isRunning()).isFalse();
	}

	@Test
	void endsTheProcessesThatItHasStartedToo() throws Exception {
		Call call = call("sleep 60 & echo $!; wait; :", "");
		while (!call.outSoFar().endsWith("\n")) {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		ProcessHandle child = ProcessHandle.of(Long.parseLong(call.outSoFar().strip())).orElseThrow();
		call.await(Duration.ZERO);
		child.onExit().get(10, TimeUnit.SECONDS);
	}

	@Test
	void isNotHeldUpByAConnectionThatStaysInTheBackground() {
		assertThat(call("sleep 10 & echo answer", "").await(Duration.ofSeconds(8)).map(Reply::out))
			.isEqualTo(Fact.known("answer\n"));
	}

	@Test
	void aConnectionThatReadsNothingEndsAtTheDeadlineToo() {
		assertThat(call("exec sleep 60", "x".repeat(1 << 20)).await(Duration.ofSeconds(1)))
			.isEqualTo(Fact.unknown("no answer within 1 s"));
	}

	@Test
	void boundsTheAnswer() {
		assertThat(call("exec cat /dev/zero", "").await(Duration.ofSeconds(15)))
			.isEqualTo(Fact.unknown("the answer is longer than 8 MiB"));
	}

	private Call call(String line, String input) {
		return new Call(List.of("sh", "-c", line), this.directory, input);
	}

}
