package org.piswarm.conference.attendees;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.piswarm.conference.attendees.ConferencesClient.ConferenceList;
import org.piswarm.conference.attendees.EventStream.Event;
import org.piswarm.conference.attendees.MissingEvents.ListRequest;
import org.piswarm.samples.Host;
import org.piswarm.samples.ServiceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * The smart way to stay in step: each change comes as an event. It begins with a list of
 * all conferences, and needs another one only if an event is missing.
 */
@Component
class Subscriber {

	private static final Logger logger = LoggerFactory.getLogger(Subscriber.class);

	/** Redis answers as soon as there is an event. */
	private static final Duration WAIT = Duration.ofSeconds(10);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

	private static final Duration CLAIM_INTERVAL = Duration.ofSeconds(30);

	/** Of applying events, so that a turn does not look as if it were stuck. */
	private static final Duration APPLY_LIMIT = Duration.ofSeconds(5);

	private final EventStream stream;

	private final ConferencesClient client;

	private final ConferenceCopies copies;

	private final MissingEvents missing;

	private final SetAside setAside;

	private final Freshness freshness;

	/** Whether an event was perhaps given to this replica and not applied. */
	private boolean unfinished = true;

	/** The first time soon after the start: what replicas of before have left. */
	private long nextClaim = System.nanoTime();

	Subscriber(EventStream stream, ConferencesClient client, ConferenceCopies copies, MissingEvents missing,
			SetAside setAside, Freshness freshness) {
		this.stream = stream;
		this.client = client;
		this.copies = copies;
		this.missing = missing;
		this.setAside = setAside;
		this.freshness = freshness;
	}

	/**
	 * Waits for events and applies them.
	 * @return the pause before it can be called again
	 */
	Duration receive() {
		if (this.freshness.attempt(this::stayInStep)) {
			return Duration.ZERO;
		}
		return PAUSE_AFTER_FAILURE;
	}

	private void stayInStep() {
		ListRequest request = this.missing.request();
		if (!request.isOpen()) {
			applyNext(WAIT, request.revision());
			return;
		}
		try {
			readList(request);
		}
		catch (RuntimeException failure) {
			// There is no list, but there may be events.
			applyNext(Duration.ZERO, request.revision());
			throw failure;
		}
	}

	/**
	 * The group is first: so each change is in the list or comes as an event, or both.
	 */
	private void readList(ListRequest request) {
		this.stream.createGroup();
		ConferenceList list = this.client.list(null).orElseThrow();
		this.freshness.applied(this.copies.replace(list));
		this.missing.answered(request, list.revision());
		logger.info("Read the list of all {} conferences", list.conferences().size());
	}

	private void applyNext(Duration wait, long listed) {
		boolean again = this.unfinished;
		// It stays so after every exception, also one that nobody expects.
		this.unfinished = true;
		try {
			if (again) {
				List<Event> events = this.stream.unfinished();
				apply(events, listed, APPLY_LIMIT);
				again = !events.isEmpty();
			}
			if (!again) {
				List<Event> events = isClaimDue() ? this.stream.abandoned() : this.stream.next(wait);
				again = !apply(events, listed, APPLY_LIMIT);
			}
			this.unfinished = again;
		}
		catch (ServiceFailure failure) {
			if (EventStream.isWithoutGroup(failure)) {
				this.missing.askForList("Redis does not know this service");
			}
			throw failure;
		}
	}

	private boolean isClaimDue() {
		boolean due = System.nanoTime() - this.nextClaim >= 0;
		if (due) {
			this.nextClaim = System.nanoTime() + CLAIM_INTERVAL.toNanos();
		}
		return due;
	}

	/**
	 * Applies events, and acknowledges those that were applied.
	 * @param limit when to stop, after at least one
	 * @return whether it was all of them
	 */
	boolean apply(List<Event> events, long listed, Duration limit) {
		long start = System.nanoTime();
		List<Event> applied = new ArrayList<>();
		boolean gap = false;
		boolean trimmed = false;
		for (Event event : events) {
			if (!applied.isEmpty() && System.nanoTime() - start >= limit.toNanos()) {
				break;
			}
			gap |= this.missing.isOneMissingBefore(event, listed);
			trimmed |= event.body() == null;
			applyOrSetAside(event);
			applied.add(event);
		}
		if (gap) {
			this.missing.askForList("events are missing");
		}
		if (trimmed) {
			this.missing.askForList("an event was deleted before it was read");
		}
		// Only now. If this service dies before, it gets them again, which does no harm.
		this.stream.acknowledge(applied);
		return applied.size() == events.size();
	}

	private void applyOrSetAside(Event event) {
		if (event.body() == null) {
			return;
		}
		RemoteConference conference;
		try {
			conference = RemoteConference.one(event.body());
		}
		catch (IllegalArgumentException unusable) {
			this.setAside.add(event, String.valueOf(unusable.getMessage()), null);
			return;
		}
		boolean news = false;
		try {
			news = this.copies.apply(conference);
		}
		catch (DataIntegrityViolationException refused) {
			this.setAside.add(event, "the database refuses it", null);
		}
		catch (NestedRuntimeException later) {
			throw later;
		}
		catch (RuntimeException defect) {
			// To try it again would hold up all events after it.
			this.setAside.add(event, "an error in the service itself: see the log of replica " + Host.name(), defect);
		}
		if (news) {
			this.freshness.applied(List.of(conference));
		}
	}

}
