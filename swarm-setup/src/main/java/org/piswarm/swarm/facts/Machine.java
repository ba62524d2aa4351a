package org.piswarm.swarm.facts;

import java.util.Optional;

import org.piswarm.swarm.known.Fact;

/**
 * The computer and its kernel.
 *
 * @param hostname its name
 * @param machineId an ID that no other computer has, unless its SD card was copied
 * @param kernel the architecture of the kernel
 * @param architecture the architecture of the system
 * @param description the system and the model
 * @param memory MiB in all
 * @param memoryFree MiB that are available
 * @param diskFree MiB that are free where Docker stores images
 * @param modulesMissing the kernel modules that Swarm needs and that are missing
 * @param limits its memory limits
 * @param offset seconds by which its clock is ahead of this machine's
 * @param throttled the firmware's bits, on a Raspberry Pi
 * @param temperature °C, if it has a sensor
 * @param bootId an ID that changes with each boot
 */
public record Machine(Fact<String> hostname, Fact<String> machineId, Fact<String> kernel, Fact<String> architecture,
		String description, Fact<Long> memory, Fact<Long> memoryFree, Fact<Long> diskFree, Fact<String> modulesMissing,
		Limits limits, Fact<Long> offset, Optional<Fact<Long>> throttled, Optional<Fact<Long>> temperature,
		Fact<String> bootId) {

	/**
	 * Whether the kernel enforces memory limits.
	 *
	 * @param enforced whether it does
	 * @param file the file with the kernel's command line, if there is one
	 * @param requested whether that file asks for limits
	 */
	public record Limits(Fact<Boolean> enforced, Optional<String> file, boolean requested) {
	}

	/**
	 * Reads the machine's part of an answer.
	 * @param answer the answer
	 * @param asked this machine's time in seconds before the question
	 * @param answered the same after the answer
	 */
	static Machine from(Answer answer, long asked, long answered) {
		String description = answer.optional("os").orElse("?")
				+ answer.optional("model").map((model) -> ", " + model).orElse("");
		Limits limits = new Limits(answer.flag("memory_cgroup"), answer.optional("cmdline_file"),
				answer.optional("cmdline_memory").filter("yes"::equals).isPresent());
		// The Pi read its clock at some moment in between: decide in its favour.
		Fact<Long> offset = answer.number("time").map((time) -> time - Math.min(Math.max(time, asked), answered));
		return new Machine(answer.text("hostname", (name) -> name.matches("[A-Za-z0-9._-]{1,64}")),
				answer.text("machine_id"), answer.text("kernel"), answer.text("architecture"), description,
				answer.number("memory_mib"), answer.number("memory_free_mib"), answer.number("disk_free_mib"),
				answer.text("modules_missing"), limits, offset, answer.optionalNumber("throttled"),
				answer.optionalNumber("temperature"), answer.text("boot_id"));
	}

}
