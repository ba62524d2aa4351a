package org.piswarm.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Builds or finds each server, so that it only has to be started. */
final class Peers {

	/** In the order of the tables. */
	static final List<String> NAMES = List.of("producer", "producer-image", "webflux", "reactor-netty", "go", "express",
			"flask", "gunicorn", "nginx");

	private static final Pattern JVM_FLAG = Pattern.compile("<jvmFlag>(.*?)</jvmFlag>");

	private final Path project;

	/** For what is built, unpacked or copied. */
	private final Path work;

	private final String java;

	private final Set<Integer> ports = new HashSet<>();

	/** The modules whose jar this run has extracted. */
	private final Set<String> extracted = new HashSet<>();

	/**
	 * Prepares for the JDK of this process.
	 * @param copyJdk whether the peers run on a copy of it: an empty page cache would
	 * still contain what this process uses of its own JDK
	 */
	Peers(Path project, boolean copyJdk) throws IOException {
		this.project = project.toAbsolutePath().normalize();
		this.work = Files.createDirectories(this.project.resolve("bench/target/peers"));
		Path jdk = Path.of(System.getProperty("java.home"));
		if (copyJdk) {
			Programs.output("rm", "-rf", this.work.resolve("jdk").toString());
			Programs.output("cp", "-a", jdk.toRealPath().toString(), this.work.resolve("jdk").toString());
			jdk = this.work.resolve("jdk");
		}
		this.java = jdk.resolve("bin/java").toString();
	}

	/**
	 * Builds or finds a server.
	 * @throws BenchException if it is not available, with the reason
	 */
	Peer prepare(String name) throws IOException {
		int port = freePort();
		String text = Integer.toString(port);
		return switch (name) {
			case "producer" -> new Peer(name, springVersion("producer") + ", fat jar, JVM defaults", port,
					List.of(this.java, "-jar", jar("producer").toString()),
					Map.of("PRODUCER_PORT", text, "SERVER_ADDRESS", "127.0.0.1"));
			case "producer-image" -> {
				List<String> command = new ArrayList<>(List.of(this.java));
				command.addAll(imageFlags());
				command.addAll(List.of("-jar", extracted("producer").resolve("producer.jar").toString()));
				yield new Peer(name, springVersion("producer") + ", extracted jars, the image's JVM flags", port,
						command, Map.of("PRODUCER_PORT", text, "SERVER_ADDRESS", "127.0.0.1"));
			}
			case "webflux" -> new Peer(name, springVersion("bench") + ", fat jar, JVM defaults", port,
					List.of(this.java, "-jar", jar("bench").toString()),
					Map.of("SERVER_PORT", text, "SERVER_ADDRESS", "127.0.0.1"));
			case "reactor-netty" -> new Peer(name,
					"Reactor Netty " + libraryVersion("bench", "reactor-netty-http") + ", extracted jars, JVM defaults",
					port, List.of(this.java, "-cp", extracted("bench") + "/bench.jar:" + extracted("bench") + "/lib/*",
							"org.piswarm.bench.peer.ReactorNettyPeer"),
					Map.of("PORT", text));
			case "go" -> go(name, port);
			case "express" -> express(name, port);
			case "flask" -> {
				String python = python();
				yield new Peer(
						name, "Flask " + pythonVersion(python, "flask") + ", its own server", port, List.of(python,
								"-m", "flask", "--app", this.project + "/bench/peers/number.py", "run", "--port", text),
						Map.of("PYTHONDONTWRITEBYTECODE", "1"));
			}
			case "gunicorn" -> {
				String python = python();
				String gunicorn = Programs.need("gunicorn", "gunicorn");
				yield new Peer(name,
						"Flask %s in gunicorn %s, 2 workers".formatted(pythonVersion(python, "flask"),
								pythonVersion(python, "gunicorn")),
						port, List.of(gunicorn, "--chdir", this.project + "/bench/peers", "--workers", "2", "--bind",
								"127.0.0.1:" + text, "number:app"),
						Map.of("PYTHONDONTWRITEBYTECODE", "1"));
			}
			case "nginx" -> nginx(name, port);
			default -> throw new IllegalArgumentException(name);
		};
	}

	private Peer go(String name, int port) throws IOException {
		String go = Programs.need("go", "golang-go");
		Path program = this.work.resolve("number-go");
		Programs.output(Map.of("GOCACHE", this.work.resolve("go-cache").toString(), "GO111MODULE", "off"), this.project,
				go, "build", "-o", program.toString(), "bench/peers/number.go");
		return new Peer(name, Programs.output(go, "version").replaceAll("^go version go(\\S+).*", "Go $1, net/http"),
				port, List.of(program.toString()), Map.of("PORT", Integer.toString(port)));
	}

