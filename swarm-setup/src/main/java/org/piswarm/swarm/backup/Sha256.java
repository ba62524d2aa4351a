package org.piswarm.swarm.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums, as {@code sha256sum} prints them. */
public final class Sha256 {

	private Sha256() {
	}

	public static String of(Path file) throws IOException {
		try (InputStream stream = Files.newInputStream(file)) {
			return of(stream);
		}
	}

	static String of(byte[] bytes) throws IOException {
		return of(new ByteArrayInputStream(bytes));
	}

	static String of(InputStream stream) throws IOException {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			new DigestInputStream(stream, digest).transferTo(OutputStream.nullOutputStream());
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("each Java has SHA-256", ex);
		}
	}

}
