package org.piswarm.conference.attendees;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XPendingArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.models.stream.PendingMessage;
import org.jspecify.annotations.Nullable;
import org.piswarm.samples.Host;
import org.piswarm.samples.Redis;
import org.piswarm.samples.ServiceFailure;

import org.springframework.stereotype.Component;

/**
 * The events in Redis. All replicas are one consumer group: Redis gives each event to one
 * of them, and remembers it until it is acknowledged.
 */
@Component
class EventStream {

	private static final byte[] STREAM = Redis.bytes("conferences");

	private static final byte[] GROUP = Redis.bytes("attendees");

	private static final int BATCH = 100;

	/** A replica acknowledges sooner, or it has died. */
	private static final Duration ABANDONED_AFTER = Duration.ofSeconds(30);

	private final Consumer<byte[]> me = Consumer.from(GROUP, Redis.bytes(Host.name()));

	private final Redis redis;

	private final Freshness freshness;

	EventStream(Redis redis, Freshness freshness) {
		this.redis = redis;
		this.freshness = freshness;
	}

	/**
	 * Creates the group, which gets the events from now on; one that exists stays as it
	 * is.
	 */
	void createGroup() {
		try {
			this.redis
				.ask((redis) -> redis.xgroupCreate(StreamOffset.latest(STREAM), GROUP,
						XGroupCreateArgs.Builder.mkstream()))
				.block();
		}
		catch (ServiceFailure failure) {
			if (!Redis.isRefusal(failure, "BUSYGROUP")) {
				throw failure;
			}
		}
	}

	/** Whether a command failed because Redis has lost the group, or never had it. */
	static boolean isWithoutGroup(ServiceFailure failure) {
		return Redis.isRefusal(failure, "NOGROUP");
	}

	/** What this replica was given and has not acknowledged. */
	List<Event> unfinished() {
		return events(Duration.ZERO,
				(redis) -> redis.xreadgroup(this.me, XReadArgs.Builder.count(BATCH), StreamOffset.from(STREAM, "0")));
	}

	/**
	 * What another replica was given long ago and has not acknowledged. An event that the
	 * stream no longer has is among them, without a body.
	 */
	List<Event> abandoned() {
		XPendingArgs<byte[]> old = XPendingArgs.Builder.xpending(GROUP, Range.unbounded(), Limit.from(BATCH))
			.idle(ABANDONED_AFTER);
		String[] ids = this.redis.list((redis) -> redis.xpending(STREAM, old))
			.stream()
			.map(PendingMessage::getId)
			.toArray(String[]::new);
		return (ids.length > 0) ? claim(ids) : List.of();
	}

	/**
	 * Takes over those events that no replica has touched for long. One that the stream
	 * no longer has is among them, without a body.
	 */
	List<Event> claim(String... ids) {
		Map<String, Event> claimed = new LinkedHashMap<>();
		Stream.of(ids).forEach((id) -> claimed.put(id, new Event(id, null)));
		// XCLAIM would delete an event that the stream no longer has. It stays until it
		// is
		// acknowledged, so that it is found again after a failure.
		String[] present = claimed.values().stream().filter(this::isInStream).map(Event::id).toArray(String[]::new);
		if (present.length > 0) {
			XClaimArgs args = XClaimArgs.Builder.minIdleTime(ABANDONED_AFTER);
			events(Duration.ZERO, (redis) -> redis.xclaim(STREAM, this.me, args, present))
				.forEach((event) -> claimed.put(event.id(), event));
		}
		// One that the stream has was claimed or acknowledged by another replica
		// meanwhile.
		claimed.values().removeIf((event) -> event.body() == null && isInStream(event));
		return List.copyOf(claimed.values());
	}

	private boolean isInStream(Event event) {
		Range<String> id = Range.create(event.id(), event.id());
		return !this.redis.list((redis) -> redis.xrange(STREAM, id)).isEmpty();
	}

	/**
	 * New events.
	 * @param wait how long to wait for one if there is none
	 */
	List<Event> next(Duration wait) {
		XReadArgs args = XReadArgs.Builder.count(BATCH);
		XReadArgs waiting = wait.isZero() ? args : args.block(wait);
		return events(wait, (redis) -> redis.xreadgroup(this.me, waiting, StreamOffset.lastConsumed(STREAM)));
	}

	private List<Event> events(Duration wait,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<List<StreamMessage<byte[], byte[]>>>> command) {
		List<Event> events = this.redis.list(wait, command).stream().map(Event::of).toList();
		this.freshness.requested();
		events.forEach((event) -> this.freshness.received((event.body() != null) ? event.body().length : 0));
		return events;
	}

	/** The revision of the entry before an event, 0 if there is none. */
	long revisionBefore(Event event) {
		Range<String> before = Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(event.id()));
		List<StreamMessage<byte[], byte[]>> entries = this.redis
			.list((redis) -> redis.xrevrange(STREAM, before, Limit.from(1)));
		return entries.isEmpty() ? 0 : Event.of(entries.get(0)).revision();
	}

	/** Never to be given again. */
	void acknowledge(List<Event> events) {
		if (!events.isEmpty()) {
			String[] ids = events.stream().map(Event::id).toArray(String[]::new);
			this.redis.ask((redis) -> redis.xack(STREAM, GROUP, ids)).block();
		}
	}

	/**
	 * An entry of the stream.
	 *
	 * @param body {@code null} if the stream no longer has it
	 */
	record Event(String id, byte @Nullable [] body) {

		static Event of(StreamMessage<byte[], byte[]> entry) {
			Map<byte[], byte[]> fields = entry.getBody();
			boolean deleted = fields == null || fields.isEmpty();
			return new Event(entry.getId(), deleted ? null : fields.values().iterator().next());
		}

		/**
		 * The revision is the first part of the ID, which has up to 64 bits: here, the
		 * highest are negative.
		 */
		long revision() {
			return Long.parseUnsignedLong(this.id.split("-")[0]);
		}

	}

}
