package org.piswarm.swarm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.state;
import static org.piswarm.swarm.ScriptedPis.task;

/** {@code swarm deploy}, from its arguments to its output and exit code. */
@Tag("slow") // Each test starts the command; CheckTests do so on each JDK.
class DeployTests {

	private static final String OWN = "localhost/built-by-make-images/";

	private static final String FILE = """
			services:
			  producer:
			    image: localhost/built-by-make-images/producer:latest
			    environment: {WORD: pa$word}
			  web:
			    image: nginx:1
			configs:
			  motd:
			    file: /run/swarm-files.abc/1/2/3/4/files/motd
			""";

	private static final String ONE = "\"Replicated\":{\"Replicas\":1}";

	@TempDir
	private Path directory = Path.of("");

	@SuppressWarnings("NullAway.Init")
	private ScriptedPis pis;

	@SuppressWarnings("NullAway.Init")
	private ScriptedKit kit;

	@BeforeEach
	void healthySwarm() throws Exception {
		this.pis = ScriptedPis.healthy(this.directory);
		this.kit = new ScriptedKit(this.directory, "producer", "consumer", "greeter");
		this.pis.pi(1).reads(FILE).knows(state(node(1), node(2), node(3))).knowsAfterDeploy(running("", ""));
		Files.writeString(this.directory.resolve("project/motd"), "hello");
	}

	/** A service of the stack "numbers". */
	private static String service(String number, String name, String image, String update) {
		return ScriptedPis
			.service(number, "numbers_" + name, ONE,
					update.isEmpty() ? "" : ",\"UpdateStatus\":{\"State\":\"" + update + "\",\"StartedAt\":\"2026\"}")
			.replace("localhost/kit:1", image)
			.replace("\"Mode\"", "\"Labels\":{\"com.docker.stack.namespace\":\"numbers\"},\"Mode\"");
	}

	/** Both services run. */
	private static String[] running(String producerUpdate, String extra) {
		List<String> lines = new ArrayList<>(List.of(node(1), node(2), node(3),
				service("1", "producer", OWN + "producer:0123456789ab", producerUpdate),
				service("2", "web", "nginx:1", ""), task("1", 1, 1, "running", "running"),
				task("2", 2, 2, "running", "running")));
		if (!extra.isEmpty()) {
			lines.add(extra);
		}
		return state(lines.toArray(String[]::new));
	}

	@Test
	void bringsImagesAndWaitsUntilAllRuns() throws Exception {
		ScriptedPis.Result deploy = this.pis.swarm("deploy").exitsWith(0);
		assertThat(deploy.err()).isEmpty();
		assertThat(deploy.out()).containsSubsequence("building the images for arm64 and amd64",
				"bringing them to 3 nodes", "pi@pi1: has producer:0123456789ab now",
				"pi@pi3: has producer:0123456789ab now", "deploying numbers", "numbers_producer 1/1   numbers_web 1/1",
				"all replicas of numbers run");
		assertThat(this.kit.made()).singleElement()
			.asString()
			.matches("--no-print-directory push REGISTRY=127\\.0\\.0\\.1:2\\d{4} TAG=new SAMPLE=");
		assertThat(this.kit.staged(".swarm-release.json")).contains("\"image\":\"" + OWN + "producer:0123456789ab\"",
				"\"image\":\"nginx:1\"", "\"WORD\":\"pa$$word\"");
		assertThat(this.kit.staged("motd")).isEqualTo("hello");
		List<String> changes = this.pis.changes();
		assertThat(changes).hasSize(7)
			.contains("set -- /run/swarm-files.abc/1/2/3/4/files .swarm-release.json numbers --resolve-image never")
			.contains("set -- " + OWN + "producer 0123456789ab 0123456789ab");
		assertThat(changes.get(0)).matches(
				"set -- 127\\.0\\.0\\.1:2\\d{4}/producer@" + ScriptedKit.DIGEST + " " + OWN + "producer:0123456789ab");
		assertThat(this.kit.leftovers()).isEmpty();
	}

