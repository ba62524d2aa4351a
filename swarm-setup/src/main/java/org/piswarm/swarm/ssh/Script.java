package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The scripts that run on Pis: resource files, and constant texts. */
public enum Script {

	FACTS("facts.sh"), SWARM_STATE("swarm-state.sh"), PORTS("ports.pl"), NODE_UPDATE("node-update.sh"),

	LOCK("lock.sh"), EXTRA_REPLICA("extra-replica.sh"), LEAVE_SWARM("leave-swarm.sh"),

	BACKUP("backup.sh"), RESTORE("restore.sh"),

	MEMORY_LIMITS("memory-limits.sh"), INSTALL_DOCKER("install-docker.sh"), LIMIT_LOGS("limit-logs.sh"),
	DOCKER_GROUP("docker-group.sh"), FIREWALL("firewall.sh"), REBOOT("reboot.sh"),

	SWARM_INIT("swarm-init.sh"), JOIN_TOKENS("join-tokens.sh"), JOIN_SWARM("join-swarm.sh"), DRAINED("drained.sh"),

	STAGE("stage.sh"), STAGE_FILE("stage-file.sh"), STACK_CONFIG("stack-config.sh"), STACK_DEPLOY("stack-deploy.sh"),

	PULL("pull.sh"), KEEP_IMAGES("keep-images.sh"), TASK_LOG("task-log.sh");

	private final String file;

	Script(String file) {
		this.file = file;
	}

	/** The script with arguments. Each is one word of the shell, whatever is in it. */
	public String with(String... arguments) {
		StringBuilder line = new StringBuilder("set --");
		for (String argument : arguments) {
			line.append(' ')
				.append(argument.matches("[A-Za-z0-9@%+=:,./_-]+") ? argument
						: "'" + argument.replace("'", "'\\''") + "'");
		}
		return line.append('\n').append(text()).toString();
	}

	public String text() {
		try (InputStream stream = Script.class.getResourceAsStream(this.file)) {
			if (stream == null) {
				throw new IllegalStateException(this.file + " is missing in the jar");
			}
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
