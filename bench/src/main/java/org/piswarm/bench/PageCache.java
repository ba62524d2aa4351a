package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's copies of files in memory. */
final class PageCache {

	private PageCache() {
	}

	/** Only root may do this. */
	static void empty() throws IOException {
		Programs.output("sync");
		Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
	}

}
