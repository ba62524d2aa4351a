package org.piswarm.swarm.pis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.piswarm.swarm.known.Failure;

/**
 * Reads the list of Pis: a file with one Pi per line, or the Pis themselves, separated by
 * commas.
 */
public final class PiList {

	private final String name;

	private final List<Pi> pis = new ArrayList<>();

	private PiList(String name) {
		this.name = name;
	}

	public static List<Pi> read(String list) {
		Path file = Path.of(list);
		if (!Files.exists(file) && list.contains("@")) {
			return parse("--pis", list.replace(',', '\n'));
		}
		try {
			return parse(list, Files.readString(file, StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new Failure("cannot read the list of Pis " + list
					+ ": write it, one user@host per line (see swarm-setup/pis.example), or pass --pis pi@HOST,pi@HOST");
		}
	}

	static List<Pi> parse(String name, String text) {
		PiList list = new PiList(name);
		String[] lines = text.split("\r?\n", -1);
		for (int i = 0; i < lines.length; i++) {
			list.add(i + 1, lines[i].replaceFirst("#.*", "").strip());
		}
		list.checkManagers();
		return List.copyOf(list.pis);
	}

	private void add(int number, String line) {
		if (line.isEmpty()) {
			return;
		}
		String[] words = line.split("\\s+");
		Role role = this.pis.isEmpty() ? Role.MANAGER : Role.WORKER;
		Map<String, String> labels = new LinkedHashMap<>();
		for (int i = 1; i < words.length; i++) {
			if (words[i].equals("manager")) {
				role = Role.MANAGER;
			}
			else if (words[i].matches("[A-Za-z0-9._-]+=[A-Za-z0-9._-]+")) {
				String[] label = words[i].split("=", 2);
				labels.put(label[0], label[1]);
			}
			else {
				throw wrong(number, "\"" + words[i] + "\" is neither \"manager\" nor a label such as zone=shelf-1");
			}
		}
		Pi pi = Pi.of(words[0], role, labels);
		if (pi == null) {
			throw wrong(number, "\"" + words[0]
					+ "\" is not user@host or user@host:port, such as pi@pi1.local; an IPv6 address with a port needs brackets, such as pi@[fd00::1]:22");
		}
		if (this.pis.stream().anyMatch((other) -> other.name().equals(pi.name()))) {
			throw wrong(number, pi.name() + " is named twice: remove one of the two lines");
		}
		this.pis.add(pi);
	}

	private void checkManagers() {
		if (this.pis.isEmpty()) {
			throw new Failure(this.name + " names no Pi: write one user@host per line");
		}
		long managers = this.pis.stream().filter((pi) -> pi.role() == Role.MANAGER).count();
		if (managers == 2) {
			throw new Failure(this.name
					+ " names 2 managers: name 1 or 3. Each change needs more than half of them, so two are less reliable than one");
		}
		if (managers > 3) {
			throw new Failure(this.name + " names " + managers + " managers: name 1 or 3");
		}
	}

	private Failure wrong(int line, String text) {
		return new Failure(this.name + ", line " + line + ": " + text);
	}

}
