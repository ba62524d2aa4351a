package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds or finds each server, so that it only has to be started. */
final class Peers {

	/** In the order of the tables. */
	static final List<String> NAMES = List.of("producer", "producer-image", "producer-cached", "webflux",
			"reactor-netty", "go", "express", "flask", "gunicorn", "nginx");

	private final Ports ports = new Ports();

	private final JavaPeers java;

	private final OtherPeers others;

	/**
	 * Prepares for the JDK of this process.
	 * @param copyJdk whether the peers in Java run on a copy of it
	 */
	Peers(Path project, boolean copyJdk) throws IOException {
		Path root = project.toAbsolutePath().normalize();
		Path work = Files.createDirectories(root.resolve("bench/target/peers"));
		this.java = new JavaPeers(root, new Jars(root, work, copyJdk));
		this.others = new OtherPeers(root, work);
	}

	/**
	 * Builds or finds a server.
	 * @throws BenchException if it is not available, with the reason
	 */
	Peer prepare(String name) throws IOException {
		int port = this.ports.next();
		return switch (name) {
			case "producer" -> this.java.producer(name, port);
			case "producer-image" -> this.java.producerImage(name, port);
			case "producer-cached" -> this.java.producerCached(name, port);
			case "webflux" -> this.java.webFlux(name, port);
			case "reactor-netty" -> this.java.reactorNetty(name, port);
			case "go" -> this.others.go(name, port);
			case "express" -> this.others.express(name, port);
			case "flask" -> this.others.flask(name, port);
			case "gunicorn" -> this.others.gunicorn(name, port);
			case "nginx" -> this.others.nginx(name, port);
			default -> throw new IllegalArgumentException(name);
		};
	}

}
