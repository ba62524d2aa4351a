package org.piswarm.swarm.backup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.piswarm.swarm.known.Failure;

/**
 * A file under a temporary name, in the same directory. It gets its name when it is
 * whole; otherwise it is deleted, also after Ctrl-C.
 */
public final class PartialFile implements AutoCloseable {

	private final Path file;

	private final Path part;

	private final Thread hook = new Thread(this::delete);

	private PartialFile(Path file, Path part) {
		this.file = file;
		this.part = part;
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	/** Checks that a file can be created, and that none would be overwritten. */
	public static void check(Path file) {
		if (Files.exists(file)) {
			throw new Failure(file + " already exists: name a new file; nothing is overwritten");
		}
		Path directory = directory(file);
		if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
			throw new Failure("cannot write to " + directory + ": name a file elsewhere");
		}
	}

	/** Only this user can read it. */
	public static PartialFile create(Path file) {
		check(file);
		try {
			return new PartialFile(file,
					Files.createTempFile(directory(file), file.getFileName().toString() + ".", ".part"));
		}
		catch (IOException ex) {
			throw failure(file, ex);
		}
	}

	private static Path directory(Path file) {
		Path parent = file.toAbsolutePath().getParent();
		return (parent == null) ? file.toAbsolutePath() : parent;
	}

	/** What is written to it. */
	public interface Content {

		void write(Path part) throws IOException;

	}

	/** Writes it and gives it its name. */
	public void write(Content content) {
		try {
			content.write(this.part);
			Files.move(this.part, this.file);
		}
		catch (FileAlreadyExistsException ex) {
			check(this.file);
		}
		catch (IOException ex) {
			throw failure(this.file, ex);
		}
	}

	private static Failure failure(Path file, IOException ex) {
		return new Failure("cannot write " + file + ": " + ex.getMessage() + "; nothing was kept");
	}

	private void delete() {
		try {
			Files.deleteIfExists(this.part);
		}
		catch (IOException ex) {
			// Its name says what it is.
		}
	}

	@Override
	public void close() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// The hook deletes it.
		}
		delete();
	}

}
