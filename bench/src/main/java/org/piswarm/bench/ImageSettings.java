package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How the image starts a service, read from pom.xml and the script that is its entry
 * point, so that a change of the image is measured without a change here.
 *
 * @param flags the JVM's, with those that the script adds
 */
record ImageSettings(List<String> flags) {

	private static final Pattern ENTRYPOINT = Pattern.compile("(?s)<entrypoint>(.*?)</entrypoint>");

	private static final Pattern FLAG = Pattern.compile("<arg>(-.+?)</arg>");

	/** Ends the flags in the entry point. */
	private static final String ARGUMENTS = "--";

	private static final Pattern OF_THE_SCRIPT = Pattern.compile("(?m)^flags=\\((-[^\"]*) \"\\$\\{flags");

	private static final Pattern ELEMENT = Pattern.compile("<([A-Za-z_.-]+)>([^<]*)</\\1>");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)}");

	static ImageSettings of(Path project, String module) throws IOException {
		String pom = withoutComments(project.resolve("pom.xml"));
		String own = withoutComments(project.resolve(module).resolve("pom.xml"));
		Map<String, String> properties = properties(pom);
		properties.putAll(properties(own));
		// make bench builds with the profile "image", make test does not.
		properties.put("image.aot", System.getProperty("image.aot", "false"));
		List<String> flags = new ArrayList<>(ofTheScript(project));
		int before = flags.size();
		ENTRYPOINT.matcher(pom)
			.results()
			.flatMap((entrypoint) -> FLAG.matcher(entrypoint.group(1)).results())
			.map((flag) -> flag.group(1))
			.filter((flag) -> !flag.equals(ARGUMENTS))
			.forEach((flag) -> flags.add(filled(flag, properties)));
		if (flags.size() == before) {
			throw new BenchException(
					"pom.xml has no <entrypoint> with flags of the JVM: without them, there is no producer as in the image");
		}
		// Where the image has what Maven has put into the module's target directory.
		String natives = project.resolve(module).resolve("target/natives").toString();
		return new ImageSettings(flags.stream().map((flag) -> flag.replace("/app/natives", natives)).toList());
	}

	private static List<String> ofTheScript(Path project) throws IOException {
		Path script = project.resolve("scripts/image/app/start");
		Matcher flags = OF_THE_SCRIPT.matcher(Files.readString(script));
		if (!flags.find()) {
			throw new BenchException(script + " adds no flags of the JVM: change how they are read here");
		}
		return List.of(flags.group(1).split(" "));
	}

	private static String withoutComments(Path pom) throws IOException {
		return Files.readString(pom).replaceAll("(?s)<!--.*?-->", "");
	}

	private static Map<String, String> properties(String pom) {
		Map<String, String> properties = new LinkedHashMap<>();
		Stream.of(pom.split("(?s)<properties>|</properties>"))
			.skip(1)
			.limit(1)
			.flatMap((text) -> ELEMENT.matcher(text).results())
			.forEach((property) -> properties.put(property.group(1), property.group(2)));
		return properties;
	}

	private static String filled(String text, Map<String, String> properties) {
		return PLACEHOLDER.matcher(text)
			.replaceAll((match) -> Matcher.quoteReplacement(properties.getOrDefault(match.group(1), match.group())));
	}

}