	@Test
	void bringsEachImageOfTheProjectThatTheFileNames() throws Exception {
		this.pis.pi(1).reads("services: {hello: {image: '" + OWN + "greeter'}, other: {image: '" + OWN + "absent:2'}}");
		ScriptedPis.Result deploy = this.pis.with("SWARM_DEPLOY_LIMIT", "0").swarm("deploy").exitsWith(1);
		assertThat(deploy.out()).contains("pi@pi2: has greeter:0123456789ab now", "note: this project builds no image "
				+ OWN + "absent, so none is brought; it builds producer, consumer, greeter");
		assertThat(this.kit.staged(".swarm-release.json")).contains(OWN + "greeter:0123456789ab", OWN + "absent:2");
		assertThat(deploy.err()).contains("numbers_hello: is not complete after 0 s: it does not exist",
				"numbers_other: does not exist");
	}

	/** The nodes pull Redis by themselves, from where a variable of this machine says. */
	@Test
	void bringsTheImagesOfASample() throws Exception {
		this.kit.hasSample("coins", "rng", "hasher");
		Path file = Files.writeString(this.directory.resolve("project/samples/coins/stack.yml"),
				"image: ${REDIS_IMAGE:-redis:7}");
		this.pis.pi(1)
			.reads("services: {rng: {image: '" + OWN + "rng:latest'}, redis: {image: 'mirror.example/redis:7'}}");
		ScriptedPis.Result deploy = this.pis.with("REDIS_IMAGE", "mirror.example/redis:7")
			.with("SAMPLE", "other")
			.with("SWARM_DEPLOY_LIMIT", "0")
			.swarm("deploy", file.toString())
			.exitsWith(1);
		assertThat(deploy.out()).contains("pi@pi2: has rng:0123456789ab now", "deploying coins\n")
			.doesNotContain("has hasher", "has redis");
		assertThat(this.kit.made()).singleElement()
			.asString()
			.matches("--no-print-directory push REGISTRY=127\\.0\\.0\\.1:2\\d{4} TAG=new SAMPLE=coins");
		assertThat(this.pis.sent()).contains(" 1 REDIS_IMAGE=mirror.example/redis:7\n");
		assertThat(this.kit.staged(".swarm-release.json")).contains("\"image\":\"" + OWN + "rng:0123456789ab\"",
				"\"image\":\"mirror.example/redis:7\"");
	}

	@Test
	void takesTheNameOfASampleUnlessThereIsAnother() throws Exception {
		Path samples = this.directory.resolve("project/samples");
		Path own = this.directory.resolve("project/stack.yml");
		Path first = Files.writeString(Files.createDirectories(samples.resolve("coins")).resolve("stack.yml"), "a: 1");
		Path second = Files.writeString(Files.createDirectories(samples.resolve("coins/more")).resolve("m.yml"),
				"b: 1");
		Path other = Files.writeString(Files.createDirectories(samples.resolve("other")).resolve("stack.yml"), "");
		this.pis.pi(1).reads("services: {web: {image: 'nginx:1'}}");
		this.pis.with("SWARM_DEPLOY_LIMIT", "0");
		assertThat(deploys(own)).contains("deploying numbers\n");
		assertThat(deploys(first, second)).contains("deploying coins\n");
		assertThat(deploys(samples.resolve("other/../coins/stack.yml"))).contains("deploying coins\n");
		assertThat(deploys(first, Path.of("--name=mine"))).contains("deploying mine\n");
		for (Path another : List.of(own, other)) {
			assertThat(this.pis.swarm("deploy", first.toString(), another.toString()).exitsWith(2).err()).isEqualTo(
					"swarm: not all of these files are of the same sample: pass --name with the name of the stack "
							+ "(see 'swarm --help')\n");
		}
	}

	/** Which stack it begins to deploy: the fake Swarm does not run it. */
	private String deploys(Path... arguments) throws Exception {
		return this.pis
			.swarm(Stream.concat(Stream.of("deploy"), Stream.of(arguments).map(Path::toString)).toArray(String[]::new))
			.out();
	}

