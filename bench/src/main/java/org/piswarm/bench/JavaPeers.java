package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The servers that Maven builds. */
final class JavaPeers {

	private final Path project;

	private final Jars jars;

	JavaPeers(Path project, Jars jars) {
		this.project = project;
		this.jars = jars;
	}

	Peer producer(String name, int port) throws IOException {
		return new Peer(name, springVersion("producer") + ", fat jar, JVM defaults", port,
				List.of(this.jars.java(), "-jar", this.jars.fat("producer").toString()), producerEnvironment(port));
	}

	Peer producerImage(String name, int port) throws IOException {
		return image(name, "extracted jars, the image's JVM flags", port, List.of());
	}

	Peer producerCached(String name, int port) throws IOException {
		if (Runtime.version().feature() < 25) {
			throw new BenchException("needs JDK 25: older ones make no class cache");
		}
		Peer peer = producerImage(name, port);
		List<String> use = ClassCache.make(this.jars.work().resolve("producer.jsa"), this.jars.java(),
				ImageSettings.of(this.project, "producer").flags(), libraries(), peer, service());
		return image(name, "the same with a class cache", port, use);
	}

	private Peer image(String name, String how, int port, List<String> more) throws IOException {
		List<String> command = new ArrayList<>(List.of(this.jars.java()));
		command.addAll(more);
		command.addAll(ImageSettings.of(this.project, "producer").flags());
		command.addAll(service());
		return new Peer(name, springVersion("producer") + ", " + how, port, command, producerEnvironment(port));
	}

	private String libraries() throws IOException {
		return this.jars.libraries("producer").stream().map(Path::toString).collect(Collectors.joining(":"));
	}

	/** As /app/start does: the libraries first. */
	private List<String> service() throws IOException {
		return List.of("-cp", libraries() + ":" + this.jars.code("producer"), this.jars.mainClass("producer"));
	}

	private static Map<String, String> producerEnvironment(int port) {
		return Map.of("PRODUCER_PORT", Integer.toString(port), "SERVER_ADDRESS", "127.0.0.1");
	}

	Peer webFlux(String name, int port) throws IOException {
		return new Peer(name, springVersion("bench") + ", fat jar, JVM defaults", port,
				List.of(this.jars.java(), "-jar", this.jars.fat("bench").toString()),
				Map.of("SERVER_PORT", Integer.toString(port), "SERVER_ADDRESS", "127.0.0.1"));
	}

	Peer reactorNetty(String name, int port) throws IOException {
		Path directory = this.jars.extracted("bench");
		return new Peer(name,
				"Reactor Netty %s, extracted jars, JVM defaults"
					.formatted(this.jars.version("bench", "reactor-netty-http")),
				port, List.of(this.jars.java(), "-cp", directory + "/bench.jar:" + directory + "/lib/*",
						"org.piswarm.bench.peer.ReactorNettyPeer"),
				Map.of("PORT", Integer.toString(port)));
	}

	private String springVersion(String module) throws IOException {
		return "Spring Boot %s, WebFlux".formatted(this.jars.version(module, "spring-boot"));
	}

}
