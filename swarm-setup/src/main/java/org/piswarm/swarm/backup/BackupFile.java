package org.piswarm.swarm.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.piswarm.swarm.known.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file of a backup: a ZIP archive of the manifest, the state, and the checksums of
 * both, so that {@code unzip} and {@code sha256sum --check} can read it too.
 *
 * @param file the file
 * @param manifest what it contains
 * @param checksum the checksum of the state
 */
public record BackupFile(Path file, Manifest manifest, String checksum) {

	private static final String MANIFEST = "manifest.json";

	private static final String STATE = "swarm.tgz";

	private static final String CHECKSUMS = "SHA256SUMS";

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(SerializationFeature.INDENT_OUTPUT)
		.enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
				DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
		.build();

	/**
	 * Writes a backup into a file that exists, so that only its user can read it: after
	 * Ctrl-C it is deleted, and must not appear again.
	 */
	public static void write(Path file, Manifest manifest, Path state) throws IOException {
		byte[] description = MAPPER.writeValueAsBytes(manifest);
		try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
			ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(out));
			zip.putNextEntry(new ZipEntry(MANIFEST));
			zip.write(description);
			zip.putNextEntry(new ZipEntry(STATE));
			Files.copy(state, zip);
			zip.putNextEntry(new ZipEntry(CHECKSUMS));
			zip.write(checksums(Sha256.of(description), Sha256.of(state)).getBytes(StandardCharsets.UTF_8));
			zip.finish();
			// Its final name must never be that of half a file, not even after a power
			// cut.
			out.force(true);
		}
	}

	private static String checksums(String manifest, String state) {
		return manifest + "  " + MANIFEST + "\n" + state + "  " + STATE + "\n";
	}

	/**
	 * Reads a backup and compares all of it with its checksums.
	 * @throws Failure if it is not whole
	 */
	public static BackupFile verify(Path file) {
		try (ZipFile zip = new ZipFile(file.toFile())) {
			byte[] description = bytes(zip, MANIFEST, file);
			String checksum;
			try (InputStream state = stream(zip, STATE, file)) {
				checksum = Sha256.of(state);
			}
			List<String> expected = new String(bytes(zip, CHECKSUMS, file), StandardCharsets.UTF_8).lines().toList();
			if (!expected.equals(checksums(Sha256.of(description), checksum).lines().toList())) {
				throw damaged(file, "a checksum is wrong");
			}
			return new BackupFile(file, MAPPER.readValue(description, Manifest.class), checksum);
		}
		catch (ZipException ex) {
			throw damaged(file, "it is truncated, or not a file that 'swarm backup' made");
		}
		catch (JacksonException ex) {
			throw damaged(file, "its manifest cannot be used");
		}
		catch (IOException ex) {
			throw new Failure("cannot read " + file + ": check its name and its permissions");
		}
	}

	private static byte[] bytes(ZipFile zip, String name, Path file) throws IOException {
		try (InputStream stream = stream(zip, name, file)) {
			return stream.readAllBytes();
		}
	}

	private static InputStream stream(ZipFile zip, String name, Path file) throws IOException {
		ZipEntry entry = zip.getEntry(name);
		if (entry == null) {
			throw damaged(file, "it has no " + name + ", so it is not a file that 'swarm backup' made");
		}
		return zip.getInputStream(entry);
	}

	private static Failure damaged(Path file, String reason) {
		return new Failure(file + " cannot be restored: " + reason + ". Nothing was changed; use another backup");
	}

	/** Copies the state into a file. */
	public void extractState(Path to) throws IOException {
		try (ZipFile zip = new ZipFile(this.file.toFile()); InputStream state = stream(zip, STATE, this.file)) {
			Files.copy(state, to, StandardCopyOption.REPLACE_EXISTING);
		}
	}

}
