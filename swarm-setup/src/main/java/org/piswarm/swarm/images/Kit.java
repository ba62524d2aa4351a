package org.piswarm.swarm.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Text;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This project, which builds images.
 *
 * @param root its directory
 * @param ssh starts programs of this machine too
 */
public record Kit(Path root, Ssh ssh) {

	private static final Duration LIST_DEADLINE = Duration.ofSeconds(20);

	/** The first build downloads all libraries. */
	private static final Duration BUILD_DEADLINE = Duration.ofHours(1);

	private static final int LAST_LINES = 15;

	private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

	/** The names of the modules with an image. */
	public List<String> modules() {
		return all().stream().map(KitModule::name).toList();
	}

	/** The project's own services, then those of its samples. */
	private List<KitModule> all() {
		List<KitModule> all = new ArrayList<>(services(".", ""));
		try (Stream<Path> poms = Files.exists(this.root.resolve("samples"))
				? Files.find(this.root.resolve("samples"), 2, (path, is) -> path.endsWith("pom.xml"))
				: Stream.empty()) {
			poms.map((pom) -> String.valueOf(this.root.resolve("samples").relativize(pom).getName(0)))
				.sorted()
				.forEach((sample) -> all.addAll(services("samples/" + sample, sample)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return all;
	}

	private List<KitModule> services(String directory, String sample) {
		Reply reply = run(LIST_DEADLINE, this.root.resolve("scripts/services").toString(), directory);
		if (reply.exit() != 0) {
			throw new Failure("cannot list the modules with an image: " + reply.out().strip());
		}
		return reply.out().lines().map((name) -> new KitModule(name, sample)).toList();
	}

	/**
	 * Builds the images of these modules, and of those that are built together with them,
	 * and pushes them.
	 * @param names the modules whose images are wanted
	 * @return their images, with the digests that Jib has written
	 */
	public List<KitImage> push(String registry, String tag, Collection<String> names) {
		List<KitModule> modules = all().stream().filter((module) -> names.contains(module.name())).toList();
		for (KitModule module : modules) {
			try {
				// An image of an earlier build must not pass for one of this.
				Files.deleteIfExists(written(module));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		modules.stream().map(KitModule::sample).distinct().forEach((sample) -> build(registry, tag, sample));
		return modules.stream()
			.map((module) -> new KitImage(module.name(), digest(module, registry + "/" + module.name() + ":" + tag)))
			.toList();
	}

	/** A SAMPLE of the environment must not lead to another build. */
	private void build(String registry, String tag, String sample) {
		Reply reply = run(BUILD_DEADLINE, "make", "-C", this.root.toString(), "--no-print-directory", "push",
				"REGISTRY=" + registry, "TAG=" + tag, "SAMPLE=" + sample);
		if (reply.exit() != 0) {
			List<String> lines = reply.out().lines().toList();
			lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
				.forEach((line) -> System.err.println(Text.safe(line)));
			throw new Failure("the images were not built, for the reason above; what ran before runs on");
		}
	}

	private String digest(KitModule module, String image) {
		try {
			JsonNode json = new JsonMapper().readTree(Files.readAllBytes(written(module)));
			String digest = json.path("imageDigest").asString("");
			if (json.path("image").asString("").equals(image) && DIGEST.matcher(digest).matches()) {
				return digest;
			}
		}
		catch (IOException | JacksonException ex) {
			// The same as a file with something else in it.
		}
		throw new Failure(written(module) + " does not name " + image
				+ " and its digest: is another build in progress? What ran before runs on; run it again");
	}

	private Path written(KitModule module) {
		return this.root.resolve(module.directory()).resolve("target/jib-image.json");
	}

	private Reply run(Duration deadline, String... command) {
		ProcessBuilder program = new ProcessBuilder(Arrays.asList(command)).redirectErrorStream(true);
		Fact<Reply> reply;
		try {
			reply = this.ssh.await(this.ssh.startLocal(program), deadline);
		}
		catch (UncheckedIOException ex) {
			throw new Failure(command[0] + " does not start: " + ex.getMessage() + "; what ran before runs on");
		}
		return reply.fold((known) -> known, (reason) -> {
			throw new Failure(command[0] + ": " + reason + "; what ran before runs on");
		});
	}

}