	@Test
	void pushesImagesOfTheProjectAndOfASample() throws Exception {
		this.kit.hasSample("coins", "rng", "hasher");
		this.pis.pi(1)
			.reads("services: {hello: {image: 'registry.example/greeter:1'}, rng: {image: 'registry.example/rng:1'}, "
					+ "redis: {image: 'registry.example/redis:7'}}");
		this.pis.with("REGISTRY", "registry.example")
			.with("TAG", "1")
			.with("SWARM_DEPLOY_LIMIT", "0")
			.swarm("deploy")
			.exitsWith(1);
		assertThat(this.kit.made()).containsExactly("--no-print-directory push REGISTRY=registry.example TAG=1 SAMPLE=",
				"--no-print-directory push REGISTRY=registry.example TAG=1 SAMPLE=coins");
		assertThat(this.kit.staged(".swarm-release.json")).contains("registry.example/greeter:1@" + ScriptedKit.DIGEST,
				"registry.example/rng:1@" + ScriptedKit.DIGEST, "\"image\":\"registry.example/redis:7\"");
	}

	@Test
	void leavesImagesOfOthersToTheNodes() throws Exception {
		this.pis.pi(1)
			.reads("services: {web: {image: 'nginx:1'}}")
			.knowsAfterDeploy(
					state(node(1), node(2), node(3), service("2", "web", "nginx:1", ""), task("2", 2, "running")));
		Path file = Files.writeString(this.directory.resolve("mine.yml"), "services: {}");
		ScriptedPis.Result deploy = this.pis.swarm("deploy", file.toString()).exitsWith(0);
		assertThat(deploy.out()).contains("all replicas of numbers run").doesNotContain("building", "bringing");
		assertThat(this.kit.made()).isEmpty();
		assertThat(this.pis.changes()).hasSize(1);
	}

	@Test
	void pinsWhatItPushesToARegistry() throws Exception {
		this.pis.pi(1).reads(FILE.replace("localhost/built-by-make-images", "registry.example/kit"));
		this.pis.with("REGISTRY", "registry.example/kit").swarm("deploy").exitsWith(0);
		assertThat(this.kit.made())
			.containsExactly("--no-print-directory push REGISTRY=registry.example/kit TAG=latest SAMPLE=");
		assertThat(this.kit.staged(".swarm-release.json"))
			.contains("registry.example/kit/producer:latest@" + ScriptedKit.DIGEST);
		assertThat(this.pis.changes()).singleElement().asString().endsWith(" numbers --with-registry-auth");
	}

