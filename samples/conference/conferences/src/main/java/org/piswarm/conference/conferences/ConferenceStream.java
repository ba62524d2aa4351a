package org.piswarm.conference.conferences;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import org.piswarm.samples.Redis;
import org.piswarm.samples.ServiceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * The stream in Redis. The ID of an entry is the revision of its change: so entries are
 * in the order of the changes, Redis refuses one that it has, and a receiver sees if one
 * is missing.
 */
@Component
class ConferenceStream {

	private static final Logger logger = LoggerFactory.getLogger(ConferenceStream.class);

	private static final byte[] STREAM = Redis.bytes("conferences");

	private static final byte[] FIELD = Redis.bytes("conference");

	/** A receiver that has missed more than this reads the list. */
	static final int KEPT = 10_000;

	private final Redis redis;

	ConferenceStream(Redis redis) {
		this.redis = redis;
	}

	/** Publishes an event once, however often it is called; or fails. */
	void publish(String event, long revision) {
		try {
			add(event, revision);
		}
		catch (ServiceFailure failure) {
			// ERR: Redis has, or had, an entry with this ID or a higher one.
			if (!Redis.isRefusal(failure, "ERR")) {
				throw failure;
			}
			if (!has(event, revision)) {
				logger.warn("The stream had entries that are newer than this database, so it is of another one. "
						+ "It is deleted, and receivers read the list again");
				this.redis.ask((redis) -> redis.del(STREAM)).block();
				add(event, revision);
			}
		}
	}

	private void add(String event, long revision) {
		XAddArgs args = new XAddArgs().id(revision + "-0").maxlen(KEPT).approximateTrimming();
		this.redis.ask((redis) -> redis.xadd(STREAM, args, Map.of(FIELD, Redis.bytes(event)))).block();
	}

	/** An answer was lost, or this service was stopped before it deleted the event. */
	private boolean has(String event, long revision) {
		Range<String> id = Range.create(revision + "-0", revision + "-0");
		List<StreamMessage<byte[], byte[]>> entries = this.redis.list((redis) -> redis.xrange(STREAM, id));
		return !entries.isEmpty()
				&& Arrays.equals(entries.get(0).getBody().values().iterator().next(), Redis.bytes(event));
	}

}
