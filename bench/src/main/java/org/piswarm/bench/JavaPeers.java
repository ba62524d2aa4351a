package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
		ImageSettings image = ImageSettings.of(this.project, "producer");
		List<String> command = new ArrayList<>(List.of(this.jars.java()));
		command.addAll(image.flags());
		// As /app/start does: the libraries first.
		String classPath = Stream
			.concat(this.jars.libraries("producer").stream(), Stream.of(this.jars.code("producer")))
			.map(Path::toString)
			.collect(Collectors.joining(":"));
		command.addAll(List.of("-cp", classPath, this.jars.mainClass("producer")));
		return new Peer(name, springVersion("producer") + ", extracted jars, the image's JVM flags", port, command,
				producerEnvironment(port));
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
