package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the scripts on this machine, next to a fake {@code docker}. */
@EnabledOnOs(OS.LINUX)
class ScriptTests {

	@TempDir
	private Path directory = Path.of("");

	@Test
	@Tag("slow") // It waits for a limit of 10 s.
	void aHungEngineCostsOnlyItsOwnFacts() throws Exception {
		docker("exec sleep 60");
		PiFacts facts = facts(run(Script.FACTS));
		assertThat(facts.docker().info()).isEqualTo(Fact.unknown("the engine did not answer within 10 s"));
		assertThat(facts.machine().memory()).isInstanceOf(Fact.Known.class);
	}

	@Test
	void anEngineThatIsOffIsNotAnEmptyAnswer() throws Exception {
		docker("echo /var/lib/docker; echo docker_info={}; echo 'Cannot connect to the Docker daemon' >&2; exit 1");
		assertThat(facts(run(Script.FACTS)).docker().info())
			.isEqualTo(Fact.unknown("the engine does not answer: Cannot connect to the Docker daemon"));
	}

	@Test
	void readsTheCertificateBelowTheDataRoot() throws Exception {
		Path certificates = Files.createDirectories(this.directory.resolve("ssd/swarm/certificates"));
		Files.writeString(certificates.resolve("swarm-node.crt"),
				"-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nCCCC\n-----END CERTIFICATE-----\n");
		docker("echo " + this.directory + "/ssd; echo 'docker_info={}'");
		assertThat(run(Script.FACTS)).contains("certificate=AAAABBBB\n", "docker_info={}\n", "\nend=yes\n");
	}

	@Test
	void readsAWholeSwarm() throws Exception {
		docker("""
				case "$*" in
				  'node ls --quiet') echo n1 ;;
				  'service ls --quiet') ;;
				  'inspect --type node --format node {{json .}} n1') echo 'node {}' ;;
				  *) exit 9 ;;
				esac""");
		assertThat(run(Script.SWARM_STATE)).isEqualTo("node {}\nread node\nread service\nread task\n");
	}

	@Test
	void asksAgainWhileNodesAreRemoved() throws Exception {
		docker("""
				case "$*" in
				  *ls*) echo "n$(cat "$0.asked" 2>/dev/null | wc -l)" ;;
				  *' n0' | *' n1') echo asked >>"$0.asked"; echo 'Error: No such node' >&2; exit 1 ;;
				  *) echo "$3 {}" ;;
				esac""");
		assertThat(run(Script.SWARM_STATE)).startsWith("node {}\nread node\n");
	}

	@Test
	void aQuestionThatFailsHasAReason() throws Exception {
		docker("""
				case "$1" in
				  node) echo 'Error: the swarm does not have a leader' >&2; exit 1 ;;
				esac""");
		SwarmState state = SwarmState.parse("pi1", Fact.known(run(Script.SWARM_STATE)));
		assertThat(state.nodes()).isEqualTo(Fact.unknown("pi1: Error: the swarm does not have a leader"));
		assertThat(state.services()).isInstanceOf(Fact.Unknown.class);
		assertThat(state.tasks()).isInstanceOf(Fact.Unknown.class);
	}

	@Test
	void changesANodeAgainIfTheSwarmChangedItMeanwhile() throws Exception {
		docker("echo \"$*\" >>\"$0.asked\"; [ \"$(wc -l <\"$0.asked\")\" = 2 ] || { echo 'Error: update out of sequence'; exit 1; }");
		assertThat(setAvailability()).isEqualTo(new Reply(0, "", ""));
		assertThat(this.directory.resolve("docker.asked"))
			.hasContent("node update --availability drain n3\nnode update --availability drain n3");
	}

	@Test
	void changesANodeForALimitedTime() throws Exception {
		docker("echo >>\"$0.asked\"; echo 'Error: update out of sequence'; exit 1");
		// Each time it is asked, 20 s later.
		program("date", "echo >>\"$0.asked\"; echo $(($(wc -l <\"$0.asked\") * 20))");
		assertThat(setAvailability()).isEqualTo(new Reply(1, "", "Error: update out of sequence\n"));
		assertThat(Files.readAllLines(this.directory.resolve("docker.asked"))).hasSize(2);
	}

