package org.piswarm.swarm.judge;

import java.util.ArrayList;
import java.util.List;

import org.piswarm.swarm.facts.Machine;
import org.piswarm.swarm.terminal.Text;

/** Judges the computer and its kernel. */
final class MachineJudge {

	/** MiB for an engine and three replicas of the services. */
	private static final long MIN_MEMORY = 900;

	/** MiB for two releases of the images, and logs. */
	private static final long MIN_DISK = 2048;

	/** Seconds; beyond them, certificates may be refused and logs mislead. */
	private static final long CLOCK_TOLERANCE = 10;

	private static final String WRITE_64_BIT = "write the 64-bit Raspberry Pi OS to the SD card";

	private final Machine machine;

	MachineJudge(Machine machine) {
		this.machine = machine;
	}

	List<Verdict> judge() {
		return List.of(architecture(), memory(), disk(), kernel(), limits(), clock());
	}

	/** What only some Pis can measure. */
	List<Verdict> judgeSensors() {
		List<Verdict> verdicts = new ArrayList<>();
		this.machine.throttled().ifPresent((bits) -> verdicts.add(Verdict.on("power", bits, MachineJudge::power)));
		this.machine.temperature()
			.ifPresent((degrees) -> verdicts.add(Verdict.on("temperature", degrees, MachineJudge::temperature)));
		return verdicts;
	}

	private Verdict architecture() {
		String check = "architecture";
		return Verdict.on(check, this.machine.architecture(), (name) -> {
			if (name.equals("arm64") || name.equals("amd64")) {
				return Verdict.ok(check, name + ", " + this.machine.description());
			}
			boolean kernel64 = this.machine.kernel().value().filter("aarch64"::equals).isPresent();
			return Verdict.bad(check, kernel64 ? "a 64-bit kernel with a 32-bit system (" + name + "): " + WRITE_64_BIT
					: name + "; the images are for arm64 and amd64: " + WRITE_64_BIT);
		});
	}

	private Verdict memory() {
		return Verdict.on("memory", this.machine.memory(),
				(mib) -> (mib >= MIN_MEMORY) ? Verdict.ok("memory", mib + " MiB") : Verdict.note("memory",
						mib + " MiB: enough for one or two containers; " + MIN_MEMORY + " MiB are better"));
	}

	private Verdict disk() {
		return Verdict
			.on("disk", this.machine.diskFree(),
					(mib) -> (mib >= MIN_DISK) ? Verdict.ok("disk", mib / 1024 + " GiB free") : Verdict.bad("disk", mib
							+ " MiB free, " + MIN_DISK
							+ " needed: delete what you do not need ('docker system prune'), or use a larger SD card"));
	}

	private Verdict kernel() {
		return Verdict.on("kernel", this.machine.modulesMissing(), (modules) -> modules.isBlank()
				? Verdict.ok("kernel", "has all modules that Swarm needs") : Verdict.bad("kernel", "lacks " + modules
						+ ": on Ubuntu, run 'sudo apt install linux-modules-extra-raspi'; after a kernel update, reboot"));
	}

	private Verdict limits() {
		String check = "memory limits";
		Machine.Limits limits = this.machine.limits();
		return Verdict.on(check, limits.enforced(), (enforced) -> {
			if (enforced) {
				return Verdict.ok(check, "the kernel enforces them");
			}
			if (limits.file().isEmpty()) {
				return Verdict.bad(check,
						"the kernel does not enforce them, and there is no cmdline.txt: boot with cgroup_enable=memory");
			}
			return Verdict.up(check, limits.requested() ? "are on after a reboot"
					: "are off: cgroup_enable=memory is missing in " + limits.file().get());
		});
	}

	private Verdict clock() {
		return Verdict.on("clock", this.machine.offset(),
				(offset) -> (Math.abs(offset) <= CLOCK_TOLERANCE) ? Verdict.ok("clock", "same as on this machine")
						: Verdict.bad("clock", Text.duration(Math.abs(offset)) + ((offset < 0) ? " behind" : " ahead")
								+ ": run 'sudo timedatectl set-ntp true' on the Pi, or correct this machine's clock"));
	}

	private static Verdict power(long bits) {
		if ((bits & 1) != 0) {
			return Verdict.bad("power", "the voltage is too low now: use the official power supply and a short cable");
		}
		if ((bits & 6) != 0) {
			return Verdict.note("power", "is throttled now: it is too hot, or the voltage was too low a moment ago");
		}
		return ((bits & 0x10000) != 0)
				? Verdict.note("power", "had too little voltage since its start: use the official power supply")
				: Verdict.ok("power", "enough voltage since its start");
	}

	private static Verdict temperature(long degrees) {
		return (degrees < 80) ? Verdict.ok("temperature", degrees + " °C")
				: Verdict.bad("temperature", degrees + " °C: a Pi slows down from 80 °C on; improve its cooling");
	}

}