	@Test
	void removesServicesOnlyIfThatIsConfirmed() throws Exception {
		this.pis.pi(1).knows(running("", service("3", "old", "kit:1", "")));
		ScriptedPis.Result deploy = this.pis.swarm("deploy").exitsWith(1);
		assertThat(deploy.err()).isEqualTo(
				"swarm: the stack numbers has services that are not in the files and would be removed: numbers_old. "
						+ "Pass --yes to confirm, or --name for another stack\n");
		assertThat(this.kit.made()).isEmpty();
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.pis.swarm("deploy", "--dry-run").exitsWith(0).out()).contains("numbers_old");
		this.pis.swarm("deploy", "--yes").exitsWith(0);
		assertThat(this.pis.changes()).anyMatch((line) -> line.endsWith(" numbers --resolve-image never --prune"));
	}

	@Test
	void removesNothingIfTheServicesAreUnknown() throws Exception {
		this.pis.pi(1).knows(node(1), node(2), node(3), "read node", "failed service no answer within 25 s");
		assertThat(this.pis.swarm("deploy", "--yes").exitsWith(1).err())
			.isEqualTo("swarm: the services are unknown, so they were not changed: pi@pi1: no answer within 25 s\n");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void saysWhichNodesGetNoImages() throws Exception {
		this.pis.pi(2).refuses("ssh: connect to host pi2 port 22: Connection refused");
		this.pis.pi(3).refuses("ssh: connect to host pi3 port 22: No route to host");
		this.pis.pi(1)
			.knows(state(node(1), node(2), node(3, "\"State\":\"down\""), node(4), node(5, "\"State\":\"down\"")));
		assertThat(this.pis.swarm("deploy").exitsWith(0).out()).contains("note: pi@pi2 gets no images: SSH is off",
				"note: pi3 is down, and pi@pi3 does not answer; when it comes back, deploy again, or it lacks the images\n",
				"note: pi4 is a node of the Swarm and not in the list, so it gets no images\n",
				"note: pi5 is down; when it comes back, deploy again, or it lacks the images\n",
				"bringing them to 1 node\n");
	}

	@Test
	void saysThatANodeWhoseIdNoPiReportsGetsNoImages() throws Exception {
		this.pis.pi(2).says(this.pis.pi(3).fact("docker_info"));
		assertThat(this.pis.swarm("deploy").exitsWith(0).out())
			.contains("note: pi2 may be pi@pi2, which reports another ID, so it gets no images\n");
	}

	@Test
	void saysThatAnEngineDoesNotAnswer() throws Exception {
		this.pis.pi(2).doesNotSay("docker_info").says("docker_silent=timeout");
		assertThat(this.pis.swarm("deploy").exitsWith(0).out())
			.contains("note: pi@pi2 gets no images: the engine did not answer within 10 s\n")
			.doesNotContain("another ID", "is not a ready node");
	}

	@Test
	void buildsNothingForNoNode() throws Exception {
		String down = "\"State\":\"down\"";
		this.pis.pi(1).knows(state(node(1, down), node(2, down), node(3, down)));
		assertThat(this.pis.swarm("deploy").exitsWith(1).err()).isEqualTo(
				"swarm: no node can get the images, for the reasons above, so nothing was changed: run 'swarm check'\n");
		assertThat(this.kit.made()).isEmpty();
	}

	@Test
	void removesNoImagesWithoutTheLock() throws Exception {
		this.pis.pi(1).losesTheLockAtTheRelease();
		assertThat(this.pis.swarm("deploy").exitsWith(0).out()).contains("all replicas of numbers run",
				"note: older images were not removed, because a connection to a manager broke: the next deploy removes them");
		assertThat(this.pis.changes()).hasSize(4);
	}

	@Test
	void makesClassCachesAfterTheRelease() throws Exception {
		this.pis.pi(1)
			.reads("services: {producer: {image: '" + OWN + "producer'}, web: {image: '" + OWN + "consumer'}}")
			.answers("train", "made " + OWN + "producer:0123456789ab 97 20",
					"made " + OWN + "consumer:0123456789ab 96 28");
		this.pis.pi(2)
			.answers("train", "none " + OWN + "producer:0123456789ab \u001b[1m12 MiB of the disk are free",
					"none " + OWN + "consumer:0123456789ab \u001b[1m12 MiB of the disk are free");
		ScriptedPis.Result deploy = this.pis.swarm("deploy").exitsWith(0);
		assertThat(deploy.err()).isEmpty();
		assertThat(deploy.out())
			.containsSubsequence("all replicas of numbers run\n", "making the class caches", "pi@pi1: class caches")
			.containsSubsequence("all replicas of numbers run\n", "pi@pi2 has not made")
			.contains(
					" s  pi@pi1: class caches of producer and consumer made in 48 s; they have 97 % and 96 % of the classes\n",
					"note: pi@pi2 has not made class caches of producer and consumer: ?[1m12 MiB of the disk are free. "
							+ "There, a start takes longer; the next deploy tries again\n")
			.doesNotContain("pi@pi3: class cache");
		// Another command can change the Swarm meanwhile.
		List<String> steps = Files.readAllLines(this.directory.resolve("steps"));
		assertThat(steps.subList(steps.size() - 3, steps.size())).containsExactlyInAnyOrder("pi1 train:", "pi2 train:",
				"pi3 train:");
		assertThat(steps).contains("pi1 stack-deploy: (locked)");
	}

	@Test
	void hasNoCachesOfImagesThatItDidNotBring() throws Exception {
		this.pis.pi(1)
			.answers("train", "made " + OWN + "consumer:0123456789ab 97 20", "none kit/other:1 it is \u001b[1mlate",
					"present " + OWN + "producer:0123456789ab");
		String out = this.pis.swarm("deploy").exitsWith(0).out();
		assertThat(out).contains("all replicas of numbers run");
		// A slow machine also says what it waits for.
		assertThat(out.lines().filter((line) -> !line.contains(" s  waiting for ")))
			.filteredOn((line) -> line.contains("class cache"))
			.singleElement()
			.asString()
			.endsWith(" s  making the class caches that are missing, with which containers start sooner; "
					+ "the release runs, and Ctrl-C ends only this");
	}

	@Test
	void doesNotKnowWhatATrainingWithoutAnAnswerHasMade() throws Exception {
		this.pis.pi(3)
			.answers("train", "made somewhere", "made " + OWN + "producer:0123456789ab 97 many",
					"made " + OWN + "producer:0123456789ab 101 20");
		this.pis.pi(2).answers("train").breaksAt("train", 127, "exec: bash: not \u001b[1mfound");
		assertThat(this.pis.swarm("deploy").exitsWith(0).out()).contains(
				"note: pi@pi3: whether it has a class cache of producer is unknown, because it did not say so. "
						+ "Without one, a start takes longer; the next deploy makes what is missing\n",
				"note: pi@pi2: whether it has a class cache of producer is unknown, because it did not say so "
						+ "(exec: bash: not ?[1mfound). Without one, a start takes longer");
	}

	@Test
	void anInterruptedTrainingLeavesTheReleaseAndTheCachesThatAreMade() throws Exception {
		this.pis.pi(1).answers("train", "made " + OWN + "producer:0123456789ab 97 20");
		this.pis.pi(2).hangsIn("train");
		ScriptedPis.Result deploy = this.pis.interrupted(() -> {
		}, "pi@pi1: a class cache of producer made in 20 s; it has 97 % of the classes", "deploy").exitsWith(143);
		assertThat(deploy.err()).isEqualTo(
				"swarm: interrupted; the release runs, and the next deploy makes the class caches that are missing\n");
	}

	@Test
	void saysWhyThereIsNoPlaceForTheStackFiles() throws Exception {
		this.pis.pi(1).breaksAt("stage", 1, "mktemp: No space left on device");
		assertThat(this.pis.swarm("deploy").exitsWith(1).err()).startsWith(
				"swarm: pi@pi1 did not make a directory for the stack files (mktemp: No space left on device), so nothing was changed");
	}

	@Test
	void readsAStackFileFromAPipe() throws Exception {
		this.pis.swarmAtTerminal("services: {}", "deploy", "--dry-run", "/dev/stdin");
		assertThat(this.kit.staged(".swarm-1.yml")).isEqualTo("services: {}");
	}

	@Test
	void talksEnglishWithSsh() throws Exception {
		this.pis.with("LC_ALL", "de_DE.UTF-8").swarm("deploy").exitsWith(0);
		assertThat(Files.readAllLines(this.directory.resolve("languages"))).isNotEmpty().containsOnly("C");
	}

	@Test
	void saysWhyAProgramDoesNotStart() throws Exception {
		Files.writeString(this.directory.resolve("project/scripts/services"), "#!/nowhere/sh\n");
		assertThat(this.pis.swarm("deploy").exitsWith(1).err())
			.startsWith("swarm: " + this.directory.resolve("project/scripts/services") + " does not start: ")
			.contains("No such file or directory")
			.endsWith("; what ran before runs on\n");
		assertThat(this.kit.leftovers()).isEmpty();
	}

	@Test
	void saysWhatRunsAfterARollback() throws Exception {
		String[] before = state(node(1), node(2), node(3), service("1", "producer", "kit:0", ""),
				service("2", "web", "nginx:0", ""));
		String failed = task("1", 9, 1, "failed", "shutdown").replace("\"Status\":{",
				"\"Status\":{\"Err\":\"task: non-zero exit (1)\",");
		String[] after = running("rollback_completed", failed);
		this.pis.pi(1).knows(before).knowsAfterDeploy(after).hasLogged("PRODUCER_PORT=none is not \u001b[1mallowed");
		ScriptedPis.Result deploy = this.pis.swarm("deploy").exitsWith(1);
		assertThat(deploy.err()).isEqualTo(
				"""

						numbers_producer: Swarm rolled the release back; the previous one runs
						  failed: task: non-zero exit (1)
						  the last lines of its log:
						    PRODUCER_PORT=none is not ?[1mallowed

						What runs now:
						  numbers_producer: rolled back to the previous release; 1 of 1 replicas run
						  numbers_web: updated; 1 of 1 replicas run
						swarm: the release of numbers failed: numbers_producer: Swarm rolled the release back; the previous one runs
						""");
		assertThat(this.pis.changes()).noneMatch((line) -> line.startsWith("set -- " + OWN + "producer 0"));
	}

	@Test
	void whatDockerRefusesMayBeDoneInPart() throws Exception {
		this.pis.pi(1)
			.knows(running("", ""))
			.knowsAfterDeploy(running("updating", ""))
			.breaksAt("stack-deploy", 1, "failed to update config motd: only updates to Labels are allowed");
		assertThat(this.pis.swarm("deploy").exitsWith(1).err()).isEqualTo(
				"""
						failed to update config motd: only updates to Labels are allowed
						Swarm cannot change a config or a secret: give it a new name, where it is defined and where it is used (motd-1, motd-2).

						What runs now:
						  numbers_producer: the update is in progress; 1 of 1 replicas run
						  numbers_web: unchanged; 1 of 1 replicas run
						swarm: Docker refused the release of numbers, for the reason above
						""");
	}

	@Test
	void doesNotKnowWhatASilentDockerHasDone() throws Exception {
		this.pis.pi(1).breaksAt("stack-deploy", 124, "docker did not answer within 150 s");
		assertThat(this.pis.swarm("deploy").exitsWith(1).err())
			.isEqualTo("swarm: whether Swarm has accepted the release is unknown: docker did not answer within 150 s. "
					+ "'swarm status' says what runs; run it again\n");
	}

	@Test
	void deploysNothingIfANodeDidNotGetTheImages() throws Exception {
		this.pis.pi(2).breaksAt("pull", 1, "no matching manifest for linux/arm/v7 in the manifest list entries");
		this.pis.pi(3).breaksAt("pull", 1, "write /var/lib/docker/tmp/x: no space left on device");
		ScriptedPis.Result deploy = this.pis.swarm("deploy").exitsWith(1);
		assertThat(deploy.err()).contains("pi@pi2: the image is not made for this Pi's processor",
				"pi@pi3: the disk is full", "swarm: not all nodes have got the images");
		assertThat(Files.readString(this.directory.resolve("steps"))).doesNotContain("stack-deploy");
		assertThat(this.kit.leftovers()).isEmpty();
	}

	@Test
	void deploysNothingIfTheImagesWereNotBuilt() throws Exception {
		this.kit.fails("one\n".repeat(20) + "[ERROR] the base image is not a manifest list\n");
		ScriptedPis.Result deploy = this.pis.swarm("deploy").exitsWith(1);
		assertThat(deploy.err()).hasLineCount(16)
			.contains("[ERROR] the base image is not a manifest list\n"
					+ "swarm: the images were not built, for the reason above; what ran before runs on\n");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.kit.leftovers()).isEmpty();
	}

	@Test
	void doesNotTakeTheImagesOfAnotherBuild() throws Exception {
		Files.writeString(this.directory.resolve("bin/make"), """
				#!/bin/sh
				mkdir -p "$2/producer/target"
				echo '{"image":"other/producer:1","imageDigest":"DIGEST"}' >"$2/producer/target/jib-image.json"
				""".replace("DIGEST", ScriptedKit.DIGEST));
		assertThat(this.pis.swarm("deploy").exitsWith(1).err()).contains("does not name 127.0.0.1:",
				"is another build in progress?");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void changesNothingNextToAnotherCommand() throws Exception {
		this.pis.pi(1).isLocked();
		assertThat(this.pis.swarm("deploy").exitsWith(1).err()).isEqualTo(
				"swarm: another command changes this Swarm at the moment: wait until it ends, then run this one again\n");
		assertThat(this.kit.made()).isEmpty();
	}

	@Test
	void changesNothingWithoutTheLock() throws Exception {
		this.pis.pi(1).losesTheLock();
		assertThat(this.pis.swarm("deploy").exitsWith(1).err()).contains(
				"lost the lock of the Swarm, because a connection to a manager broke, so the services were not changed");
		assertThat(Files.readString(this.directory.resolve("steps"))).doesNotContain("stack-deploy");
	}

	@Test
	void anInterruptedBuildChangesNothing() throws Exception {
		this.kit.hangs();
		ScriptedPis.Result deploy = this.pis.interrupted(() -> {
		}, "building the images", "deploy").exitsWith(143);
		assertThat(deploy.err())
			.isEqualTo("swarm: interrupted; the services were not changed: run it again to finish\n");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.kit.leftovers()).isEmpty();
	}

	@Test
	void anInterruptedReleaseGoesOn() throws Exception {
		this.pis.pi(1).knowsAfterDeploy(running("updating", ""));
		ScriptedPis.Result deploy = this.pis
			.interrupted(() -> this.pis.pi(1).hangs(), "numbers_producer 1/1 (updating)", "deploy")
			.exitsWith(143);
		assertThat(deploy.err()).isEqualTo(
				"swarm: interrupted; Swarm goes on with the release by itself: 'swarm status' shows how it went\n");
	}

	@Test
	void bringsWhatDockerMisses() throws Exception {
		Files.createDirectories(this.directory.resolve("project/kept"));
		Files.writeString(this.directory.resolve("project/kept/variables"), "A=1");
		Files.writeString(this.directory.resolve("project/stack.yml"),
				"image: ${TAG-1}\nenv_file: kept/variables motd");
		this.pis.pi(1)
			.complainsOfStackFiles("open /run/swarm-files.abc/1/2/3/4/files/kept/variables: no such file or directory");
		assertThat(this.pis.with("TAG", "it's $5").swarm("deploy", "--dry-run").exitsWith(0).out()).contains(
				"would bring to pi@pi3: producer",
				"would run on pi@pi1: docker stack deploy --detach=true " + "--resolve-image never -c - numbers");
		assertThat(this.kit.staged("kept/variables")).isEqualTo("A=1");
		assertThat(this.pis.sent()).contains("'TAG=it'\\''s $5'");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.directory.resolve("locks")).doesNotExist();
	}

	@Test
	void aVariableWithoutAValueHasThatOfThisMachine() throws Exception {
		Path file = Files.writeString(this.directory.resolve("mine.yml"),
				"services: {web: {image: 'nginx:1', environment: [API_KEY]}}");
		this.pis.pi(1)
			.reads("services: {web: {image: 'nginx:1', environment: {API_KEY: null, OTHER: null, EMPTY: ''}}}");
		this.pis.with("API_KEY", "open").with("OTHER", "secret").swarm("deploy", "--dry-run", file.toString());
		assertThat(this.pis.sent()).contains(" 1 API_KEY=open\n").doesNotContain("OTHER=");
	}

	@Test
	void namesWhatSwarmRefuses() throws Exception {
		Path file = Files.writeString(this.directory.resolve("compose.yml"),
				"services:\n  web:\n    mem_limit: 1G\n    env_file: ../outside\n");
		this.pis.pi(1).complainsOfStackFiles("Configuration contains forbidden properties");
		assertThat(this.pis.swarm("deploy", file.toString()).exitsWith(1).err())
			.isEqualTo("%1$s: Swarm refuses mem_limit; write deploy: resources: limits:\n".formatted(file) + "swarm: "
					+ file + ": Configuration contains forbidden properties\n");
		this.pis.pi(1).complainsOfStackFiles("open /run/swarm-files.abc/1/2/3/4/outside: no such file or directory");
		assertThat(this.pis.swarm("deploy", file.toString()).exitsWith(1).err())
			.contains("names ../outside, which is not in the directory of this file or below");
		this.pis.pi(1).reads(FILE + "x: [").complainsOfStackFiles("services.web Additional property x is not allowed");
		assertThat(this.pis.swarm("deploy", file.toString()).exitsWith(1).err())
			.contains(": services.web Additional property x is not allowed");
		assertThat(this.pis.swarm("deploy", file.toString()).exitsWith(1).err()).contains(
				"'docker stack config' gave an answer that cannot be used, so nothing was changed: it is not YAML");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void explainsWrongArguments() throws Exception {
		assertThat(this.pis.swarm("deploy", "--name", "My Stack").exitsWith(2).err()).isEqualTo(
				"swarm: 'My Stack' is not a name for a stack: use small letters, digits, - and _, such as numbers "
						+ "(see 'swarm --help')\n");
		assertThat(this.pis.swarm("deploy", "none.yml").exitsWith(1).err())
			.isEqualTo("swarm: cannot read none.yml: pass stack files, or none for the one of this project\n");
		assertThat(this.pis.with("SWARM_DEPLOY_LIMIT", "soon").swarm("deploy").exitsWith(1).err())
			.startsWith("swarm: SWARM_DEPLOY_LIMIT=soon is not allowed");
		assertThat(this.pis.swarm("deploy", "--help").exitsWith(0).out())
			.startsWith("Usage: swarm deploy [STACK.yml...] [--name NAME] [--yes] [--dry-run]");
	}

}
