package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The servers in other languages: from Debian's packages, and Express from npm's. */
final class OtherPeers {

	private final Path project;

	/** For what is built, unpacked or copied. */
	private final Path work;

	OtherPeers(Path project, Path work) {
		this.project = project;
		this.work = work;
	}

	Peer go(String name, int port) throws IOException {
		String go = Programs.need("go", "golang-go");
		Path program = this.work.resolve("number-go");
		Programs.output(Map.of("GOCACHE", this.work.resolve("go-cache").toString(), "GO111MODULE", "off"), this.project,
				go, "build", "-o", program.toString(), "bench/peers/number.go");
		return new Peer(name, Programs.output(go, "version").replaceAll("^go version go(\\S+).*", "Go $1, net/http"),
				port, List.of(program.toString()), Map.of("PORT", Integer.toString(port)));
	}

	Peer express(String name, int port) throws IOException {
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

	Peer nginx(String name, int port) throws IOException {
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

	Peer flask(String name, int port) {
		String python = python();
		return new Peer(name, "Flask " + pythonVersion(python, "flask") + ", its own server", port,
				List.of(python, "-m", "flask", "--app", this.project + "/bench/peers/number.py", "run", "--port",
						Integer.toString(port)),
				Map.of("PYTHONDONTWRITEBYTECODE", "1"));
	}

	Peer gunicorn(String name, int port) {
		String python = python();
		String gunicorn = Programs.need("gunicorn", "gunicorn");
		return new Peer(name,
				"Flask %s in gunicorn %s, 2 workers".formatted(pythonVersion(python, "flask"),
						pythonVersion(python, "gunicorn")),
				port, List.of(gunicorn, "--chdir", this.project + "/bench/peers", "--workers", "2", "--bind",
						"127.0.0.1:" + port, "number:app"),
				Map.of("PYTHONDONTWRITEBYTECODE", "1"));
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

}
