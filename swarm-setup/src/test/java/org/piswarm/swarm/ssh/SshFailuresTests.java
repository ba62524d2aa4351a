package org.piswarm.swarm.ssh;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.swarm.pis.PiList;

import static org.assertj.core.api.Assertions.assertThat;

class SshFailuresTests {

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			1;   Error: dial tcp 10.0.0.2:2377: connect: network is unreachable;   the script failed: Error: dial tcp
			1;   Error: dial tcp 10.0.0.2:2377: connect: Connection refused;       the script failed: Error: dial tcp
			1;   Error: open /run/docker.sock: Permission denied;                  the script failed: Error: open
			1;   sudo: a password is required;                                     sudo asks for a password
			127; sh: 1: exec: sudo: not found;                                     has no sudo
			3;   '';                                                               the script failed: exit code 3
			255; ssh: connect to host pi1 port 22: Network is unreachable;         does not answer: is it on
			255; ssh: connect to host pi1 port 22: Connection refused;             SSH is off
			255; pi@pi1: Permission denied (publickey).;                           the key is refused
			255; kex error;                                                        SSH failed: kex error
			""")
	void distinguishesFailuresOfAScriptFromThoseOfSsh(int exit, String err, String explanation) {
		assertThat(SshFailures.explain(PiList.read("pi@pi1").get(0), new Reply(exit, "", err))).startsWith(explanation);
	}

}
