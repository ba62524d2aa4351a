package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the scripts of {@code swarm up} on this machine, next to fake programs. */
@EnabledOnOs(OS.LINUX)
class UpScriptTests {

	private final Path directory;

	UpScriptTests(@TempDir Path directory) {
		this.directory = directory;
	}

	private void program(String name, String lines) throws IOException {
		Path program = Files.writeString(this.directory.resolve(name), "#!/bin/sh\ncd \"${0%/*}\"\n" + lines + "\n");
		assertThat(program.toFile().setExecutable(true)).isTrue();
	}

	private Reply run(String script) {
		List<String> command = List.of("env", "LC_ALL=C", "PATH=" + this.directory + ":" + System.getenv("PATH"),
				"LOGIN=pi", "sh", "-s");
		return new Call(command, this.directory, script).await(Duration.ofSeconds(30))
			.fold((reply) -> reply, (reason) -> {
				throw new AssertionError(reason);
			});
	}

	@Test
	void aNodeTakesTasksAgainWhenTheConnectionEnds() throws Exception {
		program("docker", "echo \"$*\" >>calls");
		assertThat(run(Script.DRAINED.with("n3"))).isEqualTo(new Reply(0, "drained\nactive\n", ""));
		assertThat(this.directory.resolve("calls"))
			.hasContent("node update --availability drain n3\nnode update --availability active n3");
	}

	@Test
	void triesAgainWhileThereIsNoLeader() throws Exception {
		program("docker",
				"echo \"$*\" >>calls; [ \"$(wc -l <calls)\" != 2 ] || { echo 'Error: no leader' >&2; exit 1; }");
		assertThat(run(Script.DRAINED.with("n3")).out()).isEqualTo("drained\nactive\n");
		assertThat(Files.readAllLines(this.directory.resolve("calls"))).hasSize(3);
	}

	@Test
	void joinTokensAreReplacedWhenTheConnectionEnds() throws Exception {
		program("docker", "echo \"$*\" >>calls; echo 'WARNING: no' >&2; echo \"token $*\" | tr ' ' -");
		assertThat(run(Script.JOIN_TOKENS.text())).isEqualTo(new Reply(0,
				"worker token-swarm-join-token---quiet-worker\nmanager token-swarm-join-token---quiet-manager\nreplaced\n",
				""));
		assertThat(this.directory.resolve("calls")).hasContent("""
				swarm join-token --quiet worker
				swarm join-token --quiet manager
				swarm join-token --quiet --rotate worker
				swarm join-token --quiet --rotate manager""");
	}

	@Test
	void joinTokensThatCouldNotBeReadAreNotReplaced() throws Exception {
		program("docker", "echo \"$*\" >>calls; echo 'Error: no leader' >&2; exit 1");
		assertThat(run(Script.JOIN_TOKENS.text()).out()).isEqualTo("failed Error: no leader\n");
		assertThat(this.directory.resolve("calls")).content().doesNotContain("rotate");
	}

	@Test
	void waitsForAPiThatJoinsInTheBackground() throws Exception {
		program("curl", "echo '{\"message\":\"Timeout was reached before node joined.\"}'; exit 22");
		program("docker",
				"echo \"$*\" >>calls; if [ \"$(wc -l <calls)\" = 1 ]; then echo pending; else echo active; fi");
		assertThat(run(Script.JOIN_SWARM.with("10.0.0.2", "10.0.0.1", "SWMTKN-1-a-b"))).isEqualTo(new Reply(0, "", ""));
		assertThat(this.directory.resolve("calls")).content().doesNotContain("leave");
	}

	@Test
	void aPiThatCannotJoinIsNotLeftHalfInASwarm() throws Exception {
		program("curl", "echo '{\"message\":\"no route to 10.0.0.1\"}'; exit 22");
		program("docker", "echo \"$*\" >>calls; echo error");
		assertThat(run(Script.JOIN_SWARM.with("10.0.0.2", "10.0.0.1", "SWMTKN-1-a-b")))
			.isEqualTo(new Reply(1, "", "no route to 10.0.0.1\n"));
		assertThat(this.directory.resolve("calls")).content().contains("swarm leave --force");
	}

	@Test
	void anInstallationWaitsForAnotherOne() throws Exception {
		program("dpkg", "echo x >>dpkg.calls; [ \"$(wc -l <dpkg.calls)\" != 1 ] || { "
				+ "echo 'dpkg: error: dpkg frontend lock was locked by another process with pid 7' >&2; exit 2; }");
		program("apt-cache", "echo '  Candidate: 26.1.5'");
		program("apt-get", "echo \"$*\" >>calls");
		program("systemctl", "");
		program("docker", "");
		assertThat(run(installation())).isEqualTo(new Reply(0, "", ""));
		assertThat(this.directory.resolve("calls")).content().contains("install docker.io");
	}