	@Test
	void aChangeWithoutAnAnswerIsNeitherMadeNorRefused() throws Exception {
		program("timeout", "exit 137");
		assertThat(setAvailability()).isEqualTo(new Reply(124, "", "docker did not answer within 25 s\n"));
	}

	private Reply setAvailability() {
		return call(Script.NODE_UPDATE.with("n3", "--availability", "drain")).fold((reply) -> reply, (reason) -> {
			throw new AssertionError(reason);
		});
	}

	/**
	 * A service of 3 replicas; the file {@code scaled} has all numbers that were set.
	 */
	private void service(String afterScaling) throws IOException {
		Files.writeString(this.directory.resolve("number"), "3\n");
		docker("""
				cd "${0%/*}"
				case "$*" in
				  'service inspect '*' s') cat number ;;
				  'service scale --detach s='*)
				    echo "${4#*=}" | tee number >>scaled
				    AFTER ;;
				  *) exit 9 ;;
				esac""".replace("AFTER", afterScaling));
	}

	@Test
	void setsTheNumberOfReplicasBackWhenTheConnectionEnds() throws Exception {
		service("");
		assertThat(run("set -- s 3\n" + Script.EXTRA_REPLICA.text())).isEqualTo("up\nback\n");
		assertThat(this.directory.resolve("scaled")).hasContent("4\n3");
	}

	@Test
	void changesNothingIfTheNumberIsAnotherOne() throws Exception {
		service("");
		assertThat(run("set -- s 2\n" + Script.EXTRA_REPLICA.text())).isEqualTo("changed 3\n");
		assertThat(this.directory.resolve("scaled")).doesNotExist();
	}

	@Test
	void leavesANumberThatAnotherCommandHasSet() throws Exception {
		service("echo 7 >number");
		assertThat(run("set -- s 3\n" + Script.EXTRA_REPLICA.text())).isEqualTo("up\nchanged 7\n");
		assertThat(this.directory.resolve("scaled")).hasContent("4");
	}

	@Test
	void setsTheNumberBackThoughDockerDidNotConfirmIt() throws Exception {
		service("echo 'Error: context deadline exceeded' >&2; exit 1");
		assertThat(run("set -- s 3\n" + Script.EXTRA_REPLICA.text())).isEqualTo("up\nback\n");
		assertThat(this.directory.resolve("scaled")).hasContent("4\n3");
	}

	@Test
	void saysWhyDockerRefusesAnotherReplica() throws Exception {
		service("echo 3 >number; echo 'Error: update out of sequence' >&2; exit 1");
		assertThat(run("set -- s 3\n" + Script.EXTRA_REPLICA.text()))
			.isEqualTo("failed Error: update out of sequence\n");
		assertThat(this.directory.resolve("number")).hasContent("3");
	}

