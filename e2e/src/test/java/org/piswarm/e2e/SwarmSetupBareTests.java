package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * From bare Pis to a Swarm, with what can be wrong with them before. Each test begins
 * with what the one before it has left.
 */
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(KeptLogs.class)
class SwarmSetupBareTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Pi PI2 = new Pi(2);

	private static final Pi PI3 = new Pi(3);

	@BeforeAll
	static void pis() {
		Snapshot.BARE.restore();
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
		assertThat(dry).contains("pi@pi3: would install Docker", "pi@pi1: would make a Swarm", "nothing was done");
		assertThat(Pi.ALL).allMatch((pi) -> pi.run("command -v docker || echo none").equals("none"));
	}

	@Test
	@Order(4)
	void aPiThatVanishesIsNamed() {
		CompletableFuture<Command.Result> up = CompletableFuture.supplyAsync(() -> swarm.run("up"));
		try {
			Wait.until("Docker is being installed on pi3", Duration.ofMinutes(1),
					() -> PI3.tryTo("pgrep -x apt-get", "").exitCode() == 0);
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
			assertThat(up.output()).contains("pi@pi2: Swarm: is a manager of a Swarm that no manager in the list is in")
				.contains("pi@pi2: ports: closed to others: 7946/tcp from pi@pi1")
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

	/** What a check says of one Pi. */
	private static String paragraph(Command.Result check, String pi) {
		return List.of(check.output().split("\n\n"))
			.stream()
			// Above the first one, there can be a line about the build of the program.
			.filter((paragraph) -> paragraph.lines().anyMatch((line) -> line.startsWith(pi + " (")))
			.findFirst()
			.orElseThrow(() -> new AssertionError(pi + " is missing in: " + check.output()));
	}

}
