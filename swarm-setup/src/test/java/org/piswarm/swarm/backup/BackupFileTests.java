package org.piswarm.swarm.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.swarm.backup.Manifest.Deployed;
import org.piswarm.swarm.backup.Manifest.Member;
import org.piswarm.swarm.docker.Service.Mode;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** The file of a backup. */
class BackupFileTests {

	private static final Manifest MANIFEST = new Manifest(Instant.EPOCH, "swarm", "26.1.5",
			List.of(new Member("id", "pi1", Role.MANAGER, "10.0.0.1", true)),
			List.of(new Deployed("web", "web:1", Mode.GLOBAL_JOB, 0)), List.of("shop"));

	private final Path file;

	private final Map<String, String> entries = new LinkedHashMap<>();

	BackupFileTests(@TempDir Path directory) throws IOException {
		this.file = Files.createFile(directory.resolve("backup.zip"));
		BackupFile.write(this.file, MANIFEST, Files.writeString(directory.resolve("state"), "the state"));
		try (ZipFile zip = new ZipFile(this.file.toFile())) {
			for (ZipEntry entry : zip.stream().toList()) {
				this.entries.put(entry.getName(),
						new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
			}
		}
	}

	private void assertRefused(String reason) {
		assertThatExceptionOfType(Failure.class).isThrownBy(() -> BackupFile.verify(this.file))
			.withMessage(this.file + " cannot be restored: " + reason + ". Nothing was changed; use another backup");
	}

	private void rewrite() throws IOException {
		try (OutputStream out = Files.newOutputStream(this.file); ZipOutputStream zip = new ZipOutputStream(out)) {
			for (Map.Entry<String, String> entry : this.entries.entrySet()) {
				zip.putNextEntry(new ZipEntry(entry.getKey()));
				zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
			}
		}
	}

	@Test
	void isReadAsItWasWritten(@TempDir Path directory) throws IOException {
		rewrite();
		BackupFile backup = BackupFile.verify(this.file);
		assertThat(backup.manifest()).isEqualTo(MANIFEST);
		Path state = directory.resolve("copy");
		backup.extractState(state);
		assertThat(state).hasContent("the state");
	}

	@Test
	void aFileThatWasDeletedDoesNotAppearAgain(@TempDir Path directory) throws IOException {
		Path deleted = directory.resolve("backup.zip");
		Path state = Files.writeString(directory.resolve("state"), "the state");
		assertThatIOException().isThrownBy(() -> BackupFile.write(deleted, MANIFEST, state));
		assertThat(deleted).doesNotExist();
	}

	@Test
	void refusesAStateOrAManifestWithAnotherChecksum() throws IOException {
		this.entries.put("swarm.tgz", "another state");
		rewrite();
		assertRefused("a checksum is wrong");
		this.entries.put("swarm.tgz", "the state");
		this.entries.computeIfPresent("manifest.json", (name, text) -> text.replace("26.1.5", "26.1.4"));
		rewrite();
		assertRefused("a checksum is wrong");
	}

	@Test
	void refusesWhatIsNoBackup() throws IOException {
		this.entries.remove("manifest.json");
		rewrite();
		assertRefused("it has no manifest.json, so it is not a file that 'swarm backup' made");
		Files.writeString(this.file, "a shopping list");
		assertRefused("it is truncated, or not a file that 'swarm backup' made");
		Files.write(this.file, new byte[0]);
		assertRefused("it is truncated, or not a file that 'swarm backup' made");
	}

	@Test
	void refusesAManifestWithoutAField() throws IOException {
		String manifest = String.valueOf(this.entries.get("manifest.json")).replace("\"swarmId\"", "\"id\"");
		this.entries.put("manifest.json", manifest);
		this.entries.computeIfPresent("SHA256SUMS", (name, text) -> {
			try {
				return text.replaceFirst("^[0-9a-f]+", Sha256.of(manifest.getBytes(StandardCharsets.UTF_8)));
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
		});
		rewrite();
		assertRefused("its manifest cannot be used");
	}

}