	@Test
	void namesWhatAnInstallationFailedIn() throws Exception {
		program("dpkg", "echo 'dpkg: error: broken' >&2; exit 2");
		assertThat(run(installation()).err()).startsWith("the installation failed: dpkg: error: broken (see ");
	}

	/** With its files in the directory of the test. */
	private String installation() {
		return Script.INSTALL_DOCKER.with("25")
			.replace("/var/log/swarm-apt.log", this.directory.resolve("apt.log").toString())
			.replace("/run/swarm-install.lock", this.directory.resolve("lock").toString());
	}

	@Test
	void passesTheJoinTokenOnNoCommandLine() throws Exception {
		program("curl", "echo \"$*\" >arguments; cat >data");
		assertThat(run(Script.JOIN_SWARM.with("10.0.0.2", "10.0.0.1", "SWMTKN-1-a-b")).exit()).isZero();
		assertThat(this.directory.resolve("arguments")).content().doesNotContain("SWMTKN");
		assertThat(this.directory.resolve("data")).hasContent(
				"{\"ListenAddr\": \"0.0.0.0:2377\", \"AdvertiseAddr\": \"10.0.0.2\", \"RemoteAddrs\": [\"10.0.0.1:2377\"], \"JoinToken\": \"SWMTKN-1-a-b\"}");
	}

	@Test
	void saysWhyAPiCouldNotJoin() throws Exception {
		program("curl",
				"echo '{\"message\":\"invalid join token\"}'; echo 'curl: (22) The requested URL returned error: 400' >&2; exit 22");
		program("docker", "echo inactive");
		assertThat(run(Script.JOIN_SWARM.with("10.0.0.2", "10.0.0.1", "SWMTKN-1-a-b")))
			.isEqualTo(new Reply(1, "", "invalid join token\n"));
	}

	@Test
	void ufwRulesThatAreMissingAreOpened() throws Exception {
		program("ufw", "echo \"$*\" >>calls; [ \"$1\" != status ] || echo '7946/tcp  ALLOW  10.0.0.1'");
		String[] rules = { "ufw", "7946/tcp,10.0.0.1", "4789/udp,10.0.0.1", "4789/udp,10.0.0.11" };
		assertThat(run(Script.FIREWALL.with("missing", rules[0], rules[1], rules[2], rules[3])))
			.isEqualTo(new Reply(0, "4789/udp,10.0.0.1\n4789/udp,10.0.0.11\n", ""));
		assertThat(run(Script.FIREWALL.with("open", "ufw", "4789/udp,10.0.0.1")).exit()).isZero();
		assertThat(this.directory.resolve("calls")).content()
			.contains("allow proto udp from 10.0.0.1 to any port 4789");
	}

	@Test
	void aFirewallThatDoesNotAnswerIsNotOneWithoutRules() throws Exception {
		program("ufw", "exit 1");
		Reply ufw = run(Script.FIREWALL.with("missing", "ufw", "4789/udp,10.0.0.1"));
		assertThat(ufw.exit()).isEqualTo(1);
		assertThat(ufw.out()).isEmpty();
		program("firewall-cmd", "exit 252");
		assertThat(run(Script.FIREWALL.with("missing", "firewalld", "4789/udp,10.0.0.1")).err())
			.isEqualTo("firewall-cmd did not say whether 4789/udp,10.0.0.1 is open\n");
	}

	@Test
	void firewalldGetsARuleForNowAndForLater() throws Exception {
		program("firewall-cmd", "echo \"$*\" >>calls; case $* in *query*) exit 1 ;; esac");
		assertThat(run(Script.FIREWALL.with("open", "firewalld", "4789/udp,10.0.0.1")).exit()).isZero();
		assertThat(Files.readAllLines(this.directory.resolve("calls"))).hasSize(3)
			.contains(
					"--quiet --permanent --add-rich-rule=rule family=ipv4 source address=10.0.0.1 port port=4789 protocol=udp accept");
	}

	@Test
	void anInstallationThatAptHasNotFinishedIsNone() throws Exception {
		program("docker", "exit 1");
		program("dockerd", "");
		program("dpkg", "[ \"$1\" != --audit ] || echo 'docker.io is not configured'");
		program("apt-cache", "echo '  Candidate: 26.1.5'");
		assertThat(run(Script.FACTS.text()).out()).contains("docker_candidate=26.1.5\n")
			.doesNotContain("docker_silent");
	}

	@Test
	void keepsTheLineOfTheKernelAndAddsToIt() throws Exception {
		Path file = Files.writeString(this.directory.resolve("cmdline.txt"), "console=tty1 rootwait \r\n");
		String script = Script.MEMORY_LIMITS.text().replace("/boot/cmdline.txt", file.toString());
		assertThat(run(script).exit()).isZero();
		assertThat(run(script).exit()).isZero();
		assertThat(file).hasContent("console=tty1 rootwait cgroup_enable=memory cgroup_memory=1");
		assertThat(this.directory.resolve("cmdline.txt.before-swarm")).hasContent("console=tty1 rootwait \r\n");
	}

}
