package org.piswarm.consumer;

import java.io.IOException;

import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A producer with the answers of a test, which ends with the test. */
public class MockProducer implements BeforeEachCallback, AfterEachCallback {

	private final MockWebServer server = new MockWebServer();

	public MockWebServer server() {
		return this.server;
	}

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		this.server.start();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		close(this.server);
	}

	/** Closes a server. Its own threads may hang, which is no failure of the consumer. */
	public static void close(MockWebServer server) {
		try {
			server.close();
		}
		catch (AssertionError ex) {
			System.err.println("The mock producer did not end in time: " + ex.getMessage());
		}
	}

}
