package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The base image of the services, as a registry describes it.
 *
 * @param bytes the compressed size of all its layers, by architecture
 */
record BaseImage(String name, Map<String, Long> bytes) {

	static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

	/** An entry of an index, with what it contains. */
	private static final Pattern ENTRY = Pattern.compile("\\{(?:[^{}]|\\{[^{}]*})*}");

	private static final Pattern DIGEST = Pattern.compile("\"digest\"\\s*:\\s*\"(sha256:[0-9a-f]+)\"");

	private static final Pattern SIZE = Pattern.compile("\"size\"\\s*:\\s*(\\d+)");

	/** The one that make images would use. */
	static String name(Path project, Map<String, String> environment) throws IOException {
		String name = environment.getOrDefault("BASE_IMAGE", "");
		return !name.isEmpty() ? name : Files.readString(project.resolve("pom.xml"))
			.replaceAll("(?s).*<image.base>(.*?)</image.base>.*", "$1");
	}

	/**
	 * Asks the registry.
	 * @throws BenchException if it does not answer
	 */
	static BaseImage of(String name) {
		if (name.isEmpty()) {
			throw new BenchException("no base image was named");
		}
		Map<String, Long> bytes = new TreeMap<>();
		String index = manifest(name);
		for (String architecture : ARCHITECTURES) {
			String digest = digest(index, architecture);
			if (digest.isEmpty()) {
				throw new BenchException("%s has no image for %s".formatted(name, architecture));
			}
			bytes.put(architecture, layers(manifest(name.replaceFirst("(:[^:/]*)?(@.*)?$", "@" + digest))));
		}
		return new BaseImage(name, bytes);
	}

	private static String manifest(String name) {
		boolean loopback = name.startsWith("localhost:") || name.startsWith("127.");
		String skopeo = Programs.need("skopeo", "skopeo");
		try {
			return Programs.output("timeout", "60", skopeo, "inspect", "--raw", "--tls-verify=" + !loopback,
					"docker://" + name);
		}
		catch (BenchException ex) {
			// Not in the page: the reason names addresses of this machine's network.
			System.err.println(ex.getMessage());
			throw new BenchException(
					"no registry described the base image %s; BASE_IMAGE can name another one".formatted(name));
		}
	}

	static String digest(String index, String architecture) {
		return ENTRY.matcher(index.substring(index.indexOf("\"manifests\"") + 1))
			.results()
			.map((entry) -> entry.group())
			.filter((entry) -> entry.matches("(?s).*\"architecture\"\\s*:\\s*\"" + architecture + "\".*"))
			.map(DIGEST::matcher)
			.filter(Matcher::find)
			.map((digest) -> digest.group(1))
			.findFirst()
			.orElse("");
	}

	static long layers(String manifest) {
		return SIZE.matcher(manifest.substring(manifest.indexOf("\"layers\"") + 1))
			.results()
			.mapToLong((size) -> Long.parseLong(size.group(1)))
			.sum();
	}

}
