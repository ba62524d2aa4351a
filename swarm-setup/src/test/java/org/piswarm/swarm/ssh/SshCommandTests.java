package org.piswarm.swarm.ssh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.PiList;

import static org.assertj.core.api.Assertions.assertThat;

/** Asks {@code ssh -G} what it would do; it connects to nothing. */
class SshCommandTests {

	private static final Pi PI = PiList.read("pi@pi1").get(0);

	@TempDir
	private Path directory = Path.of("");

	@Test
	void aPiGetsNothingElseFromTheUsersConfiguration() throws Exception {
		Path config = Files.writeString(this.directory.resolve("config"), """
				Host *
				  User other
				  IdentityFile /keys/mine
				  ForwardAgent yes
				  ForwardX11 yes
				  LocalForward 12345 localhost:1
				  PermitLocalCommand yes
				  RemoteCommand echo other
				  RequestTTY force
				""");
		assertThat(settings(new SshCommand(config, false, this.directory).shared(PI, "true")))
			.contains("user pi", "identityfile /keys/mine", "batchmode yes")
			.contains("forwardagent no", "forwardx11 no", "clearallforwardings yes", "permitlocalcommand no")
			.containsAnyOf("requesttty false", "requesttty no")
			.doesNotContain("remotecommand echo other")
			.noneMatch((line) -> line.startsWith("localforward"));
	}

	@Test
	void aConnectionOfItsOwnForwardsNoPortsOfTheUsersConfiguration() throws Exception {
		Path config = Files.writeString(this.directory.resolve("config"), "Host *\n  LocalForward 12345 localhost:1\n");
		assertThat(settings(
				new SshCommand(config, false, this.directory).alone(PI, "true", this.directory.resolve("socket"))))
			.contains("clearallforwardings yes", "controlmaster true", "controlpath " + this.directory + "/socket")
			.noneMatch((line) -> line.startsWith("localforward"));
		assertThat(settings(WayBack.forward(this.directory.resolve("socket"), 20001, 5000)))
			.contains("remoteforward [127.0.0.1]:20001 [127.0.0.1]:5000");
	}

	@Test
	void theQuestionAboutAHostKeyAsksForNoPassphrase() {
		assertThat(settings(new SshCommand(null, false, this.directory).asking(PI, "true")))
			.contains("stricthostkeychecking ask", "numberofpasswordprompts 0");
	}

	private List<String> settings(List<String> command) {
		List<String> show = new ArrayList<>(command);
		show.add(1, "-G");
		return new Call(show, this.directory, "").await(Duration.ofSeconds(10))
			.fold((reply) -> (reply.out() + reply.err()).lines().toList(), List::of);
	}

}
