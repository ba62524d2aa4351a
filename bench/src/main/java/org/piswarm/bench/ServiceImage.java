package org.piswarm.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The layers that the project adds to its base image, in the order of the image. They are
 * the same for all architectures.
 */
record ServiceImage(String service, List<Layer> layers) {

	static final List<String> SERVICES = List.of("producer", "consumer");

	private static final Pattern ENTRY = Pattern.compile("(?m)^\\S+ +\\S+ +(\\d+) .* (\\S+\\.tar\\.gz)$");

	/**
	 * Reads what Jib has built without a base image.
	 * @throws BenchException if it is missing
	 */
	static ServiceImage of(Path project, String service) {
		Path tar = project.resolve(service).resolve("target/jib-image.tar");
		if (!Files.isReadable(tar)) {
			throw new BenchException("make bench builds %s/target/jib-image.tar, and it is missing".formatted(service));
		}
		List<Layer> layers = new ArrayList<>();
		ENTRY.matcher(Programs.output("tar", "--list", "--verbose", "--file", tar.toString()))
			.results()
			.forEach((entry) -> layers
				.add(new Layer(content(files(tar, entry.group(2))), Long.parseLong(entry.group(1)))));
		if (layers.stream().noneMatch((layer) -> layer.content().equals(Layer.CODE))) {
			throw new BenchException("%s has no layer with %s".formatted(tar, Layer.CODE));
		}
		return new ServiceImage(service, layers);
	}

	private static List<String> files(Path tar, String layer) {
		// Messages about unknown headers go to the other output.
		return Programs
			.output("sh", "-c", "tar --extract --to-stdout --file \"$0\" \"$1\" | tar --list --gzip 2>/dev/null",
					tar.toString(), layer)
			.lines()
			.filter((name) -> !name.endsWith("/"))
			.toList();
	}

	private static String content(List<String> files) {
		String first = files.isEmpty() ? "" : files.get(0);
		if (first.startsWith("app/classpath/") || first.startsWith("app/classes/")) {
			return Layer.CODE;
		}
		if (first.startsWith("app/libs/")) {
			return "dependencies";
		}
		return first.startsWith("app/jib-") ? "names of the jars and of the main class" : String.join(", ", files);
	}

	long bytes() {
		return this.layers.stream().mapToLong(Layer::bytes).sum();
	}

	/** What a node pulls after a change of the service's own code. */
	long codeBytes() {
		return this.layers.stream().filter((layer) -> layer.content.equals(Layer.CODE)).mapToLong(Layer::bytes).sum();
	}

	/**
	 * A layer.
	 *
	 * @param bytes compressed, as a node pulls it
	 */
	record Layer(String content, long bytes) {

		private static final String CODE = "the service's own code";

	}

}
