package org.piswarm.consumer.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestTimeoutTests {

	private final EmbeddedChannel channel = new EmbeddedChannel(new RequestTimeout(Duration.ofSeconds(10)));

	@BeforeEach
	void stopTheClock() {
		this.channel.freezeTime();
	}

	@Test
	void closesTheConnectionOfARequestWithoutAnAnswer() {
		this.channel.writeInbound("GET");
		pass(9);
		this.channel.writeInbound(" /number");
		pass(2);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void startsAgainWithTheNextRequest() {
		for (int request = 0; request < 3; request++) {
			pass(60);
			this.channel.writeInbound("GET /number");
			pass(9);
			this.channel.writeOutbound("200 OK");
		}
		assertThat(this.channel.isOpen()).isTrue();
		this.channel.writeInbound("GET");
		pass(11);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void countsFromTheFirstByteOfTheLatestRequest() {
		this.channel.writeInbound("GET /number");
		pass(1);
		this.channel.writeOutbound("200 OK");
		pass(7);
		// The timer of the first request runs out 2 s from now.
		this.channel.writeInbound("GET");
		pass(9);
		assertThat(this.channel.isOpen()).isTrue();
		pass(2);
		assertThat(this.channel.isOpen()).isFalse();
	}

	private void pass(int seconds) {
		this.channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
		this.channel.runScheduledPendingTasks();
		this.channel.runPendingTasks();
	}

}
