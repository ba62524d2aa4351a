package org.piswarm.bench;

/** Start-up times. */
final class StartSection {

	private StartSection() {
	}

	static void write(Page page, Settings settings, Subjects subjects) {
		page.paragraph("## Start");
		page.paragraph(
				"""
						From the start of the process to its first good answer, in ms. The page cache is warm after a start that is not
						counted. %s"""
					.formatted(settings.cold() ? "Before each start with an empty page cache, the harness empties it."
							: "Starts with an empty page cache were not measured: only root can empty it."));
		page.bars(subjects.medians((subject) -> subject.warmStarts));
		page.table("server", "warm page cache", "starts", "empty page cache", "starts");
		for (Subject subject : subjects.all()) {
			Summary warm = Summary.of(subject.warmStarts);
			Summary cold = Summary.of(subject.coldStarts);
			if (warm.count() == 0) {
				page.emptyRow(subject);
			}
			else {
				page.row(Page.code(subject.name), warm.toString(), Integer.toString(warm.count()), cold.toString(),
						Integer.toString(cold.count()));
			}
		}
		page.endTable();
	}

}
