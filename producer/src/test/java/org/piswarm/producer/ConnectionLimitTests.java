package org.piswarm.producer;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionLimitTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ConnectionLimit limit = new ConnectionLimit(2, this.meters);

	@Test
	void closesConnectionsFromOutsideBeyondTheLimit() {
		EmbeddedChannel first = connect("192.0.2.1");
		EmbeddedChannel second = connect("192.0.2.2");
		assertThat(connect("192.0.2.3").isOpen()).isFalse();
		assertThat(this.meters.counter("server.connections.refused").count()).isEqualTo(1);
		assertThat(first.isOpen()).isTrue();
		second.close();
		assertThat(connect("192.0.2.3").isOpen()).isTrue();
	}

	@Test
	void keepsAReserveForThisHost() {
		connect("192.0.2.1");
		connect("192.0.2.2");
		for (int i = 0; i < ConnectionLimit.LOOPBACK_RESERVE; i++) {
			assertThat(connect("127.0.0.1").isOpen()).isTrue();
		}
		assertThat(connect("127.0.0.1").isOpen()).isFalse();
	}

	private EmbeddedChannel connect(String address) {
		return new EmbeddedChannel(this.limit) {

			@Override
			protected SocketAddress remoteAddress0() {
				return new InetSocketAddress(address, 50_000);
			}

		};
	}

}