	private Peer express(String name, int port) throws IOException {
		String node = Programs.need("node", "nodejs");
		String npm = Programs.need("npm", "npm");
		Path directory = Files.createDirectories(this.work.resolve("express"));
		for (String file : List.of("package.json", "number.js")) {
			Files.copy(this.project.resolve("bench/peers").resolve(file), directory.resolve(file),
					StandardCopyOption.REPLACE_EXISTING);
		}
		try {
			// Fails unless the version of package.json is installed.
			Programs.output(Map.of(), directory, npm, "ls");
		}
		catch (BenchException ex) {
			Programs.output(Map.of(), directory, npm, "install", "--silent", "--no-package-lock", "--ignore-scripts",
					"--no-audit", "--no-fund");
		}
		String express = Programs.output(Map.of(), directory, node, "-p", "require('express/package.json').version");
		return new Peer(name, "Express %s, Node %s".formatted(express, Programs.output(node, "--version")), port,
				List.of(node, directory.resolve("number.js").toString()),
				Map.of("PORT", Integer.toString(port), "NODE_ENV", "production"));
	}

	private Peer nginx(String name, int port) throws IOException {
		Path directory = this.work.resolve("nginx");
		Path program = Programs.find("nginx").orElse(directory.resolve("usr/sbin/nginx"));
		// Unpacked only: its installation would start a web server on port 80.
		if (!Files.isExecutable(program)) {
			Programs.unpack("nginx", directory);
		}
		Files.createDirectories(directory);
		Path configuration = directory.resolve("nginx.conf");
		Files.writeString(configuration, Files.readString(this.project.resolve("bench/peers/nginx.conf"))
			.replace("PORT", Integer.toString(port)));
		return new Peer(name,
				Programs.output(program.toString(), "-v").replaceAll(".*nginx/", "nginx ") + ", a constant", port,
				List.of(program.toString(), "-p", directory.toString(), "-e", "stderr", "-c", configuration.toString()),
				Map.of());
	}

	private static String python() {
		String python = Programs.need("python3", "python3");
		try {
			Programs.output(python, "-c", "import flask");
		}
		catch (BenchException ex) {
			Programs.install("python3-flask");
		}
		return python;
	}

	private static String pythonVersion(String python, String module) {
		return Programs.output(python, "-c",
				"from importlib.metadata import version; print(version('" + module + "'))");
	}

	/**
	 * Those of pom.xml, so that a change of the image is measured without a change here.
	 */
	private List<String> imageFlags() throws IOException {
		List<String> flags = new ArrayList<>();
		String pom = Files.readString(this.project.resolve("pom.xml"));
		String heap = pom.replaceAll("(?s).*<image.heap>(.*?)</image.heap>.*", "$1");
		Matcher matcher = JVM_FLAG.matcher(pom);
		while (matcher.find()) {
			flags.add(matcher.group(1)
				.replace("/app/natives", this.project + "/producer/target/natives")
				.replace("${image.heap}", heap));
		}
		if (flags.isEmpty()) {
			throw new BenchException("pom.xml has no <jvmFlag>: without them, there is no producer as in the image");
		}
		return flags;
	}

	private Path jar(String module) {
		Path jar = this.project.resolve(module + "/target/" + module + ".jar");
		if (!Files.isReadable(jar)) {
			throw new BenchException(jar + " is missing: start the benchmarks with make bench, which builds it");
		}
		return jar;
	}

	/** As Spring Boot recommends it for images; Jib lays out the same jars. */
	private Path extracted(String module) {
		Path directory = this.work.resolve(module);
		if (this.extracted.add(module)) {
			Programs.output("rm", "-rf", directory.toString());
			Programs.output(this.java, "-Djarmode=tools", "-jar", jar(module).toString(), "extract", "--destination",
					directory.toString());
		}
		return directory;
	}

	private String springVersion(String module) throws IOException {
		return "Spring Boot %s, WebFlux".formatted(libraryVersion(module, "spring-boot"));
	}

	private String libraryVersion(String module, String library) throws IOException {
		Pattern name = Pattern.compile(Pattern.quote(library) + "-([0-9].*)\\.jar");
		try (Stream<Path> jars = Files.list(extracted(module).resolve("lib"))) {
			return jars.map((jar) -> name.matcher(jar.getFileName().toString()))
				.filter(Matcher::matches)
				.map((matcher) -> matcher.group(1))
				.findFirst()
				.orElse("of unknown version");
		}
	}

	/**
	 * Below the range of outgoing connections, so that none of them takes it between two
	 * starts.
	 */
	private int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
			try (ServerSocket socket = new ServerSocket()) {
				socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
				if (this.ports.add(port)) {
					return port;
				}
			}
			catch (IOException ex) {
				// Taken: try another one.
			}
		}
	}

}
