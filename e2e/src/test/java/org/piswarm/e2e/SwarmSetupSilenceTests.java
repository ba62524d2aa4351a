package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Questions without an answer, answers that lie, and Ctrl-C. Each test leaves the Swarm
 * as it was.
 */
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(KeptLogs.class)
class SwarmSetupSilenceTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Pi PI2 = new Pi(2);

	private static final Pi PI3 = new Pi(3);

	@BeforeAll
	static void pis() {
		Snapshot.STACK.restore();
	}

	@Test
	@Order(1)
	void givesNoAdviceWhenTheOnlyManagerIsOff() {
		Pi.MANAGER.powerOff();
		try {
			Command.Result check = swarm.run("check");
			assertThat(check.exitCode()).isEqualTo(1);
			assertThat(check.output()).contains("unknown").doesNotContain("swarm leave", "another Swarm");
			for (String[] verb : List.of(new String[] { "status" }, new String[] { "drain", "pi2" },
					new String[] { "rebalance" }, new String[] { "up" })) {
				Command.Result result = swarm.run(verb);
				assertThat(result.exitCode()).isEqualTo(1);
				assertThat(result.output()).doesNotContain("swarm leave", "is empty", "No warnings", "nothing to do");
			}
		}
		finally {
			Pi.MANAGER.powerOn();
			Snapshot.STACK.awaitReady();
		}
	}

	@Test
	@Order(2)
	void aListInAnotherOrderIsNoReasonToLeave() {
		Command.Result check = new SwarmSetup("pi@pi2,pi@pi1,pi@pi3", swarm.sshConfig()).run("check");
		assertThat(check.output()).doesNotContain("swarm leave", "another Swarm");
	}

	@Test
	@Order(3)
	void anEngineThatHangsEndsNoCommandWithoutAnAnswer() {
		for (Pi pi : List.of(PI2, Pi.MANAGER)) {
			long start = System.nanoTime();
			pi.run("pkill -STOP -x dockerd");
			try {
				Command.Result check = swarm.run("check");
				assertThat(check.exitCode()).isEqualTo(1);
				assertThat(check.output()).contains("unknown");
			}
			finally {
				pi.run("pkill -CONT -x dockerd");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(3));
			Snapshot.STACK.awaitReady();
		}
		Pi.MANAGER.run("pkill -STOP -x dockerd");
		try {
			Command.Result status = swarm.run("status");
			assertThat(status.exitCode()).isEqualTo(1);
			assertThat(status.output()).doesNotContain("No warnings");
		}
		finally {
			Pi.MANAGER.run("pkill -CONT -x dockerd");
			Snapshot.STACK.awaitReady();
		}
	}

	@Test
	@Order(4)
	void whatAWorkerReportsIsNoCommand() {
		PI2.tryTo("cat >/usr/local/bin/docker && chmod +x /usr/local/bin/docker",
				"""
						#!/bin/sh
						/usr/bin/docker "$@" | sed 's/"NodeID":"[^"]*"/"NodeID":"x; touch \\/root\\/owned; $(touch \\/root\\/owned)"/g'
						""")
			.orFail();
		try {
			swarm.run("check");
			swarm.run("status");
			swarm.run("up");
			swarm.run("drain", "pi2");
			swarm.run("activate", "pi2");
			assertThat(Pi.ALL).allMatch((pi) -> pi.run("ls /root/owned 2>/dev/null || echo none").equals("none"));
		}
		finally {
			PI2.run("rm /usr/local/bin/docker");
			swarm.run("activate", "pi2").orFail();
		}
	}

	@Test
	@Order(5)
	void membersRebootOneAfterAnother() {
		for (Pi pi : List.of(PI2, PI3)) {
			pi.run("mkdir -p /boot/firmware && echo 'console=tty1 root=PARTUUID=1-02 rootwait' >/boot/firmware/cmdline.txt && "
					+ "echo cpu io pids >/run/controllers && mount --bind /run/controllers /sys/fs/cgroup/cgroup.controllers");
		}
		String boots = boots();
		Command.Result asked = swarm.run("up");
		assertThat(asked.exitCode()).isEqualTo(1);
		assertThat(asked.output()).contains("pi@pi2", "pi@pi3", "reboot", "--yes");
		assertThat(boots()).isEqualTo(boots);
		// A producer that is drained is not yet elsewhere, so some requests may fail.
		try (Load load = Load.on(List.of(Pi.MANAGER))) {
			swarm.timed("up, with two members that reboot", Map.of(), "up", "--yes");
			Report.figure("swarm up, with two members that reboot", load.end().summary());
		}
		for (Pi pi : List.of(PI2, PI3)) {
			assertThat(boots).doesNotContain(pi.run("cat /proc/sys/kernel/random/boot_id"));
		}
		Snapshot.STACK.awaitReady();
		assertThat(Stack.lines("docker node ls --format '{{.Availability}}'")).containsOnly("Active");
		assertThat(swarm.run("up").orFail()).contains("nothing to do");
	}

	private static String boots() {
		return PI2.run("cat /proc/sys/kernel/random/boot_id") + " " + PI3.run("cat /proc/sys/kernel/random/boot_id");
	}

	@Test
	@Order(6)
	void anInterruptedCommandCanBeRunAgain() throws IOException {
		Path file = Settings.TARGET.resolve("interrupted-backup").toAbsolutePath();
		Files.deleteIfExists(file);
		interrupted(Map.of(), "takes no more tasks", "drain", "pi3");
		swarm.run("drain", "pi3").orFail();
		swarm.run("activate", "pi3").orFail();
		interrupted(SwarmSetup.BASE, "bringing them", "deploy");
		interrupted(SwarmSetup.BASE, "deploying numbers", "deploy");
		swarm.run(SwarmSetup.BASE, "deploy").orFail();
		new Stack("numbers").scale("producer", 3);
		swarm.run("drain", "pi3").orFail();
		swarm.run("activate", "pi3").orFail();
		interrupted(Map.of(), "waiting", "rebalance");
		Wait.until("the extra replica is gone", Duration.ofMinutes(2),
				() -> Stack.lines("docker service ls --filter name=numbers_producer --format '{{.Replicas}}'")
					.get(0)
					.endsWith("/3"));
		swarm.run("rebalance").orFail();
		interrupted(Map.of(), "", "backup", file.toString());
		Wait.until("the manager's engine answers", Duration.ofMinutes(2),
				() -> Pi.MANAGER.tryTo("docker node ls", "").exitCode() == 0);
		assertThat(file).doesNotExist();
		swarm.run("backup", file.toString()).orFail();
		Snapshot.STACK.awaitReady();
		interrupted(Map.of(), "", "up");
		assertThat(swarm.run("up").orFail()).contains("nothing to do");
		assertThat(swarm.run("check").orFail()).contains("All is well");
	}

	/** Ends with 130, as what Ctrl-C has ended does. */
	private static void interrupted(Map<String, String> variables, String text, String... arguments) {
		assertThat(swarm.interrupt(variables, text, arguments).exitCode()).isEqualTo(130);
	}

}
