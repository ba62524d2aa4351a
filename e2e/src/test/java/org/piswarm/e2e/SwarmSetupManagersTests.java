package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Managers that are lost, and the backup. Each test begins with what the one before it
 * has left.
 */
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(KeptLogs.class)
class SwarmSetupManagersTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Pi PI2 = new Pi(2);

	@BeforeAll
	static void pis() {
		Snapshot.STACK.restore();
	}

	@Test
	@Order(1)
	void bringsALostManagerBack() throws IOException {
		Path file = Settings.TARGET.resolve("backup.zip").toAbsolutePath();
		Files.deleteIfExists(file);
		swarm.timed("backup", Map.of(), "backup", file.toString());
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
		Command.Result again = swarm.run("backup", file.toString());
		assertThat(again.exitCode()).isEqualTo(1);
		assertThat(again.output()).contains("nothing is overwritten");
		assertThat(Pi.MANAGER.run("ls /run | grep swarm-backup || echo none")).isEqualTo("none");

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
		swarm.run(SwarmSetup.BASE, "deploy").orFail();
		assertThat(Http.get(Pi.MANAGER.producerUrl()).isNumber()).isTrue();
	}

	@Test
	@Order(2)
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
		Wait.until("the manager that was off knows the nodes", Duration.ofMinutes(1),
				() -> Pi.MANAGER.tryTo("docker node ls", "").exitCode() == 0);
		assertThat(swarm.run("up").orFail()).contains("pi@pi2 becomes a worker", "pi@pi3 becomes a worker");
	}

}
