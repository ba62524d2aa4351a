package org.piswarm.conference.attendees;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.piswarm.conference.attendees.AttendeeStore.Attendee;
import org.piswarm.conference.attendees.AttendeeStore.Registration;
import org.piswarm.conference.attendees.ConferenceCopies.Copy;
import org.piswarm.samples.Text;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Attendees over HTTP, and the copies of conferences. */
@RestController
class AttendeeController {

	private static final int MOST = 1000;

	private static final int LONGEST = 200;

	private final AttendeeStore attendees;

	private final ConferenceCopies copies;

	private final SetAside setAside;

	AttendeeController(AttendeeStore attendees, ConferenceCopies copies, SetAside setAside) {
		this.attendees = attendees;
		this.copies = copies;
		this.setAside = setAside;
	}

	@PostMapping("/attendees")
	ResponseEntity<Attendee> register(@RequestBody Request request) {
		Attendee attendee = this.attendees.register(request.checked());
		return ResponseEntity.created(URI.create("/attendees/" + attendee.id())).body(attendee);
	}

	/**
	 * The attendees of a conference.
	 * @param after the ID of the last one that is known
	 */
	@GetMapping("/attendees")
	List<Attendee> attendees(@RequestParam(defaultValue = "") String conference,
			@RequestParam(defaultValue = "0") String after, @RequestParam(defaultValue = "100") String limit) {
		checkHref(conference.isEmpty() ? null : conference);
		return this.attendees.of(conference, number("after", after, 0, Long.MAX_VALUE),
				(int) number("limit", limit, 1, MOST));
	}

	private static String checkHref(@Nullable String conference) {
		if (conference == null || !RemoteConference.isHref(conference)) {
			throw Problem.badInput("conference", conference, "the href of a conference, as GET /conferences lists it");
		}
		return conference;
	}

	static long number(String name, String value, long least, long most) {
		try {
			long number = Long.parseLong(value);
			if (number >= least && number <= most) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// The same as a number out of range.
		}
		throw Problem.badInput(name, value, "a number from %d to %d", least, most);
	}

	@GetMapping("/attendees/{id}")
	Attendee attendee(@PathVariable String id) {
		return (id.matches("\\d{1,18}") ? this.attendees.find(Long.parseLong(id)) : Optional.<Attendee>empty())
			.orElseThrow(() -> Problem.of(HttpStatus.NOT_FOUND, "Unknown attendee",
					"There is no such attendee: GET /attendees?conference=HREF lists those of a conference"));
	}

	/**
	 * The copies: first those of conferences that exist, then the deleted ones.
	 * @param after the href of the last one that is known
	 * @param deleted whether that one was deleted
	 */
	@GetMapping("/conferences")
	List<Copy> conferences(@RequestParam(defaultValue = "") String after,
			@RequestParam(defaultValue = "false") String deleted, @RequestParam(defaultValue = "1000") String limit) {
		if (!after.isEmpty() && !RemoteConference.isHref(after)) {
			throw Problem.badInput("after", after, "the href of a conference, as GET /conferences lists it");
		}
		if (!deleted.equals("true") && !deleted.equals("false")) {
			throw Problem.badInput("deleted", deleted, "true or false");
		}
		return this.copies.page(after, deleted.equals("true"), (int) number("limit", limit, 1, MOST));
	}

	@GetMapping("/set-aside")
	List<SetAside.Message> setAside() {
		return this.setAside.latest();
	}

	/** What a client sends, which may be anything. */
	record Request(@Nullable String name, @Nullable String email, @Nullable String company,
			@Nullable String conference) {

		/** Checks it, and reports the first error. */
		private Registration checked() {
			String name = line("name", this.name, "Ada Lovelace", 1);
			// First of all, because a few letters become two.
			String lower = (this.email != null) ? this.email.toLowerCase(Locale.ROOT) : null;
			String email = line("email", lower, "ada@example.org", 3);
			// Whether mail arrives there is not known anyway.
			if (!email.matches("[^\\s@]+@[^\\s@]+")) {
				throw Problem.badInput("email", this.email, "an address such as ada@example.org");
			}
			String company = (this.company != null) ? line("company", this.company, "Analytical Engines", 0) : "";
			return new Registration(name, email, company, checkHref(this.conference));
		}

		private static String line(String field, @Nullable String value, String example, int shortest) {
			String line = (value != null) ? value.strip() : "";
			if (line.length() < shortest || line.length() > LONGEST || !Text.isLine(line)) {
				throw Problem.badInput(field, value, "a line of %d to %d characters, such as %s", shortest, LONGEST,
						example);
			}
			return line;
		}

	}

}
