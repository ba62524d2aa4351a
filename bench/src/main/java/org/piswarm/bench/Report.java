package org.piswarm.bench;

import java.time.Duration;
import java.util.List;

/**
 * All figures of a run.
 *
 * @param images the layers that the project adds to its base image
 */
record Report(Settings settings, Machine machine, Duration took, Subjects subjects,
		Measured<ConsumersPhase.Capacity> consumers, Measured<List<ServiceImage>> images, Measured<BaseImage> base) {

	/** The page with all figures, as Markdown. */
	String text() {
		Page page = new Page();
		page.paragraph("# Benchmarks");
		page.paragraph(
				"""
						`make bench` measured these figures and wrote this page. It measures the producer next to other servers that
						answer `GET /number` with `{"number":n}`, all in one run on one machine. Compare the ratios: the absolute
						figures are those of this machine, where the client uses the same cores as the server. Figures of a Swarm are in
						[another page](benchmarks-swarm.md), which `make bench-swarm` writes; [scaling](scaling.md) says what they mean
						for many consumers.""");
		page.paragraph(
				"A cell with three figures shows the median and, in parentheses, the smallest and the largest value.");
		RatioSection.write(page, this.subjects);
		MachineSection.write(page, this.settings, this.machine, this.took, this.subjects);
		ThroughputSection.write(page, this.settings, this.subjects);
		LatencySection.write(page, this.subjects);
		StartSection.write(page, this.settings, this.subjects);
		MemorySection.write(page, this.settings, this.subjects);
		ConsumersSection.write(page, this.consumers);
		ImageSection.write(page, this.images, this.base);
		page.paragraph("## Not measured");
		page.paragraph("""
				- a Raspberry Pi, or another machine with arm64;
				- a client on another machine;
				- the consumer (`bench/pages` measures its memory with many live pages).
				""");
		return page.toString();
	}

}
