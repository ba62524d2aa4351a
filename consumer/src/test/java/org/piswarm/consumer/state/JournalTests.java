package org.piswarm.consumer.state;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JournalTests {

	private final Journal<String> journal = new Journal<>(3);

	@Test
	void eachReaderContinuesFromItsOwnPlace() {
		this.journal.add("a");
		this.journal.add("b");
		Journal<String>.Cursor early = this.journal.cursor(0);
		Journal<String>.Cursor late = this.journal.cursorOfNewest(1);
		assertThat(read(early)).containsExactly("a", "b");
		this.journal.add("c");
		assertThat(read(early)).containsExactly("c");
		assertThat(read(late)).containsExactly("b", "c");
		assertThat(read(late)).isEmpty();
	}

	@Test
	void aReaderThatIsTooLateGetsWhatIsKept() {
		Journal<String>.Cursor slow = this.journal.cursor(0);
		List.of("a", "b", "c", "d", "e").forEach((value) -> this.journal.add(value));
		assertThat(read(slow)).containsExactly("c", "d", "e");
		assertThat(read(this.journal.cursorOfNewest(100))).containsExactly("c", "d", "e");
	}

	@Test
	void aPlaceAfterTheLastEntryIsTheEnd() {
		this.journal.add("a");
		Journal<String>.Cursor cursor = this.journal.cursor(99);
		assertThat(read(cursor)).isEmpty();
		this.journal.add("b");
		assertThat(read(cursor)).containsExactly("b");
	}

	private static List<String> read(Journal<String>.Cursor cursor) {
		return cursor.read().stream().map(Journal.Entry::value).toList();
	}

}
