package org.piswarm.swarm.images;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class RelayTests {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	@Test
	void leadsThereAndBackAndCounts() throws Exception {
		try (ServerSocket registry = new ServerSocket(0, 5, LOOPBACK);
				Relay relay = new Relay(registry.getLocalPort());
				Socket node = new Socket("127.0.0.1", relay.port());
				Socket accepted = registry.accept()) {
			node.getOutputStream().write("GET".getBytes());
			assertThat(new String(accepted.getInputStream().readNBytes(3))).isEqualTo("GET");
			assertThat(relay.bytes()).isZero();
			accepted.getOutputStream().write(new byte[200_000]);
			accepted.close();
			assertThat(node.getInputStream().readAllBytes()).hasSize(200_000);
			assertThat(relay.bytes()).isEqualTo(200_000);
		}
	}

	@Test
	void aNodeCannotFillTheRegistry() throws Exception {
		try (ServerSocket registry = new ServerSocket(0, 5, LOOPBACK);
				Relay relay = new Relay(registry.getLocalPort());
				Socket node = new Socket("127.0.0.1", relay.port());
				Socket accepted = registry.accept()) {
			Thread sender = new Thread(() -> {
				try {
					while (true) {
						node.getOutputStream().write(new byte[64 * 1024]);
					}
				}
				catch (IOException ex) {
					// It is closed.
				}
			});
			sender.start();
			long length = accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
			assertThat(length).isPositive().isLessThanOrEqualTo(Relay.MAX_SENT);
			sender.join();
		}
	}

	@Test
	void aNodeCannotOpenAnyNumberOfConnections() throws Exception {
		List<Socket> nodes = new ArrayList<>();
		try (ServerSocket registry = new ServerSocket(0, 200, LOOPBACK);
				Relay relay = new Relay(registry.getLocalPort())) {
			for (int i = 0; i < Relay.MAX_CONNECTIONS; i++) {
				nodes.add(new Socket("127.0.0.1", relay.port()));
				nodes.add(registry.accept());
			}
			try (Socket last = new Socket("127.0.0.1", relay.port())) {
				assertThat(last.getInputStream().read()).isEqualTo(-1);
			}
		}
		finally {
			for (Socket node : nodes) {
				node.close();
			}
		}
	}

	@Test
	void anEndThatIsClosedClosesTheOther() throws Exception {
		try (ServerSocket registry = new ServerSocket(0, 5, LOOPBACK);
				Relay relay = new Relay(registry.getLocalPort());
				Socket node = new Socket("127.0.0.1", relay.port());
				Socket accepted = registry.accept()) {
			node.close();
			assertThat(accepted.getInputStream().read()).isEqualTo(-1);
		}
	}

}
