package org.piswarm.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A project with a fake {@code make}, which writes what Jib would, and a fake registry.
 */
final class ScriptedKit {

	static final String DIGEST = "sha256:0123456789ab" + "0".repeat(52);

	private final Path directory;

	ScriptedKit(Path directory, String... modules) throws IOException {
		this.directory = directory;
		program("project/scripts/services", "cat \"${0%/*}/../$1/modules\"");
		Files.writeString(directory.resolve("project/modules"), String.join("\n", modules) + "\n");
		Files.writeString(directory.resolve("project/stack.yml"), "image: ${TAG-1}\nfile: motd");
		program("bin/make",
				"""
						printf '%s\\n' "$*" >>"$NODES/made"
						[ ! -e "$NODES/make.hang" ] || exec sleep 100
						if [ -e "$NODES/make.err" ]; then cat "$NODES/make.err"; exit 2; fi
						sample=${7#SAMPLE=}
						place=$2${sample:+/samples/$sample}
						while read -r module; do
						  mkdir -p "$place/$module/target"
						  printf '{"image":"%s/%s:%s","imageDigest":"DIGEST"}' "${5#*=}" "$module" "${6#*=}" >"$place/$module/target/jib-image.json"
						done <"$place/modules\""""
					.replace("DIGEST", DIGEST));
		Path registry = Files.writeString(directory.resolve("bin/docker-registry"), """
				#!/usr/bin/perl
				use IO::Socket::INET;
				open my $config, '<', $ARGV[1] or die;
				my ($address) = map { /addr: "(.*)"/ } <$config>;
				my $server = IO::Socket::INET->new(LocalAddr => $address, Listen => 5, ReuseAddr => 1) or die $!;
				while (my $client = $server->accept) {
				  while (<$client>) { last if /^\\r?$/ }
				  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n";
				}
				""");
		if (!registry.toFile().setExecutable(true)) {
			throw new IOException("cannot make " + registry + " executable");
		}
	}

	private void program(String name, String lines) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		if (!Files.writeString(file, "#!/bin/sh\n" + lines + "\n").toFile().setExecutable(true)) {
			throw new IOException("cannot make " + file + " executable");
		}
	}

	/** The project has a sample with services of its own. */
	void hasSample(String name, String... modules) throws IOException {
		Path sample = Files.createDirectories(this.directory.resolve("project/samples/" + name));
		Files.createFile(sample.resolve("pom.xml"));
		Files.writeString(sample.resolve("modules"), String.join("\n", modules) + "\n");
	}

	/** The build never ends. */
	void hangs() throws IOException {
		Files.createFile(this.directory.resolve("make.hang"));
	}

	/** The build fails. */
	void fails(String output) throws IOException {
		Files.writeString(this.directory.resolve("make.err"), output);
	}

	/** The arguments of each run of {@code make}, after the directory. */
	List<String> made() throws IOException {
		Path file = this.directory.resolve("made");
		return Files.exists(file)
				? Files.readAllLines(file).stream().map((line) -> line.replaceFirst("^-C \\S+ ", "")).toList()
				: List.of();
	}

	/** A file that was brought to the manager. */
	String staged(String path) throws IOException {
		return Files.readString(this.directory.resolve("staged/" + path));
	}

	/** The directories of registries that were not deleted. */
	List<Path> leftovers() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("swarm-registry")).toList();
		}
	}

}
