package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * From bare Pis to a Swarm and back, with the bad days on the way. One story: each test
 * begins with what the one before has left.
 */
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(KeptLogs.class)
class SwarmSetupTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Map<String, String> BASE = Map.of("BASE_IMAGE", Settings.BASE_IMAGE);

	private static final Pi PI2 = new Pi(2);

	private static final Pi PI3 = new Pi(3);

	@BeforeAll
	static void bareNodes() {
		Pi.upAllBare();
	}

	@Test
	@Order(1)
	void saysWhyAPiCannotBeReached() throws IOException {
		String config = Files.readString(swarm.sshConfig());
		List<String> keys = Files.readAllLines(Settings.NODES.resolve("known_hosts"));
		// pi1 is a stranger, and pi3 has another key than it had.
		String known = keys.get(1) + "\n" + keys.get(0).replaceFirst("pi1", "pi3") + "\n" + keys.get(3) + "\n";
		Path knownHosts = Files.writeString(Settings.TARGET.resolve("known_hosts").toAbsolutePath(), known);
		SwarmSetup misled = new SwarmSetup("pi@pi1,stranger@pi2,pi@pi3,pi@pi4", swarm.sshConfig()).withSshConfig(
				"ssh_misled", config.replaceAll("UserKnownHostsFile .*", "UserKnownHostsFile " + knownHosts));
		Command.Result check = misled.run("check");
		assertThat(check.exitCode()).isEqualTo(1);
		assertThat(paragraph(check, "pi@pi1")).contains("the host key is not known yet", "--accept-new");
		assertThat(paragraph(check, "stranger@pi2")).contains("the key is refused", "ssh-copy-id stranger@pi2");
		assertThat(paragraph(check, "pi@pi3")).contains("the host key has changed", "ssh-keygen -R pi3");
		assertThat(paragraph(check, "pi@pi4")).contains("does not answer: is it on");

		// Who is new is taken if that is said; who has changed is not.
		check = misled.run("check", "--accept-new");
		assertThat(paragraph(check, "pi@pi1")).contains("accepts the key");
		assertThat(paragraph(check, "pi@pi3")).contains("the host key has changed");
	}

	@Test
	@Order(2)
	void refusesPisThatAreNotFitAndChangesNothing() {
		Pi.MANAGER.run("date --set '630 seconds ago'");
		Pi.MANAGER
			.run("fallocate --length $(($(df --block-size=1 --output=avail /var | tail -n 1) - 1500000000)) /var/big");
		PI2.run("printf '#!/bin/sh\\necho armhf\\n' >/usr/local/bin/dpkg && chmod +x /usr/local/bin/dpkg");
		PI3.run("useradd --create-home --shell /bin/sh asks && cp -r /home/pi/.ssh /home/asks/ 2>/dev/null || true");
		try {
			SwarmSetup all = new SwarmSetup("pi@pi1,pi@pi2,asks@pi3", swarm.sshConfig());
			Command.Result up = all.run("up");
			assertThat(up.exitCode()).isEqualTo(1);
			assertThat(up.output()).contains("pi@pi1: clock: 10 min behind")
				.containsPattern("pi@pi1: disk: 1\\d\\d\\d MiB free, 2048 needed")
				.contains("pi@pi2: architecture: armhf; the images are for arm64 and amd64")
				.contains("asks@pi3: SSH: sudo asks for a password")
				.contains("nothing was changed");
			assertThat(Pi.ALL).allMatch((pi) -> pi.run("command -v docker || echo none").equals("none"));
		}
		finally {
			PI3.run("userdel --remove asks 2>/dev/null");
			PI2.run("rm /usr/local/bin/dpkg");
			Pi.MANAGER.run("rm /var/big && date --set '630 seconds'");
		}
	}

	@Test
	@Order(3)
	void showsWhatIsMissingOnBarePis() {
		Command.Result check = swarm.run("check");
		assertThat(check.exitCode()).isEqualTo(1);
		for (String pi : List.of("pi@pi1", "pi@pi2", "pi@pi3")) {
			assertThat(paragraph(check, pi)).containsPattern("ok +architecture +amd64")
				.containsPattern("ok +ports +the other Pis get through")
				.containsPattern("up +Docker +is not installed")
				.containsPattern("up +Swarm +is in no Swarm");
		}
		assertThat(check.output()).contains("'swarm up' does it").doesNotContain("BAD");

		String dry = swarm.run("up", "--dry-run").orFail();
		assertThat(dry).contains("would run on pi@pi3:", "docker swarm init", "nothing was done");
		assertThat(Pi.ALL).allMatch((pi) -> pi.run("command -v docker || echo none").equals("none"));
	}

	@Test
	@Order(4)
	void aPiThatVanishesIsNamed() {
		CompletableFuture<Command.Result> up = CompletableFuture.supplyAsync(() -> swarm.run("up"));
		try {
			Wait.until("Docker is being installed on pi3", Duration.ofMinutes(1),
					() -> PI3.tryTo("pgrep -x 'apt-get|dpkg'", "").exitCode() == 0);
			PI3.powerOff();
			Command.Result result = up.join();
			assertThat(result.exitCode()).isEqualTo(1);
			assertThat(result.output()).contains("pi@pi3: does not answer").contains("run it again");
		}
		finally {
			PI3.powerOn();
		}
	}

	@Test
	@Order(5)
	void leavesOtherSwarmsAloneAndSeesClosedPorts() {
		PI2.run("docker swarm init --advertise-addr %s && iptables -I INPUT -s %s -p tcp --dport 7946 -j DROP"
			.formatted(PI2.address(), Pi.MANAGER.address()));
		try {
			Command.Result up = swarm.run("up");
			assertThat(up.exitCode()).isEqualTo(1);
			assertThat(up.output())
				.contains("pi@pi2: Swarm: is a manager of a Swarm whose nodes no manager in the list could list")
				.contains("pi@pi2: ports: closed to others: 7946/tcp from pi1")
				.contains("nothing was changed");
		}
		finally {
			PI2.run("iptables -D INPUT 1; docker swarm leave --force");
		}
	}

	@Test
	@Order(6)
	void makesOneSwarm() {
		// From here on, pi2 is behind a firewall.
		PI2.run("apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq --no-install-recommends install ufw && ufw allow 22/tcp && ufw --force enable");
		// As a Pi whose kernel keeps no memory limits, until it is booted anew with
		// another line.
		PI3.run("mkdir -p /boot/firmware && echo 'console=tty1 root=PARTUUID=1-02 rootwait' >/boot/firmware/cmdline.txt && "
				+ "echo cpu io pids >/run/controllers && mount --bind /run/controllers /sys/fs/cgroup/cgroup.controllers");
		assertThat(swarm.timed("up, of three Pis of which two have Docker", Map.of(), "up"))
			.contains("pi@pi2: opens 4789/udp to " + Pi.MANAGER.address(), "pi@pi3: reboots");
		assertThat(PI2.run("ufw status")).containsPattern("7946/udp +ALLOW +" + Pattern.quote(Pi.MANAGER.address()))
			.containsPattern("4789/udp +ALLOW +" + Pattern.quote(PI3.address()))
			.doesNotContain("2377");
		assertThat(PI3.run("cat /boot/firmware/cmdline.txt"))
			.isEqualTo("console=tty1 root=PARTUUID=1-02 rootwait cgroup_enable=memory cgroup_memory=1");
		assertThat(PI3.run("cat /boot/firmware/cmdline.txt.before-swarm"))
			.isEqualTo("console=tty1 root=PARTUUID=1-02 rootwait");
		assertThat(swarm.timed("check", Map.of(), "check")).contains("All is well");
		assertThat(swarm.timed("up, again", Map.of(), "up")).contains("nothing to do");
		assertThat(Stack.lines("docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"))
			.containsExactlyInAnyOrder("pi1 Ready Leader", "pi2 Ready", "pi3 Ready");
	}

	@Test
	@Order(7)
	void seesThatTheManagerHasMoved() throws IOException {
		String elsewhere = Settings.NETWORK + ".21";
		// The old address must stay for the Swarm; this hides it from the check.
		Pi.MANAGER.run(
				"ip address add %s/24 dev vec0 && printf '#!/bin/sh\\n/usr/sbin/ip \"$@\" | grep -vF %s/\\n' >/usr/local/bin/ip && chmod +x /usr/local/bin/ip"
					.formatted(elsewhere, Pi.MANAGER.address()));
		try {
			Command.Result check = swarm
				.withSshConfig("ssh_moved",
						Files.readString(swarm.sshConfig()).replace(Pi.MANAGER.address() + "\n", elsewhere + "\n"))
				.run("check");
			assertThat(check.exitCode()).isEqualTo(1);
			assertThat(paragraph(check, "pi@pi1")).contains(
					"knows it by %s and it is at %s".formatted(Pi.MANAGER.address(), elsewhere),
					"An address has changed");
		}
		finally {
			Pi.MANAGER.run("rm /usr/local/bin/ip && ip address del %s/24 dev vec0".formatted(elsewhere));
		}
	}

	@Test
	@Order(8)
	void deploys() {
		swarm.timed("deploy, the first", BASE, "deploy");
		Wait.until("numbers arrive", Duration.ofSeconds(30), () -> Stack.counts(Pi.MANAGER).received() >= 2);
		String latest = Http.get(PI3.consumerUrl("/api/latest")).body();
		assertThat(JsonPath.<Integer>read(latest, "$.number")).isBetween(1, 180);
	}

	@Test
	@Order(9)
	void aSecondDeployWaitsForNobodyAndRestartsNothing() {
		List<String> before = tasks();
		CompletableFuture<String> first = CompletableFuture
			.supplyAsync(() -> swarm.timed("deploy, again", BASE, "deploy"));
		Wait.until("a deploy is at work", Duration.ofMinutes(1),
				() -> Pi.MANAGER.tryTo("pgrep --full '[s]warm-deploy.lock'", "").exitCode() == 0);
		Command.Result second = swarm.run(BASE, "deploy");
		assertThat(second.exitCode()).isEqualTo(1);
		assertThat(second.output()).contains("another command changes this Swarm");
		assertThat(first.join()).contains("all replicas of numbers run");
		assertThat(tasks()).isEqualTo(before);
	}

	@Test
	@Order(10)
	void aStackFileCanBeDeployedByHand() {
		Pi.MANAGER.tryTo("cat >/root/stack.yml", Stack.file()).orFail();
		Pi.MANAGER.run("cd /root && docker stack deploy --detach=true -c stack.yml numbers");
		Stack stack = new Stack("numbers");
		stack.awaitReplicas();
		assertThat(Http.get(PI2.producerUrl()).isNumber()).isTrue();
	}

	@Test
	@Order(11)
	void bringsWhatStackFilesReferTo() throws IOException {
		Path directory = Settings.TARGET.resolve("stack-files").toAbsolutePath();
		Files.createDirectories(directory.resolve("kept"));
		Files.writeString(directory.resolve("kept/motd"), "from a config, ");
		Files.writeString(directory.resolve("kept/word"), "from a secret, ");
		Files.writeString(directory.resolve("kept/variables"), "FROM_FILE=from a file: pa$word\n");
		Path first = Files.writeString(directory.resolve("first.yml"),
				"""
						services:
						  speaker:
						    image: localhost/speaker:1
						    deploy: {placement: {constraints: [node.role == manager]}}
						    entrypoint: [bash, -c, 'echo "$$(</motd)$$(</run/secrets/word)$$FROM_FILE, $$FROM_SECOND"; kill -STOP $$$$']
						    stop_grace_period: 1s
						    init: true
						    env_file: kept/variables
						    configs: [{source: motd, target: /motd}]
						    secrets: [word]
						configs: {motd: {file: kept/motd}}
						secrets: {word: {file: ./kept/word}}
						""");
		Path second = Files.writeString(directory.resolve("second.yml"), """
				services: {speaker: {environment: {FROM_SECOND: "${SAID}"}}}
				""");
		Pi.MANAGER.run("docker tag localhost/built-by-make-images/producer:latest localhost/speaker:1");
		swarm
			.run(Map.of("SAID", "it's \"$5\" in C:\\new"), "deploy", "--name", "speaker", first.toString(),
					second.toString())
			.orFail();
		assertThat(Pi.MANAGER.run("docker service logs --raw speaker_speaker"))
			.contains("from a config, from a secret, from a file: pa$word, it's \"$5\" in C:\\new");
		assertThat(Pi.MANAGER.run("ls /run | grep swarm-files || echo none")).isEqualTo("none");
		Files.writeString(second, "services: {other: {image: localhost/speaker:1}}");
		Command.Result deploy = swarm.run("deploy", "--name", "speaker", second.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("would be removed: speaker_speaker. Pass --yes to confirm");
		Pi.MANAGER.run("docker stack rm speaker");

		Files.writeString(first, "services: {speaker: {image: localhost/speaker:1, volumes: ['./kept:/kept']}}");
		deploy = swarm.run("deploy", "--name", "speaker", first.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("a volume is a directory next to this file, which no Pi has");
		Files.writeString(first, "services: {speaker: {image: localhost/speaker:1, env_file: ../secrets}}");
		deploy = swarm.run("deploy", "--name", "speaker", first.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("names ../secrets, which is not in the directory of this file or below");
	}

	@Test
	@Order(12)
	void saysWhyNothingWasDeployed() throws IOException {
		List<String> before = tasks();
		Command.Result deploy = swarm.run(Map.of("BASE_IMAGE", Settings.BASE_IMAGE, "REGISTRY", "127.0.0.1:1/kit"),
				"deploy");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("onnection refused").contains("what ran before runs on");

		String arm64 = Settings.REGISTRY + "/jre-arm64:25";
		Command.run(Duration.ofMinutes(2), "",
				List.of("skopeo", "--insecure-policy", "copy", "--quiet", "--override-arch", "arm64",
						"--src-tls-verify=false", "--dest-tls-verify=false", "docker://" + Settings.BASE_IMAGE,
						"docker://" + arm64))
			.orFail();
		deploy = swarm.run(Map.of("BASE_IMAGE", arm64), "deploy");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains(arm64 + "' is not a manifest list").contains("what ran before runs on");

		deploy = swarm.run("deploy", "none.yml");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("cannot read none.yml");

		Path compose = Files.writeString(Settings.TARGET.resolve("compose-keys.yml"),
				Stack.file().replace("  consumer:\n", "  consumer:\n    container_name: one\n    restart: always\n"));
		String notes = swarm.run("deploy", "--dry-run", compose.toAbsolutePath().toString()).orFail();
		assertThat(notes).contains("Swarm ignores container_name; write nothing",
				"Swarm ignores restart; write deploy: restart_policy:");
		Files.writeString(compose, Stack.file().replace("  consumer:\n", "  consumer:\n    mem_limit: 1G\n"));
		deploy = swarm.run("deploy", compose.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("Swarm refuses mem_limit; write deploy: resources: limits:");

		Path stray = Files.writeString(Settings.TARGET.resolve("stray.yml"),
				"services: {stray: {image: '%s/nowhere:1'}}".formatted(Settings.REGISTRY));
		deploy = swarm.run("deploy", "--name", "stray", stray.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("No such image: " + Settings.REGISTRY + "/nowhere:1",
				"can the Pi reach the registry");
		Files.writeString(stray, "services: {stray: {image: '%s', deploy: {resources: {reservations: {memory: 1T}}}}}"
			.formatted("localhost/nowhere:1"));
		deploy = swarm.run("deploy", "--name", "stray", stray.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("no node can take it", "no node has as much memory left");
		Pi.MANAGER.run("docker stack rm stray");
		assertThat(tasks()).isEqualTo(before);
	}

	@Test
	@Order(13)
	void saysThatAnImageIsForAnotherProcessor() throws IOException {
		// All that a kernel reads of a program before it knows: its header, of one for
		// arm64.
		PI2.run("mkdir /tmp/foreign && printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\267\\0\\1' >/tmp/foreign/main && "
				+ "truncate --size 120 /tmp/foreign/main && chmod +x /tmp/foreign/main && "
				+ "tar -C /tmp/foreign -c main | docker import --platform linux/arm64 - localhost/foreign:arm64");
		Path foreign = Files.writeString(Settings.TARGET.resolve("foreign.yml"), """
				services:
				  foreign:
				    image: localhost/foreign:arm64
				    command: [/main]
				    deploy: {placement: {constraints: [node.hostname == pi2]}}
				""");
		Command.Result deploy = swarm.run("deploy", "--name", "foreign", foreign.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("exec format error",
				"the image is not made for this Pi's processor: build it for arm64 and amd64");
		Pi.MANAGER.run("docker stack rm foreign");
	}

	@Test
	@Order(14)
	void refusesABadRelease() throws IOException {
		Path bad = Files.writeString(Settings.TARGET.resolve("bad-release.yml"),
				Stack.file().replaceFirst("(?s)(environment:\n)( +)", "$1$2PRODUCER_PORT: none\n$2"));
		try (Load load = Load.on(Pi.ALL)) {
			long start = System.nanoTime();
			Command.Result deploy = swarm.run(BASE, "deploy", bad.toAbsolutePath().toString());
			assertThat(deploy.exitCode()).isEqualTo(1);
			Report.figure("swarm deploy, refusing a bad release",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			assertThat(deploy.output())
				.contains("numbers_producer: Swarm rolled the release back; the previous one runs")
				.contains("PRODUCER_PORT=none is not allowed")
				.contains("What runs now:", "numbers_consumer: updated; 1 of 1 replicas run",
						"numbers_producer: rolled back to the previous release; 2 of 2 replicas run");
			assertThat(load.end().failures()).isEmpty();
		}
	}

	@Test
	@Order(15)
	void drainsAndActivates() {
		Command.Result unknown = swarm.run("drain", "pi9");
		assertThat(unknown.exitCode()).isEqualTo(1);
		assertThat(unknown.output()).contains("there is no node 'pi9'", "pi1", "pi2", "pi3");

		swarm.timed("drain", Map.of(), "drain", "pi3");
		assertThat(PI3.run("docker ps --quiet")).isEmpty();
		assertThat(Http.get(PI3.producerUrl()).isNumber()).isTrue();
		Command.Result status = swarm.run("status");
		assertThat(status.exitCode()).isEqualTo(1);
		assertThat(status.output()).contains("WARNING  pi3: is drained; 'swarm activate pi3'")
			.containsPattern("pi1 +manager \\(leader\\) +ready")
			.containsPattern("numbers_consumer +1/1")
			.containsPattern("numbers_producer +2/2");
		assertThat(swarm.run("drain", "pi3").orFail()).contains("already drained");
		swarm.run("activate", "pi3").orFail();
		assertThat(swarm.run("activate", "pi3").orFail()).contains("already active");
	}

	@Test
	@Order(16)
	void rebalancesAfterAPowerCut() {
		Stack stack = new Stack("numbers");
		PI3.powerOff();
		Wait.until("pi3 is down", Duration.ofMinutes(2),
				() -> Pi.MANAGER.run("docker node inspect --format '{{.Status.State}}' pi3").equals("down"));
		Command.Result status = swarm.run("status");
		assertThat(status.exitCode()).isEqualTo(1);
		assertThat(status.output()).contains("WARNING  pi3: is down: off, or without network; pi@pi3 does not answer");
		stack.scale("producer", 3);
		PI3.powerOn();
		Wait.until("pi3 is ready", Duration.ofMinutes(2),
				() -> Pi.MANAGER.run("docker node inspect --format '{{.Status.State}}' pi3").equals("ready"));
		assertThat(stack.nodes("producer")).doesNotContain("pi3");
		Wait.until("pi3 passes requests on again", Duration.ofSeconds(30),
				() -> Http.get(PI3.producerUrl()).isNumber());
		try (Load load = Load.on(Pi.ALL)) {
			swarm.timed("rebalance, of three producers", Map.of(), "rebalance");
			Load.Outcome outcome = load.end();
			Report.figure("swarm rebalance", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
		}
		assertThat(stack.nodes("producer")).containsExactlyInAnyOrder("pi1", "pi2", "pi3");
		assertThat(swarm.run("rebalance").orFail()).contains("nothing to do");
	}

	@Test
	@Order(17)
	void bringsALostManagerBack() throws IOException {
		Path file = Settings.TARGET.resolve("backup.zip").toAbsolutePath();
		Files.deleteIfExists(file);
		swarm.timed("backup", Map.of(), "backup", file.toString());
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		Command.Result again = swarm.run("backup", file.toString());
		assertThat(again.exitCode()).isEqualTo(1);
		assertThat(again.output()).contains("nothing is overwritten");
		assertThat(Pi.MANAGER.run("ls /var/lib | grep swarm-backup || echo none")).isEqualTo("none");

		Pi.MANAGER.powerOff();
		Pi.MANAGER.loseDisk();
		Pi.upAllBare();
		Command.Result status = swarm.run("status");
		assertThat(status.exitCode()).isEqualTo(1);
		assertThat(status.output()).contains("found no manager of a Swarm that answers");
		assertThat(swarm.timed("restore, onto a bare Pi", Map.of(), "restore", file.toString()))
			.contains("pi@pi1: installs Docker", "all nodes are back");
		assertThat(swarm.run("restore", file.toString()).orFail()).contains("so nothing is restored");
		assertThat(Stack.lines("docker node ls --format '{{.Hostname}} {{.Status}}'")).contains("pi2 Ready",
				"pi3 Ready");
		swarm.run(BASE, "deploy").orFail();
		assertThat(Http.get(Pi.MANAGER.producerUrl()).isNumber()).isTrue();
	}

	@Test
	@Order(18)
	void threeManagersCanLoseOne() {
		SwarmSetup three = swarm.withManagers("pi@pi1", "pi@pi2", "pi@pi3");
		assertThat(three.run("up").orFail()).contains("pi@pi2 becomes a manager", "pi@pi3 becomes a manager");
		Pi.MANAGER.powerOff();
		Wait.until("another manager leads", Duration.ofMinutes(2), () -> {
			Command.Result status = three.run("status");
			return status.exitCode() == 1 && status.output().contains("manager (leader)")
					&& status.output().contains("WARNING  pi1: is down");
		});
		Pi.MANAGER.powerOn();
		Wait.until("all nodes are ready", Duration.ofMinutes(2),
				() -> PI2.run("docker node ls --format '{{.Status}}'").lines().filter("Ready"::equals).count() == 3);
		assertThat(swarm.run("up").orFail()).contains("pi@pi2 becomes a worker", "pi@pi3 becomes a worker");
	}

	@Test
	@Order(19)
	void takesTheSwarmApart() {
		Command.Result asked = swarm.run("down");
		assertThat(asked.exitCode()).isEqualTo(1);
		assertThat(asked.output()).contains("pass --yes to confirm");

		PI3.unplug();
		Command.Result down = swarm.run("down", "--yes");
		assertThat(down.exitCode()).isEqualTo(1);
		assertThat(down.output()).contains("pi@pi2 has left the Swarm", "pi@pi3: does not answer");
		PI3.replug();
		assertThat(swarm.timed("down, of the last node", Map.of(), "down", "--yes"))
			.contains("pi@pi3 has left the Swarm", "pi@pi1 is in no Swarm");
		assertThat(Pi.ALL)
			.allMatch((pi) -> pi.run("docker info --format '{{.Swarm.LocalNodeState}}'").equals("inactive"));
	}

	private static List<String> tasks() {
		return Stack.lines("docker stack ps --quiet --filter desired-state=running numbers | sort");
	}

	/** What a check says of one Pi. */
	private static String paragraph(Command.Result check, String pi) {
		return List.of(check.output().split("\n\n"))
			.stream()
			.filter((paragraph) -> paragraph.startsWith(pi + " "))
			.findFirst()
			.orElseThrow(() -> new AssertionError(pi + " is missing in: " + check.output()));
	}

}
