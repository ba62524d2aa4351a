package org.piswarm.e2e;

import org.piswarm.testsupport.Browser;

/** The consumer's live page, in this machine's Chromium. */
final class Page implements AutoCloseable {

	private final Browser browser = new Browser(Settings.NETWORK + ".*");

	Page open(String url) {
		this.browser.open(url);
		return this;
	}

	/** The state as in {@code /api/live}, or that of the page's own connection. */
	String state() {
		return this.browser.run("return document.body.dataset.state");
	}

	boolean showsANumber() {
		return state().equals("receiving") && text("number").matches("\\d{1,3}");
	}

	/** The text of an element. */
	String text(String id) {
		return this.browser.text(id);
	}

	@Override
	public void close() {
		this.browser.close();
	}

}
