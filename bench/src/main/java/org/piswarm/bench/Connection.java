package org.piswarm.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link OpenLoop}, with one request at a time. It is opened again when
 * the server has closed it.
 */
final class Connection {

	private static final int NO_REQUEST = -1;

	private final InetSocketAddress address;

	private final Selector selector;

	private final Listener listener;

	private final ByteBuffer answer = ByteBuffer.allocate(4096);

	private @Nullable SocketChannel channel;

	private int request = NO_REQUEST;

	Connection(InetSocketAddress address, Selector selector, Listener listener) {
		this.address = address;
		this.selector = selector;
		this.listener = listener;
	}

	void send(int request) {
		this.request = request;
		this.answer.clear();
		try {
			if (this.channel == null) {
				this.channel = SocketChannel.open();
				this.channel.configureBlocking(false);
				this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
				this.channel.connect(this.address);
				this.channel.register(this.selector, SelectionKey.OP_CONNECT, this);
			}
			else {
				// A request fits into the socket's buffer, which is empty.
				this.channel.write(ByteBuffer.wrap(Probe.REQUEST));
			}
		}
		catch (IOException ex) {
			fail();
		}
	}

	/** Does what the channel is ready for. */
	void proceed() {
		SocketChannel open = this.channel;
		SelectionKey key = (open != null) ? open.keyFor(this.selector) : null;
		if (open == null || key == null || !key.isValid()) {
			return;
		}
		try {
			if (key.isConnectable()) {
				open.finishConnect();
				key.interestOps(SelectionKey.OP_READ);
				open.write(ByteBuffer.wrap(Probe.REQUEST));
			}
			else {
				read(open);
			}
		}
		catch (IOException ex) {
			fail();
		}
	}

	private void read(SocketChannel open) throws IOException {
		boolean closed = open.read(this.answer) < 0;
		if (this.request == NO_REQUEST) {
			disconnect();
			return;
		}
		HttpAnswer whole = HttpAnswer.of(this.answer, closed);
		if (whole != null) {
			if (whole.isLast()) {
				disconnect();
			}
			end(whole.isGood());
		}
		else if (closed) {
			fail();
		}
	}

	private void fail() {
		disconnect();
		if (this.request != NO_REQUEST) {
			end(false);
		}
	}

	private void end(boolean good) {
		int ended = this.request;
		this.request = NO_REQUEST;
		this.listener.ended(this, ended, good);
	}

	private void disconnect() {
		if (this.channel != null) {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				// It is closed all the same.
			}
			this.channel = null;
		}
	}

	/** Called at the end of each request. */
	interface Listener {

		void ended(Connection connection, int request, boolean good);

	}

}
