package org.piswarm.swarm.pis;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.swarm.known.Failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PiListTests {

	@Test
	void readsTargetsRolesAndLabels() {
		assertThat(PiList.parse("pis", "pi@pi1.local # on the left\n\r\n  pi@10.0.0.2\tzone=a rack=b\r\n"))
			.containsExactly(new Pi("pi@pi1.local", "pi", "pi1.local", null, Role.MANAGER, Map.of()),
					new Pi("pi@10.0.0.2", "pi", "10.0.0.2", null, Role.WORKER, Map.of("zone", "a", "rack", "b")));
		assertThat(PiList.parse("pis", "pi@a\npi@b manager\npi@c zone=1 manager\n")).extracting(Pi::role)
			.containsOnly(Role.MANAGER);
	}

	@Test
	void readsAListOnTheCommandLine() {
		assertThat(PiList.read("pi@a,root@fe80::1,pi@b:2222")).extracting(Pi::host)
			.containsExactly("a", "fe80::1", "b");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			pi@pi1,                  pi1,          -
			pi@pi1.local:2222,       pi1.local,    2222
			pi@10.0.0.1:22,          10.0.0.1,     22
			pi@fd00::1,              fd00::1,      -
			pi@fe80::1%eth0,         fe80::1%eth0, -
			pi@[fd00::1],            fd00::1,      -
			pi@[fe80::1%eth0]:2222,  fe80::1%eth0, 2222
			""")
	void readsHostsAndPorts(String target, String host, Integer port) {
		Pi pi = PiList.parse("pis", target).get(0);
		assertThat(pi.host()).isEqualTo(host);
		assertThat(pi.port()).isEqualTo(port);
		assertThat(pi.name()).isEqualTo(target);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			'';                                           names no Pi
			'# nobody';                                   names no Pi
			pi1;                                          line 1: "pi1" is not user@host
			pi@a|pi@b/reboot;                             line 2: "pi@b/reboot" is not user@host
			pi@a|pi@$(reboot);                            line 2
			pi@a|-oProxyCommand=x@b;                      line 2
			pi@a|pi@-oProxyCommand=x;                     line 2
			pi@a:0;                                       line 1
			pi@a:70000;                                   line 1
			pi@a|pi@a;                                    line 2: pi@a is named twice
			pi@a|pi@b manager;                            names 2 managers: name 1 or 3
			pi@a|pi@b manager|pi@c manager|pi@d manager;  names 4 managers: name 1 or 3
			pi@a|pi@b boss;                               "boss" is neither "manager" nor a label
			""")
	void refusesAndSaysWhatIsAllowed(String lines, String message) {
		assertThatExceptionOfType(Failure.class).isThrownBy(() -> PiList.parse("pis", lines.replace('|', '\n')))
			.withMessageContaining("pis")
			.withMessageContaining(message);
	}

	@Test
	void recognisesANodeByNameOrAddress() {
		Pi pi = PiList.parse("pis", "pi@pi3.local").get(0);
		assertThat(pi.isCalled("pi3", "10.0.0.3")).isTrue();
		assertThat(pi.isCalled("pi30", "10.0.0.3")).isFalse();
		assertThat(PiList.parse("pis", "pi@10.0.0.3").get(0).isCalled("pi3", "10.0.0.3")).isTrue();
	}

}