	@Test
	void keepsStackFilesOnlyWhileSomebodyWaits() throws Exception {
		Call call = start(here(Script.STAGE.text()));
		while (call.isRunning() && !call.outSoFar().endsWith("\n")) {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		Path root = Path.of(call.outSoFar().strip());
		String place = root.resolve("1/2/3/4/files").toString();
		assertThat(run(Script.STAGE_FILE.with(place, "a/b's file", "aGVsbG8="))).isEmpty();
		assertThat(call(Script.STAGE_FILE.with(place, "-x/file", "aGVsbG8=")))
			.isEqualTo(Fact.known(new Reply(0, "", "")));
		assertThat(Path.of(place, "a/b's file")).hasContent("hello");
		call.await(Duration.ofSeconds(10));
		assertThat(root).doesNotExist();
	}

	@Test
	void stackFilesGetTheValuesOfTheirVariables() throws Exception {
		docker("pwd; printf '%s\n' \"$*\" \"$WORD\" \"$PATH\"");
		String place = this.directory.toString();
		assertThat(run(Script.STACK_CONFIG.with(place, "2", "PATH=/nowhere", "WORD=it's \"$5\"\n`x`")))
			.isEqualTo(place + "\nstack config --compose-file=.swarm-1.yml --compose-file=.swarm-2.yml\n"
					+ "it's \"$5\"\n`x`\n/nowhere\n");
	}

	@Test
	void aVariableOfAStackFileCanHaveEachName() throws Exception {
		docker("echo \"$*\"; echo \"$count $i $docker $timeout $file\"");
		assertThat(run(Script.STACK_CONFIG.with(this.directory.toString(), "1", "count=7", "docker=/bin/echo", "file=f",
				"i=9", "timeout=/bin/false")))
			.isEqualTo("stack config --compose-file=.swarm-1.yml\n7 9 /bin/echo /bin/false f\n");
	}

	@Test
	void aStackFileGetsNoVariablesOfRoot() throws Exception {
		docker("env | grep -E '^(LOGIN|HOME|LC_ALL|SSH_CONNECTION|WORD)='");
		String place = this.directory.toString();
		assertThat(run(Script.STACK_CONFIG.with(place, "1", "WORD=hello"))).isEqualTo("WORD=hello\n");
		docker("env | grep -E '^(LOGIN|LC_ALL|SSH_CONNECTION)=' >\"$0.asked\"");
		call(here(Script.STACK_DEPLOY.with(place, ".file", "numbers")));
		assertThat(this.directory.resolve("docker.asked")).isEmptyFile();
	}

	@Test
	void aReleaseThatWasBegunKeepsTheLockAndItsFiles() throws Exception {
		// It outlives its command: it ends when the test says so.
		docker("touch \"$0.begun\"; while [ ! -e \"$0.end\" ]; do sleep 0.1; done; cat \"$5\" >\"$0.asked\"");
		Call stage = start(here(Script.STAGE.text()));
		while (stage.isRunning() && !stage.outSoFar().endsWith("\n")) {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		Path root = Path.of(stage.outSoFar().strip());
		Path place = root.resolve("1/2/3/4/files");
		Files.writeString(place.resolve("file"), "hello");
		Call release = start(here(Script.STACK_DEPLOY.with(place.toString(), "file", "numbers")));
		while (release.isRunning() && !Files.exists(this.directory.resolve("docker.begun"))) {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		stage.endInput();
		assertThat(call(here(Script.LOCK.text()))).isEqualTo(Fact.known(new Reply(1, "taken\n", "")));
		assertThat(call(here(Script.STACK_DEPLOY.with(place.toString(), "file", "numbers"))).map(Reply::err))
			.isEqualTo(Fact.known("another command hands over a release at the moment: wait until it ends\n"));
		assertThat(root).exists();
		Files.createFile(this.directory.resolve("docker.end"));
		assertThat(release.await(Duration.ofSeconds(10))).isEqualTo(Fact.known(new Reply(0, "", "")));
		assertThat(this.directory.resolve("docker.asked")).hasContent("hello");
		stage.await(Duration.ofSeconds(10));
		assertThat(root).doesNotExist();
		assertThat(run(here(Script.LOCK.text()))).isEqualTo("mine\n");
	}

	@Test
	void aReleaseIsHandedOverAlsoIfTheConnectionBreaks() throws Exception {
		docker("script=$(cut -d ' ' -f 4 /proc/$PPID/stat); kill -HUP $script; kill -PIPE $script; printf '%s' \"$*\" >\"$0.asked\"; echo refused; exit 3");
		String script = here(Script.STACK_DEPLOY.with(this.directory.toString(), ".file", "numbers", "--prune"));
		assertThat(call(script)).isEqualTo(Fact.known(new Reply(3, "", "refused\n")));
		assertThat(this.directory.resolve("docker.asked"))
			.hasContent("stack deploy --detach=true --prune --compose-file .file numbers");
		program("timeout", "exit 137");
		assertThat(call(script)).isEqualTo(Fact.known(new Reply(124, "", "docker did not answer within 150 s\n")));
	}

	@Test
	void pullsOnlyWhatIsMissing() throws Exception {
		docker("""
				echo "$*" >>"$0.asked"
				case "$*" in
				  'image inspect has:1') ;;
				  'image inspect '* | 'pull bad'*) echo wrong >&2; exit 1 ;;
				esac""");
		assertThat(run(Script.PULL.with("from/has@sha256:1", "has:1", "from/new@sha256:2", "new:2")))
			.isEqualTo("brought new:2\n");
		assertThat(this.directory.resolve("docker.asked")).hasContent("image inspect has:1\nimage inspect new:2\n"
				+ "pull from/new@sha256:2\ntag from/new@sha256:2 new:2\nrmi from/new@sha256:2");
		assertThat(call(Script.PULL.with("bad@sha256:1", "bad:1", "from/new@sha256:2", "new:2")))
			.isEqualTo(Fact.known(new Reply(1, "", "wrong\n")));
	}

	@Test
	void removesOnlyImagesThatNoServiceUses() throws Exception {
		docker("""
				echo "$*" >>"$0.asked"
				case "$*" in *' kit/web') printf '%s\n' new latest used old '<none>' ;; esac""");
		run(Script.KEEP_IMAGES.with("kit/web", "new", "used"));
		assertThat(this.directory.resolve("docker.asked")).hasContent(
				"tag kit/web:new kit/web:latest\nimages --format {{.Tag}} kit/web\nrmi kit/web:old\nrmi kit/web:<none>\n"
						+ "images --format {{.Repository}}@{{.Digest}} 127.0.0.1:*/web");
		Files.delete(this.directory.resolve("docker.asked"));
		run(Script.KEEP_IMAGES.with("kit/web", "new"));
		assertThat(this.directory.resolve("docker.asked")).hasContent("tag kit/web:new kit/web:latest");
	}

	@Test
	void removesWhatAPullThatBrokeOffHasLeft() throws Exception {
		docker("""
				echo "$*" >>"$0.asked"
				case "$*" in *'127.0.0.1:*/web') echo 127.0.0.1:20001/web@sha256:1 ;; esac""");
		run(Script.KEEP_IMAGES.with("kit/web", "new", "new"));
		assertThat(this.directory.resolve("docker.asked")).content().endsWith("\nrmi 127.0.0.1:20001/web@sha256:1\n");
	}

	@Test
	void anEngineThatHangsEndsAPull() throws Exception {
		docker("case $1 in image) exit 1 ;; esac");
		program("timeout", "case $* in *' pull '*) exit 124 ;; *) shift 3; exec \"$@\" ;; esac");
		assertThat(call(Script.PULL.with("from/new@sha256:2", "new:2"))).isEqualTo(Fact.known(new Reply(124, "", "")));
	}

	private void docker(String lines) throws IOException {
		program("dockerd", "");
		program("dpkg", "");
		program("docker", lines);
	}

	private void program(String name, String lines) throws IOException {
		Path program = Files.writeString(this.directory.resolve(name), "#!/bin/sh\n" + lines + "\n");
		assertThat(program.toFile().setExecutable(true)).isTrue();
	}

	private String run(Script script) {
		return run(script.text());
	}

	private String run(String script) {
		return call(script).fold(Reply::out, (reason) -> reason);
	}

	private Fact<Reply> call(String script) {
		return start(script).await(Duration.ofSeconds(50));
	}

	/**
	 * A script with a place for its files other than /run, which only root may change.
	 */
	private String here(String script) {
		return script.replace("/run/", this.directory + "/");
	}

	private Call start(String script) {
		List<String> command = List.of("env", "LC_ALL=C", "PATH=" + this.directory + ":" + System.getenv("PATH"),
				"SSH_CONNECTION=127.0.0.1 1 127.0.0.1 22", "LOGIN=root", "sh", "-s");
		return new Call(command, this.directory, script);
	}

	private static PiFacts facts(String answer) {
		return PiFacts.parse(answer, 0, 0).fold((known) -> known, (reason) -> {
			throw new AssertionError(reason);
		});
	}

}
